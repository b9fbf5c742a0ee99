"""What crosses the doorway of retention."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Held:
    """A hold as the rules see it. until: its last day, None when it has no end."""

    hold_id: int
    on: str
    target_id: int
    legal_basis: str
    placed_by: int | None
    begins_on: date
    until: date | None
    lifted: bool


@dataclass(frozen=True, slots=True)
class Bearing:
    """What a record to be erased belongs to: its numbers by the kind of thing a hold may lie on."""

    entry_id: int
    belongs: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be done, and why not, in Chinese."""

    allowed: bool
    because: str = ""
