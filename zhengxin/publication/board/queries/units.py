"""The home page, the list of units, a unit's page."""

from datetime import date
from typing import Any

from zhengxin.publication.board.models import BoardSubject
from zhengxin.publication.board.queries.figures import day, figure, updated_at
from zhengxin.publication.board.queries.items import PAGE, latest, page, rows
from zhengxin.publication.board.queries.proofs import checkpoint
from zhengxin.publication.board.queries.rows import card
from zhengxin.publication.board.types import (
    DayDue,
    Home,
    Timeliness,
    UnitBrief,
    UnitPage,
    UnitWithheld,
    Week,
)
from zhengxin.publication.enums import WithholdReason

_NEWEST = 8


def home(on: date) -> Home:
    """Last week's duties, the newest entries shown on `on`, every unit's timeliness."""
    week: dict[str, Any] = figure("home", {})
    top = checkpoint()
    return Home(
        week_from=day(week.get("from")),
        week_to=day(week.get("to")),
        due=week.get("on_time", 0) + week.get("late", 0),
        on_time=week.get("on_time", 0),
        late=week.get("late", 0),
        late_units=week.get("late_units", 0),
        days=tuple(
            DayDue(date.fromisoformat(on), good, late) for on, good, late in week.get("days", [])
        ),
        before_due=week.get("before_on_time", 0) + week.get("before_late", 0),
        before_on_time=week.get("before_on_time", 0),
        published=int(figure("totals", {}).get("published", 0)),
        newest=latest(on, _NEWEST),
        units=tuple(unit_list()),
        entries=top.size if top else 0,
        updated_at=updated_at(),
    )


def unit_list() -> list[UnitBrief]:
    """Every unit of the county with its last twelve weeks, in the county's order."""
    known: dict[str, Any] = figure("units", {})
    return [
        UnitBrief(
            id=unit.id,
            name=unit.name,
            kind=unit.unit_kind,
            kind_label=unit.kind_label,
            closed_on=unit.closed_on,
            published=sum(known.get(str(unit.id), {}).get("counts", {}).values()),
            timeliness=_timeliness(known.get(str(unit.id), {})),
        )
        for unit in BoardSubject.objects.using("board")
        .filter(is_unit=True)
        .order_by("position", "id")
    ]


def unit_page(
    unit_id: int, on: date, before: int | None = None, kind: str = "", limit: int = PAGE
) -> UnitPage | None:
    """A unit's card, figures and one page of what it sent; None when there is no such unit."""
    unit = BoardSubject.objects.using("board").filter(id=unit_id, is_unit=True).first()
    if unit is None:
        return None
    known = figure("units", {}).get(str(unit_id), {})
    sent = rows(on).filter(unit_id=unit_id)
    found = page(sent.filter(kind=kind) if kind else sent, before, limit)
    about = page(rows(on).filter(subject_id=unit_id), None, PAGE)
    return UnitPage(
        card=card(unit),
        timeliness=_timeliness(known),
        items=found.items,
        next_before=found.next_before,
        about=about.items,
        counts=known.get("counts", {}),
        counted_at=updated_at(),
        withheld=tuple(
            UnitWithheld(
                label=str(WithholdReason(reason).label),
                n=n,
                review_on=day(known.get("reviews", {}).get(reason)),
            )
            for reason, n in known.get("withheld", {}).items()
        ),
    )


def _timeliness(known: dict[str, Any]) -> Timeliness:
    weeks = tuple(
        Week(date.fromisoformat(monday), on_time, late)
        for monday, on_time, late in known.get("weeks", [])
    )
    on_time, late = sum(w.on_time for w in weeks), sum(w.late for w in weeks)
    due = on_time + late
    return Timeliness(
        weeks=weeks,
        on_time=on_time,
        late=late,
        missing=known.get("missing", 0),
        waiting_calendar=known.get("waiting", 0),
        rate=(on_time * 2000 + due) // (due * 2) if due >= _FEW else None,
    )


# Under this number a rate says little: pages write 少 instead.
_FEW = 10
