"""Figures a return opens with: each has a label, a unit, and finds the ids of exactly the rows it counts.

They are taken at one moment and kept with the return together with their lists, so whatever comes later changes
neither. A new figure is one more row here; how its rows are shown, `listed` says.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from zhengxin.duties.enums import DutyState
from zhengxin.duties.models import Duty
from zhengxin.duties.queries import DOUBLE_PUBLICITY
from zhengxin.duties.types import DutyAct
from zhengxin.evidence import queries as evidence
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Entry
from zhengxin.oversight.models import ImplementingPlan
from zhengxin.oversight.returns.models import Listing
from zhengxin.oversight.returns.rules import listing_digest
from zhengxin.oversight.returns.types import FigureRow, Quarter, Taken
from zhengxin.rulebook.queries import record_kinds

RETURN = "quarterly_return"
_RECTIFICATION = "rectification"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures: of a unit (and those it followed), a mandate and a quarter."""

    units: frozenset[int]
    quarter: Quarter
    mandate_id: int = 0
    mandate_entry_id: int = 0

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        return self.quarter.first_day, self.quarter.last_day


@dataclass(frozen=True, slots=True)
class Figure:
    """One registered figure. rows: the ids of what it counts, in order. listed: how those are shown."""

    code: str
    label: str
    unit: str
    rows: Callable[[Scope], list[int]]
    listed: Callable[[Sequence[int]], list[FigureRow]]
    of_mandate: bool


def figures() -> tuple[Figure, ...]:
    """Every registered figure, those of the unit first."""
    return (*_records(), *_rectifications(), *_of_mandate())


def figure(code: str) -> Figure | None:
    """One of them; None where nothing is registered under this code (any more)."""
    return next((each for each in figures() if each.code == code), None)


def take(scope: Scope, chosen: Collection[Figure]) -> tuple[list[Taken], list[Listing]]:
    """These figures as they are now, and the lists behind them."""
    taken, listings = [], []
    for each in chosen:
        ids = each.rows(scope)
        digest = listing_digest(ids)
        taken.append(Taken(each.code, each.label, each.unit, len(ids), digest, each.of_mandate))
        listings.append(Listing(digest=digest, ids=ids))
    return taken, listings


def _ids(found: Q) -> list[int]:
    return list(Duty.objects.filter(found).order_by("id").values_list("id", flat=True))


def _records() -> Iterator[Figure]:
    for record in record_kinds():
        if DOUBLE_PUBLICITY not in record.duties:
            continue
        for state, label in (
            (DutyState.ON_TIME, say("按时报送")),
            (DutyState.LATE, say("迟报")),
            (DutyState.MISSING, say("缺决定日期")),
            (DutyState.NO_CALENDAR, say("期限待定")),
        ):
            yield Figure(
                f"{record.code}_{state}",
                say("{kind}：{label}", kind=record.name, label=label),
                say("条"),
                _records_of(record.code, state),
                _duty_rows,
                of_mandate=False,
            )


def _records_of(kind: str, state: str) -> Callable[[Scope], list[int]]:
    def rows(scope: Scope) -> list[int]:
        own = Q(bearer_id__in=scope.units, kind=DOUBLE_PUBLICITY, record_kind=kind, state=state)
        # By the day of decision; where there is none, by the day of arrival.
        if state == DutyState.MISSING:
            return _ids(own & Q(opened_on=None, met_on__range=scope.days))
        return _ids(own & Q(opened_on__range=scope.days))

    return rows


def _rectifications() -> Iterator[Figure]:
    def opened(scope: Scope) -> list[int]:
        return _ids(Q(bearer_id__in=scope.units, kind=_RECTIFICATION, opened_on__range=scope.days))

    def closed(scope: Scope) -> list[int]:
        met = (DutyState.ON_TIME, DutyState.LATE)
        return _ids(
            Q(bearer_id__in=scope.units, kind=_RECTIFICATION, state__in=met)
            & Q(met_on__range=scope.days)
        )

    yield Figure(
        "findings_opened", say("督查要求整改"), say("项"), opened, _opened_rows, of_mandate=False
    )
    yield Figure(
        "findings_closed", say("督查整改办结"), say("项"), closed, _duty_rows, of_mandate=False
    )


def _of_mandate() -> Iterator[Figure]:
    def own(scope: Scope) -> Q:
        """Duties of the mandate that these units bear, but for the returns themselves."""
        return Q(source_id=scope.mandate_entry_id, bearer_id__in=scope.units) & ~Q(kind=RETURN)

    def met(scope: Scope) -> list[int]:
        return _ids(own(scope) & Q(state=DutyState.ON_TIME, met_on__range=scope.days))

    def late(scope: Scope) -> list[int]:
        return _ids(own(scope) & Q(state=DutyState.LATE, met_on__range=scope.days))

    def waiting(scope: Scope) -> list[int]:
        return _ids(own(scope) & Q(state=DutyState.REPORTED, reported_on__range=scope.days))

    def overdue(scope: Scope) -> list[int]:
        # At the quarter's end: what was done only after it, before the figures were taken, was not done then.
        last = scope.quarter.last_day
        still = Q(state__in=(DutyState.OPEN, DutyState.BREACHED))
        after = Q(state__in=(DutyState.REPORTED, DutyState.LATE)) & (
            Q(reported_on__gt=last) | Q(met_on__gt=last)
        )
        return _ids(own(scope) & Q(due_on__lte=last) & (still | after))

    for code, label, rows in (
        ("duties_met", say("职责按时办结"), met),
        ("duties_late", say("职责逾期办结"), late),
        ("duties_waiting", say("职责已报待核"), waiting),
        ("duties_overdue", say("季末逾期未办"), overdue),
    ):
        yield Figure(code, label, say("项"), rows, _duty_rows, of_mandate=True)
    yield Figure("evidence", say("报送佐证"), say("份"), _pieces, _piece_rows, of_mandate=True)


def _pieces(scope: Scope) -> list[int]:
    """Files that came in the quarter with reports on the mandate's duties, and the unit's own plans for it."""
    own = Duty.objects.filter(source_id=scope.mandate_entry_id, bearer_id__in=scope.units)
    opened = list(own.exclude(kind=RETURN).values_list("entry_id", flat=True))
    reports = Entry.objects.filter(
        about_id__in=opened, kind=DutyAct.REPORTED, true_on__range=scope.days
    )
    found = {
        int(each["piece"])
        for content in ledger.payloads(reports.values_list("id", flat=True)).values()
        for each in content.open.get("files", ())
    }
    found.update(
        ImplementingPlan.objects.filter(
            covers__mandate_id=scope.mandate_id,
            covers__unit_id__in=scope.units,
            filed_at__range=_moments(scope),
        ).values_list("piece_id", flat=True)
    )
    return sorted(found)


def _moments(scope: Scope) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    first, last = scope.days
    return datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone)


def _duty_rows(ids: Sequence[int]) -> list[FigureRow]:
    kinds = {record.code: record.name for record in record_kinds()}
    known: dict[int, Duty] = {}
    for start in range(0, len(ids), _AT_ONCE):
        known |= Duty.objects.in_bulk(ids[start : start + _AT_ONCE])
    return [_duty_row(number, known.get(number), kinds) for number in ids]


def _opened_rows(ids: Sequence[int]) -> list[FigureRow]:
    """Duties by the day on which they were opened, as they were counted."""
    opened = dict(Duty.objects.filter(pk__in=ids).values_list("id", "opened_on"))
    return [replace(row, on=opened.get(row.number, row.on)) for row in _duty_rows(ids)]


def _duty_row(number: int, duty: Duty | None, kinds: dict[str, str]) -> FigureRow:
    if duty is None:
        return FigureRow(number, say("第{n}号", n=number), "")
    if duty.record_kind:
        title = say("{kind}，第{n}号", kind=kinds[duty.record_kind], n=duty.entry_id)
        return FigureRow(number, title, duty.get_state_display(), duty.opened_on or duty.met_on)
    on = duty.met_on or duty.due_on
    return FigureRow(number, duty.what, duty.get_state_display(), on, duty_id=number)


def _piece_rows(ids: Sequence[int]) -> list[FigureRow]:
    known = evidence.pieces(ids)
    return [
        FigureRow(
            number,
            known[number].name,
            say("{n}千字节", n=max(known[number].size >> 10, 1)),
            timezone.localdate(known[number].kept_at),
            piece_id=number,
        )
        if number in known
        else FigureRow(number, say("第{n}号", n=number), "")
        for number in ids
    ]
