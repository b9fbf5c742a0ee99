"""The only store of facts: append-only entries under a Merkle tree, encrypted payloads, proofs."""
