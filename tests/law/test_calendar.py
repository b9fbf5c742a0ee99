"""The shipped calendars against independent tables, day by day."""

import csv
from datetime import date
from pathlib import Path

import pytest

from zhengxin.kernel.workdays import CalendarMissing
from zhengxin.rulebook import queries
from zhengxin.rulebook.enums import CalendarStatus


def test_the_years_without_a_gap_and_without_2027() -> None:
    calendar = queries.calendar()
    assert calendar.years == tuple(range(2007, 2027))
    assert not calendar.covers(2027)
    with pytest.raises(CalendarMissing):
        calendar.is_working_day(date(2027, 1, 1))


def test_every_year_names_its_notice() -> None:
    for source in queries.calendar_sources():
        assert source.status is CalendarStatus.OFFICIAL
        assert str(source.year) in source.document
        assert source.number == "" or f"〔{source.year - 1}〕" in source.number


def test_agrees_with_four_published_calendars(shared_data: Path) -> None:
    """Day by day for 2012-2020; where the four disagree, with at least three of them."""
    calendar = queries.calendar()
    path = shared_data / "reference" / "calendar_2012_2020.csv"
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 3288
    wrong = []
    for row in rows:
        votes = [row[name] for name in row if name not in {"date", "isoweekday"}]
        mark = "W" if calendar.is_working_day(date.fromisoformat(row["date"])) else "H"
        if votes.count(mark) < 3:
            wrong.append(row["date"])
    assert wrong == []


def test_make_up_days_of_2026() -> None:
    worked = [day for day in queries.calendar().working_days if day.year == 2026]
    weekend = [day.isoformat()[5:] for day in worked if day.weekday() >= 5]
    assert weekend == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    off = [date(2026, 2, day) for day in range(15, 24)]
    assert not set(off) & set(worked)


def test_a_year_has_about_250_working_days() -> None:
    days = queries.calendar().working_days
    for year in queries.calendar().years:
        assert 247 <= sum(day.year == year for day in days) <= 254
