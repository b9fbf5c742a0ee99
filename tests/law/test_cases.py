"""The worked cases of law/cases, recomputed with the rules as shipped."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from zhengxin.kernel.workdays import CalendarMissing
from zhengxin.publication.lawbook import Rulebook
from zhengxin.publication.rules import Case
from zhengxin.publication.rules import judge as display
from zhengxin.repair.rules import judge
from zhengxin.repair.types import Facts, Ground
from zhengxin.rulebook import queries
from zhengxin.rulebook.enums import DisplayMode, Grade, MeasureEnd
from zhengxin.sanctions.rules import until

FOLDER = Path(__file__).resolve().parents[2] / "law" / "cases"


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
            found.append(pytest.param(case, id=f"{path.stem}: {case['title']}"))
    return found


def _display(given: dict[str, Any]) -> dict[str, Any]:
    rule = queries.display_rule(given["kind"], given["grade"], given["document_on"])
    return {
        "mode": rule.mode.value,
        "by_default": rule.displayed_by_default,
        "repairable_from": rule.repairable_from(given["document_on"]),
        "last_day": rule.last_day(given["document_on"]),
    }


def _grade(given: dict[str, Any]) -> str | None:
    codes, unknown = queries.normalise_penalty_kinds(given["words"])
    assert unknown == ()
    verdict = queries.penalty_grade(codes, given["day"])
    assert verdict.because.endswith("。")
    return verdict.grade and verdict.grade.value


def _duties(given: dict[str, Any]) -> dict[str, date]:
    terms = queries.duty_terms(given["kind"], given["day"], frozenset(given["traits"]))
    count = queries.calendar().add_working_days
    found = {term.duty: count(given["day"], term.working_days) for term in terms}
    assert len(found) == len(terms)
    return found


def _withheld(given: dict[str, Any]) -> dict[str, str]:
    found = queries.withholdings(
        given["day"], natural_person=given["natural_person"], legal_basis=given["legal_basis"]
    )
    return {rule.reason: rule.effect.value for rule in found}


def _workdays(given: dict[str, Any]) -> date | str:
    try:
        return queries.calendar().add_working_days(given["start"], given["n"])
    except CalendarMissing as missing:
        return f"缺{missing.year}年"


def _measures(given: dict[str, Any]) -> dict[str, Any]:
    """How many bases each measure has or, where it lasts for months, how many in which case."""
    return {
        each.code: {basis.case: basis.months for basis in each.bases}
        if each.ends is MeasureEnd.PERIOD
        else len(each.bases)
        for each in queries.measures(given["day"])
        if each.target.value == given["target"]
    }


def _repair(given: dict[str, Any]) -> dict[str, Any]:
    """As publication judges a firm's record on its first day, and repair on the day asked."""
    kind, decided = queries.record_kind(given["kind"]), given["document_on"]
    case = Case(
        kind=kind,
        trait="",
        natural_person=given.get("natural_person", False),
        document_on=decided,
        arrived_on=decided or given["asked_on"],
        given_grade=given["grade"] or "",
    )
    notice = display(case, Rulebook())
    rule = None
    if notice.rule and decided:
        rule = queries.display_rule(given["kind"], given["grade"], decided)
    facts = Facts(
        adverse=kind.adverse,
        natural_person=case.natural_person,
        listed=rule is not None and rule.mode is DisplayMode.WHILE_LISTED,
        grade=notice.grade,
        state=notice.state,
        withheld=notice.withheld,
        withheld_words=notice.withheld,
        repair_from=rule.repairable_from(decided) if rule else None,
        display_to=notice.display_to,
        disputed=given.get("disputed", False),
        again_on=given.get("again_on"),
    )
    article = rule.citation.text if rule else ""
    verdict = judge(facts, Ground("", article, "", "", "", ""), given["asked_on"])
    assert verdict.because.endswith("。")
    return {"may": verdict.may, "from": verdict.from_on}


def _until(given: dict[str, Any]) -> date | None:
    """The last day of a measure decided on that day; None: it ends when it is done."""
    [found] = [each for each in queries.measures(given["day"]) if each.code == given["measure"]]
    return until(found.ends.value, decided_on=given["day"])


ANSWERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "display": _display,
    "grade": _grade,
    "duties": _duties,
    "withheld": _withheld,
    "workdays": _workdays,
    "measures": _measures,
    "repair": _repair,
    "until": _until,
}


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any]) -> None:
    assert ANSWERS[case["ask"]](case["given"]) == case["expect"]


def _codes(case: dict[str, Any]) -> list[str]:
    return list(case["expect"]) if case["ask"] == "measures" else []


def test_every_measure_has_a_case() -> None:
    text = FOLDER.joinpath("measures.yaml").read_text(encoding="utf-8")
    asked = {code for case in yaml.safe_load(text)["cases"] for code in _codes(case)}
    assert asked == set(queries.law().measures)


def test_every_generation_and_grade_of_a_penalty_has_a_case() -> None:
    asked = set()
    for path in FOLDER.glob("*.yaml"):
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
            if case["ask"] == "display":
                given = case["given"]
                rule = queries.display_rule(given["kind"], given["grade"], given["document_on"])
                asked.add((rule.record_kind, rule.grade, rule.citation.in_force_from))
    shipped = {
        (rule.record_kind, rule.grade, rule.citation.in_force_from)
        for rule in queries.law().display_rules
    }
    assert asked == shipped
    windows = [r for r in queries.law().display_rules if r.mode is DisplayMode.WINDOW]
    assert len(windows) == 3 * len(Grade)
