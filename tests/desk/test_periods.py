"""What a plan asks for again and again is opened by the clock: once, whoever turns it, and never for days before it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from tests.desk.conftest import SYSTEM, today
from tests.factors import signed_soon
from zhengxin import journey
from zhengxin.accounts.queries import actor_for
from zhengxin.duties.lists import supporters_of
from zhengxin.duties.models import Duty
from zhengxin.journey.opening_periods import open_periods
from zhengxin.journey.planning import confirm_plan, end_plan, send_plan
from zhengxin.journey.showing import plan_end_sheet, plan_sheet
from zhengxin.subjects.actions import confirm_succession, record_succession
from zhengxin.subjects.models import Unit

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
TEXT = """示例县承诺兑现工作方案（虚构）
一、任务
1.核对合同。每月核对一次。（牵头单位：示例县住房和城乡建设局、示例县市场监督管理局；配合单位：示例县发展和改革局）
2.公开台账。每半年公布一次。（牵头单位：示例县发展和改革局）
3.报送情况。每季度报送。（牵头单位：示例县发展和改革局）
示例县人民政府办公室
2026年3月1日
"""


def actor(county, username):
    return actor_for(county.accounts[username], today())


@pytest.fixture
def plan_id(county):
    at = timezone.now()
    found, _new = send_plan(
        content=TEXT.encode(), filename="方案.txt", at=at, actor=actor(county, "xinyong")
    )
    signed = signed_soon(county.accounts["fuhe"].pk, plan_sheet(found, today()))
    confirm_plan(plan_id=found, replaces=None, **signed, actor=actor(county, "fuhe"))
    return found


def periods():
    rows = Duty.objects.filter(kind="mandate_period").order_by("id")
    return [(duty.bearer_id, duty.period) for duty in rows]


def test_opened_once_however_often_it_is_turned(plan_id, county):
    at = timezone.now()
    assert open_periods(at=at, actor=SYSTEM) == 3
    assert open_periods(at=at, actor=SYSTEM) == 0
    month, half = f"{today():%YM%m}", f"{today().year}H{1 + (today().month > 6)}"
    assert periods() == [
        (county.units["县住建局"], month),
        (county.units["县市场监管局"], month),
        (county.units["县发改局"], half),
    ]
    duty = Duty.objects.filter(kind="mandate_period").earliest("id")
    assert duty.opened_on == today()
    assert (duty.due_on + timedelta(days=1)).day == 1
    before = list(Duty.objects.order_by("id").values())
    journey.rebuild(name="all", at=at, actor=SYSTEM)
    assert list(Duty.objects.order_by("id").values()) == before
    assert open_periods(at=at + timedelta(days=40), actor=SYSTEM) >= 2


def test_an_ended_plan_opens_no_more(plan_id, county):
    signed = signed_soon(county.accounts["fuhe"].pk, plan_end_sheet(plan_id))
    end_plan(plan_id=plan_id, because="已由新方案代替。", **signed, actor=actor(county, "fuhe"))
    assert open_periods(at=timezone.now(), actor=SYSTEM) == 0


def test_two_who_turn_at_once_open_it_once(plan_id):
    def turn(_n):
        try:
            return open_periods(at=timezone.now(), actor=SYSTEM)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(turn, range(2))) == [0, 3]
    assert len(periods()) == 3


def test_who_followed_a_unit_owes_its_periods_and_a_closed_one_owes_none(plan_id, county):
    at, units = timezone.now(), county.units
    assert open_periods(at=at, actor=SYSTEM) == 3
    line = record_succession(
        predecessor_id=units["县住建局"],
        successor_id=units["县发改局"],
        kind="merged",
        on=today(),
        basis="（虚构）机构改革方案",
        at=at,
        actor=SYSTEM,
    )
    confirm_succession(succession_id=line.pk, at=at, actor=actor(county, "fuhe"))
    Unit.objects.filter(pk=units["县市场监管局"]).update(closed_on=today())
    # What stands for this month stands for whoever followed; it is not opened twice.
    assert open_periods(at=at, actor=SYSTEM) == 0
    later = at + timedelta(days=40)
    open_periods(at=later, actor=SYSTEM)
    month = f"{timezone.localdate(later):%YM%m}"
    [duty] = Duty.objects.filter(kind="mandate_period", period=month)
    assert duty.bearer_id == units["县发改局"]
    # It helped in this task before it followed, and does not help itself.
    assert supporters_of(duty.pk) == []
