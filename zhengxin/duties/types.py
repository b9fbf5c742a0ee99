"""Values that duties hands out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one duty stands. state: a value of DutyState; `because` says how it was counted.

    lacks: the year whose calendar is missing, where the state is no_calendar.
    """

    kind: str
    due_on: date | None
    state: str
    because: str
    lacks: int | None = None


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

    @property
    def counted(self) -> int:
        """How many duties these are."""
        return self.on_time + self.late + self.missing + self.waiting


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How the records of one submission arrived, by state and in sentences; none where nothing was due.

    lacking: year without a calendar → how many cannot be counted for it; before: how many were
    decided before there was any limit.
    """

    totals: Totals
    lacking: Mapping[int, int]
    before: int
    sentences: tuple[str, ...]
