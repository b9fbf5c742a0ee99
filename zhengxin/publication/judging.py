"""The law asked about single records, with what persons said of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from zhengxin.archive.cases import day, day_of
from zhengxin.archive.changes import chunks
from zhengxin.ledger.models import Entry
from zhengxin.ledger.queries import payloads
from zhengxin.publication.lawbook import Rulebook
from zhengxin.publication.rules import Case, judge
from zhengxin.publication.types import Verdict
from zhengxin.rulebook.queries import record_kinds
from zhengxin.subjects.models import Subject

GRADING = "grading"
TEXT_RELEASE = "text_release"
WITHHOLDING = "withholding"
_ACTS = (GRADING, TEXT_RELEASE, WITHHOLDING)


@dataclass
class Said:
    """What persons said of one record: the latest grade and ground, every text released."""

    grade: str = ""
    withheld: str = ""
    review_on: date | None = None
    released: set[str] = field(default_factory=set)


def said(entry_ids: Collection[int]) -> dict[int, Said]:
    """The acts about these records. An act whose content was erased says nothing."""
    acts = list(
        Entry.objects.filter(about_id__in=entry_ids, kind__in=_ACTS)
        .order_by("id")
        .values_list("id", "kind", "about_id")
    )
    found: dict[int, Said] = {}
    for some in chunks(acts):
        contents = payloads(act_id for act_id, _, _ in some)
        for act_id, kind, about_id in some:
            content = contents.get(act_id)
            if content is None or about_id is None:
                continue
            words = found.setdefault(about_id, Said())
            if kind == GRADING:
                words.grade = str(content.open["grade"])
            elif kind == WITHHOLDING:
                words.withheld = str(content.open["reason"])
                words.review_on = day(str(content.open.get("review_on", "")))
            else:
                words.released.update(content.open["fields"])
    return found


def judged(entries: Collection[Entry], words: Mapping[int, Said]) -> dict[int, Verdict]:
    """The verdict on each record, with the grade a person gave it."""
    law = Rulebook()
    kinds = {kind.code: kind for kind in record_kinds()}
    persons = dict(
        Subject.objects.filter(id__in={entry.subject_id for entry in entries}).values_list(
            "id", "natural_person"
        )
    )
    return {
        entry.id: judge(
            Case(
                kind=kinds[entry.kind],
                trait=entry.trait,
                natural_person=persons.get(entry.subject_id or 0, True),
                document_on=entry.true_on,
                arrived_on=day_of(entry.known_at),
                given_grade=words[entry.id].grade if entry.id in words else "",
            ),
            law,
        )
        for entry in entries
    }
