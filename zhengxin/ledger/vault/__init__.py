"""The key store, a database of its own: one erasable secret an entry, wrapped by the key of its epoch; and
the few keys themselves, wrapped by the master key, whose keepers and rotation are here too.
"""
