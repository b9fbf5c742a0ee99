"""Duties follow the ledger: the deadline a record implies, met by the record's own arrival.

A correction keeps the arrival of the first report of its chain, also of one that waited for a person: mending a
fault is not late reporting. The rules run once a distinct case; rows are written by one INSERT a stretch.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Case, Value, When

from zhengxin.archive.cases import Cases, day, day_of
from zhengxin.archive.changes import changes, chunks, codes, places, run
from zhengxin.archive.types import Changes, Span
from zhengxin.duties.enums import DutyState
from zhengxin.duties.following import follow_acts, recount_acts
from zhengxin.duties.models import Duty
from zhengxin.duties.queries import no_calendar
from zhengxin.duties.rules import timeliness
from zhengxin.ledger.types import Range
from zhengxin.rulebook.queries import calendar, duty_terms, law_folder, record_kind
from zhengxin.subjects.models import Unit

# The arrival of a first report, and of a correction.
_FIRST = ("e.known_at", "", "e.about_id IS NULL")
_CORRECTION = (
    "l.first_known_at",
    "JOIN archive_line l ON l.entry_id = e.id",
    "e.about_id IS NOT NULL",
)
# The arrival of what is now known to have been reported before.
_REPORTED_BEFORE = (
    "l.first_known_at",
    "JOIN archive_line l ON l.entry_id = e.id",
    "e.id IN ({ids})",
)
_DAY = "COALESCE(CAST(e.true_on AS varchar(10)), '')"
_CASES = """
e.kind AS kind, {day} AS day, {arrival} AS known_at, COALESCE(u.traits, '') AS traits
FROM ledger_entry e {join} LEFT JOIN duty_unit u ON u.unit_id = e.unit_id
WHERE e.id BETWEEN %s AND %s AND e.kind IN ({kinds}) AND {which}
"""
_INSERT = """
INSERT INTO duties_duty (id, entry_id, kind, record_kind, bearer_id,
                         opened_on, due_on, met_on, state)
SELECT e.id * 8 + r.number, e.id, r.duty, e.kind, e.unit_id, e.true_on, r.due_on, r.met_on, r.state
FROM ledger_entry e {join} LEFT JOIN duty_unit u ON u.unit_id = e.unit_id
CROSS JOIN duty_rule r
WHERE e.id BETWEEN %s AND %s AND e.kind IN ({kinds}) AND {which}
  AND r.day = {day} AND r.kind = e.kind AND r.known_at = {arrival}
  AND r.traits = COALESCE(u.traits, '')
"""
# A duty's id is its entry's times eight, plus a number under eight.
_VOID_CORRECTED = """
UPDATE duties_duty SET state = 'void'
WHERE id IN (SELECT e.about_id * 8 + n.number FROM ledger_entry e
             JOIN archive_line l ON l.entry_id = e.about_id AND l.ending <> ''
             CROSS JOIN ({numbers}) n
             WHERE e.id BETWEEN %s AND %s AND e.kind IN ({kinds}) AND e.about_id IS NOT NULL)
"""
_VOID_ENDED = """
UPDATE duties_duty SET state = 'void'
WHERE entry_id IN (SELECT l.entry_id FROM archive_line l WHERE l.ending <> '' AND l.entry_id IN ({ids}))
  AND id BETWEEN %s AND %s
"""
_NUMBERS = " UNION ALL ".join(f"SELECT {number} AS number" for number in range(8))
_VOID_WITHDRAWN = "UPDATE duties_duty SET state = 'void' WHERE id BETWEEN %s AND %s"
_REVIVE = """
UPDATE duties_duty SET state = CASE WHEN opened_on IS NULL THEN 'missing'
                                    WHEN due_on IS NULL THEN 'no_calendar'
                                    WHEN met_on <= due_on THEN 'on_time' ELSE 'late' END
WHERE id IN (SELECT l.entry_id * 8 + n.number FROM archive_line l CROSS JOIN ({numbers}) n
             WHERE l.ending = '' AND l.entry_id IN ({ids}))
"""

_UNITS_AT_ONCE = 400


def follow(*, ranges: Sequence[Range], at: datetime) -> None:
    """Open and meet the duties of the sealed entries of `ranges`, after the archive followed them.

    The caller advances the cursor in the same transaction; `at` changes nothing in the rows.
    """
    with transaction.atomic():
        found = changes(ranges)
        kinds = [code for code in codes() if record_kind(code).duties]
        if found.recorded or found.reported_before:
            _units()
            for span in found.spans:
                _open(span, kinds, _FIRST)
                if found.corrected:
                    _open(span, kinds, _CORRECTION)
            for some in chunks(found.reported_before):
                _open_anew(some, kinds)
            run("DROP TABLE duty_unit")
        _end(found, kinds)
        follow_acts(found.acts)


def recount(*, at: datetime) -> list[int]:
    """Count the duties whose calendar has come since; the entries concerned. `at` stands in no row.

    The rows are then what following from the beginning would give.
    """
    recount_acts()
    found: list[int] = []
    for standing, waiting, _ in no_calendar(Duty.objects.all()):
        if standing.due_on is None:
            continue
        found += waiting.order_by("id").values_list("entry_id", flat=True)
        waiting.update(
            due_on=standing.due_on,
            state=Case(
                When(met_on__lte=standing.due_on, then=Value(DutyState.ON_TIME)),
                default=Value(DutyState.LATE),
            ),
        )
    return found


def clear() -> None:
    """Empty the duties, to be followed again from the beginning."""
    run("DELETE FROM duties_supporter")
    run("DELETE FROM duties_duty")


def _units() -> None:
    run("CREATE TEMPORARY TABLE duty_unit (unit_id bigint PRIMARY KEY, traits varchar(400))")
    units = list(Unit.objects.order_by("pk").values_list("pk", "traits"))
    for some in chunks(units, _UNITS_AT_ONCE):
        values = [value for pk, traits in some for value in (pk, ";".join(sorted(traits)))]
        run("INSERT INTO duty_unit VALUES " + ", ".join(["(%s, %s)"] * len(some)), values)


def _open(span: Span, kinds: Sequence[str], report: tuple[str, str, str]) -> None:
    arrival, join, which = report
    words = {"day": _DAY, "arrival": arrival, "join": join, "which": which}
    words["kinds"] = places(kinds)
    params = [*span, *kinds]
    with Cases(
        "duty",
        "kind, day, known_at, traits",
        "number smallint, duty varchar(32), due_on date, met_on date, state varchar(12)",
    ) as cases:
        cases.answer(_verdicts(cases.gather(_CASES.format(**words), params)))
        run(_INSERT.format(**words), params)


def _open_anew(entry_ids: Sequence[int], kinds: Sequence[str]) -> None:
    """Count the duties of these entries, in rising order, again by their first report."""
    arrival, join, which = _REPORTED_BEFORE
    span = (entry_ids[0], entry_ids[-1])
    ids = [entry_id * 8 + number for entry_id in entry_ids for number in range(8)]
    for some in chunks(ids):
        run(f"DELETE FROM duties_duty WHERE id IN ({places(some)})", some)
    told = ", ".join(str(int(entry_id)) for entry_id in entry_ids)
    _open(span, kinds, (arrival, join, which.format(ids=told)))
    run(_VOID_ENDED.format(ids=told), [span[0] * 8, span[1] * 8 + 7])


def _verdicts(found: Iterator[tuple[Any, ...]]) -> Iterator[tuple[object, ...]]:
    folder = law_folder()
    for case_id, kind, decided, known_at, traits in found:
        for standing in _standings(folder, kind, decided, day_of(known_at), traits):
            yield case_id, *standing


@lru_cache(maxsize=1 << 14)
def _standings(
    folder: Path, kind: str, decided: str, arrived_on: date, traits: str
) -> tuple[tuple[object, ...], ...]:
    """What the law in `folder` says of one case: the stretches of a long file ask it again and again."""
    decided_on = day(decided)
    order = record_kind(kind).duties
    terms = duty_terms(kind, decided_on or arrived_on, frozenset(filter(None, traits.split(";"))))
    found = timeliness(
        decided_on=decided_on, arrived_on=arrived_on, terms=terms, calendar=calendar()
    )
    return tuple(
        (
            order.index(standing.kind),
            standing.kind,
            _text(standing.due_on),
            _text(arrived_on),
            standing.state,
        )
        for standing in found
    )


def _text(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _end(found: Changes, kinds: Sequence[str]) -> None:
    if found.corrected:
        sql = _VOID_CORRECTED.format(kinds=places(kinds), numbers=_NUMBERS)
        for span in found.spans:
            run(sql, [*span, *kinds])
    for first, last in found.withdrawn:
        run(_VOID_WITHDRAWN, [first * 8, last * 8 + 7])
    for some in chunks(found.revivable):
        run(_REVIVE.format(ids=places(some), numbers=_NUMBERS), some)
