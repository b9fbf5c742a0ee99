"""Values that cross the doorway of duties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class DutyAct(StrEnum):
    """What is done about a duty; the kinds of its entries in the ledger."""

    OPENED = "duty_opened"
    REPORTED = "duty_reported"
    RETURNED = "duty_returned"
    VERIFIED = "duty_verified"
    EXTENDED = "duty_extended"
    BREACHED = "duty_breached"
    CHANGED = "duty_changed"
    HANDED_OVER = "duty_handed_over"


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty to be opened. what: one sentence, at most 300 characters, without any person's number.

    source_id: the ledger entry it comes from. due_on: the day a person set, where the kind's limit is set by a
    person; else None, and the law's limit for `case` counts from opened_on. period: such as 2026Q4.
    to_id: the unit to which it is owed; None: the credit office.
    """

    kind: str
    bearer_id: int
    what: str
    source_id: int
    opened_on: date
    due_on: date | None = None
    case: str = ""
    to_id: int | None = None
    supporter_ids: tuple[int, ...] = ()
    period: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a limit; None where the calendar of the year `lacks` is not loaded. because: a sentence."""

    due_on: date | None
    because: str
    lacks: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What the entry that opened a duty says in clear; the rest is in its payload.

    limit: unit and count of the law's limit, where the day could not be counted yet.
    """

    kind: str
    due_on: date | None = None
    limit: tuple[str, int] | None = None
    to_id: int | None = None
    period: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """One act about a duty, in clear: which, on which day; files: how many pieces of evidence came with it.

    limit: what sets the day from the opening on, as a unit and a count, where no calendar could count it yet.
    """

    act: str
    on: date
    due_on: date | None = None
    to_id: int | None = None
    files: int = 0
    limit: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """Where a duty stands after its acts. state: a value of DutyState.

    late_on: the day of its first report that came late and was sent back, or after which another day was set;
    or the day on which another was set after the one of then had passed without any report.
    returned: whether a report of it was sent back on its last day or later, and no other day was set since.
    """

    state: str
    bearer_id: int
    due_on: date | None
    reported_on: date | None
    met_on: date | None
    files: int
    late_on: date | None = None
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a duty's history. by: the person's name; content: what was said, and the files that came with it."""

    entry_id: int
    act: str
    on: date | None
    at: datetime
    by: str
    content: Mapping[str, Any]


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
