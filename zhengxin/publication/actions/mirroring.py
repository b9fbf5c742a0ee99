"""The mirror: the public part of the log as static files (C2SP tlog-tiles) that anybody can copy and check.

Tiles are written first, the checkpoint over them last, each file whole or not at all. Only what grew since
the mirror's own checkpoint is written. A partial tile goes when the full one has come.
"""

import fcntl
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused
from zhengxin.ledger.notes import NoteWrong, TreeHead, read_checkpoint
from zhengxin.publication.board.models import BoardCheckpoint, BoardFigure, BoardTile
from zhengxin.publication.board.queries.witnesses import (
    KEY_NOTES,
    WITNESSES,
    cosigned_note,
    key_notes,
)
from zhengxin.publication.board.tiles import TILE, TILE_HEIGHT, tile_path

_AT_ONCE = 100


class MirrorAhead(Refused):
    """The mirror shows a tree that the ledger does not continue: it was restored from an old copy."""

    def __init__(self, shown: int, size: int) -> None:
        super().__init__(
            _("镜像没有更新：它公布过{shown}条，登记簿现在是{size}条，对不上。").format(
                shown=shown, size=size
            ),
            _("登记簿可能是从旧备份恢复的；见证人核对时会报警。"),
            _("请先查清缺少的记录；确认要从现在的登记簿重新公布，再移走镜像文件夹 mirror。"),
        )


def put_witnesses(*, seen: Sequence[Mapping[str, Any]], cosigned: str | None, at: datetime) -> None:
    """Tell the board who has seen the tree up to when (board.queries.witnesses has the form).

    Without witnesses the board says nothing of them.
    """
    if not seen and cosigned is None:
        BoardFigure.objects.using("board").filter(name=WITNESSES).delete()
        return
    BoardFigure.objects.using("board").update_or_create(
        name=WITNESSES,
        defaults={"value": {"seen": list(seen), "cosigned": cosigned}, "computed_at": at},
    )


def put_key_notes(*, notes: str, at: datetime) -> None:
    """Tell the board what the log's keys said of their successors; "" while there was none."""
    if not notes:
        return
    BoardFigure.objects.using("board").update_or_create(
        name=KEY_NOTES, defaults={"value": {"notes": notes}, "computed_at": at}
    )


def write_mirror() -> int | None:
    """Bring the mirror in step with the board; returns the size of the tree it shows.

    None before the first publication. Raises MirrorAhead.
    """
    folder = Path(settings.MIRROR_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        # Under the lock the board is read anew, so that no older tree follows a newer one.
        fcntl.flock(lock, fcntl.LOCK_EX)
        top = BoardCheckpoint.objects.using("board").first()
        if top is None:
            return None
        shown = _shown(folder)
        if shown.size > top.size or (shown.size == top.size > 0 and shown.root != bytes(top.root)):
            raise MirrorAhead(shown.size, top.size)
        outgrown = _write_tiles(folder, shown.size, top.size)
        if notes := key_notes():
            _write(folder / "keys", notes.encode())
        cosigned = cosigned_note() or ""
        if cosigned:
            _write(folder / "cosigned", cosigned.encode())
        note = cosigned if cosigned.startswith(top.note) else top.note
        _write(folder / "checkpoint", note.encode())
        for partial in outgrown:
            shutil.rmtree(partial, ignore_errors=True)
        return top.size


def _shown(folder: Path) -> TreeHead:
    """What the mirror shows now; the empty tree where it shows nothing readable."""
    try:
        return read_checkpoint((folder / "checkpoint").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NoteWrong):
        return TreeHead("", 0, b"")


def _write_tiles(folder: Path, before: int, size: int) -> list[Path]:
    """Write what changed between two sizes; returns folders of partial tiles that are full now."""
    outgrown = []
    level = 0
    while hashes := size >> TILE_HEIGHT * level:
        first = (before >> TILE_HEIGHT * level) // TILE
        grown = BoardTile.objects.using("board").filter(level=level, index__gte=first)
        rows = grown.order_by("index").values_list("index", "hashes")
        for index, packed in rows.iterator(chunk_size=_AT_ONCE):
            width = min(hashes - index * TILE, TILE)
            # A tile only grows at its end, so its beginning is the tile of a smaller tree.
            _write(folder / tile_path(level, index, width), bytes(packed)[: width * 32])
            if width == TILE:
                outgrown.append(folder / f"{tile_path(level, index)}.p")
        level += 1
    return outgrown


def _write(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{os.getpid()}-{path.name}")
    with fresh.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
