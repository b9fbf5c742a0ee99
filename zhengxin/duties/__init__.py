"""Every deadline anybody owes. Follows the ledger."""
