"""How replies are received, handled again and shown; who sees what."""

from datetime import date
from typing import Any

import pytest

from tests.desk.conftest import SYSTEM
from tests.oversight.proposals.conftest import MET, REPLY, Desk
from zhengxin import journey
from zhengxin.audit.models import AuditLine
from zhengxin.duties.models import Duty
from zhengxin.evidence.rules import EvidenceRefused
from zhengxin.evidence.types import Sent
from zhengxin.journey.proposal_sheets import handling_sheet, new_office_sheet
from zhengxin.kernel.refused import NotAllowed
from zhengxin.messages.models import Message
from zhengxin.oversight.proposals import queries
from zhengxin.oversight.proposals.models import (
    Delegate,
    Handling,
    Office,
    Opinion,
    Proposal,
    Reply,
)
from zhengxin.oversight.proposals.public import published
from zhengxin.oversight.proposals.rules import ProposalNotThus
from zhengxin.oversight.proposals.types import Met, Name, Rated

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SCAN = Sent("意见表.pdf", b"%PDF-1.4 scan")


def first(part: Handling) -> int:
    return part.proposal.signers.get(place=0).pk


def duty(part: Handling) -> Duty:
    return Duty.objects.get(pk=part.duty_id)


def paper(desk: Desk, part: Handling, rated: Rated, at: Any, files: Any = (SCAN,)) -> bool:
    return journey.rate_reply(
        handling_id=part.pk,
        signer_id=first(part),
        rated=rated,
        files=files,
        at=at,
        actor=desk.actor("xinyong", at),
    )


def test_nobody_answered_is_not_satisfied(desk: Desk) -> None:
    part = desk.replied()
    assert part.state == "sent"
    assert not Opinion.objects.exists()
    [line] = queries.figures(Proposal.objects.all(), date(2026, 11, 30))
    assert (line.handled, line.ratings, line.unrated) == (1, {}, 1)
    for rated, why in (
        (Rated("", ""), "没有默认的选项"),
        (Rated("satisfied", "dissatisfied"), "不满意在哪里"),
    ):
        with pytest.raises(ProposalNotThus, match=why):
            paper(desk, part, rated, desk.at(5))


def test_the_delegate_rates_with_the_own_account_alone(desk: Desk) -> None:
    part = desk.replied()
    desk.bind("江雨眠", "daibiao")
    rating = {"handling_id": part.pk, "signer_id": first(part), "at": desk.at(6)}
    good = Rated("mostly", "satisfied")
    with pytest.raises(NotAllowed):
        journey.rate_reply(**rating, rated=good, actor=desk.actor("weiyuan", desk.at(6)))
    with pytest.raises(NotAllowed):
        journey.rate_reply(**rating, rated=good, actor=desk.actor("fuze", desk.at(6)))
    assert not journey.rate_reply(**rating, rated=good, actor=desk.actor("daibiao", desk.at(6)))
    part.refresh_from_db()
    kept = Opinion.objects.get()
    assert (part.state, kept.source, kept.contact, kept.result) == (
        "rated",
        "own",
        "mostly",
        "satisfied",
    )
    with pytest.raises(ProposalNotThus, match="江雨眠已经评价过"):
        paper(desk, part, good, desk.at(7))


def test_a_paper_form_needs_its_scan(desk: Desk) -> None:
    part = desk.replied()
    rated = Rated("satisfied", "satisfied")
    with pytest.raises(ProposalNotThus, match="没有附意见表"):
        paper(desk, part, rated, desk.at(5), files=())
    with pytest.raises(EvidenceRefused):
        paper(desk, part, rated, desk.at(5), files=(Sent("表.exe", b"MZ"),))
    paper(desk, part, rated, desk.at(5))
    kept = Opinion.objects.get()
    assert (kept.source, kept.files[0]["name"]) == ("paper", "意见表.pdf")


def test_dissatisfied_is_handled_again_once(desk: Desk) -> None:
    part = desk.replied()
    assert paper(desk, part, Rated("satisfied", "dissatisfied", "灯还没亮"), desk.at(10))
    part.refresh_from_db()
    again = Handling.objects.get(nth=2)
    assert (part.state, again.state, again.unit_id) == ("again", "assigned", part.unit_id)
    owed = duty(again)
    assert (owed.opened_on, owed.due_on) == (date(2026, 11, 12), date(2026, 12, 14))
    assert owed.what.startswith("再次答复")
    with pytest.raises(ProposalNotThus, match="再次办理"):
        journey.decline_proposal(
            handling_id=again.pk,
            because="不归我们",
            proposed_id=None,
            at=desk.at(11),
            actor=desk.actor("jingban", desk.at(11)),
        )
    desk.contact(again, desk.at(12), Met(date(2026, 11, 13), "phone", "江雨眠", "约定明天通电"))
    desk.reply(again, desk.at(13))
    desk.send(again, desk.at(14))
    # The first reply stays.
    assert Reply.objects.filter(sent_on__isnull=False).count() == 2
    assert not paper(desk, again, Rated("satisfied", "dissatisfied", "还是没亮"), desk.at(20))
    assert Handling.objects.count() == 2
    assert Handling.objects.get(nth=2).state == "rated"


def test_a_cosigners_word_opens_nothing(desk: Desk) -> None:
    part = desk.replied()
    other = part.proposal.signers.get(place=1)
    journey.rate_reply(
        handling_id=part.pk,
        signer_id=other.pk,
        rated=Rated("dissatisfied", "dissatisfied", "没有人找过我"),
        files=[SCAN],
        at=desk.at(6),
        actor=desk.actor("xinyong", desk.at(6)),
    )
    part.refresh_from_db()
    assert (part.state, Handling.objects.count()) == ("sent", 1)


def test_the_public_sees_what_was_agreed_sent_and_released(desk: Desk) -> None:
    day = date(2026, 12, 1)
    part = desk.replied()
    assert published(day) == []

    def release(by: str, at: Any) -> None:
        journey.release_reply(
            handling_id=part.pk,
            because="已通读，可以公开",
            **desk.sign(by, handling_sheet("proposal_released", part.pk), at),
        )

    with pytest.raises(ProposalNotThus, match="没有同意公开"):
        release("fuhe", desk.at(4))
    desk.bind("江雨眠", "daibiao")
    consent = {"proposal_id": part.proposal_id, "because": "本人勾选"}
    journey.say_consent(
        **consent, consent="yes", at=desk.at(5), actor=desk.actor("daibiao", desk.at(5))
    )
    [shown] = published(day)
    assert (shown.number, shown.unit, shown.answer_class, shown.text) == (
        "1",
        "示例县住房和城乡建设局",
        "A类：已解决",
        "",
    )
    with pytest.raises(NotAllowed):
        release("fuze", desk.at(6))
    release("fuhe", desk.at(6))
    assert published(day)[0].text == REPLY
    assert published(date(2026, 11, 6))[0].text == ""
    assert "江雨眠" not in repr(published(day))
    journey.say_consent(
        **consent, consent="no", at=desk.at(7), actor=desk.actor("daibiao", desk.at(7))
    )
    assert published(day) == []


def test_a_registered_office_alone_assigns(desk: Desk) -> None:
    unit = desk.county.units["县市场监管局"]
    office_id = journey.name_proposal_office(
        unit_id=unit,
        kind="suggestion",
        basis="示政办发〔2026〕3号",
        from_on=date(2026, 11, 1),
        **desk.sign("xinyong", new_office_sheet("00"), desk.at()),
    )
    row = Proposal.objects.get(pk=desk_register(desk))
    with pytest.raises(NotAllowed):
        desk.assign(row, "县住建局")
    from zhengxin.journey.proposal_sheets import proposal_sheet

    [part_id] = journey.assign_proposal(
        proposal_id=row.pk,
        unit_ids=[desk.county.units["县住建局"]],
        cohandler_ids=[],
        opinion_due_on=None,
        difficult=False,
        **desk.sign("shichang-fuze", proposal_sheet("proposal_assigned", row.pk), desk.at(1)),
    )
    assert duty(Handling.objects.get(pk=part_id)).to_id == unit
    journey.end_proposal_office(
        office_id=office_id,
        until_on=date(2026, 11, 30),
        at=desk.at(2),
        actor=desk.actor("xinyong", desk.at(2)),
    )
    assert Office.objects.get().until_on == date(2026, 11, 30)
    assert queries.offices("suggestion", date(2026, 12, 1)) == frozenset()
    assert AuditLine.objects.filter(act="proposal.end_office").exists()


def desk_register(desk: Desk) -> int:
    """A suggestion registered by a clerk of the office."""
    from zhengxin.oversight.proposals.types import Raised

    return journey.register_proposal(
        raised=Raised(
            "suggestion",
            "第十八届人大第五次会议",
            "9",
            "关于农贸市场的建议",
            "建议延长早市时间。",
            date(2026, 10, 30),
            (Name("江雨眠", "城关代表团"),),
        ),
        at=desk.at(),
        actor=desk.actor("shichang", desk.at()),
    )


def test_who_sees_which(desk: Desk) -> None:
    desk.assign(desk.register(), "县住建局")
    desk.register("2", signers=(Name("顾南风", "柳湾代表团"),))
    desk.bind("江雨眠", "daibiao")
    today = date(2026, 11, 20)

    def numbers(username: str) -> list[str]:
        rows = queries.visible(desk.actor(username, desk.at()), today)
        return sorted(rows.values_list("number", flat=True))

    assert numbers("xinyong") == numbers("jiandu") == ["1", "2"]
    assert numbers("jingban") == numbers("daibiao") == ["1"]
    assert numbers("shichang") == numbers("weiyuan") == numbers("xitong") == []


def test_one_account_is_one_person(desk: Desk) -> None:
    desk.register()
    desk.bind("江雨眠", "daibiao")
    with pytest.raises(ProposalNotThus, match="已经是另一位的"):
        desk.bind("石清和", "daibiao")
    with pytest.raises(journey.proposing.NoDelegateAccount, match="不是代表、委员的账号"):
        desk.bind("石清和", "jingban")
    assert Delegate.objects.get(name="石清和").account_id is None


def test_the_history_tells_everything_in_order(desk: Desk) -> None:
    part = desk.replied()
    steps = queries.history(part.proposal.entry_id)
    assert [step.act for step in steps] == [
        "proposal_registered",
        "proposal_assigned",
        "proposal_contacted",
        "proposal_replied",
        "proposal_sent",
    ]
    assert steps[2].content["outcome"] == MET.outcome
    assert [step.by for step in steps] == ["许知", "许知", "林禾", "周远山", "许知"]


def told(username: str) -> list[tuple[str, str]]:
    rows = Message.objects.filter(account__username=username, kind="proposal_replied")
    return list(rows.order_by("id").values_list("subject", "link"))


def test_whoever_raised_it_is_told_of_the_reply_and_reminded_once(desk: Desk) -> None:
    [part] = desk.assign(desk.register(), "县住建局")
    desk.bind("江雨眠", "daibiao")
    desk.bind("石清和", "weiyuan")
    desk.contact(part, desk.at(1))
    desk.reply(part, desk.at(2))
    assert told("daibiao") == []
    desk.send(part, desk.at(3))
    link = f"/desk/proposals/{part.proposal_id}/"
    for username in ("daibiao", "weiyuan"):
        assert told(username) == [("您提出的人大代表建议有了答复。", link)]
    journey.rate_reply(
        handling_id=part.pk,
        signer_id=first(part),
        rated=Rated("satisfied", "satisfied"),
        at=desk.at(4),
        actor=desk.actor("daibiao", desk.at(4)),
    )
    for days in (16, 17, 18, 19, 20):
        journey.turn_clocks(at=desk.at(days), actor=SYSTEM)
    assert len(told("daibiao")) == 1
    assert told("weiyuan")[1:] == [("您提出的人大代表建议有了答复，还没有评价。", link)]
    kept = "".join(Message.objects.values_list("subject", flat=True))
    assert part.proposal.title not in kept
    assert "信号灯" not in "".join(Message.objects.values_list("text", flat=True))
