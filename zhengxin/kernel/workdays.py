"""Working days: the day of the event is excluded, make-up Saturdays and Sundays count.

A year whose holiday notice has not been imported is refused, never guessed.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

SATURDAY = 5


class CalendarMissing(Refused):
    """A day cannot be counted because the calendar of `year` is not loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(
            say("无法计算期限：缺{year}年的工作日历。", year=year),
            say(
                "{year}年的放假调休安排未导入本系统，本系统不推算放假日。",
                year=year,
            ),
            say(
                "请按国务院办公厅的{year}年放假通知写成law/calendar/{year}.yaml；尚未发布的，等发布后再写。加入后期限自动重算。",
                year=year,
            ),
        )
        self.year = year


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The holiday arrangement of one year: weekdays off, and weekend days worked instead."""

    year: int
    days_off: frozenset[date]
    make_up_days: frozenset[date]

    def works_on(self, day: date) -> bool:
        """True when `day` (of this year) is a working day."""
        if day.weekday() >= SATURDAY:
            return day in self.make_up_days
        return day not in self.days_off


class Calendar:
    """Working days of the years given; every answer outside them is a CalendarMissing."""

    __slots__ = ("_ordinals", "_years")

    def __init__(self, years: Iterable[CalendarYear]) -> None:
        self._years = {year.year: year for year in years}
        ordinals: list[int] = []
        for number in sorted(self._years):
            first, last = date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal()
            table = self._years[number]
            ordinals += [n for n in range(first, last + 1) if table.works_on(date.fromordinal(n))]
        self._ordinals = tuple(ordinals)

    @property
    def years(self) -> tuple[int, ...]:
        """The years covered, ascending."""
        return tuple(sorted(self._years))

    @property
    def working_days(self) -> tuple[date, ...]:
        """Every working day of the covered years, ascending (for columnar joins)."""
        return tuple(date.fromordinal(n) for n in self._ordinals)

    def covers(self, year: int) -> bool:
        """True when the calendar of `year` is loaded."""
        return year in self._years

    def is_working_day(self, day: date) -> bool:
        """True when `day` is worked. Raises CalendarMissing."""
        self._insist(day.year, day.year)
        return self._years[day.year].works_on(day)

    def add_working_days(self, start: date, n: int) -> date:
        """The `n`-th working day after `start` (n ≥ 0; 0 gives `start` itself).

        Raises CalendarMissing when any day on the way lies in a year that is not loaded,
        ValueError when `n` is negative.
        """
        if n < 0:
            raise ValueError(f"n must not be negative: {n}")
        if n == 0:
            return start
        following = start + timedelta(days=1)
        self._insist(following.year, following.year)
        index = bisect_right(self._ordinals, start.toordinal()) + n - 1
        if index >= len(self._ordinals):
            self._insist(following.year, max(self._years) + 1)
        end = date.fromordinal(self._ordinals[index])
        self._insist(following.year, end.year)
        return end

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`; 0 if end ≤ start.

        Raises CalendarMissing when a day on the way lies in a year that is not loaded.
        """
        if end <= start:
            return 0
        self._insist((start + timedelta(days=1)).year, end.year)
        return bisect_right(self._ordinals, end.toordinal()) - bisect_right(
            self._ordinals, start.toordinal()
        )

    def roll_forward(self, day: date) -> date:
        """`day` itself if worked, else the next working day: the end of a limit in calendar days.

        Raises CalendarMissing.
        """
        return self.add_working_days(day - timedelta(days=1), 1)

    def _insist(self, first: int, last: int) -> None:
        for year in range(first, last + 1):
            if year not in self._years:
                raise CalendarMissing(year)
