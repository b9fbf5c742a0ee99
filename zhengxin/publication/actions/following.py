"""Notices follow the ledger: the law judges each distinct case once, one INSERT writes the rows.

Whatever comes later (a correction, a withdrawal, a grade, a release) restates the notices it
touches from the ledger alone, so that following again from the beginning gives the same rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache, reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from zhengxin.archive.cases import Cases, day, day_of
from zhengxin.archive.changes import (
    ENDING_ACTS,
    REVOCATION,
    WITHDRAWAL,
    changes,
    chunks,
    codes,
    places,
    run,
)
from zhengxin.archive.types import Act, Changes, Span
from zhengxin.duties.types import DutyAct
from zhengxin.ledger.enums import Act as Kind
from zhengxin.ledger.models import Entry
from zhengxin.ledger.queries import payloads
from zhengxin.ledger.types import Range
from zhengxin.publication.actions.restating import restate
from zhengxin.publication.board.clearing import clear_board
from zhengxin.publication.enums import WithholdReason
from zhengxin.publication.judging import (
    MARKING,
    SEAL_DOUBTED,
    SEAL_LIFTED,
    WITHHOLDING,
    arrivals,
    corrections,
    lifted,
)
from zhengxin.publication.lawbook import Rulebook
from zhengxin.publication.models import Held, Notice
from zhengxin.publication.resembling import resembling, under_review
from zhengxin.publication.rules import PUBLIC_ORDER, Case, judge
from zhengxin.rulebook.queries import law_folder, record_kind

# What is done about duties is not about records; that somebody asked for repair changes nothing yet.
_SAYING_NOTHING = frozenset(DutyAct) | {Kind.REPAIR_APPLIED}
_OF_REPAIR = (Kind.REPAIR_GRANTED, Kind.REPAIR_REVOKED)
_DAY = "COALESCE(CAST(e.true_on AS varchar(10)), '')"
# A subject that is not known counts as a person: what is unclear stays unshown.
_PERSON = "CASE WHEN s.natural_person = FALSE THEN 0 ELSE 1 END"
_CASES = f"""
e.kind AS kind, e.trait AS trait, {_DAY} AS day, e.known_at AS known_at, {_PERSON} AS person
FROM ledger_entry e LEFT JOIN subjects_subject s ON s.id = e.subject_id
WHERE e.id BETWEEN %s AND %s AND e.kind IN ({{kinds}})
"""
_COLUMNS = (
    "adverse boolean, must_report boolean, may_publish boolean, grade varchar(8),"
    "display_from date, display_to date, repair_from date,"
    "state varchar(10), withheld varchar(16), rule varchar(80)"
)
_INSERT = f"""
INSERT INTO publication_notice (entry_id, subject_id, unit_id, kind, adverse, must_report,
    may_publish, grade, display_from, display_to, repair_from, state, withheld, rule, released,
    on_board, leaving)
SELECT e.id, e.subject_id, e.unit_id, e.kind, r.adverse, r.must_report, r.may_publish, r.grade,
    r.display_from, r.display_to, r.repair_from, r.state, r.withheld, r.rule, '', FALSE, FALSE
FROM ledger_entry e LEFT JOIN subjects_subject s ON s.id = e.subject_id
CROSS JOIN notice_rule r
WHERE e.id BETWEEN %s AND %s AND e.kind IN ({{kinds}})
  AND r.day = {_DAY} AND r.trait = e.trait AND r.kind = e.kind AND r.known_at = e.known_at
  AND r.person = {_PERSON}
"""
_CORRECTED = """
UPDATE publication_notice SET state = 'withheld', withheld = 'superseded', review_on = NULL,
    leaving = on_board
WHERE entry_id IN (SELECT e.about_id FROM ledger_entry e
                   JOIN archive_line l ON l.entry_id = e.about_id AND l.ending = 'superseded'
                   WHERE e.id BETWEEN %s AND %s AND e.kind IN ({kinds})
                     AND e.about_id IS NOT NULL)
"""
_WITHDRAWN = """
UPDATE publication_notice SET state = 'withheld', withheld = 'withdrawn', review_on = NULL,
    leaving = on_board
WHERE entry_id BETWEEN %s AND %s
"""


def follow(*, ranges: Sequence[Range], at: datetime) -> None:
    """Judge the sealed entries of `ranges`, after the archive followed them.

    The caller advances the cursor in the same transaction; `at` changes nothing in the rows.
    """
    with transaction.atomic():
        found = changes(ranges)
        kinds = codes()
        if found.recorded:
            for span in found.spans:
                _insert(span, kinds)
        touched = _of_marked(found.spans) if found.corrected else set()
        if found.corrected:
            for span in found.spans:
                run(_CORRECTED.format(kinds=places(kinds)), [*span, *kinds])
        for span in found.withdrawn:
            run(_WITHDRAWN, span)
        speaking = [act for act in found.acts if act.kind not in _SAYING_NOTHING]
        touched |= {*found.revivable, *(act.about_id for act in speaking)}
        held = [act for act in speaking if act.kind == WITHHOLDING]
        repaired = [act for act in speaking if act.kind in _OF_REPAIR]
        doubted = [act for act in speaking if act.kind == SEAL_DOUBTED]
        touched |= arrivals([act.about_id for act in (*held, *repaired, *doubted)]).keys()
        touched |= corrections([act.about_id for act in speaking if act.kind in MARKING]).keys()
        touched |= _lift([act.about_id for act in speaking if act.kind == SEAL_LIFTED])
        _note_held(held)
        _note_repaired(repaired)
        _note_taken_back(found.withdrawn)
        if found.recorded:
            touched |= _of_withheld(found) | _of_unsealed(found.spans)
        for some in chunks(sorted(touched)):
            restate(some)


def _note_held(acts: Sequence[Act]) -> None:
    """What these acts withhold, with what it is known by. An act that says a record may be shown withholds nothing."""
    about = {act.id: act.about_id for act in acts}
    contents = payloads(about)
    said = {
        about_id: act_id
        for act_id, about_id in sorted(about.items(), reverse=True)
        if act_id not in contents or contents[act_id].open["reason"]
    }
    _hold((entry, said[entry.id]) for entry in Entry.objects.filter(id__in=said))


def _note_repaired(acts: Sequence[Act]) -> None:
    """What was repaired does not come back as another arrival of the same document."""
    granted = {act.about_id: act.id for act in acts if act.kind == Kind.REPAIR_GRANTED}
    _hold((entry, granted[entry.id]) for entry in Entry.objects.filter(id__in=granted))


def _note_taken_back(spans: Sequence[Span]) -> None:
    """What the law sealed and was taken back: what resembles it and comes afterwards, a person looks at first."""
    shut = list(Entry.objects.filter(_within(spans), trait__contains=PUBLIC_ORDER))
    unsealed = lifted([entry.id for entry in shut]) if shut else set()
    shut = [entry for entry in shut if entry.id not in unsealed]
    if not shut:
        return
    ended = Q(kind=WITHDRAWAL, about_id__in={entry.batch_id for entry in shut})
    ended |= Q(kind=REVOCATION, about_id__in=[entry.id for entry in shut])
    acts = Entry.objects.filter(ended).order_by("-id").values_list("kind", "about_id", "id")
    # The first act of several, as those of the last come first.
    by = {(kind, about_id): act_id for kind, about_id, act_id in acts}
    _hold(
        (
            entry,
            min(
                i
                for i in (by.get((WITHDRAWAL, entry.batch_id)), by.get((REVOCATION, entry.id)))
                if i
            ),
        )
        for entry in shut
    )


def _lift(entry_ids: Sequence[int]) -> set[int]:
    """Every arrival of the documents whose seal was lifted, and what waits because it resembled one that was taken back."""
    if not entry_ids:
        return set()
    line = arrivals(entry_ids)
    kept = dict(Held.objects.filter(entry_id__in=line).values_list("act_id", "entry_id"))
    endings = Entry.objects.filter(id__in=kept, kind__in=ENDING_ACTS).values_list("id", flat=True)
    # What a person withheld stays withheld.
    Held.objects.filter(entry_id__in=line, act_id__in=list(endings)).delete()
    units = Entry.objects.filter(id__in=line).values("unit_id")
    waiting = Notice.objects.filter(unit_id__in=units, withheld=WithholdReason.REVIEW)
    return {*line, *waiting.values_list("entry_id", flat=True)}


def _of_unsealed(spans: Sequence[Span]) -> set[int]:
    """New records that their own words seal, of documents whose seal a person lifted."""
    found = set[int]()
    for span in spans:
        shut = Notice.objects.filter(entry_id__range=span, withheld=WithholdReason.PUBLIC_ORDER)
        for some in chunks(list(shut.values_list("entry_id", flat=True))):
            found |= lifted(some)
    return found


def _hold(entries: Iterable[tuple[Entry, int]]) -> None:
    rows = [
        Held(
            entry_id=entry.id,
            key=entry.key,
            act_id=act_id,
            unit_id=entry.unit_id,
            kind=entry.kind,
            subject_id=entry.subject_id,
            true_on=entry.true_on,
        )
        for entry, act_id in entries
    ]
    Held.objects.bulk_create(rows, ignore_conflicts=True)


def _of_withheld(found: Changes) -> set[int]:
    """New records that correct one which a person said not to show, are another arrival of it or resemble it."""
    if not Held.objects.exists():
        return set()
    again = Entry.objects.filter(key__in=Held.objects.filter(key__isnull=False).values("key"))
    near = set(again.filter(_within(found.spans)).values_list("id", flat=True))
    near |= resembling(Entry.objects.filter(_within(found.spans), kind__in=codes()))
    if found.corrected:
        mending = Entry.objects.filter(
            _within(found.spans), about_id__isnull=False, kind__in=codes()
        )
        for some in chunks(list(mending.values_list("id", flat=True))):
            near |= under_review(some)
        held = list(Held.objects.values_list("entry_id", flat=True))
        near |= {i for i in corrections(held) if _lies_in(i, found.spans)}
    return near


def _of_marked(spans: Sequence[Span]) -> set[int]:
    """New records that correct one which is sealed, whatever they say themselves, or one that is disputed or bears a
    statement. Before that one is marked corrected."""
    marked = Q(withheld=WithholdReason.PUBLIC_ORDER) | Q(disputed=True) | ~Q(statement="")
    about = Notice.objects.filter(marked, entry_id=OuterRef("about_id"))
    new = Entry.objects.filter(_within(spans), about_id__isnull=False).filter(Exists(about))
    first = new.values_list("id", flat=True)
    return {i for i in corrections(list(first)) if _lies_in(i, spans)}


def _within(spans: Sequence[Span]) -> Q:
    return reduce(or_, (Q(id__range=span) for span in spans), Q(pk__in=[]))


def _lies_in(entry_id: int, spans: Sequence[Span]) -> bool:
    return any(first <= entry_id <= last for first, last in spans)


def clear() -> None:
    """Empty notices and board, to be followed again from the beginning.

    The feed of corrections stays: it is the register of what was told to others, and its numbers
    are bookmarks in their hands.
    """
    run("DELETE FROM publication_notice")
    run("DELETE FROM publication_held")
    clear_board()


def _insert(span: Span, kinds: Sequence[str]) -> None:
    params = [*span, *kinds]
    with Cases("notice", "kind, trait, day, known_at, person", _COLUMNS) as cases:
        cases.answer(_verdicts(cases.gather(_CASES.format(kinds=places(kinds)), params)))
        run(_INSERT.format(kinds=places(kinds)), params)


def _verdicts(found: Iterator[tuple[Any, ...]]) -> Iterator[tuple[object, ...]]:
    folder = law_folder()
    for case_id, kind, trait, decided, known_at, person in found:
        yield case_id, *_verdict(folder, kind, trait, bool(person), decided, day_of(known_at))


@lru_cache(maxsize=1 << 15)
def _verdict(
    folder: Path, kind: str, trait: str, person: bool, decided: str, arrived_on: date
) -> tuple[object, ...]:
    """What the law in `folder` says of one case: the stretches of a long file ask it again and again."""
    case = Case(
        kind=record_kind(kind),
        trait=trait,
        natural_person=person,
        document_on=day(decided),
        arrived_on=arrived_on,
    )
    verdict = judge(case, _lawbook(folder))
    return (
        verdict.adverse,
        verdict.must_report,
        verdict.may_publish,
        verdict.grade,
        _text(verdict.display_from),
        _text(verdict.display_to),
        _text(verdict.repair_from),
        verdict.state,
        verdict.withheld,
        verdict.rule,
    )


@lru_cache(maxsize=8)
def _lawbook(folder: Path) -> Rulebook:
    return Rulebook()


def _text(value: date | None) -> str | None:
    return value.isoformat() if value else None
