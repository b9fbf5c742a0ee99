"""The law asked about single records, with what persons said of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from zhengxin.archive.cases import day, day_of
from zhengxin.archive.changes import chunks, codes
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.ledger.queries import payloads
from zhengxin.publication.enums import NoticeState, WithholdReason
from zhengxin.publication.lawbook import Rulebook
from zhengxin.publication.rules import PUBLIC_ORDER, Case, judge
from zhengxin.publication.types import Verdict
from zhengxin.rulebook.queries import record_kinds
from zhengxin.subjects.models import Subject

GRADING = "grading"
TEXT_RELEASE = "text_release"
WITHHOLDING = "withholding"
SEAL_LIFTED = "seal_lifted"
# A row of the same document that the law seals waits for a person.
SEAL_DOUBTED = "seal_doubted"
_ACTS = (GRADING, TEXT_RELEASE)
# An objection marks the whole line of a record from the moment it is lodged; each of the others ends one.
OBJECTED = "objection_lodged"
_OBJECTION_OVER = (
    "objection_refused",
    "objection_dismissed",
    "objection_withdrawn",
    "objection_settled",
)
STATEMENT = "objection_statement"
MARKING = (OBJECTED, *_OBJECTION_OVER, STATEMENT)
# A person asked about a grade has looked at the record, so that this comes first.
_WOULD_BE_SHOWN = (NoticeState.SCHEDULED, NoticeState.SHOWN, NoticeState.UNGRADED)
# What else is not shown has its own ground, which stays.
_REPAIRABLE = ("", WithholdReason.MINOR)
_OF_REPAIR = (Act.REPAIR_GRANTED, Act.REPAIR_REVOKED)


@dataclass
class Said:
    """What persons said of one record: the latest grade and ground, every text released.

    settled: a person withheld it, or said that it may be shown although it resembles a withheld one;
    repaired: its display, sharing and use ended by a decision on repair that stands.
    """

    grade: str = ""
    withheld: str = ""
    settled: bool = False
    repaired: bool = False
    review_on: date | None = None
    released: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Mark:
    """What stands beside a record while it is shown: an objection is open; the words of whoever objected in vain."""

    open: int = 0
    statement: str = ""


def corrections(entry_ids: Collection[int]) -> dict[int, int]:
    """Every record that corrects or was corrected by one of these, and these, with the first of its line."""
    kinds = codes()
    firsts, frontier = set[int](), set(entry_ids)
    while frontier:
        found = Entry.objects.filter(id__in=frontier, kind__in=kinds, about_id__isnull=False)
        older = dict(found.values_list("id", "about_id"))
        firsts |= frontier - older.keys()
        frontier = {i for i in older.values() if i is not None}
    line, frontier = {i: i for i in firsts}, firsts
    while frontier:
        newer = Entry.objects.filter(about_id__in=frontier, kind__in=kinds)
        step = {i: line[old] for i, old in newer.values_list("id", "about_id") if old is not None}
        line |= step
        frontier = set(step)
    return line


def arrivals(entry_ids: Collection[int]) -> dict[int, int]:
    """As `corrections`, and every other arrival of the same document: withdrawn and sent again, it is what it was."""
    line = corrections(entry_ids)
    keys = set(Entry.objects.filter(id__in=line, key__isnull=False).values_list("key", flat=True))
    alike = dict(Entry.objects.filter(key__in=keys, kind__in=codes()).values_list("id", "key"))
    line |= corrections([i for i in alike if i not in line])
    first, joined = dict[int | None, int](), dict[int, int]()
    for i, key in sorted(alike.items()):
        joined[line[i]] = first.setdefault(key, line[i])
    return {i: joined.get(root, root) for i, root in line.items()}


def grounds(entry_ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
    """The latest ground a person gave for not showing each of these records: reason, because, review_on; a reason "" says that it may be shown.

    It holds for every version of the record: neither a correction, nor the withdrawal of one, nor the same
    document sent again shows anything.
    """
    return _grounds(entry_ids, arrivals(entry_ids), None)


def repairs(entry_ids: Collection[int], *, before: datetime | None = None) -> dict[int, date]:
    """On which day each of these records was repaired, as known `before` that moment; one that was revoked is none.

    Like a ground it holds for every version of the record.
    """
    return _repairs(entry_ids, arrivals(entry_ids), before)


def _repairs(
    entry_ids: Collection[int], line: Mapping[int, int], before: datetime | None = None
) -> dict[int, date]:
    acts = _known(Entry.objects.filter(about_id__in=line, kind__in=_OF_REPAIR), before)
    told: dict[int, date | None] = {}
    for kind, about_id, on in acts.values_list("kind", "about_id", "true_on"):
        if about_id is not None:
            told[line[about_id]] = on if kind == Act.REPAIR_GRANTED else None
    return {i: on for i in entry_ids if (on := told.get(line[i])) is not None}


def _known(acts: QuerySet[Entry], before: datetime | None) -> QuerySet[Entry]:
    """In the order of the ledger; as known before that moment, where one is given."""
    return (acts if before is None else acts.filter(known_at__lt=before)).order_by("id")


def _grounds(
    entry_ids: Collection[int], line: Mapping[int, int], before: datetime | None
) -> dict[int, Mapping[str, Any]]:
    acts = _known(Entry.objects.filter(about_id__in=line, kind=WITHHOLDING), before)
    said_of = [(act, line[i]) for act, i in acts.values_list("id", "about_id") if i is not None]
    contents = payloads(act for act, _ in said_of)
    told: dict[int, Mapping[str, Any]] = {}
    for act, root in said_of:
        if act not in contents:
            continue
        ground = contents[act].open
        # A state secret is one until a verb of its own says otherwise.
        secret = told.get(root, {}).get("reason") == WithholdReason.STATE_SECRET
        if not secret or ground["reason"] == WithholdReason.STATE_SECRET:
            told[root] = ground
    return {i: told[line[i]] for i in entry_ids if line[i] in told}


def marks(entry_ids: Collection[int], before: datetime | None = None) -> dict[int, Mark]:
    """The marks of those of these records that bear any, by acts about any version of them (until `before`)."""
    line = corrections(entry_ids)
    acts = _known(Entry.objects.filter(about_id__in=line, kind__in=MARKING), before)
    told = list(acts.values_list("id", "kind", "about_id"))
    words = payloads(act for act, kind, _ in told if kind == STATEMENT)
    found: dict[int, Mark] = {}
    for act, kind, about in told:
        mark = found.setdefault(line[about or 0], Mark())
        if kind == STATEMENT:
            mark.statement = str(words[act].open["words"]) if act in words else ""
        else:
            mark.open += 1 if kind == OBJECTED else -1
    return {i: found[line[i]] for i in entry_ids if line.get(i) in found}


def lifted(entry_ids: Collection[int], before: datetime | None = None) -> set[int]:
    """Those of these records of whose document a person found, in whatever arrival, that it was sealed by mistake."""
    line = arrivals(entry_ids)
    acts = _known(Entry.objects.filter(about_id__in=line, kind=SEAL_LIFTED), before)
    roots = {line[i] for i in acts.values_list("about_id", flat=True) if i is not None}
    return {i for i in entry_ids if line.get(i) in roots}


def doubted(entry_ids: Collection[int], before: datetime | None = None) -> set[int]:
    """Those of these records beside which a sealed row of the same document came to wait, and of which no person has
    said since whether they may be shown."""
    line = arrivals(entry_ids)
    kinds = (SEAL_DOUBTED, SEAL_LIFTED, WITHHOLDING)
    acts = _known(Entry.objects.filter(about_id__in=line, kind__in=kinds), before)
    last = {line[i]: kind for i, kind in acts.values_list("about_id", "kind") if i is not None}
    return {i for i in entry_ids if last.get(line.get(i, i)) == SEAL_DOUBTED}


def said(entry_ids: Collection[int], before: datetime | None = None) -> dict[int, Said]:
    """The acts about these records (until `before`). An act whose content was erased says nothing."""
    about = _known(Entry.objects.filter(about_id__in=entry_ids, kind__in=_ACTS), before)
    acts = list(about.values_list("id", "kind", "about_id"))
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
            else:
                words.released.update(content.open["fields"])
    line = arrivals(entry_ids)
    for entry_id in _repairs(entry_ids, line, before):
        found.setdefault(entry_id, Said()).repaired = True
    for entry_id, ground in _grounds(entry_ids, line, before).items():
        words = found.setdefault(entry_id, Said())
        words.withheld, words.settled = str(ground["reason"]), True
        words.review_on = day(str(ground.get("review_on", "")))
    return found


def judged(
    entries: Collection[Entry], words: Mapping[int, Said], before: datetime | None = None
) -> dict[int, Verdict]:
    """The verdict on each record, with the grade a person gave it. A correction of a sealed record stays sealed, until
    a person lifts the seal of the document."""
    law = Rulebook()
    line = corrections([entry.id for entry in entries])
    sealed = {
        line[i]
        for i in Entry.objects.filter(id__in=line, trait__contains=PUBLIC_ORDER).values_list(
            "id", flat=True
        )
    }
    shut = {entry.id for entry in entries if line[entry.id] in sealed}
    shut -= lifted(shut, before) if shut else set()
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
                trait=(with_seal if entry.id in shut else without_seal)(entry.trait),
                natural_person=persons.get(entry.subject_id or 0, True),
                document_on=entry.true_on,
                arrived_on=day_of(entry.known_at),
                given_grade=words[entry.id].grade if entry.id in words else "",
            ),
            law,
        )
        for entry in entries
    }


def stands(verdict: Verdict, spoken: Said, *, ending: str, review: bool) -> tuple[str, str]:
    """State and ground of a notice: values of NoticeState and WithholdReason.

    ending: how the record's line ended, "" while it stands; review: a person is to look at it first.
    """
    # What the law sealed stays sealed, whatever lesser ground a person gave.
    by_law = verdict.withheld if verdict.withheld == WithholdReason.PUBLIC_ORDER else ""
    if ending or by_law or spoken.withheld:
        return NoticeState.WITHHELD, ending or by_law or spoken.withheld
    if spoken.repaired and verdict.withheld in _REPAIRABLE:
        return NoticeState.ENDED, WithholdReason.REPAIRED
    if review and verdict.state in _WOULD_BE_SHOWN:
        return NoticeState.WITHHELD, WithholdReason.REVIEW
    return verdict.state, verdict.withheld


def with_seal(trait: str) -> str:
    """The trait of a record that is sealed whatever its own words say."""
    return ";".join(sorted({*filter(None, trait.split(";")), PUBLIC_ORDER}))


def without_seal(trait: str) -> str:
    """The trait of a record that is not sealed, whatever its own words say."""
    return ";".join(code for code in trait.split(";") if code != PUBLIC_ORDER)
