"""The key store: one erasable secret an entry, in a database of its own."""
