"""Values that duties hands out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one duty stands. state: a value of DutyState; `because` says how it was counted."""

    kind: str
    due_on: date | None
    state: str
    because: str


@dataclass(frozen=True, slots=True)
class UnitWeek:
    """Duties of one unit that fell due in the week from `monday`."""

    unit_id: int
    monday: date
    on_time: int
    late: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Duties of one unit (or all): by state. missing: no decision day; waiting: no calendar."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    waiting: int = 0
