"""The leaf of a line in the tree of its block, and the path from a leaf to the block's root. Pure.

A leaf is leaf_hash of the canonical JSON of every column (version 1); a block's root is that of
RFC 6962 over its leaves in the order of ids.
"""

import json
from datetime import UTC

from zhengxin.audit.types import Line
from zhengxin.kernel.merkle import HASH, grow, inclusion_ranges, leaf_hash

VERSION = 1
NO_BLOCK = bytes(HASH)


def line_bytes(line: Line) -> bytes:
    """The canonical JSON that a leaf is the hash of."""
    # Not digests.canonical_json: what was tampered with may hold values that have no canonical form,
    # and must give another hash, not an error. For what `record` lets in the two are the same.
    return json.dumps(
        {
            "v": VERSION,
            "id": line.id,
            "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "account": line.account_id,
            "actor": line.actor_name,
            "unit": line.unit_id,
            "act": line.act,
            "object_kind": line.object_kind,
            "object": line.object_id,
            "subject": line.subject_id,
            "purpose": line.purpose,
            "outcome": line.outcome,
            "detail": line.detail,
            "salt": line.salt.hex(),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode("utf-8", "surrogatepass")


def leaf_of(line: Line) -> bytes:
    """The leaf hash of a line whose content is there, 32 bytes."""
    return leaf_hash(line_bytes(line))


def root_of(leaves: bytes) -> bytes:
    """The root over packed leaves."""
    return grow(0, (), leaves).root


def path_of(index: int, leaves: bytes) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root, lowest first (RFC 6962 section 2.1.1)."""
    return [
        root_of(leaves[lo * HASH : hi * HASH])
        for lo, hi in inclusion_ranges(index, len(leaves) // HASH)
    ]


def ids_in(runs: list[list[int]] | tuple[tuple[int, int], ...]) -> list[int]:
    """The ids of a block, from its runs."""
    return [number for first, last in runs for number in range(first, last + 1)]


def runs_of(ids: list[int]) -> tuple[tuple[int, int], ...]:
    """Ascending ids as runs without gaps."""
    runs: list[tuple[int, int]] = []
    for number in ids:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)
