"""A work plan as the public sees it. Pure values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PlanDuty:
    """What one unit owes under a clause. state: a value of DutyState; files: pieces of evidence with its reports.

    overdue_days: 0 unless it is open and past its day. zero: what came says that nothing was done in the quarter.
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
    zero: bool = False


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
    def reported(self) -> int:
        """On how many duties somebody reported what was done."""
        return sum(1 for duty in self.duties if duty.reported_on and not duty.zero)

    @property
    def files(self) -> int:
        """How many pieces of evidence came with the reports."""
        return sum(duty.files for duty in self.duties if not duty.zero)

    @property
    def standing(self) -> str:
        """evidence, words (reported, without any evidence), zero (confirmed) or nothing: never mixed."""
        if not self.reported:
            return "zero" if any(duty.zero for duty in self.duties) else "nothing"
        return "evidence" if self.files else "words"


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
        """How many clauses have evidence, words, a confirmed zero, or nothing."""
        return sum(1 for clause in self.clauses if clause.standing == what)

    @property
    def overdue(self) -> int:
        """How many duties of all clauses are overdue."""
        return sum(clause.overdue for clause in self.clauses)
