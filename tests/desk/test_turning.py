"""Who is told of what falls due and what is overdue; the list for a new leader; the calendar and its feed."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import SYSTEM, today
from tests.desk.test_duties import text
from zhengxin import journey
from zhengxin.accounts.models import Account
from zhengxin.duties import standing
from zhengxin.duties.models import Duty
from zhengxin.journey import follow
from zhengxin.journey.turning import turn_clocks
from zhengxin.ledger.models import Entry
from zhengxin.messages.models import Message, Round
from zhengxin.subjects.enums import SuccessionKind
from zhengxin.subjects.models import Succession

pytestmark = pytest.mark.django_db(databases="__all__")


def told(username, kind="duty_due"):
    account = Account.objects.get(username=username)
    rows = Message.objects.filter(account=account, kind=kind).order_by("id")
    return list(rows.values_list("subject", flat=True))


def turn(days=0):
    return turn_clocks(at=timezone.now() + timedelta(days=days), actor=SYSTEM)


def test_before_on_and_after_the_day_along_the_ladder(owe):
    soon, now, late, long = owe(7), owe(0), owe(-1), owe(-30)
    assert turn() > 0
    clerk = told("jingban")
    assert len(clerk) == 3
    assert "示例县住房和城乡建设局有1项职责今天" in "".join(clerk)
    assert "到期。" in "".join(clerk)
    assert "已逾期1天。" in "".join(clerk)
    # Ten days and more after the day it is the leader's affair, and the owner's.
    assert len(told("fuze")) == 4
    assert any("已逾期30天" in line for line in told("fuze"))
    assert not any("已逾期30天" in line for line in clerk)
    assert any("已逾期30天" in line for line in told("jiandu"))
    assert not any("已逾期1天" in line for line in told("jiandu"))
    assert {soon, now, late, long} == set(Duty.objects.values_list("pk", flat=True))


def test_told_once_however_often_it_is_turned(owe):
    owe(0)
    assert turn() == 2
    assert turn() == 0
    Round.objects.all().delete()
    assert turn() == 0


def test_days_that_nobody_turned_are_made_up_for(owe):
    turn()
    owe(2)
    assert turn(3) > 0
    lines = told("jingban")
    assert any("已逾期1天" in line for line in lines)
    # What was to be said yesterday is said as it is today.
    assert not any("今天" in line for line in lines)


def test_what_is_reported_reminds_nobody(owe, signed_in):
    duty_id = owe(0)
    signed_in("jingban").post(f"/desk/duties/{duty_id}/report/", {"words": "已办完。"})
    assert turn() == 0


def test_whoever_owes_and_whoever_is_owed_are_told_at_once(owe, signed_in):
    duty_id = owe(5)
    assert told("jingban", "duty_opened") == told("fuze", "duty_opened") == ["新职责：限期整改。"]
    assert not told("shichang", "duty_opened")
    signed_in("jingban").post(f"/desk/duties/{duty_id}/report/", {"words": "已办完。"})
    assert told("xinyong", "duty_acted") == ["待核实：限期整改。"]
    signed_in("xinyong").post(f"/desk/duties/{duty_id}/return/", {"because": "缺少佐证"})
    assert told("jingban", "duty_acted") == told("fuze", "duty_acted") == ["退回补充：限期整改。"]
    # It names the kind alone: what it is about may be erased, and the message stays.
    texts = Message.objects.filter(kind__in=["duty_opened", "duty_acted"])
    assert not texts.filter(subject__contains=Duty.objects.get(pk=duty_id).what).exists()


def test_a_new_leader_accepts_what_the_unit_owes(owe, signed_in, county):
    first, _second = owe(5), owe(-5)
    at = timezone.now()
    post = county.accounts["fuze"].posts.get()
    journey.hand_over_post(
        post_id=post.pk,
        successor_id=county.accounts["fuhe"].pk,
        last_day=today() - timedelta(days=1),
        at=at,
        actor=SYSTEM,
    )
    follow(at=at)
    duty = Duty.objects.get(kind="takeover")
    assert (duty.bearer_id, duty.opened_on) == (county.units["县住建局"], today())
    client = signed_in("fuhe")
    held = county.accounts["fuhe"].posts.get(role="leader")
    client.post("/desk/post/", {"post": held.pk})
    path = f"/desk/duties/{duty.pk}/takeover/"
    page = text(client.get(path))
    assert "前任留下2项没有办结的职责。" in page
    shown = client.block(path)
    owe(9)
    changed = client.sign(path, {"because": "已逐项核对。"}, shown)
    assert changed.status_code == 409
    assert client.sign(path, {"because": "已逐项核对。"}).status_code == 302
    assert standing.duty(duty.pk).state == "on_time"
    assert Entry.objects.filter(kind="takeover", about_id=duty.entry_id).count() == 1
    assert standing.duty(first).state == "open"


def test_only_the_leader_of_now_accepts(owe, signed_in, county):
    owe(5)
    at = timezone.now()
    journey.give_post(
        account_id=county.accounts["xinyong"].pk,
        unit_id=county.units["县住建局"],
        role="leader",
        from_on=today(),
        until_on=None,
        at=at,
        actor=SYSTEM,
    )
    follow(at=at)
    duty = Duty.objects.get(kind="takeover")
    assert signed_in("jingban").get(f"/desk/duties/{duty.pk}/takeover/").status_code == 403
    assert signed_in("shichang").get(f"/desk/duties/{duty.pk}/takeover/").status_code == 404
    answer = signed_in("jingban").post(f"/desk/duties/{duty.pk}/report/", {"words": "收到了。"})
    assert answer.status_code == 409


def test_the_list_of_a_unit_merged_since_is_accepted_by_its_successors_leader(
    owe, signed_in, county
):
    owe(5, bearer="县市场监管局")
    at = timezone.now()
    journey.give_post(
        account_id=county.accounts["xinyong"].pk,
        unit_id=county.units["县市场监管局"],
        role="leader",
        from_on=today(),
        until_on=None,
        at=at,
        actor=SYSTEM,
    )
    follow(at=at)
    path = f"/desk/duties/{Duty.objects.get(kind='takeover').pk}/takeover/"
    assert signed_in("fuze").get(path).status_code == 404
    Succession.objects.create(
        predecessor_id=county.units["县市场监管局"],
        successor_id=county.units["县住建局"],
        kind=SuccessionKind.MERGED,
        basis="示编发〔2026〕1号",
        on=today(),
        confirmed_by=county.accounts["xinyong"].pk,
        confirmed_at=at,
    )
    leader = signed_in("fuze")
    assert "前任留下1项没有办结的职责。" in text(leader.get(path))
    assert leader.sign(path, {"because": "已逐项核对。"}).status_code == 302


def test_a_month_and_its_feed(owe, signed_in):
    duty_id = owe(1)
    what = standing.duty(duty_id).what
    client = signed_in("jingban")
    due = standing.duty(duty_id).due_on
    page = text(client.get(f"/desk/duties/calendar/?month={due:%Y-%m}"))
    assert f"{due.year}年{due.month}月有1项到期。" in page
    assert "2027年12月有0项到期。" in text(client.get("/desk/duties/calendar/?month=2027-12"))
    assert "2027年的放假安排未导入" in text(client.get("/desk/duties/calendar/?month=2027-12"))
    for odd in ("bad", "0001-01", "9999-12"):
        assert client.get(f"/desk/duties/calendar/?month={odd}").status_code == 200
    client.post("/desk/duties/calendar/feed/")
    shown = client.get("/desk/duties/calendar/").content.decode()
    address = re.search(r"http://[^/]+(/desk/duties/calendar/[\w-]+\.ics)", shown)[1]
    assert address not in client.get("/desk/duties/calendar/").content.decode()
    feed = Client().get(address)
    assert feed["Content-Type"].startswith("text/calendar")
    assert f"DTSTART;VALUE=DATE:{due:%Y%m%d}" in feed.content.decode()
    assert "限期整改到期" in feed.content.decode()
    assert what not in feed.content.decode()
    client.post("/desk/duties/calendar/feed/")
    assert Client().get(address).status_code == 404
    shown = client.get("/desk/duties/calendar/").content.decode()
    newer = re.search(r"http://[^/]+(/desk/duties/calendar/[\w-]+\.ics)", shown)[1]
    client.post("/desk/duties/calendar/feed/end/")
    assert Client().get(newer).status_code == 404
