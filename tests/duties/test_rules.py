"""Timeliness. No database."""

from datetime import date

import pytest

from zhengxin.duties.rules import arrival_sentences, timeliness
from zhengxin.duties.types import Totals
from zhengxin.kernel.workdays import Calendar, CalendarYear
from zhengxin.rulebook.queries import calendar, duty_terms

MARKET = frozenset({"market_supervision"})


def standings(decided, arrived, kind="licence", traits=frozenset()):
    decided_on = date.fromisoformat(decided) if decided else None
    arrived_on = date.fromisoformat(arrived)
    return timeliness(
        decided_on=decided_on,
        arrived_on=arrived_on,
        terms=duty_terms(kind, decided_on or arrived_on, traits),
        calendar=calendar(),
    )


@pytest.mark.parametrize(
    ("decided", "due"),
    [
        ("2026-02-13", "2026-03-02"),
        ("2026-02-14", "2026-03-03"),
        ("2026-09-30", "2026-10-15"),
        ("2026-11-23", "2026-12-02"),
        ("2026-12-22", "2026-12-31"),
        ("2018-02-10", "2018-02-24"),
    ],
)
def test_due_day_counts_make_up_days_and_leaves_out_the_day_itself(decided, due):
    (on_the_day,) = standings(decided, due)
    assert (on_the_day.state, on_the_day.due_on) == ("on_time", date.fromisoformat(due))
    after = date.fromordinal(date.fromisoformat(due).toordinal() + 1).isoformat()
    (late,) = standings(decided, after)
    assert late.state == "late"


def test_the_sentence_says_how_it_was_counted():
    (late,) = standings("2026-11-02", "2026-11-16")
    assert late.because.startswith(
        "2026年11月2日作出决定，次日起算第7个工作日是2026年11月11日（国务院"
    )
    assert late.because.endswith("2026年11月16日报送，迟了3个工作日。")


def test_late_into_a_weekend_is_late_without_a_working_day():
    (late,) = standings("2026-11-04", "2026-11-14")
    assert late.due_on == date(2026, 11, 13)
    assert late.because.endswith("在期限之后的休息日，迟报。")


def test_no_decision_day_is_missing_not_late():
    (found,) = standings(None, "2026-11-14")
    assert (found.state, found.due_on) == ("missing", None)


def test_a_year_without_calendar_is_said_not_guessed():
    (found,) = standings("2026-12-23", "2026-12-24")
    assert (found.state, found.due_on) == ("no_calendar", None)
    assert "2027年" in found.because


def test_market_supervision_has_a_second_clock_of_its_own():
    seven, twenty = standings("2026-11-02", "2026-11-20", "penalty", MARKET)
    assert (seven.kind, seven.state) == ("double_publicity", "late")
    assert (twenty.kind, twenty.state) == ("market_supervision_publicity", "on_time")
    assert twenty.due_on == date(2026, 11, 30)
    assert len(standings("2026-11-02", "2026-11-20", "licence", MARKET)) == 1


def test_judgments_owe_nothing():
    assert standings("2026-11-02", "2026-11-20", "judgment") == ()


def test_a_year_that_has_begun_is_not_loaded_rather_than_not_published():
    def without(decided, *years):
        on = date.fromisoformat(decided)
        known = Calendar(CalendarYear(year, frozenset(), frozenset()) for year in years)
        terms = duty_terms("licence", on, frozenset())
        return timeliness(decided_on=on, arrived_on=date(2026, 12, 24), terms=terms, calendar=known)

    (past,) = without("2018-05-14", 2025, 2026)
    assert (past.state, past.lacks) == ("no_calendar", 2018)
    assert past.because.startswith("2018年的放假安排未导入")
    assert "law/calendar/2018.yaml" in past.because
    (coming,) = without("2026-12-23", 2025, 2026)
    assert coming.lacks == 2027
    assert "尚未公布或未导入" in coming.because


def test_a_receipt_says_what_was_late_undated_or_not_countable():
    said = arrival_sentences(Totals(12, 3, 2, 5), {2027: 1, 2003: 4})
    assert said == (
        "按时报送12行，迟报3行。",
        "2行没有决定日期，无法计算期限，不计入按时或迟报。",
        "4行的期限无法计算：2003年的放假安排未导入。",
        "1行的期限无法计算：2027年的放假安排未导入。",
    )
    assert arrival_sentences(Totals(), {}) == ()
    assert arrival_sentences(Totals(), {}, 3, date(2015, 6, 24)) == (
        "3行在2015年6月24日以前作出决定，当时没有双公示期限，不计入按时或迟报。",
    )
