"""A proposed law folder tried on the records of past years: whom it would have hit, and what changes.

Nothing is written; the records stand as they stood. Persons' grades are kept: a rule does not undo a decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.db import connection
from django.db.models import Exists, OuterRef

from zhengxin.archive.cases import day_of
from zhengxin.archive.changes import codes, places
from zhengxin.archive.models import Line
from zhengxin.ledger.models import Entry
from zhengxin.publication.enums import WithholdReason
from zhengxin.publication.judging import GRADING, said
from zhengxin.publication.lawbook import Rulebook
from zhengxin.publication.models import Notice
from zhengxin.publication.rules import Case, judge
from zhengxin.publication.types import Verdict
from zhengxin.rulebook.queries import record_kind, trying
from zhengxin.subjects.models import Subject

# Of what is sealed not even a number is told.
_SECRET = (WithholdReason.PUBLIC_ORDER.value, WithholdReason.STATE_SECRET.value)
_NAMED = 20
_Place = tuple[str, tuple[str, str, str], tuple[str, str, str]]
_CASES = """
SELECT e.kind, e.trait, e.true_on, e.known_at,
    CASE WHEN s.natural_person = FALSE THEN 0 ELSE 1 END, {grade}, COUNT(*), MIN(e.id)
FROM ledger_entry e
JOIN archive_line l ON l.entry_id = e.id AND l.ending = ''
JOIN publication_notice n ON n.entry_id = e.id AND n.withheld NOT IN (%s, %s)
LEFT JOIN subjects_subject s ON s.id = e.subject_id
WHERE e.kind IN ({kinds}) AND e.true_on BETWEEN %s AND %s AND {which}
GROUP BY 1, 2, 3, 4, 5, 6
"""
_GRADED = "(SELECT 1 FROM ledger_entry g WHERE g.about_id = e.id AND g.kind = %s)"


@dataclass(frozen=True, slots=True)
class Change:
    """What changes alike for `n` records of a kind.

    before and after: grade and standing as the law by itself gives them (values of Grade, NoticeState and
    WithholdReason; empty where there is none); longer, shorter: of how many display ends later or earlier;
    later, sooner: of how many repair may be asked for later or sooner; persons: how many are natural persons';
    named: the first entries of others, with their number and subject.
    """

    kind: str
    before: tuple[str, str, str]
    after: tuple[str, str, str]
    n: int
    persons: int
    longer: int
    shorter: int
    later: int
    sooner: int
    named: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`n` standing records with a document day in the period; without_day: those that have none are not tried."""

    n: int
    without_day: int
    changes: tuple[Change, ...]


@dataclass(slots=True)
class _Tally:
    n: int = 0
    persons: int = 0
    longer: int = 0
    shorter: int = 0
    later: int = 0
    sooner: int = 0


def rehearse(folder: Path, *, since: date, until: date) -> Rehearsal:
    """The records whose document lies in the period, judged by the law in use and by that of `folder`.

    Raises LawUnreadable.
    """
    found = list(_cases(since, until))
    today = [judge(case, law) for law in (Rulebook(),) for case, _n, _i in found]
    with trying(folder):
        law = Rulebook()
        kinds = {case.kind.code: record_kind(case.kind.code) for case, _n, _i in found}
        proposed = [judge(replace(case, kind=kinds[case.kind.code]), law) for case, _n, _i in found]
    tallies: dict[_Place, _Tally] = {}
    first: dict[_Place, list[tuple[int, int]]] = {}
    for (case, n, entry_id), was, now in zip(found, today, proposed, strict=True):
        if _what(was) == _what(now):
            continue
        place = (case.kind.code, _standing(was), _standing(now))
        _count(tallies.setdefault(place, _Tally()), case, n, was, now)
        named = first.setdefault(place, [])
        if not case.natural_person and len(named) < _NAMED:
            named += _alike(case, entry_id, _NAMED - len(named))
    changes = [
        Change(
            kind=kind,
            before=before,
            after=after,
            n=tally.n,
            persons=tally.persons,
            longer=tally.longer,
            shorter=tally.shorter,
            later=tally.later,
            sooner=tally.sooner,
            named=tuple(sorted(first[kind, before, after])),
        )
        for (kind, before, after), tally in tallies.items()
    ]
    dayless = Notice.objects.exclude(withheld__in=_SECRET).filter(withheld=WithholdReason.NO_DATE)
    return Rehearsal(
        n=sum(n for _case, n, _i in found),
        without_day=dayless.count(),
        changes=tuple(sorted(changes, key=lambda each: (-each.n, each.kind, each.before))),
    )


def _cases(since: date, until: date) -> Iterator[tuple[Case, int, int]]:
    """Each distinct case of the period, with how many records are alike and the number of the first."""
    kinds = codes()
    graded = _GRADED.replace("SELECT 1", "SELECT MAX(g.id)")
    params: list[str | date] = [*_SECRET, *kinds, since, until, GRADING]
    with connection.cursor() as cursor:
        by_law = _CASES.format(grade="0", kinds=places(kinds), which=f"NOT EXISTS {_GRADED}")
        cursor.execute(by_law, params)
        rows = cursor.fetchall()
        by_person = _CASES.format(grade=graded, kinds=places(kinds), which=f"EXISTS {_GRADED}")
        cursor.execute(by_person, [GRADING, *params])
        decided = cursor.fetchall()
    words = said([row[7] for row in decided])
    for kind, trait, on, known_at, person, act, n, entry_id in (*rows, *decided):
        case = Case(
            kind=record_kind(kind),
            trait=trait,
            natural_person=bool(person),
            document_on=on if isinstance(on, date) else date.fromisoformat(on),
            arrived_on=day_of(known_at),
            given_grade=words[entry_id].grade if act and entry_id in words else "",
        )
        yield case, n, entry_id


def _standing(verdict: Verdict) -> tuple[str, str, str]:
    return verdict.grade, verdict.state, verdict.withheld


def _what(verdict: Verdict) -> tuple[object, ...]:
    return (*_standing(verdict), verdict.display_to, verdict.repair_from)


def _count(tally: _Tally, case: Case, n: int, was: Verdict, now: Verdict) -> None:
    tally.n += n
    tally.persons += n * case.natural_person
    if was.display_to and now.display_to:
        tally.longer += n * (now.display_to > was.display_to)
        tally.shorter += n * (now.display_to < was.display_to)
    if was.repair_from and now.repair_from:
        tally.later += n * (now.repair_from > was.repair_from)
        tally.sooner += n * (now.repair_from < was.repair_from)


def _alike(case: Case, first_id: int, most: int) -> list[tuple[int, int]]:
    """Number and subject of the first records that make this case: standing, and of no natural person."""
    first = Entry.objects.get(id=first_id)
    if case.given_grade:
        return [(first.id, first.subject_id or 0)]
    alike = Entry.objects.filter(
        kind=first.kind, trait=first.trait, true_on=first.true_on, known_at=first.known_at
    )
    standing = Line.objects.filter(ending="", entry_id=OuterRef("id"))
    known = Subject.objects.filter(natural_person=False, id=OuterRef("subject_id"))
    graded = Entry.objects.filter(kind=GRADING, about_id=OuterRef("id"))
    rows = alike.filter(Exists(standing), Exists(known), ~Exists(graded)).order_by("id")
    return [(i, subject or 0) for i, subject in rows.values_list("id", "subject_id")[:most]]
