"""A notice stated anew from the ledger: the record, the acts about it, and how its line ended."""

from collections.abc import Sequence

from zhengxin.archive.queries import lines
from zhengxin.ledger.models import Entry
from zhengxin.publication.enums import NoticeState
from zhengxin.publication.judging import Mark, Said, doubted, judged, marks, said, stands
from zhengxin.publication.models import Notice
from zhengxin.publication.resembling import under_review

_SHOWABLE = (NoticeState.SCHEDULED, NoticeState.SHOWN)
_COLUMNS = [
    "grade",
    "may_publish",
    "display_from",
    "display_to",
    "repair_from",
    "state",
    "withheld",
    "review_on",
    "rule",
    "released",
    "leaving",
    "disputed",
    "statement",
]


def restate(entry_ids: Sequence[int]) -> None:
    """State the notices of these entries anew; a shown one is scheduled again and re-disclosed."""
    words = said(entry_ids)
    waiting, in_doubt = under_review(entry_ids), doubted(entry_ids)
    endings = lines(entry_ids)
    marked = marks(entry_ids)
    notices = list(Notice.objects.filter(entry_id__in=entry_ids))
    entries = Entry.objects.in_bulk([notice.entry_id for notice in notices])
    verdicts = judged(list(entries.values()), words)
    for notice in notices:
        verdict, spoken = verdicts[notice.entry_id], words.get(notice.entry_id, Said())
        notice.grade, notice.rule = verdict.grade, verdict.rule
        notice.may_publish = verdict.may_publish
        notice.display_from, notice.display_to = verdict.display_from, verdict.display_to
        notice.repair_from = verdict.repair_from
        notice.released = ",".join(sorted(spoken.released))
        mark = marked.get(notice.entry_id, Mark())
        notice.disputed, notice.statement = mark.open > 0, mark.statement
        ending = endings[notice.entry_id].ending if notice.entry_id in endings else ""
        alike = notice.entry_id in waiting and not spoken.settled
        review = notice.entry_id in in_doubt or alike
        notice.state, notice.withheld = stands(verdict, spoken, ending=ending, review=review)
        notice.review_on = None if ending else spoken.review_on
        notice.leaving = notice.on_board and notice.state not in _SHOWABLE
    Notice.objects.bulk_update(notices, _COLUMNS, batch_size=200)
