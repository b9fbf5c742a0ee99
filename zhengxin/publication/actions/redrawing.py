"""Items whose duty was counted anew are written anew by the next publishing."""

from collections.abc import Sequence
from datetime import datetime

from zhengxin.archive.changes import chunks
from zhengxin.publication.enums import NoticeState
from zhengxin.publication.models import Notice


def redraw(*, entry_ids: Sequence[int], at: datetime) -> None:
    """Schedule the shown ones of these entries again; `at` stands in no row."""
    for some in chunks(entry_ids):
        shown = Notice.objects.filter(entry_id__in=some, state=NoticeState.SHOWN)
        shown.update(state=NoticeState.SCHEDULED)
