"""Witnesses: who outside is sent every checkpoint, what came of it, and what they co-signed.

In: ZHENGXIN_HOME/witnesses.yaml, checkpoints of the ledger, cosigned notes. Out: mails, files and requests
(tlog-witness); cosignatures and sendings, kept append-only; who has seen the tree up to when.
"""
