"""The only store of facts: append-only entries under one Merkle tree.

In: drafts (types.Draft, or drafts.parquet for a submission), by the verbs of actions.
Out: entries, contents and proofs by queries; signed checkpoints; a report of verification.

A batch is reserved (ids), staged (nobody sees it) and sealed (it exists, in the tree). Contents are
encrypted with a secret an entry, kept in the store of vault/; erasing the secret erases the content
and leaves every proof standing.
"""
