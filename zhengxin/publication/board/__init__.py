"""The board: everything the public may see, in a database of its own, rebuilt from publication."""
