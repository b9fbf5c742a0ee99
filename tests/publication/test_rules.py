"""The law on showing, by generation of the document and by grade. No database."""

from datetime import date

import pytest

from zhengxin.publication.lawbook import Rulebook
from zhengxin.publication.rules import Case, judge
from zhengxin.rulebook.queries import record_kind

LAW = Rulebook()


def case(**changes):
    values = {
        "kind": "penalty",
        "trait": "",
        "natural_person": False,
        "document_on": date(2026, 5, 6),
        "arrived_on": date(2026, 5, 8),
        "given_grade": "",
    } | changes
    return Case(**(values | {"kind": record_kind(values["kind"])}))


@pytest.mark.parametrize(
    ("document_on", "arrived_on", "grade", "last", "repair"),
    [
        # Order 36, since 2026-04-01
        ("2026-04-01", "2026-04-08", "general", "2027-04-01", "2026-07-01"),
        ("2026-04-01", "2026-04-08", "serious", "2029-04-01", "2027-04-01"),
        ("2026-08-31", "2026-09-08", "general", "2027-08-31", "2026-11-30"),
        # Order 58, shortened by Order 36 where that is shorter
        ("2026-03-31", "2026-04-08", "general", "2027-03-31", "2026-06-30"),
        ("2024-01-10", "2024-01-15", "general", "2026-03-31", "2024-04-10"),
        ("2024-01-10", "2024-01-15", "serious", "2027-01-10", "2025-01-10"),
        # before 2023-05-01
        ("2023-04-30", "2023-05-08", "general", "2024-04-30", "2023-07-30"),
        ("2023-04-30", "2023-05-08", "serious", "2026-04-30", "2023-10-30"),
    ],
)
def test_windows_by_generation_and_grade(document_on, arrived_on, grade, last, repair):
    verdict = judge(
        case(
            document_on=date.fromisoformat(document_on),
            arrived_on=date.fromisoformat(arrived_on),
            given_grade=grade,
        ),
        LAW,
    )
    assert verdict.state == "scheduled"
    assert verdict.grade == grade
    assert verdict.display_from == date.fromisoformat(arrived_on)
    assert verdict.display_to == date.fromisoformat(last)
    assert verdict.repair_from == date.fromisoformat(repair)
    assert verdict.rule.startswith(f"penalty/{grade}/")
    assert verdict.may_publish
    assert verdict.must_report


@pytest.mark.parametrize("document_on", ["2022-05-01", "2024-05-01", "2026-05-06"])
def test_minor_is_not_shown_in_any_generation(document_on):
    verdict = judge(case(trait="warning", document_on=date.fromisoformat(document_on)), LAW)
    assert (verdict.grade, verdict.state, verdict.withheld) == ("minor", "withheld", "minor")
    assert not verdict.may_publish
    assert verdict.must_report
    assert verdict.display_from is None


@pytest.mark.parametrize(
    ("trait", "grade", "state"),
    [
        ("warning", "minor", "withheld"),
        ("criticism;warning", "minor", "withheld"),
        ("confiscation_of_gains", "general", "scheduled"),
        ("confiscation_of_gains;warning", "general", "scheduled"),
        ("closure;fine", "serious", "scheduled"),
        ("fine", "", "ungraded"),
        ("fine;warning", "", "ungraded"),
        ("", "", "ungraded"),
        ("detention", "", "ungraded"),
    ],
)
def test_grades_that_the_law_gives_by_itself(trait, grade, state):
    verdict = judge(case(trait=trait), LAW)
    assert (verdict.grade, verdict.state) == (grade, state)
    assert verdict.because.endswith("。")


def test_a_persons_grade_stands_over_the_table():
    assert judge(case(trait="warning", given_grade="serious"), LAW).grade == "serious"


@pytest.mark.parametrize("kind", ["licence", "penalty", "judgment_defaulter", "honour"])
def test_natural_persons_never(kind):
    verdict = judge(case(kind=kind, natural_person=True, trait="closure"), LAW)
    assert (verdict.state, verdict.withheld) == ("withheld", "natural_person")
    assert not verdict.may_publish


@pytest.mark.parametrize("arrived_on", ["2025-12-31", "2026-01-01", "2026-11-20"])
def test_public_order_is_sealed(arrived_on):
    verdict = judge(
        case(trait="closure;public_order", arrived_on=date.fromisoformat(arrived_on)), LAW
    )
    assert (verdict.state, verdict.withheld) == ("withheld", "public_order")


def test_public_order_is_sealed_even_for_a_graded_organisation():
    verdict = judge(case(trait="public_order", given_grade="serious"), LAW)
    assert verdict.withheld == "public_order"


def test_no_document_day_no_window():
    verdict = judge(case(trait="closure", document_on=None), LAW)
    assert (verdict.state, verdict.withheld) == ("withheld", "no_date")


def test_arrived_after_its_last_day_is_never_shown():
    verdict = judge(
        case(trait="closure", document_on=date(2022, 1, 4), arrived_on=date(2025, 1, 5)), LAW
    )
    assert (verdict.state, verdict.withheld, verdict.may_publish) == ("ended", "period_over", False)


@pytest.mark.parametrize("document_on", [date(2026, 5, 6), None])
def test_what_is_not_adverse_has_no_end(document_on):
    verdict = judge(case(kind="licence", document_on=document_on), LAW)
    assert (verdict.state, verdict.display_to, verdict.adverse) == ("scheduled", None, False)
    assert verdict.display_from == date(2026, 5, 8)


def test_judgments_are_the_courts_to_publish():
    verdict = judge(case(kind="judgment"), LAW)
    assert (verdict.state, verdict.withheld, verdict.must_report) == ("withheld", "never", False)


def test_a_listed_organisation_is_shown_while_listed():
    verdict = judge(case(kind="judgment_defaulter"), LAW)
    assert (verdict.state, verdict.display_to, verdict.adverse) == ("scheduled", None, True)


def test_once_removed_from_the_list_it_is_no_longer_shown():
    verdict = judge(case(kind="judgment_defaulter", trait="delisted"), LAW)
    assert (verdict.state, verdict.withheld, verdict.may_publish) == ("ended", "period_over", False)


def test_what_need_not_be_reported_is_told_apart_from_what_may_be_shown():
    verdict = judge(case(trait="closure;summary_procedure"), LAW)
    assert not verdict.must_report
    assert verdict.may_publish


def test_detention_is_not_graded_by_the_program():
    verdict = judge(case(trait="detention;licence_revoked;closure"), LAW)
    assert (verdict.grade, verdict.state) == ("", "ungraded")
    assert "由人认定" in verdict.because
    assert judge(case(trait="detention;closure", given_grade="serious"), LAW).state == "scheduled"
