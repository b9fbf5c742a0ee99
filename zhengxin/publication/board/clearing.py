"""Emptying the board before it is filled anew, and leaving no trace of what was erased."""

from django.db import connections

from zhengxin.publication.board import models

# Not the feed of corrections, the recipients' keys and what they took: registers of their own.
_REBUILT = (
    models.BoardItem,
    models.BoardGram,
    models.BoardPrefix,
    models.BoardSubject,
    models.BoardTile,
    models.BoardCheckpoint,
)
# Stated once by whoever sets up the county, not computed.
COUNTY = "county"


def clear_board() -> None:
    """Take everything that can be filled anew off the board."""
    for model in _REBUILT:
        model.objects.using("board").all()._raw_delete("board")
    models.BoardFigure.objects.using("board").exclude(name=COUNTY).delete()


def scrub_board() -> bool:
    """On SQLite, write the board's file anew without its free space and empty its log.

    Zeroing what is deleted is not enough: where rows once moved from page to page a copy may lie
    between two live rows. False while a reader still holds the log: then it must be done again.
    A transaction of the caller leaves nothing to do yet.
    """
    board = connections["board"]
    if board.vendor != "sqlite" or board.in_atomic_block:
        return True
    with board.cursor() as cursor:
        # The second copy of a large board does not fit in memory.
        cursor.execute("PRAGMA temp_store=FILE")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    return not busy
