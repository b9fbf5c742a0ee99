"""Months, half-years and years of a plan, and what they make somebody owe."""

from datetime import date

import pytest

from zhengxin.oversight.periods import owed_in, period_of
from zhengxin.oversight.types import (
    Allotted,
    MandateLine,
    Recurring,
    Role,
    Term,
    TermKind,
    TermUnit,
)


def every(unit, **named):
    return Term(TermKind.EVERY, "每期", unit=unit, **named)


@pytest.mark.parametrize(
    ("term", "day", "code", "first", "due"),
    [
        (every(TermUnit.MONTHS), date(2028, 2, 9), "2028M02", date(2028, 2, 1), date(2028, 2, 29)),
        (
            every(TermUnit.MONTHS, day=31),
            date(2026, 11, 1),
            "2026M11",
            date(2026, 11, 1),
            date(2026, 11, 30),
        ),
        (
            every(TermUnit.HALF_YEARS),
            date(2026, 6, 30),
            "2026H1",
            date(2026, 1, 1),
            date(2026, 6, 30),
        ),
        (
            every(TermUnit.HALF_YEARS),
            date(2026, 7, 1),
            "2026H2",
            date(2026, 7, 1),
            date(2026, 12, 31),
        ),
        (every(TermUnit.YEARS), date(2026, 3, 3), "2026", date(2026, 1, 1), date(2026, 12, 31)),
        (
            every(TermUnit.YEARS, month=2),
            date(2026, 3, 3),
            "2026",
            date(2026, 1, 1),
            date(2026, 2, 28),
        ),
    ],
)
def test_the_period_of_a_day(term, day, code, first, due):
    found = period_of(term, day)
    assert (found.code, found.first, found.due_on) == (code, first, due)


@pytest.mark.parametrize(
    "term",
    [
        every(TermUnit.QUARTERS),
        every(TermUnit.WEEKS),
        Term(TermKind.BY, "年底前", month=12),
        Term(TermKind.WITHIN, "七天", count=7, unit=TermUnit.CALENDAR_DAYS),
    ],
)
def test_what_the_clock_opens_nothing_for(term):
    assert period_of(term, date(2026, 11, 28)) is None


def recurring(term, confirmed_on):
    units = tuple(
        Allotted(
            unit_id=pk,
            unit=f"示例县第{pk}局",
            role=Role.LEAD if pk < 3 else Role.SUPPORTING,
            leads=pk < 3,
            as_written="",
            collective=False,
        )
        for pk in (1, 2, 3)
    )
    line = MandateLine(
        id=1,
        number=4,
        section="二",
        section_title="任务",
        text="4.核对合同。逐份核对。",
        entry_id=77,
        units=units,
        terms=(term,),
    )
    return Recurring(
        plan_id=1, mandate=line, bearer_ids=(1, 2), term=term, confirmed_on=confirmed_on
    )


def test_leading_units_owe_it_and_the_others_support():
    each = recurring(every(TermUnit.HALF_YEARS), date(2026, 9, 4))
    first, second = owed_in(each, date(2026, 11, 28), to_id=9)
    assert (first.bearer_id, second.bearer_id) == (1, 2)
    assert (first.opened_on, first.due_on) == (date(2026, 9, 4), date(2026, 12, 31))
    assert (first.period, first.supporter_ids, first.to_id) == ("2026H2", (3,), 9)
    assert first.what == "任务4：核对合同（每期）"


def test_a_period_that_was_over_when_the_plan_was_confirmed_opens_nothing():
    each = recurring(every(TermUnit.YEARS, month=2), date(2026, 9, 4))
    assert owed_in(each, date(2026, 11, 28), to_id=None) == ()
    assert owed_in(each, date(2027, 1, 2), to_id=None)[0].due_on == date(2027, 2, 28)
