"""Values that cross the doorway of quarterly returns."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_QUARTER = re.compile(r"([12][0-9]{3})Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, written 2026Q3."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        """The quarter that is written so; None where none is."""
        found = _QUARTER.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.after(1).first_day - timedelta(days=1)

    def after(self, n: int) -> "Quarter":
        """The n-th quarter after this one; before it where n is negative."""
        year, place = divmod(self.year * 4 + self.number - 1 + n, 4)
        return Quarter(year, place + 1)


@dataclass(frozen=True, slots=True)
class ReturnOwed:
    """What a unit owes for a quarter: the return on one mandate. text: the task's words."""

    mandate_id: int
    mandate_entry_id: int
    unit_id: int
    quarter: Quarter
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A figure as it was taken: of what, how many rows, and the digest of the list of exactly those rows.

    unit: the word it is counted in. of_mandate: whether it is about the mandate, or about the whole unit.
    """

    code: str
    label: str
    unit: str
    n: int
    digest: str
    of_mandate: bool


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row behind a figure. known: what the program knows of it now; "" where it is gone."""

    number: int
    title: str
    known: str
    on: date | None = None
    piece_id: int | None = None
    duty_id: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure and the same of the quarter before as it was signed; None, and why, where there is none."""

    taken: Taken
    before: int | None
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What a unit says of one mandate in a quarter. kind: a value of ReturnKind, "" while nothing is chosen."""

    kind: str = ""
    work: str = ""
    problems: str = ""
    next_steps: str = ""
    zero_because: str = ""

    def as_json(self) -> dict[str, str]:
        """What is signed of it: the words of the kind that was chosen."""
        if self.kind == "zero":
            return {"because": self.zero_because}
        return {"work": self.work, "problems": self.problems, "next_steps": self.next_steps}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be signed, and a sentence that says why not or what to look at."""

    ok: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One signed version of a return as the ledger has it. state: a value of ReturnState.

    settled: what the office did about it (a value of StepAct, "" while nothing), settled_because its reason.
    """

    number: int
    state: str
    entry_id: int
    signed_at: datetime
    signed_by: str
    as_of: datetime
    words: Words
    figures: tuple[Taken, ...]
    pieces: tuple[int, ...]
    settled: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    settled_because: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """Returns by what stands of them. late: of all these, how many came or are still out after their day."""

    reported: int = 0
    zero: int = 0
    missing: int = 0
    late: int = 0

    @property
    def owed(self) -> int:
        """How many there are."""
        return self.reported + self.zero + self.missing

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.reported + other.reported,
            self.zero + other.zero,
            self.missing + other.missing,
            self.late + other.late,
        )


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One unit's returns over the quarters of a matrix; None where it owed none.

    gone_on: the last day of a unit that was closed and that nobody followed; it owes nothing since.
    """

    unit_id: int
    unit: str
    gone_on: date | None
    cells: tuple[Counts | None, ...]
    total: Counts


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units against quarters, oldest quarter first. opened: the quarters whose returns were opened."""

    quarters: tuple[Quarter, ...]
    rows: tuple[MatrixRow, ...]
    columns: tuple[Counts, ...]
    total: Counts
    opened: frozenset[Quarter]


@dataclass(frozen=True, slots=True)
class PublishedReturn:
    """What anybody may see of one return: no words of it, no person. state: a value of ReturnState.

    figures: label, count and unit, of an accepted return. late: it came, or is still out, after its day.
    """

    quarter: str
    state: str
    state_label: str
    late: bool
    accepted: bool
    signed_on: date | None
    evidence: int
    figures: tuple[tuple[str, int, str], ...]
