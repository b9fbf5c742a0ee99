"""What must be kept and what must be gone: legal holds, and erasures until no trace is left.

In: a hold placed or lifted, an erasure decided, a step of it done. Out: which holds stand over a record, which
erasures still have work to do. The acts themselves are on the ledger; journey writes both in one transaction.
"""
