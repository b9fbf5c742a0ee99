"""All units against the last quarters: what was reported, confirmed as zero, or is missing, and how much of it late."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from functools import reduce
from operator import add

from django.db.models import Count, Q

from zhengxin.oversight.returns.enums import ReturnState
from zhengxin.oversight.returns.models import QuarterlyReturn
from zhengxin.oversight.returns.queries import with_lateness
from zhengxin.oversight.returns.types import Counts, Matrix, MatrixRow, Quarter
from zhengxin.subjects import queries as subjects

QUARTERS = 8


def matrix(
    *,
    until: Quarter,
    on: date,
    units: Collection[int] | None = None,
    unit_id: int | None = None,
    state: str = "",
) -> Matrix:
    """The matrix of the QUARTERS quarters up to `until`. units: whose returns may be seen (None: all).

    unit_id, state (a value of ReturnState, or "late"): only those.
    """
    quarters = tuple(until.after(n) for n in range(1 - QUARTERS, 1))
    opened = QuarterlyReturn.objects.filter(quarter__in=[str(each) for each in quarters])
    rows = opened
    if units is not None:
        rows = rows.filter(unit_id__in=list(units))
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    rows = with_lateness(rows, on)
    if state == "late":
        rows = rows.filter(Q(late=True))
    elif state:
        rows = rows.filter(state=state)
    cells = {
        (unit, quarter): Counts(reported, zero, missing, late)
        for unit, quarter, reported, zero, missing, late in rows.values_list("unit_id", "quarter")
        .annotate(
            n_reported=Count("id", filter=Q(state=ReturnState.REPORTED)),
            n_zero=Count("id", filter=Q(state=ReturnState.ZERO)),
            n_missing=Count("id", filter=Q(state=ReturnState.MISSING)),
            n_late=Count("id", filter=Q(late=True)),
        )
        .values_list("unit_id", "quarter", "n_reported", "n_zero", "n_missing", "n_late")
    }
    return _drawn(quarters, cells, opened.values_list("quarter", flat=True).distinct(), on)


def _drawn(
    quarters: tuple[Quarter, ...],
    cells: dict[tuple[int, str], Counts],
    opened: Iterable[str],
    on: date,
) -> Matrix:
    by_unit: dict[int, dict[str, Counts]] = defaultdict(dict)
    for (unit, quarter), counts in cells.items():
        by_unit[unit][quarter] = counts
    lines = [line for line in subjects.units() if line.id in by_unit]
    followed = subjects.bearers_now(on)
    rows = [
        MatrixRow(
            unit_id=line.id,
            unit=line.name,
            gone_on=line.closed_on
            if line.closed_on and line.closed_on <= on and line.id not in followed
            else None,
            cells=tuple(by_unit[line.id].get(str(quarter)) for quarter in quarters),
            total=reduce(add, by_unit[line.id].values()),
        )
        for line in lines
    ]
    columns = tuple(
        reduce(add, (row.cells[place] or Counts() for row in rows), Counts())
        for place in range(len(quarters))
    )
    held = set(opened)
    return Matrix(
        quarters=quarters,
        rows=tuple(rows),
        columns=columns,
        total=reduce(add, columns, Counts()),
        opened=frozenset(quarter for quarter in quarters if str(quarter) in held),
    )


def latest(on: date) -> Quarter:
    """The last quarter that is over on that day."""
    return Quarter.of(on).after(-1)
