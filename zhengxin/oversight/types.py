"""Values of a plan that was read; also what mandates and duties will be made of."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

# A span (2026—2028年) names more than one.
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|[-—－–~至])")


class Role(StrEnum):
    """How a unit stands to a task."""

    LEAD = "lead"
    SUPPORTING = "supporting"
    RESPONSIBLE = "responsible"


class TermKind(StrEnum):
    """How a time phrase sets a term.

    BY: up to a day, a month's or a year's end; WITHIN: a count of days from some event;
    EVERY: again in each period; ONGOING: without end.
    """

    BY = "by"
    WITHIN = "within"
    EVERY = "every"
    ONGOING = "ongoing"


class TermUnit(StrEnum):
    """What a term counts, or the period in which it returns."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    QUARTERS = "quarters"
    HALF_YEARS = "half_years"
    YEARS = "years"


class RuleKind(StrEnum):
    """What a standing rule says of all clauses after it."""

    FIRST_LISTED_IS_LEAD = "first_listed_is_lead"
    ALSO_INCLUDES = "also_includes"
    ALSO_RESPONSIBLE = "also_responsible"
    SHORT_NAME = "short_name"


class FindingKind(StrEnum):
    """What is odd about the text of a plan."""

    CONTRADICTING_DATES = "contradicting_dates"
    SHORT_WINDOW = "short_window"
    NO_RESPONSIBLE_UNIT = "no_responsible_unit"
    TWO_SPELLINGS = "two_spellings"
    UNKNOWN_UNIT = "unknown_unit"
    CLOSED_UNIT = "closed_unit"
    READ_FROM_TABLE = "read_from_table"
    UNREAD = "unread"
    NO_TASKS = "no_tasks"


@dataclass(frozen=True, slots=True)
class Term:
    """A time phrase and what it sets.

    BY: month and day may be missing (the end of the year or month is meant), year too (the plan's own).
    WITHIN: `count` of `unit`. EVERY: each `unit`; month and day where it names them (每年2月底前).
    """

    kind: TermKind
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    count: int | None = None
    unit: TermUnit | None = None

    @property
    def lacks_year(self) -> bool:
        """Whether it names a day or month of nobody knows which year."""
        return self.kind is TermKind.BY and self.year is None

    def due_on(self, plan_year: int | None) -> date | None:
        """The last day of a BY term; None for the others, and where nobody says which year."""
        year = self.year or plan_year
        if self.kind is not TermKind.BY or year is None:
            return None
        month = self.month or 12
        last = monthrange(year, month)[1]
        return date(year, month, min(self.day or last, last))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading. level: 1 for 一、, 2 for （一）, 3 for 1. and so on (one more for each of 编, 章, 节 in use); 0: annex.

    path: the numbers that lead to it, as one writes them: 二（一）1.
    """

    level: int
    number: str
    title: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A standing rule. term: the word it explains; units: what it adds; written at `line`, holds after it."""

    kind: RuleKind
    text: str
    line: int
    term: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A duty clause: what is to be done and by whom, in the plan's own words.

    number: the item's own number where those run through the whole plan, else counted from 1.
    section: path of the heading it stands under. clause: the words that name the units.
    and_others: the list ends in 等, so it is open. rules: standing rules that bear on it.
    """

    number: int
    section: str
    text: str
    clause: str
    line: int
    lead_units: tuple[str, ...] = ()
    supporting_units: tuple[str, ...] = ()
    responsible_units: tuple[str, ...] = ()
    and_others: bool = False
    rules: tuple[Rule, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def units(self) -> tuple[tuple[Role, str], ...]:
        """Every mention with its role, in the order of roles."""
        return (
            *((Role.LEAD, name) for name in self.lead_units),
            *((Role.SUPPORTING, name) for name in self.supporting_units),
            *((Role.RESPONSIBLE, name) for name in self.responsible_units),
        )

    @property
    def clause_apart(self) -> bool:
        """Whether the clause stands on lines of its own below the text."""
        return not self.clause.startswith(("（", "(", "【", "〔", "["))

    @property
    def leads(self) -> tuple[str, ...]:
        """Who leads: the units named so, else the first responsible one where a standing rule says so."""
        first = any(rule.kind is RuleKind.FIRST_LISTED_IS_LEAD for rule in self.rules)
        return self.lead_units or (self.responsible_units[:1] if first else ())


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd, where, and a sentence that says what to look at."""

    kind: FindingKind
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as read. dated: the day of the signature above it, or of the plan itself."""

    title: str
    dated: date | None
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]

    def with_year(self, term: Term) -> Term:
        """The term in the one year that the title names, else in that of the plan's own day.

        A plan of December means next year by 3月底前: what would be over before the plan was made gets no year.
        """
        if term.kind is not TermKind.BY or term.year is not None:
            return term
        named = {int(year) for year in _TITLE_YEAR.findall(self.title)}
        own = self.dated.year if self.dated else None
        year = own
        # 2030年前碳达峰 is a goal, not the year of the plan's months.
        if len(named) == 1 and (own is None or named <= {own, own + 1}):
            year = named.pop()
        due = term.due_on(year)
        if due is not None and self.dated is not None and due < self.dated:
            return term
        return replace(term, year=year)

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Every name as written, once, in the order of the text."""
        return tuple(dict.fromkeys(name for task in self.tasks for _, name in task.units))


@dataclass(frozen=True, slots=True)
class Registered:
    """A unit as the register knows it: every name it bears, its kind (a value of UnitKind).

    closed_on: the day it was abolished; None while it is open.
    """

    id: int
    name: str
    kind: str
    names: frozenset[str]
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name stands for. units: none where the register knows nobody of that name.

    collective: the name means a group and `units` is its expansion; open_ended: somebody must still
    choose among them (各有关部门和单位).
    """

    name: str
    units: tuple[Registered, ...]
    collective: bool = False
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a person wants otherwise than it was read. kind: a value of AmendmentKind.

    name: of CHOOSE and SUSPEND, as written; task: of the others. role: of ADD_UNIT. terms: those
    that take the place of the task's own, for CHANGE_TERM.
    """

    kind: str
    because: str
    name: str = ""
    task: int | None = None
    unit_ids: tuple[int, ...] = ()
    role: str = ""
    terms: tuple[Term, ...] = ()


class Trouble(StrEnum):
    """Why a name needs a person: nobody of that name, a unit that is closed, a group to be chosen from."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class NameStand:
    """A name of the plan and what it stands for now. number: its place among the names, from 1.

    settled: the change that settled it (by whom is beside it in the plan's amendments).
    """

    number: int
    name: str
    units: tuple[Registered, ...]
    collective: bool
    open_ended: bool
    trouble: Trouble | None = None
    settled: Change | None = None


@dataclass(frozen=True, slots=True)
class Allotted:
    """A unit of a task. leads: it answers for the task. as_written: "" where a person added it."""

    unit_id: int
    unit: str
    role: Role
    leads: bool
    as_written: str
    collective: bool


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task as it would become a mandate; dropped: why it will not. BY terms have their year."""

    task: Task
    section_title: str
    names: tuple[tuple[Role, NameStand], ...]
    units: tuple[Allotted, ...]
    terms: tuple[Term, ...]
    dropped: str = ""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a plan cannot be confirmed yet, and where."""

    where: str
    because: str


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A reading with everything that was decided beside it, and what is still in the way."""

    plan: Plan
    names: tuple[NameStand, ...]
    tasks: tuple[TaskDraft, ...]
    hindrances: tuple[Hindrance, ...]

    @property
    def mandates(self) -> tuple[TaskDraft, ...]:
        """The tasks that would become mandates."""
        return tuple(task for task in self.tasks if not task.dropped)


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A mandate as confirmed. entry_id: its entry in the ledger."""

    id: int
    number: int
    section: str
    section_title: str
    text: str
    entry_id: int
    units: tuple[Allotted, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Recurring:
    """What a leading unit owes in every period of a standing mandate."""

    plan_id: int
    mandate: MandateLine
    bearer_ids: tuple[int, ...]
    term: Term
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class FiledBy:
    """Whether one unit of a mandate filed its implementing plan: the newest, and those before it."""

    mandate_unit_id: int
    unit_id: int
    unit: str
    role: str
    leads: bool
    filings: tuple["Filing", ...]


@dataclass(frozen=True, slots=True)
class Filing:
    """One implementing plan as it was filed."""

    id: int
    title: str
    piece_id: int
    filed_at: datetime
    filed_by_name: str
