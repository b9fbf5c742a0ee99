"""Duties follow the ledger."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.publication.county import AT, record
from zhengxin.duties import queries
from zhengxin.duties.models import Duty

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
