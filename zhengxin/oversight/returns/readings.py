"""Figures and drafts as the tables and the ledger keep them, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from zhengxin.oversight.returns.models import QuarterlyReturn
from zhengxin.oversight.returns.types import Taken, Words


def as_json(figures: Iterable[Taken]) -> list[dict[str, Any]]:
    """Figures as JSON."""
    return [asdict(each) for each in figures]


def figures_of(kept: Iterable[Mapping[str, Any]]) -> tuple[Taken, ...]:
    """Figures read back."""
    return tuple(Taken(**each) for each in kept)


def words_of(row: QuarterlyReturn) -> Words:
    """What the draft says."""
    return Words(row.kind, row.work, row.problems, row.next_steps, row.zero_because)


def words_signed(kind: str, kept: Mapping[str, str]) -> Words:
    """What a signed version says, from the ledger."""
    return Words(
        kind,
        kept.get("work", ""),
        kept.get("problems", ""),
        kept.get("next_steps", ""),
        kept.get("because", ""),
    )
