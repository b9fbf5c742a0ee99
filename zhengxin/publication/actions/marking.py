"""The mark of an open objection, and the words of whoever objected in vain, reach the board in the act's own call."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from zhengxin.kernel.actor import Actor
from zhengxin.publication.actions.downloads import rewrite_download
from zhengxin.publication.board.models import BoardCorrection, BoardItem
from zhengxin.publication.enums import FeedMark
from zhengxin.publication.judging import Mark, corrections, marks

_MARKS = {True: FeedMark.DISPUTED, False: FeedMark.UNDISPUTED}


def show_marks(*, entry_ids: Collection[int], at: datetime, actor: Actor) -> None:
    """Mark every shown version of these records as the ledger says now: lists, pages, API, feed and downloads.

    It asks the ledger, not the notices, so that a backlog of the followers delays nothing. Again is harmless;
    broken off before it is done, the next publish_due does it.
    """
    line = list(corrections(entry_ids))
    marked = marks(line)
    with transaction.atomic(using="board"):
        items = list(
            BoardItem.objects.using("board")
            .filter(entry_id__in=line)
            .only("entry_id", "kind", "disputed", "statement")
        )
        before = {item.entry_id: item.disputed for item in items}
        changed = []
        for item in items:
            mark = marked.get(item.entry_id, Mark())
            stands = (mark.open > 0, mark.statement)
            if stands != (item.disputed, item.statement):
                item.disputed, item.statement = stands
                changed.append(item)
        BoardItem.objects.using("board").bulk_update(changed, ["disputed", "statement"])
        tell_of_marks(before, {item.entry_id: item.disputed for item in items}, at)
    for kind in sorted({item.kind for item in changed}):
        rewrite_download(kind, at=at)


def tell_of_marks(before: Mapping[int, bool], now: Mapping[int, bool], at: datetime) -> None:
    """A line of the feed for every shown entry whose mark came or went. A board filled anew tells nothing twice."""
    changed = {i: disputed for i, disputed in now.items() if before.get(i, False) != disputed}
    if not changed:
        return
    feed = BoardCorrection.objects.using("board")
    lines = feed.filter(entry_id__in=changed, reason__in=FeedMark.values).order_by("id")
    told = dict(lines.values_list("entry_id", "reason"))
    feed.bulk_create(
        BoardCorrection(at=at, entry_id=entry_id, reason=_MARKS[disputed])
        for entry_id, disputed in changed.items()
        if told.get(entry_id, FeedMark.UNDISPUTED) != _MARKS[disputed]
    )
