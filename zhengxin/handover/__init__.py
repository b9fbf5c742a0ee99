"""上报交换: records handed over to the next level (city, nation), answers read back, and records taken in from there.

In: what the ledger and its followers know, return files, batches from above. Out: numbered, signed
dispatches, what stands where at each peer, alarms. Nothing here changes the ledger.
"""
