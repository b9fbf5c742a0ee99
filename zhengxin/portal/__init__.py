"""Public pages. Sees only the board."""
