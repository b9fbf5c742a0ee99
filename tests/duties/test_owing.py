"""Limits of duties that acts open, and what their acts make of them. No database."""

from datetime import date

import pytest

from zhengxin.duties import owing
from zhengxin.duties.types import Done, DutyAct, Opened
from zhengxin.rulebook.queries import NoRule, calendar, duty_limit, parameter


def last(kind, opened_on, case=""):
    return owing.due(duty_limit(kind, case, opened_on), opened_on, calendar())


def test_working_days_count_make_up_days():
    # 10 working days after 30 September 2026: the holiday is 1-7 October, 10 October (Saturday) is worked.
    found = last("quarterly_return", date(2026, 9, 30))
    assert found.due_on == date(2026, 10, 20)
    assert "10个工作日" in found.because
    assert "待核实" in found.because


def test_months_end_on_the_corresponding_day_or_the_next_working_one():
    assert last("proposal_reply", date(2026, 3, 2), "suggestion").due_on == date(2026, 6, 2)
    # 31 May is a Sunday.
    assert last("proposal_reply", date(2026, 2, 28), "suggestion").due_on == date(2026, 5, 28)
    assert last("proposal_reply", date(2026, 1, 31), "proposal").due_on == date(2026, 4, 30)
    assert last("proposal_reply", date(2026, 2, 23), "suggestion_difficult").due_on == date(
        2026, 8, 24
    )


def test_thirty_days_that_end_in_a_holiday_end_after_it():
    # 30 days after 2 September 2026 is 2 October.
    assert last("inspection_review", date(2026, 9, 2)).due_on == date(2026, 10, 8)


def test_a_year_without_calendar_leaves_the_day_open_and_says_so():
    found = last("quarterly_return", date(2026, 12, 31))
    assert (found.due_on, found.lacks) == (None, 2027)
    assert "2027年的放假安排未导入" in found.because
    assert last("proposal_reply", date(2026, 11, 2), "suggestion").lacks == 2027


def test_a_kind_or_day_without_rule_is_refused():
    with pytest.raises(NoRule):
        duty_limit("proposal_reply", "suggestion", date(2020, 1, 1))
    with pytest.raises(NoRule):
        duty_limit("unheard_of", "", date(2026, 1, 1))
    with pytest.raises(ValueError, match="person"):
        last("rectification", date(2026, 1, 5))


def test_the_ladder_is_data():
    steps = parameter("reminder_ladder", date(2026, 11, 1)).value
    assert [step["days"] for step in steps] == sorted(step["days"] for step in steps)


OPENED, DUE = date(2026, 11, 2), date(2026, 11, 20)


def folded(*acts):
    return owing.fold(7, DUE, [Done(act, day, *rest) for act, day, *rest in acts])


def test_met_is_measured_by_the_report_not_by_the_verifying():
    found = folded((DutyAct.REPORTED, DUE), (DutyAct.VERIFIED, date(2026, 12, 30)))
    assert (found.state, found.met_on) == ("on_time", DUE)
    found = folded((DutyAct.REPORTED, date(2026, 11, 21)), (DutyAct.VERIFIED, date(2026, 11, 22)))
    assert (found.state, found.met_on) == ("late", date(2026, 11, 21))


def test_what_was_returned_counts_from_its_next_report():
    found = folded(
        (DutyAct.REPORTED, date(2026, 11, 19)),
        (DutyAct.RETURNED, DUE),
        (DutyAct.REPORTED, date(2026, 11, 24)),
        (DutyAct.VERIFIED, date(2026, 11, 25)),
    )
    assert (found.state, found.met_on) == ("late", date(2026, 11, 24))


def test_a_late_report_that_was_sent_back_stays_late_though_a_new_day_is_met():
    late, until = date(2026, 11, 24), date(2026, 12, 18)
    back = [
        (DutyAct.REPORTED, late),
        (DutyAct.RETURNED, date(2026, 11, 25)),
        (DutyAct.EXTENDED, date(2026, 11, 25), until),
    ]
    assert (folded(*back).state, folded(*back).late_on) == ("open", late)
    found = folded(*back, (DutyAct.REPORTED, until), (DutyAct.VERIFIED, until))
    assert (found.state, found.met_on, found.late_on) == ("late", until, late)
    # A day set after a late report does not undo it either; one set before it counts.
    late_then = (DutyAct.REPORTED, late), (DutyAct.EXTENDED, until, until)
    assert folded(*late_then, (DutyAct.VERIFIED, until)).state == "late"
    before = (DutyAct.EXTENDED, DUE, until), (DutyAct.REPORTED, late)
    assert folded(*before, (DutyAct.VERIFIED, until)).state == "on_time"
    # What was reported in time and sent back has the new day.
    back[0] = (DutyAct.REPORTED, DUE)
    found = folded(*back, (DutyAct.REPORTED, until), (DutyAct.VERIFIED, until))
    assert (found.state, found.late_on) == ("on_time", None)


def test_a_day_that_passed_without_a_report_stays_passed_though_another_is_set():
    over, until = date(2026, 11, 21), date(2026, 12, 18)
    extended = folded((DutyAct.EXTENDED, over, until))
    assert (extended.state, extended.due_on, extended.late_on) == ("open", until, over)
    met = (DutyAct.REPORTED, date(2026, 12, 1)), (DutyAct.VERIFIED, until)
    assert folded((DutyAct.EXTENDED, over, until), *met).state == "late"
    assert folded((DutyAct.EXTENDED, DUE, until), *met).state == "on_time"


def test_a_report_that_was_sent_back_early_does_not_excuse_the_day_that_passed():
    early = (DutyAct.REPORTED, date(2026, 11, 4)), (DutyAct.RETURNED, date(2026, 11, 5))
    over, until, last = date(2026, 11, 21), date(2026, 12, 18), date(2027, 1, 20)
    assert folded(*early, (DutyAct.EXTENDED, over, until)).late_on == over
    # One that waited until its day was over is not late by waiting, yet the next day is a day as well.
    waited = (DutyAct.REPORTED, DUE), (DutyAct.RETURNED, over), (DutyAct.EXTENDED, over, until)
    assert folded(*waited).late_on is None
    late = date(2026, 12, 19)
    assert folded(*waited, (DutyAct.EXTENDED, late, last)).late_on == late


def test_extended_handed_over_and_evidence():
    later = date(2026, 12, 18)
    found = folded(
        (DutyAct.EXTENDED, DUE, later),
        (DutyAct.HANDED_OVER, DUE, None, 9),
        (DutyAct.REPORTED, date(2026, 12, 1), None, None, 2),
        (DutyAct.VERIFIED, later),
    )
    assert (found.state, found.bearer_id, found.due_on, found.files) == ("on_time", 9, later, 2)


@pytest.mark.parametrize("end", [DutyAct.BREACHED, DutyAct.CHANGED])
def test_what_is_over_stays_over(end):
    found = folded((end, DUE), (DutyAct.REPORTED, DUE), (DutyAct.VERIFIED, DUE))
    assert found.state in ("breached", "changed")
    assert found.met_on is None


def test_an_act_that_does_not_fit_changes_nothing():
    assert folded((DutyAct.VERIFIED, DUE), (DutyAct.RETURNED, DUE)).state == "open"
    twice = folded((DutyAct.REPORTED, OPENED), (DutyAct.REPORTED, DUE))
    assert twice.reported_on == OPENED
    assert folded((DutyAct.REPORTED, OPENED), (DutyAct.BREACHED, DUE)).state == "reported"


def test_what_is_written_in_clear_is_read_back():
    opened = Opened("quarterly_return", None, ("working_days", 10), 123456, "2026Q4")
    assert owing.read_opened(owing.opened_in_clear(opened)) == opened
    dated = Opened("rectification", DUE)
    assert owing.read_opened(owing.opened_in_clear(dated)) == dated
    trait = owing.done_in_clear(due_on=DUE, to_id=9, files=2)
    assert owing.read_done("duty_extended", DUE, trait) == Done("duty_extended", DUE, DUE, 9, 2)
    trait = owing.done_in_clear(limit=("months", 6))
    found = owing.read_done("duty_extended", DUE, trait)
    assert found == Done("duty_extended", DUE, limit=("months", 6))
    with pytest.raises(ValueError, match="too long"):
        owing.opened_in_clear(Opened("x" * 80))
