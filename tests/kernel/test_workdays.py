"""Counting rules on a small invented calendar; the real years are tested in tests/law."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxin.kernel.periods import add_months, add_years, period_name
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.workdays import Calendar, CalendarMissing, CalendarYear


def _year(number: int, off: list[date], worked: list[date]) -> CalendarYear:
    return CalendarYear(number, frozenset(off), frozenset(worked))


# 2030-01-01 is a Tuesday; Wednesday 2 and Thursday 3 are off, Saturday 5 is worked.
Y2030 = _year(2030, [date(2030, 1, 1), date(2030, 1, 2), date(2030, 1, 3)], [date(2030, 1, 5)])
Y2031 = _year(2031, [date(2031, 1, 1)], [])
Y2033 = _year(2033, [], [])
CALENDAR = Calendar([Y2033, Y2030, Y2031])


def test_day_of_the_event_is_excluded_and_make_up_days_count() -> None:
    assert CALENDAR.add_working_days(date(2030, 1, 3), 1) == date(2030, 1, 4)
    assert CALENDAR.add_working_days(date(2030, 1, 4), 1) == date(2030, 1, 5)
    assert CALENDAR.add_working_days(date(2030, 1, 5), 1) == date(2030, 1, 7)
    assert CALENDAR.add_working_days(date(2030, 1, 6), 1) == date(2030, 1, 7)


def test_is_working_day() -> None:
    worked = [n for n in range(1, 9) if CALENDAR.is_working_day(date(2030, 1, n))]
    assert worked == [4, 5, 7, 8]


def test_zero_is_the_day_itself_and_less_is_an_error() -> None:
    assert CALENDAR.add_working_days(date(2030, 1, 6), 0) == date(2030, 1, 6)
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(date(2030, 1, 6), -1)


def test_counting_runs_over_the_new_year() -> None:
    assert CALENDAR.add_working_days(date(2030, 12, 30), 2) == date(2031, 1, 2)
    assert CALENDAR.working_days_between(date(2030, 12, 30), date(2031, 1, 2)) == 2


def test_counting_may_start_on_the_eve_of_the_first_year() -> None:
    assert CALENDAR.add_working_days(date(2029, 12, 31), 1) == date(2030, 1, 4)


@pytest.mark.parametrize(
    ("start", "n", "missing"),
    [
        (date(2031, 12, 31), 1, 2032),
        (date(2031, 12, 29), 5, 2032),
        (date(2029, 12, 30), 1, 2029),
        (date(2033, 12, 31), 1, 2034),
        (date(2033, 1, 1), 300, 2034),
        (date(2040, 5, 5), 1, 2040),
    ],
)
def test_an_unknown_year_is_refused_by_name(start: date, n: int, missing: int) -> None:
    with pytest.raises(CalendarMissing) as caught:
        CALENDAR.add_working_days(start, n)
    assert caught.value.year == missing
    assert isinstance(caught.value, Refused)
    assert str(caught.value).startswith(f"无法计算期限：缺{missing}年的工作日历。")
    assert "国务院办公厅" in caught.value.remedy


def test_a_gap_between_years_is_not_jumped() -> None:
    with pytest.raises(CalendarMissing) as caught:
        CALENDAR.working_days_between(date(2031, 6, 1), date(2033, 6, 1))
    assert caught.value.year == 2032
    with pytest.raises(CalendarMissing):
        CALENDAR.is_working_day(date(2032, 6, 1))


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert CALENDAR.working_days_between(date(2030, 2, 2), date(2030, 2, 2)) == 0
    assert CALENDAR.working_days_between(date(2030, 2, 2), date(2030, 2, 1)) == 0


def test_roll_forward_moves_only_off_days() -> None:
    assert CALENDAR.roll_forward(date(2030, 1, 1)) == date(2030, 1, 4)
    assert CALENDAR.roll_forward(date(2030, 1, 4)) == date(2030, 1, 4)
    assert CALENDAR.roll_forward(date(2030, 1, 5)) == date(2030, 1, 5)
    assert CALENDAR.roll_forward(date(2030, 1, 6)) == date(2030, 1, 7)


def test_covers_and_years() -> None:
    assert CALENDAR.years == (2030, 2031, 2033)
    assert CALENDAR.covers(2030)
    assert not CALENDAR.covers(2032)


@given(st.dates(date(2030, 1, 1), date(2030, 12, 31)), st.integers(1, 150))
def test_adding_and_counting_agree_with_walking(start: date, n: int) -> None:
    day, left = start, n
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.is_working_day(day)
    assert CALENDAR.add_working_days(start, n) == day
    assert CALENDAR.working_days_between(start, day) == n
    assert CALENDAR.is_working_day(day)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 4, 10), 3, date(2026, 7, 10)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
    ],
)
def test_months_end_on_the_corresponding_day(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_years_from_a_leap_day() -> None:
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("2026Q3", "2026年第三季度"),
        ("2026M11", "2026年11月"),
        ("2026M02", "2026年2月"),
        ("2026H1", "2026年上半年"),
        ("2026H2", "2026年下半年"),
        ("2026", "2026年"),
        ("2026Q5", "2026Q5"),
        ("", ""),
    ],
)
def test_a_period_has_a_name(code: str, name: str) -> None:
    assert period_name(code) == name
