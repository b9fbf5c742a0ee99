"""The integrity file: the fold of one subject's entries, as known on any day. Follows the ledger."""
