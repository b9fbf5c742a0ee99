"""A notice stated anew from the ledger: the record, the acts about it, and how its line ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhengxin.archive.cases import day_of
from zhengxin.archive.changes import chunks
from zhengxin.archive.queries import lines
from zhengxin.ledger.models import Entry
from zhengxin.ledger.queries import payloads
from zhengxin.publication.enums import NoticeState
from zhengxin.publication.lawbook import Rulebook
from zhengxin.publication.models import Notice
from zhengxin.publication.rules import Case, judge
from zhengxin.rulebook.queries import record_kinds
from zhengxin.subjects.models import Subject

GRADING = "grading"
TEXT_RELEASE = "text_release"
WITHHOLDING = "withholding"
_ACTS = (GRADING, TEXT_RELEASE, WITHHOLDING)
_SHOWABLE = (NoticeState.SCHEDULED, NoticeState.SHOWN)
_COLUMNS = [
    "grade",
    "may_publish",
    "display_from",
    "display_to",
    "repair_from",
    "state",
    "withheld",
    "rule",
    "released",
    "leaving",
]


@dataclass
class _Said:
    """What persons said of one entry, the latest word of each kind."""

    grade: str = ""
    withheld: str = ""
    released: set[str] = field(default_factory=set)


def restate(entry_ids: Sequence[int]) -> None:
    """State the notices of these entries anew; a shown one is scheduled again and re-disclosed."""
    law = Rulebook()
    kinds = {kind.code: kind for kind in record_kinds()}
    said = _said(entry_ids)
    endings = lines(entry_ids)
    entries = Entry.objects.in_bulk(list(entry_ids))
    persons = dict(
        Subject.objects.filter(id__in={e.subject_id for e in entries.values()}).values_list(
            "id", "natural_person"
        )
    )
    changed: list[Notice] = []
    for notice in Notice.objects.filter(entry_id__in=entry_ids):
        entry, words = entries[notice.entry_id], said.get(notice.entry_id, _Said())
        verdict = judge(
            Case(
                kind=kinds[entry.kind],
                trait=entry.trait,
                natural_person=persons.get(entry.subject_id or 0, True),
                document_on=entry.true_on,
                arrived_on=day_of(entry.known_at),
                given_grade=words.grade,
            ),
            law,
        )
        notice.grade, notice.rule = verdict.grade, verdict.rule
        notice.may_publish = verdict.may_publish
        notice.display_from, notice.display_to = verdict.display_from, verdict.display_to
        notice.repair_from = verdict.repair_from
        notice.state, notice.withheld = verdict.state, verdict.withheld
        notice.released = ",".join(sorted(words.released))
        ending = endings[notice.entry_id].ending if notice.entry_id in endings else ""
        if ending or words.withheld:
            notice.state, notice.withheld = NoticeState.WITHHELD, ending or words.withheld
        notice.leaving = notice.on_board and notice.state not in _SHOWABLE
        changed.append(notice)
    Notice.objects.bulk_update(changed, _COLUMNS, batch_size=500)


def _said(entry_ids: Sequence[int]) -> dict[int, _Said]:
    acts = list(
        Entry.objects.filter(about_id__in=entry_ids, kind__in=_ACTS)
        .order_by("id")
        .values_list("id", "kind", "about_id")
    )
    found: dict[int, _Said] = {}
    for some in chunks([act_id for act_id, _, _ in acts]):
        contents = payloads(some)
        for act_id, kind, about_id in acts:
            content = contents.get(act_id)
            if content is None or about_id is None:
                continue
            words = found.setdefault(about_id, _Said())
            if kind == GRADING:
                words.grade = str(content.open["grade"])
            elif kind == WITHHOLDING:
                words.withheld = str(content.open["reason"])
            else:
                words.released.update(content.open["fields"])
    return found
