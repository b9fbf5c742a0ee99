"""Choosing and reading rules: values in, verdict with reasons out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from zhengxin.kernel.names import fold_name
from zhengxin.kernel.say import say
from zhengxin.rulebook.enums import DisplayMode, Grade, WithheldFor
from zhengxin.rulebook.types import (
    DisplayRule,
    DutyTerm,
    GradeTable,
    GradeVerdict,
    Parameter,
    PenaltyKind,
    Withholding,
)

_BETWEEN_WORDS = re.compile(r"[;；、,，/／|\n\r]+")
_TRANSITION_SHORTER = "shorter"


def fold_penalty_word(word: str) -> str:
    """The form in which words for penalty kinds are compared."""
    return fold_name(word).strip(".·。")


def read_penalty_words(
    text: str, words: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes in order of appearance without repeats, and the words not understood.

    The longest reading wins: a known word that itself contains a separator is read whole.
    """
    codes: dict[str, None] = {}
    unknown: list[str] = []
    parts = [part.strip() for part in _BETWEEN_WORDS.split(text) if part.strip()]
    place = 0
    while place < len(parts):
        for end in range(len(parts), place, -1):
            found = words.get(fold_penalty_word("、".join(parts[place:end])))
            if found:
                codes.update(dict.fromkeys(found))
                place = end
                break
        else:
            unknown.append(parts[place])
            place += 1
    return tuple(codes), tuple(unknown)


def grade_of(
    kinds: Iterable[str], table: GradeTable, names: Mapping[str, PenaltyKind]
) -> GradeVerdict:
    """The heaviest grade of `kinds`; None when one has no grade and none is serious already."""
    given = list(dict.fromkeys(kinds))
    if not given:
        because = say("没有填写处罚种类，无法定档。")
        return GradeVerdict(None, because, table.citation)
    graded = {kind: table.grades[kind] for kind in given if kind in table.grades}
    heaviest = max(graded.values(), key=lambda grade: grade.weight, default=None)
    if heaviest is not Grade.SERIOUS:
        for kind in given:
            if kind not in graded:
                because = table.undetermined.get(kind) or say("不认识处罚种类“{kind}”。", kind=kind)
                return GradeVerdict(None, because, table.citation)
    assert heaviest is not None
    decisive = [names[kind].name for kind, grade in graded.items() if grade is heaviest]
    because = say(
        "处罚含{kinds}，属于{grade}失信。", kinds="、".join(decisive), grade=heaviest.label
    )
    return GradeVerdict(heaviest, because, table.citation)


def grade_table_on(tables: Iterable[GradeTable], day: date) -> GradeTable | None:
    """The table in force on `day`."""
    return next((table for table in tables if table.citation.in_force_on(day)), None)


def duty_terms_for(
    terms: Iterable[DutyTerm], record_kind: str, on: date, unit_traits: frozenset[str]
) -> tuple[DutyTerm, ...]:
    """Every term a record of this kind, decided `on`, starts for a unit with these traits."""
    return tuple(
        term
        for term in terms
        if record_kind in term.record_kinds
        and term.unit_traits <= unit_traits
        and term.citation.in_force_on(on)
    )


def display_rule_for(
    rules: Iterable[DisplayRule],
    transition: Parameter | None,
    record_kind: str,
    grade: Grade | None,
    document_on: date,
) -> DisplayRule | None:
    """The rule of the generation of `document_on`, with the later one that may shorten it.

    A rule without grade stands for every grade of its kind.
    """
    alike = [
        rule for rule in rules if rule.record_kind == record_kind and rule.grade in {grade, None}
    ]
    found = next((rule for rule in alike if rule.citation.in_force_on(document_on)), None)
    if found is None or transition is None or found.mode is not DisplayMode.WINDOW:
        return found
    begins = transition.citation.in_force_from
    if document_on >= begins or transition.value != _TRANSITION_SHORTER:
        return found
    later = next((rule for rule in alike if rule.citation.in_force_on(begins)), None)
    if later is None or later is found:
        return found
    return replace(found, shortened_by=later, shortened_on=begins, transition=transition.citation)


def withholdings_for(
    rules: Iterable[Withholding], on: date, *, natural_person: bool, legal_basis: str
) -> tuple[Withholding, ...]:
    """Every reason in force `on` for which this entry is not shown."""
    basis = fold_name(legal_basis)

    def meets(rule: Withholding) -> bool:
        if rule.applies_to is WithheldFor.NATURAL_PERSON:
            return natural_person
        return any(fold_name(word) in basis for word in rule.words)

    return tuple(rule for rule in rules if rule.citation.in_force_on(on) and meets(rule))
