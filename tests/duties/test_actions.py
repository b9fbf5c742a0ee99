"""Duties follow the ledger."""

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.publication.county import ACTOR, AT, record
from zhengxin import journey
from zhengxin.duties import actions as duties
from zhengxin.duties import queries
from zhengxin.duties.models import Duty
from zhengxin.duties.types import Totals
from zhengxin.publication.board.models import BoardItem
from zhengxin.rulebook.queries import law_folder

pytestmark = pytest.mark.django_db(databases="__all__")


def states(**chosen):
    return list(Duty.objects.filter(**chosen).order_by("id").values_list("state", flat=True))


def test_each_term_opens_one_duty(county):
    first, second = county.send(
        record(), record("penalty", unit_id=2, true_on=date(2026, 11, 2), trait="fine")
    )
    duty = Duty.objects.get(entry_id=first)
    assert (duty.id, duty.kind, duty.record_kind) == (first * 8, "double_publicity", "licence")
    assert (duty.opened_on, duty.due_on, duty.met_on) == (
        date(2026, 11, 18),
        date(2026, 11, 27),
        date(2026, 11, 20),
    )
    assert states(entry_id=second) == ["late", "on_time"]
    assert queries.standings(second)[0].because.endswith("迟了7个工作日。")


def test_a_county_day_not_a_utc_day(county):
    evening = datetime(2026, 11, 11, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    county.send(record(true_on=date(2026, 11, 2), known_at=evening))
    county.send(record(true_on=date(2026, 11, 2), known_at=evening + timedelta(minutes=1)))
    assert states() == ["on_time", "late"]


def test_a_correction_keeps_the_first_arrival_and_voids_the_old_duty(county):
    (old,) = county.send(record())
    late = AT + timedelta(days=40)
    (new,) = county.send(record(about_id=old, known_at=late), at=late)
    assert states(entry_id=old) == ["void"]
    assert Duty.objects.get(entry_id=new).met_on == date(2026, 11, 20)
    assert states(entry_id=new) == ["on_time"]
    county.act("withdrawal", county.batch_of(new), because="传错了")
    assert states(entry_id=new) == ["void"]
    assert states(entry_id=old) == ["on_time"]


def test_what_came_before_the_decision_was_no_report_of_it(county):
    """A row sent ahead of the decision, and corrected when it is made, does not stop the clock."""
    (ahead,) = county.send(record())
    decided, reported = date(2026, 11, 24), AT + timedelta(days=20)
    (told,) = county.send(record(about_id=ahead, true_on=decided, known_at=reported), at=reported)
    assert Duty.objects.get(entry_id=told).met_on == date(2026, 12, 10)
    assert states(entry_id=told) == ["late"]
    later = AT + timedelta(days=40)
    (mended,) = county.send(record(about_id=told, true_on=decided, known_at=later), at=later)
    assert Duty.objects.get(entry_id=mended).met_on == date(2026, 12, 10)
    before = list(Duty.objects.order_by("id").values())
    journey.rebuild(name="all", at=later, actor=ACTOR)
    assert list(Duty.objects.order_by("id").values()) == before


@pytest.mark.parametrize(("minutes", "met_on"), [(0, "2026-12-10"), (1, "2026-11-24")])
def test_the_day_of_the_decision_is_the_countys(county, minutes, met_on):
    """A report at 23:59 of the evening before the decision is none; one at midnight is."""
    evening = datetime(2026, 11, 23, 15, 59, tzinfo=UTC) + timedelta(minutes=minutes)
    (ahead,) = county.send(record(known_at=evening), at=evening)
    later = AT + timedelta(days=20)
    decided = date(2026, 11, 24)
    (told,) = county.send(record(about_id=ahead, true_on=decided, known_at=later), at=later)
    assert Duty.objects.get(entry_id=told).met_on == date.fromisoformat(met_on)


def test_a_report_that_waited_is_told_of_after_the_corrections_too(county):
    decided, late, later = date(2026, 11, 2), AT + timedelta(days=10), AT + timedelta(days=20)
    (first,) = county.send(record(true_on=decided))
    (told,) = county.send(record(about_id=first, true_on=decided, known_at=late), at=late)
    assert states() == ["void", "late"]
    county.act("earlier_report", first, at=AT - timedelta(days=12))
    assert states() == ["void", "on_time"]
    assert Duty.objects.get(entry_id=told).met_on == date(2026, 11, 8)
    before = list(Duty.objects.order_by("id").values())
    for step in (1, 2, 1000):
        county.rebuild(step=step, at=later)
        assert list(Duty.objects.order_by("id").values()) == before
    county.act("withdrawal", county.batch_of(told), because="传错了")
    assert states() == ["on_time", "void"]


def test_figures_by_state(county):
    county.send(
        record(), record(true_on=date(2026, 11, 2)), record(true_on=None), record(unit_id=2)
    )
    assert queries.timeliness(1).on_time == 1
    totals = queries.unit_figures()
    assert (totals[1].on_time, totals[1].late, totals[1].missing) == (1, 1, 1)
    assert totals[2].on_time == 1
    (week, *others) = queries.by_week(date(2026, 11, 9), date(2026, 11, 29))
    assert (week.unit_id, week.monday, week.on_time, week.late) == (1, date(2026, 11, 9), 0, 1)
    assert [(w.unit_id, w.on_time) for w in others] == [(1, 1), (2, 1)]


def test_a_revoked_record_voids_its_duty_alone(county):
    gone, stays = county.send(record(), record(number="示住建许〔2026〕19号"))
    county.act("revocation", gone, because="认定有误")
    states = dict(Duty.objects.order_by("id").values_list("entry_id", "state"))
    assert states[gone] == "void"
    assert states[stays] == "on_time"


@pytest.fixture
def calendar_2018(monkeypatch, tmp_path):
    """The law without the calendar of 2018; calling it puts that year where the program looks."""
    shipped = law_folder()
    for name in ("before", "after"):
        shutil.copytree(shipped, tmp_path / name)
    (tmp_path / "before" / "calendar" / "2018.yaml").unlink()
    monkeypatch.setenv("ZHENGXIN_LAW", str(tmp_path / "before"))
    return lambda: monkeypatch.setenv("ZHENGXIN_LAW", str(tmp_path / "after"))


def test_what_lacked_a_calendar_is_counted_when_it_comes_as_a_rebuild_would(county, calendar_2018):
    first, second, third = county.send(
        record(true_on=date(2018, 5, 14)),
        record("penalty", unit_id=2, true_on=date(2018, 5, 14), trait="fine"),
        record(true_on=date(2026, 11, 18)),
    )
    span = (first, third)
    assert queries.lacking_years() == {2018: 2}
    assert queries.lacking_years([2]) == {2018: 1}
    assert queries.lacking_years([99]) == {}
    told = queries.arrivals(span)
    assert told.sentences == (
        "按时报送1行，迟报0行。",
        "2行的期限无法计算：2018年的放假安排未导入。",
    )
    assert duties.recount(at=AT) == []
    county.publish()
    calendar_2018()
    journey.publish_due(at=AT, actor=ACTOR)
    assert queries.lacking_years() == {}
    assert Duty.objects.get(id=first * 8).due_on == date(2018, 5, 23)
    assert states(entry_id=second) == ["late", "late"]
    assert queries.arrivals(span).totals.late == 2
    shown = BoardItem.objects.using("board").get(entry_id=first)
    assert (shown.timeliness, shown.due_on) == ("late", date(2018, 5, 23))
    counted = list(Duty.objects.order_by("id").values())
    county.rebuild()
    assert list(Duty.objects.order_by("id").values()) == counted


def test_arrivals_are_those_of_the_batch_and_of_what_was_decided_later(county):
    first, last = county.send(record(), record(true_on=None))
    (decided,) = county.send(record(true_on=date(2026, 11, 2)))
    assert queries.arrivals((first, last)).totals == Totals(on_time=1, missing=1)
    assert queries.arrivals((first, last), [decided]).totals == Totals(1, 1, 1)
    assert queries.arrivals(None, [decided]).totals == Totals(late=1)
    county.act("withdrawal", county.batch_of(first), because="传错了")
    assert queries.arrivals((first, last)).sentences == ()


def test_what_was_decided_before_there_was_a_limit_is_told(county):
    early, last = county.send(record(true_on=date(2015, 6, 23)), record(true_on=date(2015, 6, 24)))
    told = queries.arrivals((early, last))
    assert told.before == 1
    assert told.sentences[-1].startswith("1行在2015年6月24日以前作出决定")
    assert queries.arrivals(None, [early]).before == 1
    assert queries.arrivals(None, [last]).before == 0
