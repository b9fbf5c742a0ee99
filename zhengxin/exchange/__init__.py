"""Machines in and out: the REST API (sees only the board), and the door for offices above (upward)."""
