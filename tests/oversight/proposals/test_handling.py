"""From the assignment to the rating, and every way that is refused."""

from datetime import date
from typing import Any

import pytest

from tests.desk.conftest import SYSTEM
from tests.oversight.proposals.conftest import AT, REPLY, Desk
from zhengxin import journey
from zhengxin.desk.proposal_parts import parts_of
from zhengxin.duties.models import Duty, Supporter
from zhengxin.evidence.types import Sent
from zhengxin.journey import owing
from zhengxin.journey.facts import NumberInReason
from zhengxin.journey.owing import DutyNotThus
from zhengxin.journey.proposal_sheets import handling_sheet, new_office_sheet
from zhengxin.journey.showing import duty_sheet
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger.models import Entry
from zhengxin.oversight.proposals.models import (
    CoHandler,
    Handling,
    Reply,
)
from zhengxin.oversight.proposals.queries import waiting
from zhengxin.oversight.proposals.rules import ProposalNotThus
from zhengxin.oversight.proposals.types import Met
from zhengxin.subjects.actions import confirm_succession, record_succession

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SCAN = Sent("意见表.pdf", b"%PDF-1.4 scan")


def duty(part: Handling) -> Duty:
    return Duty.objects.get(pk=part.duty_id)


def test_the_duty_to_reply_opens_with_the_assignment(desk: Desk) -> None:
    helping = desk.county.units["县市场监管局"]
    [part] = desk.assign(
        desk.register(), "县住建局", cohandler_ids=[helping], opinion_due_on=date(2026, 11, 20)
    )
    owed = duty(part)
    # Three months end on 2027-02-02; where the holidays of that year are not loaded, the day stays open.
    assert (owed.kind, owed.opened_on, owed.state) == ("proposal_reply", date(2026, 11, 2), "open")
    assert (owed.bearer_id, owed.to_id) == (
        desk.county.units["县住建局"],
        desk.county.units["县发改局"],
    )
    assert owed.what == "答复人大代表建议第1号：关于增设人行信号灯的建议"
    assert Supporter.objects.get(duty=owed).unit_id == helping
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [
        "proposal_registered",
        "proposal_assigned",
        "duty_opened",  # to reply, of the lead
        "duty_opened",  # to give its opinion, of the helper
    ]
    row = part.proposal
    assert row.office_id == desk.county.units["县发改局"]


def test_the_longer_term_is_for_difficult_ones(desk: Desk) -> None:
    early = desk.at(-240)
    row = desk.register(at=early, received_on=early.date())
    [part] = desk.assign(row, "县住建局", at=early, difficult=True)
    assert part.assigned_on == date(2026, 3, 7)
    assert duty(part).due_on == date(2026, 9, 7)
    plain = desk.register("2", at=early, received_on=early.date())
    [other] = desk.assign(plain, "县住建局", at=early)
    # 2026-06-07 is a Sunday.
    assert duty(other).due_on == date(2026, 6, 8)
    with pytest.raises(ProposalNotThus, match="2026年6月8日已经过了"):
        journey.extend_proposal(
            handling_id=other.pk,
            because="涉及三个乡镇，要勘测",
            **desk.sign("xinyong", handling_sheet("proposal_extended", other.pk), desk.at(-146)),
        )
    due_on = journey.extend_proposal(
        handling_id=other.pk,
        because="涉及三个乡镇，要勘测",
        **desk.sign("xinyong", handling_sheet("proposal_extended", other.pk), desk.at(-200)),
    )
    assert due_on == duty(other).due_on == date(2026, 9, 7)
    with pytest.raises(ProposalNotThus, match="只能延长一次"):
        journey.extend_proposal(
            handling_id=other.pk,
            because="还要再延",
            **desk.sign("xinyong", handling_sheet("proposal_extended", other.pk), desk.at(-190)),
        )


def test_several_units_reply_each_for_itself(desk: Desk) -> None:
    parts = desk.assign(desk.register(), "县住建局", "县市场监管局")
    assert [part.alone for part in parts] == [True, True]
    assert len({part.duty_id for part in parts}) == 2


def test_who_comes_second_is_told(desk: Desk) -> None:
    row = desk.register()
    desk.assign(row, "县住建局")
    with pytest.raises(ProposalNotThus, match="已经交办过"):
        desk.assign(row, "县市场监管局", at=desk.at(1))
    assert Handling.objects.count() == Duty.objects.count() == 1


@pytest.mark.parametrize(
    ("units", "helping", "due", "why"),
    [
        ((), (), None, "没有选承办单位"),
        (("县住建局",), ("县住建局",), date(2026, 11, 20), "不能既承办又会办"),
        (("县住建局", "县发改局"), ("县市场监管局",), date(2026, 11, 20), "没有会办单位"),
        (("县住建局",), ("县市场监管局",), None, "要一起填"),
        (("县住建局",), ("县市场监管局",), date(2026, 11, 2), "不在今天之后"),
    ],
)
def test_an_unsound_assignment_is_refused(
    desk: Desk, units: Any, helping: Any, due: Any, why: str
) -> None:
    given = {
        "cohandler_ids": [desk.county.units[each] for each in helping],
        "opinion_due_on": due,
    }
    with pytest.raises(ProposalNotThus, match=why):
        desk.assign(desk.register(), *units, **given)
    assert not Handling.objects.exists()


def test_the_wrong_unit_says_so_within_its_days(desk: Desk) -> None:
    [part] = desk.assign(desk.register(), "县住建局")
    proposed = desk.county.units["县市场监管局"]
    asked = {"handling_id": part.pk, "because": "信号灯归他们管", "proposed_id": proposed}
    # Monday 11-02 and three working days: Thursday 11-05.
    with pytest.raises(ProposalNotThus, match="最后一天是2026年11月5日"):
        journey.decline_proposal(**asked, at=desk.at(4), actor=desk.actor("jingban", desk.at(4)))
    with pytest.raises(NotAllowed):
        journey.decline_proposal(**asked, at=desk.at(3), actor=desk.actor("shichang", desk.at(3)))
    journey.decline_proposal(**asked, at=desk.at(3), actor=desk.actor("jingban", desk.at(3)))
    before = duty(part).due_on
    taken = journey.decide_declined(
        handling_id=part.pk,
        unit_id=proposed,
        because="职责清单第六条",
        **desk.sign("xinyong", handling_sheet("proposal_declined", part.pk), desk.at(3)),
    )
    part.refresh_from_db()
    new = Handling.objects.get(pk=taken)
    assert (part.state, new.state, new.unit_id) == ("reassigned", "assigned", proposed)
    assert new.duty_id == part.duty_id
    owed = duty(new)
    assert (owed.bearer_id, owed.due_on) == (proposed, before)
    assert part.declined.get().upheld is False


def test_a_wrong_assignment_may_be_upheld(desk: Desk) -> None:
    row = desk.register(kind="proposal", session="政协第十届第五次会议")
    [part] = desk.assign(row, "县住建局")
    # A proposal may be returned within ten days: until 2026-11-12.
    day = desk.at(10)
    journey.decline_proposal(
        handling_id=part.pk,
        because="不归我们",
        proposed_id=None,
        at=day,
        actor=desk.actor("jingban", day),
    )
    with pytest.raises(ProposalNotThus, match="承办着"):
        journey.decide_declined(
            handling_id=part.pk,
            unit_id=part.unit_id,
            because="就是他们",
            **desk.sign("xinyong", handling_sheet("proposal_declined", part.pk), day),
        )
    kept = journey.decide_declined(
        handling_id=part.pk,
        unit_id=None,
        because="职责清单写明归住建",
        **desk.sign("xinyong", handling_sheet("proposal_declined", part.pk), day),
    )
    part.refresh_from_db()
    assert (kept, part.state, part.declined.get().upheld) == (part.pk, "assigned", True)


def test_no_reply_without_a_contact_or_a_reason(desk: Desk) -> None:
    [part] = desk.assign(desk.register(), "县住建局")
    with pytest.raises(ProposalNotThus, match="还没有记下与代表、委员的沟通"):
        desk.reply(part, desk.at(2))
    for met, why in (
        (Met(date(2026, 11, 1), "visit", "江雨眠", "面谈"), "交办以后"),
        (Met(date(2026, 11, 3), "visit", "", "面谈"), "与谁沟通"),
        (Met(date(2026, 11, 3), "none", "江雨眠", "代表出国"), "二选一"),
    ):
        with pytest.raises(ProposalNotThus, match=why):
            desk.contact(part, desk.at(1), met)
    desk.contact(part, desk.at(1), Met(date(2026, 11, 3), "none", "", "代表在外地治病，家属转告"))
    desk.reply(part, desk.at(2))
    part.refresh_from_db()
    assert part.state == "replied"
    assert duty(part).state == "reported"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": "已办。"}, "不到20个字"),
        ({"answer_class": "B"}, "B类"),
        ({"promised_on": date(2027, 1, 1)}, "B类"),
        ({"answer_class": "B", "promised_on": date(2026, 11, 3)}, "今天之后"),
    ],
)
def test_an_unsound_reply_is_refused(desk: Desk, changes: dict[str, Any], why: str) -> None:
    [part] = desk.assign(desk.register(), "县住建局")
    desk.contact(part, desk.at(1))
    with pytest.raises(ProposalNotThus, match=why):
        desk.reply(part, desk.at(2), **changes)
    with pytest.raises(NumberInReason):
        desk.reply(part, desk.at(2), text=REPLY + "请联系13800138000。")
    with pytest.raises(NotAllowed):
        desk.reply(part, desk.at(2), by="shichang-fuze")
    assert not Reply.objects.exists()


def test_a_reply_is_sent_back_and_written_anew(desk: Desk) -> None:
    [part] = desk.assign(desk.register(), "县住建局")
    desk.contact(part, desk.at(1))
    desk.reply(part, desk.at(2))
    back = {"handling_id": part.pk, "because": "没有写何时完工", "at": desk.at(3)}
    with pytest.raises(NotAllowed):
        journey.send_back_reply(**back, actor=desk.actor("fuze", desk.at(3)))
    journey.send_back_reply(**back, actor=desk.actor("xinyong", desk.at(3)))
    assert duty(part).state == "open"
    with pytest.raises(ProposalNotThus, match="办理中"):
        journey.send_back_reply(**back, actor=desk.actor("xinyong", desk.at(3)))
    desk.reply(part, desk.at(4), text=REPLY + "全部工程年底完工。")
    desk.send(part, desk.at(5))
    part.refresh_from_db()
    assert (part.state, part.answer_class, part.sent_on) == ("sent", "A", date(2026, 11, 7))
    assert (duty(part).state, duty(part).reported_on) == ("on_time", date(2026, 11, 6))
    old, new = part.replies.order_by("id")
    assert (old.sent_back_because, old.sent_on) == ("没有写何时完工", None)
    assert new.sent_on == date(2026, 11, 7)


def test_what_a_planned_reply_promises_is_a_duty(desk: Desk) -> None:
    [part] = desk.assign(desk.register(), "县住建局")
    desk.contact(part, desk.at(1))
    desk.reply(part, desk.at(2), answer_class="B", promised_on=date(2027, 6, 30))
    assert Duty.objects.count() == 1
    desk.send(part, desk.at(3))
    part.refresh_from_db()
    promised = Duty.objects.get(pk=part.promise_duty_id)
    assert (promised.kind, promised.due_on, promised.bearer_id) == (
        "proposal_promise",
        date(2027, 6, 30),
        part.unit_id,
    )


def test_the_cohandler_gives_its_opinion_once(desk: Desk) -> None:
    unit = desk.county.units["县市场监管局"]
    [part] = desk.assign(
        desk.register(), "县住建局", cohandler_ids=[unit], opinion_due_on=date(2026, 11, 20)
    )
    row = CoHandler.objects.get()
    said = {"cohandler_id": row.pk, "opinion": "路口商户同意让出摊位。", "at": desk.at(1)}
    with pytest.raises(NotAllowed):
        journey.give_opinion(**said, actor=desk.actor("jingban", desk.at(1)))
    journey.give_opinion(**said, actor=desk.actor("shichang", desk.at(1)))
    row.refresh_from_db()
    assert (row.given_on, row.by_name) == (date(2026, 11, 3), "孟秋")
    with pytest.raises(ProposalNotThus, match="已经交过"):
        journey.give_opinion(**said, actor=desk.actor("shichang", desk.at(1)))
    assert part.cohandlers.count() == 1


def test_the_duty_is_settled_on_the_page_of_its_proposal(desk: Desk) -> None:
    [part] = desk.assign(desk.register(), "县住建局")
    officer = desk.actor("xinyong", desk.at(1))
    with pytest.raises(DutyNotThus, match="不能在这里办理"):
        owing.return_duty(duty_id=part.duty_id, because="不合要求", at=desk.at(1), actor=officer)
    with pytest.raises(DutyNotThus, match="不能在这里办理"):
        owing.hand_over_duty(
            duty_id=part.duty_id,
            unit_id=desk.county.units["县市场监管局"],
            because="机构改革",
            **desk.sign("xinyong", duty_sheet("duty_handed_over", part.duty_id), desk.at(1)),
        )
    assert duty(part).bearer_id == part.unit_id


def test_a_reply_after_a_found_breach_still_goes_out(desk: Desk) -> None:
    early = desk.at(-240)
    [part] = desk.assign(desk.register(at=early, received_on=early.date()), "县住建局", at=early)
    owing.find_breach(
        duty_id=part.duty_id,
        because="六月八日到期，没有答复",
        **desk.sign("xinyong", duty_sheet("duty_breached", part.duty_id), desk.at(-120)),
    )
    desk.contact(part, desk.at(1))
    desk.reply(part, desk.at(2))
    desk.send(part, desk.at(3))
    part.refresh_from_db()
    assert (part.state, duty(part).state) == ("sent", "breached")


def test_what_was_found_a_breach_meanwhile_is_still_given_to_the_right_unit(desk: Desk) -> None:
    early = desk.at(-240)
    [part] = desk.assign(desk.register(at=early, received_on=early.date()), "县住建局", at=early)
    said = {"because": "信号灯不归我们", "proposed_id": None}
    journey.decline_proposal(
        handling_id=part.pk, **said, at=early, actor=desk.actor("jingban", early)
    )
    owing.find_breach(
        duty_id=part.duty_id,
        because="六月八日到期，没有答复",
        **desk.sign("xinyong", duty_sheet("duty_breached", part.duty_id), desk.at(-120)),
    )
    other = desk.county.units["县市场监管局"]
    taken = journey.decide_declined(
        handling_id=part.pk,
        unit_id=other,
        because="职责清单第六条",
        **desk.sign("xinyong", handling_sheet("proposal_declined", part.pk), desk.at(-119)),
    )
    assert Handling.objects.get(pk=taken).unit_id == other
    assert (duty(part).bearer_id, duty(part).state) == (part.unit_id, "breached")


def test_an_office_does_not_verify_what_it_handles_itself(desk: Desk) -> None:
    units = desk.county.units
    name = {"kind": "suggestion", "basis": "示政办发〔2026〕6号", "from_on": date(2026, 10, 1)}
    journey.name_proposal_office(
        unit_id=units["县住建局"],
        **name,
        **desk.sign("xinyong", new_office_sheet("00"), desk.at(0)),
    )
    row = desk.register(by="jingban")
    [part] = desk.assign(row, "县住建局", by="fuze")
    desk.contact(part, desk.at(1))
    desk.reply(part, desk.at(2))
    with pytest.raises(NotAllowed, match="不能自己核实自己"):
        desk.send(part, desk.at(3), by="fuze")
    desk.send(part, desk.at(3), by="fuhe")
    assert duty(part).state == "on_time"


def test_nor_does_an_office_verify_what_came_to_it_by_a_merger(desk: Desk) -> None:
    units = desk.county.units
    name = {"kind": "suggestion", "basis": "示政办发〔2026〕6号", "from_on": date(2026, 10, 1)}
    journey.name_proposal_office(
        unit_id=units["县住建局"],
        **name,
        **desk.sign("xinyong", new_office_sheet("00"), desk.at(0)),
    )
    [part] = desk.assign(desk.register(by="jingban"), "县市场监管局", by="fuze")
    line = record_succession(
        predecessor_id=units["县住建局"],
        successor_id=units["县市场监管局"],
        kind="merged",
        on=date(2026, 11, 2),
        basis="（虚构）机构改革方案",
        at=AT,
        actor=SYSTEM,
    )
    confirm_succession(succession_id=line.pk, at=AT, actor=SYSTEM)
    desk.contact(part, desk.at(1), by="shichang")
    desk.reply(part, desk.at(2), by="shichang-fuze")
    # Who waits for it is told, and nobody else.
    on = desk.at(3).date()
    told = {by: waiting(desk.actor(by, desk.at(3)), on).replied for by in ("fuze", "fuhe")}
    assert told == {"fuze": 0, "fuhe": 1}
    with pytest.raises(NotAllowed, match="不能自己核实自己"):
        desk.send(part, desk.at(3), by="fuze")
    desk.send(part, desk.at(3), by="fuhe")
    assert duty(part).state == "on_time"


def test_a_unit_may_say_so_while_the_last_day_for_it_is_not_known(desk: Desk) -> None:
    # 3 working days after 2026-12-30 end in a year whose calendar is not loaded.
    at = desk.at(58)
    [part] = desk.assign(desk.register(), "县住建局", at=at)
    assert part.assigned_on == date(2026, 12, 30)
    clerk = desk.actor("jingban", at)
    [shown] = parts_of(part.proposal, clerk, part.assigned_on)
    assert (shown.decline_until, "decline-proposal" in shown.acts) == (None, True)
    journey.decline_proposal(
        handling_id=part.pk, because="信号灯不归我们", proposed_id=None, at=at, actor=clerk
    )
    part.refresh_from_db()
    assert part.state == "declined"
