"""Backups: the whole home at one instant, encrypted, keys apart; and the way back from one.

In: the stores and files of a running home, the administrator's recipients. Out: two archives with one signed
manifest; from these a home again. What is read back is checked by journey, which also erases again what was erased since.
"""
