"""The opinion of a helping unit is a duty of its own: owed with the assignment, met by being given, ended when not asked."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.oversight.proposals.conftest import AT, Desk
from zhengxin import journey
from zhengxin.duties import lists
from zhengxin.duties.models import Duty
from zhengxin.journey import owing
from zhengxin.journey.owing import DutyNotThus
from zhengxin.journey.proposal_sheets import handling_sheet
from zhengxin.journey.showing import duty_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed
from zhengxin.messages.models import Message
from zhengxin.oversight.proposals import queries
from zhengxin.oversight.proposals.models import CoHandler, Handling
from zhengxin.oversight.proposals.rules import ProposalNotThus

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
DAY = date(2026, 11, 20)
OPINION = "同意增设信号灯，配时由我们设定。"


def assigned(desk: Desk) -> Handling:
    helping = [desk.county.units["县市场监管局"]]
    [part] = desk.assign(
        desk.register(), "县住建局", cohandler_ids=helping, opinion_due_on=DAY, difficult=False
    )
    return part


def owed() -> Duty:
    return Duty.objects.filter(kind="proposal_opinion").order_by("-id").first()


def give(desk: Desk, days: int, by: str = "shichang") -> None:
    at = desk.at(days)
    helper = CoHandler.objects.get()
    journey.give_opinion(cohandler_id=helper.pk, opinion=OPINION, at=at, actor=desk.actor(by, at))


def rows() -> list[dict[str, Any]]:
    return list(Duty.objects.order_by("id").values())


def test_it_is_owed_to_the_lead_with_the_assignment(desk: Desk) -> None:
    part = assigned(desk)
    duty, units = owed(), desk.county.units
    assert (duty.bearer_id, duty.to_id) == (units["县市场监管局"], units["县住建局"])
    assert (duty.opened_on, duty.due_on, duty.state) == (date(2026, 11, 2), DAY, "open")
    assert duty.what == "就第1号提出会办意见：关于增设人行信号灯的建议"
    assert CoHandler.objects.get().duty_id == duty.pk
    assert queries.of_duty(duty.pk) == part.proposal_id
    # Whoever reads the lists finds it: due, then overdue, and it is reminded of on its day.
    own = [units["县市场监管局"]]
    assert duty in lists.due_between(own, date(2026, 11, 2), DAY)
    assert duty in lists.overdue(own, DAY + timedelta(days=1))
    assert (own[0], units["县住建局"], 1) in lists.due_on(DAY)


@pytest.mark.parametrize(("days", "state"), [(3, "on_time"), (20, "late")])
def test_giving_it_meets_it_in_time_or_late(desk: Desk, days: int, state: str) -> None:
    assigned(desk)
    give(desk, days)
    duty = owed()
    assert (duty.state, duty.met_on) == (state, desk.at(days).date())
    told = Message.objects.filter(subject__contains="会办意见").values_list("subject", flat=True)
    assert set(told) == {"新职责：会办意见。", "已收到：会办意见。"}


def test_it_is_given_on_the_page_of_the_proposal_alone(desk: Desk) -> None:
    assigned(desk)
    duty, at = owed(), desk.at(1)
    for by in ("jingban", "xinyong"):
        with pytest.raises(NotAllowed):
            give(desk, 1, by)
    with pytest.raises(DutyNotThus, match="不能在这里办理"):
        owing.report_duty(
            duty_id=duty.pk, words="已提出", files=[], at=at, actor=desk.actor("shichang", at)
        )
    with pytest.raises(NotAllowed):
        # The own leader does not excuse the own unit.
        extend(desk, duty, date(2026, 11, 27), "shichang-fuze")
    give(desk, 2)


def extend(desk: Desk, duty: Duty, to: date, by: str) -> None:
    owing.extend_duty(
        duty_id=duty.pk,
        due_on=to,
        because="要现场勘测",
        basis="办理工作方案",
        **desk.sign(by, duty_sheet("duty_extended", duty.pk), desk.at(1)),
    )


def test_the_lead_sets_another_day_and_the_page_tells_it(desk: Desk) -> None:
    assigned(desk)
    later = date(2026, 11, 27)
    extend(desk, owed(), later, "fuze")
    helper = CoHandler.objects.get()
    assert owed().due_on == later
    assert queries.opinion_days([helper]) == {helper.pk: later}
    give(desk, 22)
    assert owed().state == "on_time"


def test_nobody_owes_it_once_the_reply_is_signed(desk: Desk) -> None:
    part = assigned(desk)
    desk.contact(part, desk.at(1))
    desk.reply(part, desk.at(2))
    duty = owed()
    assert (duty.state, duty.running) == ("changed", False)
    # The reply is written anew: the opinion may still come, and is no duty any more.
    at = desk.at(3)
    journey.send_back_reply(
        handling_id=part.pk, because="没有写明时间", at=at, actor=desk.actor("xinyong", at)
    )
    give(desk, 4)
    assert CoHandler.objects.get().opinion == OPINION
    assert owed().state == "changed"


def test_it_is_owed_to_whoever_takes_the_part_over(desk: Desk) -> None:
    part, units = assigned(desk), desk.county.units
    first = owed()
    at = desk.at(1)
    journey.decline_proposal(
        handling_id=part.pk,
        because="信号灯不归我们",
        proposed_id=None,
        at=at,
        actor=desk.actor("jingban", at),
    )
    journey.decide_declined(
        handling_id=part.pk,
        unit_id=units["县发改局"],
        because="职责清单第六条",
        **desk.sign("xinyong", handling_sheet("proposal_declined", part.pk), at),
    )
    first.refresh_from_db()
    second = owed()
    assert (first.state, second.state) == ("changed", "open")
    assert (second.bearer_id, second.to_id) == (units["县市场监管局"], units["县发改局"])
    assert (second.due_on, CoHandler.objects.get().duty_id) == (DAY, second.pk)
    before = rows()
    journey.rebuild(name="all", at=desk.at(2), actor=Actor.system("测试"))
    assert rows() == before


def test_the_helping_unit_that_takes_the_lead_owes_no_opinion(desk: Desk) -> None:
    part, at = assigned(desk), desk.at(1)
    taker = desk.county.units["县市场监管局"]
    journey.decline_proposal(
        handling_id=part.pk,
        because="信号灯归市场监管局",
        proposed_id=taker,
        at=at,
        actor=desk.actor("jingban", at),
    )
    journey.decide_declined(
        handling_id=part.pk,
        unit_id=taker,
        because="职责清单第六条",
        **desk.sign("xinyong", handling_sheet("proposal_declined", part.pk), at),
    )
    assert [each.state for each in Duty.objects.filter(kind="proposal_opinion")] == ["changed"]


def test_what_was_asked_before_opinions_were_duties_goes_on(desk: Desk) -> None:
    part = assigned(desk)
    helper = CoHandler.objects.get()
    CoHandler.objects.update(duty_id=None)
    helper.refresh_from_db()
    assert queries.opinion_days([helper]) == {helper.pk: DAY}
    give(desk, 1)
    desk.contact(part, desk.at(2))
    desk.reply(part, desk.at(3))
    assert CoHandler.objects.get().given_on == (AT + timedelta(days=1)).date()


def test_what_the_lead_had_let_go_is_not_owed_to_the_next_one(desk: Desk) -> None:
    part, at, units = assigned(desk), desk.at(1), desk.county.units
    owing.change_duty(
        duty_id=owed().pk,
        because="路口改由我们自己设计，不用会办",
        basis="办理工作方案",
        compensation="",
        compensation_due_on=None,
        **desk.sign("fuze", duty_sheet("duty_changed", owed().pk), at),
    )
    journey.decline_proposal(
        handling_id=part.pk,
        because="信号灯不归我们",
        proposed_id=None,
        at=at,
        actor=desk.actor("jingban", at),
    )
    journey.decide_declined(
        handling_id=part.pk,
        unit_id=units["县发改局"],
        because="职责清单第六条",
        **desk.sign("xinyong", handling_sheet("proposal_declined", part.pk), at),
    )
    assert [each.state for each in Duty.objects.filter(kind="proposal_opinion")] == ["changed"]
    # It may still be given, and waits for nobody.
    assert queries.waiting(desk.actor("shichang", at), at.date()).opinions == 0
    give(desk, 2)
    assert CoHandler.objects.get().opinion == OPINION


def test_an_opinion_is_not_due_after_the_reply_that_rests_on_it(desk: Desk) -> None:
    early = desk.at(-240)
    row = desk.register(at=early, received_on=early.date())
    helping = [desk.county.units["县市场监管局"]]
    # Assigned on 2026-03-07, the reply is due on Monday 2026-06-08.
    with pytest.raises(ProposalNotThus, match="答复期限是2026年6月8日"):
        desk.assign(
            row, "县住建局", at=early, cohandler_ids=helping, opinion_due_on=date(2026, 6, 9)
        )
    desk.assign(row, "县住建局", at=early, cohandler_ids=helping, opinion_due_on=date(2026, 6, 8))
    assert owed().due_on == date(2026, 6, 8)
