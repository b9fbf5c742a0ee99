"""What the rule said on that day. The law folder is read once per process and folder."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.kernel.workdays import Calendar
from zhengxin.rulebook import rules
from zhengxin.rulebook.enums import Grade
from zhengxin.rulebook.reading import read_law
from zhengxin.rulebook.types import (
    CalendarSource,
    DisplayRule,
    DutyKind,
    DutyLimit,
    DutyTerm,
    GradeVerdict,
    Law,
    Measure,
    Parameter,
    PenaltyKind,
    RecordKind,
    Withholding,
)

LAW_VARIABLE = "ZHENGXIN_LAW"
TRANSITION = "order36_transition"
_tried: ContextVar[Path | None] = ContextVar("tried", default=None)
_SHIPPED = Path(__file__).resolve().parents[2] / "law"


class NoRule(Refused):
    """The law folder has no answer for that kind and day; nothing is guessed."""

    def __init__(self, question: str) -> None:
        super().__init__(
            say("规则库没有答案：{question}。", question=question),
            say("没有依据的，系统不推算。"),
            say("请由信用办核对依据，补进规则库后再办理。"),
        )


def law_folder() -> Path:
    """The folder in use: the one tried, ZHENGXIN_LAW, or the one shipped beside the program."""
    return _tried.get() or _path(os.environ.get(LAW_VARIABLE, ""))


@contextmanager
def trying(folder: Path) -> Iterator[None]:
    """Within it the answers come from another folder, in this thread alone. Raises LawUnreadable.

    Read afresh: a rule that is being written changes between two tries.
    """
    _law.cache_clear()
    _display_rule.cache_clear()
    _law(folder)
    token = _tried.set(folder)
    try:
        yield
    finally:
        _tried.reset(token)


@lru_cache(maxsize=8)
def _path(named: str) -> Path:
    return Path(named) if named else _SHIPPED


@lru_cache(maxsize=8)
def _law(folder: Path) -> Law:
    return read_law(folder)


def law() -> Law:
    """Everything in the folder in use. Raises LawUnreadable, which names file and line."""
    return _law(law_folder())


def calendar() -> Calendar:
    """The working-day calendar of every year that has a file."""
    return law().calendar


def calendar_sources() -> tuple[CalendarSource, ...]:
    """The notice each year's calendar rests on, ascending by year."""
    return tuple(source for _, source in sorted(law().calendar_sources.items()))


def record_kinds() -> tuple[RecordKind, ...]:
    """Every kind of record, by code."""
    return tuple(kind for _, kind in sorted(law().record_kinds.items()))


def record_kind(code: str) -> RecordKind:
    """The kind named `code`. Raises NoRule."""
    found = law().record_kinds.get(code)
    if found is None:
        raise NoRule(say("信用记录种类“{code}”", code=code))
    return found


def duty_terms(
    record_kind: str, on: date, unit_traits: frozenset[str] = frozenset()
) -> tuple[DutyTerm, ...]:
    """The time limits that a record decided `on` starts for a unit having `unit_traits`.

    Several may run side by side (double publicity 7, market supervision 20 working days).
    """
    return _duty_terms(law_folder(), record_kind, on, unit_traits)


@lru_cache(maxsize=1 << 14)
def _duty_terms(
    folder: Path, record_kind: str, on: date, unit_traits: frozenset[str]
) -> tuple[DutyTerm, ...]:
    return rules.duty_terms_for(_law(folder).duty_terms, record_kind, on, unit_traits)


def duty_kinds() -> tuple[DutyKind, ...]:
    """Every kind of duty that an act opens, by code."""
    return tuple(kind for _, kind in sorted(law().duty_kinds.items()))


def duty_kind(code: str) -> DutyKind:
    """The kind of duty named `code`. Raises NoRule."""
    found = law().duty_kinds.get(code)
    if found is None:
        raise NoRule(say("职责种类“{code}”", code=code))
    return found


def duty_limit(code: str, case: str, on: date) -> DutyLimit:
    """The limit of a kind and case for a duty opened on that day. Raises NoRule."""
    for limit in duty_kind(code).limits:
        if limit.case == case and limit.citation.in_force_on(on):
            return limit
    raise NoRule(say("{day}的“{name}”期限", day=on, name=duty_kind(code).name))


def measures(on: date) -> tuple[Measure, ...]:
    """The measures that may be imposed on that day, each with the bases in force alone, in the order of the files."""
    found = ((each, each.on(on)) for each in law().measures.values())
    return tuple(replace(each, bases=bases) for each, bases in found if bases)


def first_day_of_duty(duty: str) -> date:
    """The first day on which any time limit of this duty was in force."""
    return min(
        term.citation.in_force_from for term in _law(law_folder()).duty_terms if term.duty == duty
    )


def display_rule(kind: str, grade: Grade | str | None, document_on: date) -> DisplayRule:
    """How long an entry of this kind and grade, by a document of that day, may be shown.

    `grade` is None for kinds that have none. Raises NoRule: an ungraded penalty has no period.
    """
    known = None if grade is None else Grade(grade)
    found = _display_rule(law_folder(), kind, known, document_on)
    if found is None:
        label = known.label if known else say("未定档")
        raise NoRule(
            say("{day}的{kind}（{grade}）的公示期", day=document_on, kind=kind, grade=label)
        )
    return found


@lru_cache(maxsize=1 << 16)
def _display_rule(
    folder: Path, kind: str, grade: Grade | None, document_on: date
) -> DisplayRule | None:
    found = _law(folder)
    transition = next((item for item in found.parameters if item.name == TRANSITION), None)
    return rules.display_rule_for(found.display_rules, transition, kind, grade, document_on)


def penalty_kinds() -> tuple[PenaltyKind, ...]:
    """The kinds of penalty, in statutory order (行政处罚法 art. 9)."""
    return tuple(law().penalty_kinds.values())


def normalise_penalty_kinds(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of the penalty kinds written in `text` (any usual separator), and unknown words."""
    return rules.read_penalty_words(text, law().penalty_words)


def penalty_grade(kinds: Iterable[str], on: date) -> GradeVerdict:
    """The grade of a penalty with these kind codes, by a document of day `on`.

    The grade is None, with the reason, when an official has to decide. Raises NoRule for a day
    before the first table.
    """
    found = law()
    table = rules.grade_table_on(found.grade_tables, on)
    if table is None:
        raise NoRule(say("{day}的处罚分档", day=on))
    return rules.grade_of(kinds, table, found.penalty_kinds)


def withholdings(
    on: date, *, natural_person: bool = False, legal_basis: str = ""
) -> tuple[Withholding, ...]:
    """Why an entry may not be shown at all on the day `on` (the day of asking or of arrival).

    legal_basis: the basis as written on the document. An empty tuple means nothing forbids it.
    """
    return rules.withholdings_for(
        law().withholdings, on, natural_person=natural_person, legal_basis=legal_basis
    )


def parameter(name: str, on: date) -> Parameter:
    """The parameter `name` as it stood on the day `on`. Raises NoRule."""
    for item in law().parameters:
        if item.name == name and item.citation.in_force_on(on):
            return item
    raise NoRule(say("{day}的参数“{name}”", day=on, name=name))
