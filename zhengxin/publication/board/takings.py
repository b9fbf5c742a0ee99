"""The log of what registered recipients take. A read that is an act: its line is written on a GET."""

from collections.abc import Sequence
from datetime import datetime

from zhengxin.publication.board.models import BoardTaking
from zhengxin.publication.enums import Asked


def note_taking(*, recipient_id: int, asked: Asked, entry_ids: Sequence[int], at: datetime) -> None:
    """Note which adverse entries are about to be given to a recipient; nothing when there are none."""
    if entry_ids:
        BoardTaking.objects.using("board").create(
            recipient_id=recipient_id,
            at=at,
            asked=asked,
            first_id=min(entry_ids),
            last_id=max(entry_ids),
            n=len(entry_ids),
        )


def note_refused_key(*, recipient_id: int | None, at: datetime) -> None:
    """Note that a key opened nothing: nobody's, or one that has ended. The key itself is not kept."""
    BoardTaking.objects.using("board").create(
        recipient_id=recipient_id, at=at, asked=Asked.REFUSED, first_id=0, last_id=0, n=0
    )
