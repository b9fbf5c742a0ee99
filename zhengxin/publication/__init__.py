"""What may, must and no longer may be shown. Follows the ledger; fills the board."""
