"""Figures computed when the board was filled."""

from datetime import date, datetime
from typing import Any

from zhengxin.publication.board.models import BoardFigure
from zhengxin.publication.board.types import County, RuleText, WithheldCount


def figure(name: str, default: Any = None) -> Any:
    """The value of one figure, `default` before the board was first filled."""
    found = BoardFigure.objects.using("board").filter(name=name).values_list("value", flat=True)
    return next(iter(found), default)


def figures(names: list[str]) -> dict[str, Any]:
    """Several figures in one statement; missing ones are left out."""
    rows = BoardFigure.objects.using("board").filter(name__in=names)
    return dict(rows.values_list("name", "value"))


def day(value: str | None) -> date | None:
    """A day as figures hold it."""
    return date.fromisoformat(value) if value else None


def county() -> County:
    """Whose board this is."""
    value = figure("county", {})
    return County(name=value.get("name", ""), invented=bool(value.get("invented", False)))


def entries_total() -> int:
    """How many entries are on the board."""
    return int(figure("totals", {}).get("published", 0))


def updated_at() -> datetime | None:
    """When the board was last brought up to date."""
    found = BoardFigure.objects.using("board").filter(name="totals")
    return next(iter(found.values_list("computed_at", flat=True)), None)


def withheld() -> list[WithheldCount]:
    """How many entries are not shown, by ground: numbers only."""
    return [
        WithheldCount(**{**row, "review_on": day(row.get("review_on"))})
        for row in figure("withheld", [])
    ]


def repair_words() -> dict[str, list[str]]:
    """What the law says of repair (conditions, materials, desk, effect): each a sentence and its article."""
    found: dict[str, list[str]] = figure("repair", {})
    return found


def rules_in_force() -> list[RuleText]:
    """The publication rules in force when the board was filled, with their articles."""
    return [RuleText(**row) for row in figure("rules_in_force", [])]


def article_of(rule: str) -> str:
    """Document and article of a rule's address in law/; empty before the board was first filled."""
    return str(figure("rules", {}).get(rule, {}).get("article", ""))
