"""Proofs from the board's own copy of the tree."""

from datetime import date

from zhengxin.kernel.merkle import HASH, TILE, TILE_HEIGHT, fold, inclusion_ranges, range_root
from zhengxin.publication.board.models import BoardCheckpoint, BoardTile
from zhengxin.publication.board.queries.items import shown
from zhengxin.publication.board.queries.witnesses import cosigned_note
from zhengxin.publication.board.types import Checkpoint, Proof


def checkpoint() -> Checkpoint | None:
    """The signed checkpoint the board's proofs lead to; None before the first publication.

    note: with the signatures of witnesses that saw just this tree.
    """
    row = BoardCheckpoint.objects.using("board").first()
    if row is None:
        return None
    cosigned = cosigned_note() or ""
    return Checkpoint(
        size=row.size,
        root=bytes(row.root).hex(),
        note=cosigned if cosigned.startswith(row.note) else row.note,
        verifier=row.verifier,
        signed_at=row.signed_at,
    )


def tile(level: int, index: int) -> bytes | None:
    """Up to 256 hashes of one tile (tlog-tiles), None when the tree has no such tile."""
    found = BoardTile.objects.using("board").filter(level=level, index=index)
    hashes = next(iter(found.values_list("hashes", flat=True)), None)
    return None if hashes is None else bytes(hashes)


def item_proof(entry_id: int, on: date) -> Proof | None:
    """The entry's disclosure, its audit path to the board's checkpoint, and the checkpoint.

    None when the entry is not shown on the day `on`.
    """
    row = shown(on).filter(entry_id=entry_id)
    found = next(iter(row.values_list("position", "disclosure")), None)
    top = checkpoint()
    if found is None or top is None or found[0] >= top.size:
        return None
    position, disclosure = found
    tiles: dict[tuple[int, int], bytes] = {}

    def subtree(height: int, index: int) -> bytes:
        level, rest = divmod(height, TILE_HEIGHT)
        first = index << rest
        place = (level, first // TILE)
        if place not in tiles:
            tiles[place] = tile(*place) or b""
        start = first % TILE * HASH
        return fold(tiles[place][start : start + (HASH << rest)])

    path = tuple(
        range_root(lo, hi, subtree).hex() for lo, hi in inclusion_ranges(position, top.size)
    )
    return Proof(
        entry_id=entry_id,
        position=position,
        size=top.size,
        root=top.root,
        path=path,
        note=top.note,
        verifier=top.verifier,
        disclosure=disclosure.get("proof", {}),
    )
