"""Figures and single duties."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from zhengxin.duties.enums import DutyState
from zhengxin.duties.models import Duty
from zhengxin.duties.rules import arrival_sentences
from zhengxin.duties.rules import timeliness as _timeliness
from zhengxin.duties.types import Arrivals, Standing, Totals, UnitWeek
from zhengxin.ledger.models import Entry
from zhengxin.rulebook.queries import calendar, duty_terms, first_day_of_duty, record_kinds
from zhengxin.subjects.models import Unit

DOUBLE_PUBLICITY = "double_publicity"


def of_entries(entry_ids: list[int], kind: str = DOUBLE_PUBLICITY) -> dict[int, Duty]:
    """The duty of one kind that each of these entries opened, where it opened one."""
    most = max(len(record.duties) for record in record_kinds())
    ids = [entry_id * 8 + number for entry_id in entry_ids for number in range(most)]
    return {duty.entry_id: duty for duty in Duty.objects.filter(id__in=ids, kind=kind)}


def standings(entry_id: int) -> tuple[Standing, ...]:
    """How every duty of one entry stands, each with its sentence; void ones are left out."""
    ids = (entry_id * 8, entry_id * 8 + 7)
    rows = list(Duty.objects.filter(id__range=ids).exclude(state=DutyState.VOID))
    if not rows or rows[0].met_on is None:
        return ()
    first = rows[0]
    met_on: date = rows[0].met_on
    traits = Unit.objects.filter(pk=first.bearer_id).values_list("traits", flat=True).first()
    terms = duty_terms(first.record_kind, first.opened_on or met_on, frozenset(traits or ()))
    return _timeliness(
        decided_on=first.opened_on, arrived_on=met_on, terms=terms, calendar=calendar()
    )


def days_due(
    since: date, until: date, kind: str = DOUBLE_PUBLICITY
) -> list[tuple[int, date, str, int]]:
    """Unit, due day, state and number of the duties that fell due in these days."""
    rows = (
        Duty.objects.filter(kind=kind, due_on__range=(since, until))
        .filter(state__in=(DutyState.ON_TIME, DutyState.LATE))
        .values_list("bearer_id", "due_on", "state")
        .annotate(n=Count("id"))
        .order_by("bearer_id", "due_on", "state")
    )
    return [(unit, due, str(state), n) for unit, due, state, n in rows if due is not None]


def by_week(since: date, until: date, kind: str = DOUBLE_PUBLICITY) -> list[UnitWeek]:
    """Per unit and week (Monday first), how many duties due in these days were met on time."""
    found: dict[tuple[int, date], list[int]] = {}
    for unit, due, state, n in days_due(since, until, kind):
        monday = due - timedelta(days=due.weekday())
        found.setdefault((unit, monday), [0, 0])[state == DutyState.LATE] += n
    return [UnitWeek(unit, monday, *pair) for (unit, monday), pair in sorted(found.items())]


def unit_figures(
    units: Collection[int] | None = None,
    since: date = date.min,
    until: date = date.max,
    kind: str = DOUBLE_PUBLICITY,
) -> Mapping[int, Totals]:
    """Totals by state of these units (None: all) that have any, over decisions of these days (records without
    a day count)."""
    of_units = _of_units(units, kind).exclude(state=DutyState.VOID)
    sums: dict[int, dict[str, int]] = {}
    for chosen in (
        of_units.filter(opened_on__range=(since, until)),
        of_units.filter(opened_on=None),
    ):
        rows = chosen.values_list("bearer_id", "state").annotate(n=Count("id")).order_by()
        for unit, state, n in rows:
            states = sums.setdefault(unit, {})
            states[state] = states.get(state, 0) + n
    return {unit: _totals(states) for unit, states in sorted(sums.items())}


def _of_units(units: Collection[int] | None, kind: str) -> QuerySet[Duty]:
    """By name also where all are meant: each unit's days are then a stretch of the index."""
    chosen = Unit.objects.values_list("pk", flat=True) if units is None else units
    return Duty.objects.filter(bearer_id__in=list(chosen), kind=kind)


def timeliness(
    unit_id: int, since: date | None = None, until: date | None = None, kind: str = DOUBLE_PUBLICITY
) -> Totals:
    """Totals by state of one unit; zeros when it has no such duty."""
    chosen = Duty.objects.filter(bearer_id=unit_id, kind=kind).exclude(state=DutyState.VOID)
    if since is not None:
        chosen = chosen.filter(opened_on__gte=since)
    if until is not None:
        chosen = chosen.filter(opened_on__lte=until)
    return _totals(dict(chosen.values_list("state").annotate(n=Count("id")).order_by()))


def late_before(
    units: Collection[int] | None, since: date, kind: str = DOUBLE_PUBLICITY
) -> QuerySet[Duty]:
    """Late ones of these units (None: all) that no longer count, because the record was corrected or withdrawn; decided since that day.

    A signal for a person to look at, not a verdict: the day of decision may have been mistyped.
    """
    return _of_units(units, kind).filter(
        state=DutyState.VOID, met_on__gt=F("due_on"), opened_on__gte=since
    )


def late_before_counts(units: Collection[int] | None, since: date) -> dict[int, int]:
    """How many of them each unit has."""
    rows = late_before(units, since).values_list("bearer_id").annotate(n=Count("id")).order_by()
    return {unit: n for (unit, n) in rows}


def standing_instead(late: Sequence[Duty]) -> dict[int, Duty]:
    """By entry id: the newest duty that counts now of the same document, where there is one."""
    keys = dict(
        Entry.objects.filter(
            id__in=[each.entry_id for each in late], key__isnull=False
        ).values_list("id", "key")
    )
    same = dict(
        Entry.objects.filter(key__in=set(keys.values())).order_by("id").values_list("id", "key")
    )
    standing = {
        entry_id: duty
        for entry_id, duty in of_entries(list(same)).items()
        if duty.state != DutyState.VOID
    }
    newest = {same[entry_id]: standing[entry_id] for entry_id in sorted(standing)}
    return {entry_id: newest[key] for entry_id, key in keys.items() if key in newest}


def arrivals(
    span: tuple[int, int] | None, entry_ids: Collection[int] = (), kind: str = DOUBLE_PUBLICITY
) -> Arrivals:
    """How the records of a submission arrived: those of its batch (first and last entry id), and those
    that a person decided about later. Withdrawn and corrected ones are left out."""
    asked = Q(entry_id__in=list(entry_ids))
    if span is not None:
        # A duty's id is its entry's times eight, plus a number under eight.
        asked |= Q(id__range=(span[0] * 8, span[1] * 8 + 7))
    chosen = Duty.objects.filter(asked, kind=kind).exclude(state=DutyState.VOID)
    totals = _totals(dict(chosen.values_list("state").annotate(n=Count("id")).order_by()))
    lacking: dict[int, int] = {}
    if totals.waiting:
        for standing, _, n in no_calendar(chosen):
            if standing.lacks:
                lacking[standing.lacks] = lacking.get(standing.lacks, 0) + n
    first_day = first_day_of_duty(kind)
    asked_for = len(entry_ids) + (span[1] - span[0] + 1 if span is not None else 0)
    # Where every record has its duty, none needs to be looked for.
    before = 0
    if totals.counted < asked_for:
        before = _decided_before(first_day, span, entry_ids, kind)
    return Arrivals(totals, lacking, before, arrival_sentences(totals, lacking, before, first_day))


def _decided_before(
    first_day: date, span: tuple[int, int] | None, entry_ids: Collection[int], kind: str
) -> int:
    asked = Q(id__in=list(entry_ids))
    if span is not None:
        asked |= Q(id__range=span)
    kinds = [record.code for record in record_kinds() if kind in record.duties]
    return Entry.objects.filter(asked, kind__in=kinds, true_on__lt=first_day).count()


def lacking_years(unit_ids: Collection[int] | None = None) -> dict[int, int]:
    """Years whose calendar is missing → how many duties cannot be counted; unit_ids None means every unit."""
    chosen = Duty.objects.filter(kind=DOUBLE_PUBLICITY)
    if unit_ids is not None:
        chosen = chosen.filter(bearer_id__in=list(unit_ids))
    found: dict[int, int] = {}
    for standing, _, n in no_calendar(chosen):
        if standing.lacks:
            found[standing.lacks] = found.get(standing.lacks, 0) + n
    return dict(sorted(found.items()))


def no_calendar(chosen: QuerySet[Duty]) -> Iterator[tuple[Standing, QuerySet[Duty], int]]:
    """Those of `chosen` that could not be counted, by unit and decision day: how they would stand by
    the calendars loaded now, the duties themselves and their number."""
    waiting = chosen.filter(state=DutyState.NO_CALENDAR)
    groups = waiting.values_list("bearer_id", "opened_on", "record_kind", "kind")
    traits = dict(Unit.objects.values_list("pk", "traits"))
    for unit, opened_on, record_kind, kind, n in groups.annotate(n=Count("id")).order_by(
        "bearer_id", "opened_on", "record_kind", "kind"
    ):
        if opened_on is None:
            continue
        terms = duty_terms(record_kind, opened_on, frozenset(traits.get(unit) or ()))
        for standing in _timeliness(
            decided_on=opened_on, arrived_on=opened_on, terms=terms, calendar=calendar()
        ):
            if standing.kind == kind:
                same = waiting.filter(
                    bearer_id=unit, opened_on=opened_on, record_kind=record_kind, kind=kind
                )
                yield standing, same, n


def _totals(states: Mapping[str, int]) -> Totals:
    return Totals(
        on_time=states.get(DutyState.ON_TIME, 0),
        late=states.get(DutyState.LATE, 0),
        missing=states.get(DutyState.MISSING, 0),
        waiting=states.get(DutyState.NO_CALENDAR, 0),
    )
