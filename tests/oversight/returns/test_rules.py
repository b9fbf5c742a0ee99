"""Quarters, what may be signed, counts. No database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxin.oversight.returns import rules
from zhengxin.oversight.returns.enums import TRANSITIONS, Stage
from zhengxin.oversight.returns.types import Counts, Quarter, Taken, Words


@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)))
def test_every_day_lies_in_its_quarter(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert Quarter.read(str(quarter)) == quarter
    assert Quarter.of(quarter.last_day) == quarter == quarter.after(1).after(-1)


@pytest.mark.parametrize(
    "text", ["2026Q5", "2026", "Q1", "2026q1", "2026Q1 ", "0026Q1", "２０２６Q1"]
)
def test_what_is_no_quarter(text: str) -> None:
    assert Quarter.read(text) is None


def test_the_quarter_before_new_year() -> None:
    assert Quarter(2027, 1).after(-1) == Quarter(2026, 4)
    assert Quarter(2026, 4).last_day == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("words", "ok"),
    [
        (Words(), False),
        (Words("report"), False),
        (Words("report", work=" 。 "), False),
        (Words("report", work="办结3件"), True),
        (Words("zero", work="办结3件"), False),
        (Words("zero", zero_because="没有到期的"), True),
    ],
)
def test_an_empty_draft_is_never_signed_as_zero(words: Words, ok: bool) -> None:
    found = rules.ready(words)
    assert found.ok is ok
    assert bool(found.because) is not ok


def test_only_the_words_of_the_kind_are_signed() -> None:
    both = Words("zero", work="写了又改主意", zero_because="没有到期的")
    assert both.as_json() == {"because": "没有到期的"}


def test_a_zero_beside_work_is_told() -> None:
    done = Taken("duties_met", "职责按时办结", "项", 2, "", True)
    of_unit = Taken("licence_on_time", "行政许可：按时报送", "条", 9, "", False)
    assert "职责按时办结2项" in rules.zero_contradicts("zero", [done, of_unit])
    assert rules.zero_contradicts("zero", [of_unit]) == ""
    assert rules.zero_contradicts("report", [done]) == ""


def test_every_stage_is_in_the_table_and_can_be_left_again() -> None:
    assert set(TRANSITIONS) == set(Stage)
    assert all(TRANSITIONS.values())


def test_counts_add_up() -> None:
    total = Counts(1, 2, 3, 4) + Counts(10, 20, 30, 40)
    assert (total, total.owed) == (Counts(11, 22, 33, 44), 66)
