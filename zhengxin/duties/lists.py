"""Lists of what somebody still owes: mine, my unit's, running out, overdue by whom and how long. Bounded and indexed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Min, Q, QuerySet

from zhengxin.duties.enums import DutyState
from zhengxin.duties.models import Duty, Supporter


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many duties of one unit are overdue, and since when the oldest."""

    unit_id: int
    n: int
    oldest: date


@dataclass(frozen=True, slots=True)
class Standing:
    """What a unit still owes on one day, in numbers; without_day: no due day yet."""

    overdue: int
    today: int
    soon: int
    later: int
    without_day: int
    reported: int

    @property
    def running(self) -> int:
        """All that is still owed."""
        return self.overdue + self.today + self.soon + self.later + self.without_day + self.reported


def running(units: Collection[int] | None) -> QuerySet[Duty]:
    """What these units (None: all) still owe, by due day, those without one last."""
    rows = Duty.objects.filter(running=True)
    if units is not None:
        rows = rows.filter(bearer_id__in=list(units))
    return rows.order_by("due_on", "id")


def _open(units: Collection[int] | None) -> QuerySet[Duty]:
    rows = Duty.objects.filter(state=DutyState.OPEN)
    # Said twice, so that the index of what a bearer still owes is taken.
    return rows if units is None else rows.filter(running=True, bearer_id__in=list(units))


def overdue(units: Collection[int] | None, today: date) -> QuerySet[Duty]:
    """Open and past their day, longest overdue first."""
    return _open(units).filter(due_on__lt=today).order_by("due_on", "id")


def due_between(units: Collection[int] | None, since: date, until: date) -> QuerySet[Duty]:
    """Open ones that fall due in these days, the nearest first."""
    return _open(units).filter(due_on__range=(since, until)).order_by("due_on", "id")


def without_day(units: Collection[int] | None) -> QuerySet[Duty]:
    """Open ones whose last day is not known: no calendar, or nobody set one."""
    return _open(units).filter(due_on=None).order_by("id")


def chosen(
    state: str, units: Collection[int] | None, today: date, soon: int = 30
) -> QuerySet[Duty]:
    """Those of a state as a list asks for it: overdue, soon, open, reported or ended."""
    if state == "soon":
        return due_between(units, today, today + timedelta(days=soon))
    if state == "open":
        return _open(units).order_by("due_on", "id")
    if state == "reported":
        return running(units).filter(state=DutyState.REPORTED)
    if state == "ended":
        return ended(units)
    return overdue(units, today)


def to_verify(units: Collection[int] | None) -> QuerySet[Duty]:
    """Reported to these units (None: to the credit office or anybody), longest waiting first."""
    rows = Duty.objects.filter(state=DutyState.REPORTED)
    if units is not None:
        rows = rows.filter(to_id__in=list(units))
    return rows.order_by("reported_on", "id")


def supported(units: Collection[int]) -> QuerySet[Duty]:
    """What these units support others in, by due day."""
    ids = Supporter.objects.filter(unit_id__in=list(units)).values("duty_id")
    return Duty.objects.filter(id__in=ids, running=True).order_by("due_on", "id")


def ended(units: Collection[int] | None) -> QuerySet[Duty]:
    """Those that an act opened and that are over, newest first."""
    rows = Duty.objects.filter(running=False, source_id__isnull=False)
    if units is not None:
        rows = rows.filter(bearer_id__in=list(units))
    return rows.order_by("-id")


def standing(units: Collection[int], today: date, soon: int = 30) -> Standing:
    """What these units still owe, in numbers; soon: falls due in so many days after today."""
    last = today + timedelta(days=soon)
    still = Q(state=DutyState.OPEN)
    found = Duty.objects.filter(running=True, bearer_id__in=list(units)).aggregate(
        overdue=Count("id", filter=still & Q(due_on__lt=today)),
        today=Count("id", filter=still & Q(due_on=today)),
        soon=Count("id", filter=still & Q(due_on__gt=today, due_on__lte=last)),
        later=Count("id", filter=still & Q(due_on__gt=last)),
        without_day=Count("id", filter=still & Q(due_on=None)),
        reported=Count("id", filter=Q(state=DutyState.REPORTED)),
    )
    return Standing(**found)


def overdue_by_unit(today: date, kind: str = "") -> list[Overdue]:
    """Whose duties are overdue, how many, since when; the longest first."""
    # Counted in the index of what bearers still owe alone.
    rows = Duty.objects.filter(running=True, state=DutyState.OPEN, due_on__lt=today)
    if kind:
        rows = rows.filter(kind=kind)
    counted = rows.values_list("bearer_id").annotate(n=Count("id"), oldest=Min("due_on"))
    found = [Overdue(unit, n, oldest) for unit, n, oldest in counted.order_by("oldest")]
    return found


def due_on(day: date) -> list[tuple[int, int | None, int]]:
    """Bearer, to whom it is owed and number of the open duties whose last day this is."""
    rows = Duty.objects.filter(state=DutyState.OPEN, due_on=day)
    counted = rows.values_list("bearer_id", "to_id").annotate(n=Count("id")).order_by("bearer_id")
    return [(bearer, to, n) for bearer, to, n in counted]


def of_sources(entry_ids: Collection[int]) -> dict[int, list[Duty]]:
    """The duties that come from these entries, by entry, in the order they were opened."""
    found: dict[int, list[Duty]] = {}
    for duty in Duty.objects.filter(source_id__in=list(entry_ids)).order_by("id"):
        found.setdefault(duty.source_id or 0, []).append(duty)
    return found


def supporters_of(duty_id: int) -> list[int]:
    """The units that support the bearer, in the order they were named."""
    rows = Supporter.objects.filter(duty_id=duty_id).order_by("id")
    return list(rows.values_list("unit_id", flat=True))
