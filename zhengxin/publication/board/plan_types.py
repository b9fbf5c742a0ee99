"""A work plan as the public sees it. Pure values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PlanDuty:
    """What one unit owes under a clause. state: a value of DutyState; files: pieces of evidence with its reports.

    overdue_days: 0 unless it is open and past its day.
    said: of a quarterly return what stands of it (reported, zero or missing), with its label; empty for other duties.
    accepted: the office took the return; figures (label, count, unit) are of an accepted one.
    """

    kind: str
    period: str
    unit: str
    due_on: date | None
    state: str
    state_label: str
    overdue_days: int
    reported_on: date | None
    files: int
    said: str = ""
    said_label: str = ""
    accepted: bool = False
    late: bool = False
    figures: tuple[tuple[str, int, str], ...] = ()

    @property
    def reported(self) -> bool:
        """Whether somebody reported that something was done; a confirmed zero is no such report."""
        return self.said == "reported" if self.said else self.reported_on is not None


@dataclass(frozen=True, slots=True)
class PlanClause:
    """A clause of a plan: leads and others as (unit id, name). left_out: older duties that are not listed."""

    number: int
    section: str
    section_title: str
    text: str
    leads: tuple[tuple[int, str], ...]
    others: tuple[tuple[int, str], ...]
    terms: tuple[str, ...]
    duties: tuple[PlanDuty, ...]
    left_out: int = 0

    @property
    def overdue(self) -> int:
        """How many duties are overdue."""
        return sum(1 for duty in self.duties if duty.overdue_days)

    @property
    def files(self) -> int:
        """How many pieces of evidence came with reports that something was done."""
        return sum(duty.files for duty in self.duties if duty.reported)

    @property
    def zeros(self) -> int:
        """How many returns say, signed, that there was nothing to do."""
        return sum(1 for duty in self.duties if duty.said == "zero")

    @property
    def standing(self) -> str:
        """evidence, words (reported, without any evidence), zero (confirmed zeros alone) or nothing: never mixed."""
        if any(duty.reported for duty in self.duties):
            return "evidence" if self.files else "words"
        return "zero" if self.zeros else "nothing"


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A confirmed plan as the public sees it."""

    id: int
    title: str
    dated: date | None
    confirmed_on: date | None
    ended_on: date | None
    clauses: tuple[PlanClause, ...]

    def standing(self, what: str) -> int:
        """How many clauses stand like this."""
        return sum(1 for clause in self.clauses if clause.standing == what)

    @property
    def overdue(self) -> int:
        """How many duties of all clauses are overdue."""
        return sum(clause.overdue for clause in self.clauses)
