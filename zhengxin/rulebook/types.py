"""The rules as others receive them: frozen values, each with the address it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from zhengxin.kernel.periods import add_months
from zhengxin.kernel.say import say
from zhengxin.kernel.workdays import Calendar
from zhengxin.rulebook.enums import (
    CalendarStatus,
    CountedFrom,
    DisplayMode,
    Grade,
    LawStatus,
    LimitUnit,
    MeasureBody,
    MeasureEnd,
    MeasureTarget,
    ReportException,
    WithheldEffect,
    WithheldFor,
)

ARTICLE_UNREAD = "条款待核"
ARTICLE_NONE = "不适用"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a value comes from. `in_force_until` is the last day in force, None while in force."""

    document: str
    article: str
    status: LawStatus
    in_force_from: date
    in_force_until: date | None
    source: str = ""

    @property
    def needs_confirmation(self) -> bool:
        """True unless the article itself was read: whatever rests on it says 待核实."""
        return self.status is not LawStatus.READ

    @property
    def from_memory(self) -> bool:
        """True when no decision against anyone may rest on it before an official confirms it."""
        return self.status is LawStatus.MEMORY

    @property
    def text(self) -> str:
        """Document and article in Chinese, with （待核实） where it was not read."""
        article = "" if self.article in {ARTICLE_UNREAD, ARTICLE_NONE} else self.article
        doubt = say("（待核实）") if self.needs_confirmation else ""
        return f"{self.document}{article}{doubt}"

    def in_force_on(self, day: date) -> bool:
        """True when the rule stood on `day`."""
        return self.in_force_from <= day and (
            self.in_force_until is None or day <= self.in_force_until
        )


@dataclass(frozen=True, slots=True)
class DutyTerm:
    """A time limit that a record of `record_kinds` starts for units having all `unit_traits`."""

    duty: str
    name: str
    record_kinds: frozenset[str]
    unit_traits: frozenset[str]
    working_days: int
    counted_from: CountedFrom
    rule: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class DutyLimit:
    """How long a duty of a kind may take from the day after it is opened: `count` of `unit`.

    case: which cases of the kind it is for, empty where there is one. With the unit SET a person names the day.
    """

    case: str
    unit: LimitUnit
    count: int
    rule: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class DutyKind:
    """A kind of duty that an act opens, with its limits over time."""

    code: str
    name: str
    limits: tuple[DutyLimit, ...]


@dataclass(frozen=True, slots=True)
class MeasureBasis:
    """On which rule a measure rests, while it is in force. case: for which cases, empty where there is one;
    months: how long it lasts, None where the measure says otherwise how it ends.
    """

    case: str
    months: int | None
    rule: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Measure:
    """What may be imposed, on whom and by whom, and how it ends. What is not in the list may not be imposed."""

    code: str
    name: str
    target: MeasureTarget
    does: str
    imposed_by: tuple[MeasureBody, ...]
    ends: MeasureEnd
    bases: tuple[MeasureBasis, ...]

    def on(self, day: date) -> tuple[MeasureBasis, ...]:
        """The bases in force that day; none: it may not be imposed."""
        return tuple(basis for basis in self.bases if basis.citation.in_force_on(day))


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of a kind of record: its code and Chinese label, its role in a title or a search.

    hidden: the ground on which it is never shown, empty where it may be.
    """

    code: str
    label: str
    role: str
    hidden: str


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of credit record: what it is, whether it must be reported, which duties it opens.

    title_roles: field roles that give an entry its title, first one with a value wins.
    """

    code: str
    name: str
    adverse: bool
    duties: tuple[str, ...]
    title_roles: tuple[str, ...]
    catalogue_class: str
    catalogue: Citation
    must_report: bool
    report_exceptions: frozenset[ReportException]
    report_rule: str
    report: Citation
    fields: tuple[RecordField, ...] = ()


@dataclass(frozen=True, slots=True)
class DisplayRule:
    """How long an entry of this kind and grade may be shown. Periods in calendar months.

    minimum_months: display before repair may be asked for (0: once the duty is done).
    shortened_by / shortened_on: a later rule whose period, if shorter, ends the display from that
    day on (the transition of Order 36).
    """

    record_kind: str
    grade: Grade | None
    mode: DisplayMode
    displayed_by_default: bool
    minimum_months: int | None
    maximum_months: int | None
    counted_from: CountedFrom | None
    removal_working_days: int | None
    rule: str
    citation: Citation
    shortened_by: "DisplayRule | None" = None
    shortened_on: date | None = None
    transition: Citation | None = None

    def repairable_from(self, document_on: date) -> date | None:
        """The first day on which repair may be asked for; None where no minimum is set."""
        if self.minimum_months is None:
            return None
        own = add_months(document_on, self.minimum_months)
        later = self.shortened_by.repairable_from(document_on) if self.shortened_by else None
        if later is None or self.shortened_on is None:
            return own
        return min(own, max(later, self.shortened_on))

    def last_day(self, document_on: date) -> date | None:
        """The last day of display; None without end, while listed, or never displayed."""
        if self.mode is not DisplayMode.WINDOW or self.maximum_months is None:
            return None
        own = add_months(document_on, self.maximum_months)
        later = self.shortened_by.last_day(document_on) if self.shortened_by else None
        if later is None or self.shortened_on is None:
            return own
        return min(own, max(later, self.shortened_on - timedelta(days=1)))

    def citations(self, document_on: date) -> tuple[Citation, ...]:
        """What the last day rests on: the rule, and the later one where that shortens it."""
        own = (self.citation,)
        if self.shortened_by is None or self.transition is None or self.maximum_months is None:
            return own
        if self.last_day(document_on) == add_months(document_on, self.maximum_months):
            return own
        if self.transition.text == self.shortened_by.citation.text:
            return (*own, self.transition)
        return (*own, self.shortened_by.citation, self.transition)


@dataclass(frozen=True, slots=True)
class Withholding:
    """A reason for which an entry is never shown, whatever its period."""

    reason: str
    effect: WithheldEffect
    applies_to: WithheldFor
    words: tuple[str, ...]
    rule: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class GradeTable:
    """Which penalty kind gives which grade; `undetermined` says why a kind gives none."""

    grades: Mapping[str, Grade]
    undetermined: Mapping[str, str]
    citation: Citation


@dataclass(frozen=True, slots=True)
class GradeVerdict:
    """The grade of a penalty, None when an official has to say; `because` is a sentence."""

    grade: Grade | None
    because: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class PenaltyKind:
    """One kind of penalty by its statutory name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value that is neither a term nor a period."""

    name: str
    value: object
    meaning: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """The notice on which one year's calendar rests."""

    year: int
    status: CalendarStatus
    document: str
    number: str
    source: str


@dataclass(frozen=True, slots=True)
class Law:
    """Everything in the law folder."""

    calendar: Calendar
    calendar_sources: Mapping[int, CalendarSource]
    record_kinds: Mapping[str, RecordKind]
    duty_terms: tuple[DutyTerm, ...]
    duty_kinds: Mapping[str, DutyKind]
    display_rules: tuple[DisplayRule, ...]
    withholdings: tuple[Withholding, ...]
    grade_tables: tuple[GradeTable, ...]
    penalty_kinds: Mapping[str, PenaltyKind]
    penalty_words: Mapping[str, tuple[str, ...]]
    parameters: tuple[Parameter, ...]
    measures: Mapping[str, Measure]
