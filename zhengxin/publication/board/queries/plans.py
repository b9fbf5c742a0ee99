"""Plans and the other stories of oversight as the public sees them."""

from typing import Any

from zhengxin.publication.board.plan_types import PlanClause, PlanDuty, PlanPage
from zhengxin.publication.board.queries.figures import day, figure


def plans() -> list[PlanPage]:
    """Every plan on the board, newest first."""
    return [_plan(row) for row in figure("plans", [])]


def plan(plan_id: int) -> PlanPage | None:
    """One plan."""
    found = (row for row in figure("plans", []) if row["id"] == plan_id)
    return next((_plan(row) for row in found), None)


def story(name: str) -> list[dict[str, Any]]:
    """The rows of orders, inspections or replies, newest first; what is named …_on is a day."""
    return [_with_days(row) for row in figure(name, [])]


def _with_days(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_days(each) for each in value]
    if isinstance(value, dict):
        return {
            name: day(each) if name.endswith("_on") else _with_days(each)
            for name, each in value.items()
        }
    return value


def _plan(row: dict[str, Any]) -> PlanPage:
    days = {name: day(row[name]) for name in ("dated", "confirmed_on", "ended_on")}
    return PlanPage(**{**row, **days, "clauses": tuple(_clause(each) for each in row["clauses"])})


def _clause(row: dict[str, Any]) -> PlanClause:
    units = {name: tuple((pk, text) for pk, text in row[name]) for name in ("leads", "others")}
    duties = tuple(_duty(each) for each in row["duties"])
    return PlanClause(**{**row, **units, "terms": tuple(row["terms"]), "duties": duties})


def _duty(row: dict[str, Any]) -> PlanDuty:
    days = {name: day(row[name]) for name in ("due_on", "reported_on")}
    # A board that an older version wrote has no figures.
    figures = tuple((label, n, unit) for label, n, unit in row.get("figures", ()))
    return PlanDuty(**{**row, **days, "figures": figures})
