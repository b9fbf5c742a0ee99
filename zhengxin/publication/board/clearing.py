"""Emptying the board before it is filled anew."""

from zhengxin.publication.board import models

# Not the feed of corrections, the recipients' keys and what they took, letters: registers of their own.
_REBUILT = (
    models.BoardItem,
    models.BoardGram,
    models.BoardPrefix,
    models.BoardSubject,
    models.BoardTile,
    models.BoardCheckpoint,
    models.BoardStanding,
)
# Stated once by whoever sets up the county, not computed.
COUNTY = "county"


def clear_board() -> None:
    """Take everything that can be filled anew off the board."""
    for model in _REBUILT:
        model.objects.using("board").all()._raw_delete("board")
    models.BoardFigure.objects.using("board").exclude(name=COUNTY).delete()
