"""The invented county's suggestions and proposals: a session's list comes in, and some of it is handled.

The texts are written for this demonstration and say so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import partial

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.demo.acts import Officers, signs
from zhengxin.journey.proposal_sheets import handling_sheet, proposal_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.oversight.proposals.enums import AnswerClass, ContactForm, ProposalKind, Rating
from zhengxin.oversight.proposals.models import Delegate, Handling, Proposal
from zhengxin.oversight.proposals.types import Met, Rated
from zhengxin.subjects import queries as subjects

SESSION = "第十八届人大、第十届政协第五次会议（虚构）"
HEAD = "类别,编号,标题,内容,领衔人,代表团或界别,联名人,是否同意公开,是否涉及面广"
LIST = f"""{HEAD}
人大代表建议,1,关于在县医院门口增设人行横道的建议,县医院门口车多人多，老人过路不便。建议施划人行横道，装按键信号灯。（虚构）,江雨眠,城关代表团,石清和（柳湾代表团）、何田（东河代表团）,是,
人大代表建议,2,关于清理政府工程欠款的建议,有的工程验收两年还没有付清。建议逐份核对合同，列出付款日期并公开。（虚构）,江雨眠,城关代表团,,是,
人大代表建议,3,关于老旧小区加装电梯的建议,加装电梯手续多、等得久。建议窗口一次收件，承诺办结时间。（虚构）,石清和,柳湾代表团,江雨眠（城关代表团）,,
人大代表建议,4,关于修补幸福路路面的建议,幸福路坑洼多，去年答复说当年修，现在还没有修。建议写明日期并兑现。（虚构）,江雨眠,城关代表团,,否,
政协提案,1,关于延长农贸市场早市时间的提案,早市七点就收，上班的人赶不上。建议延长到八点半。（虚构）,顾南风,工商界,,是,
政协提案,2,关于统一公开停车收费标准的提案,同一条街收费不同。建议统一标准并在现场公示。（虚构）,顾南风,工商界,沈河（社会法制界）,,
政协提案,3,关于兑现招商承诺的提案,招商时答应的配套有的没有到位。建议列出清单逐项销号。（虚构）,顾南风,工商界,,,是
"""
ACCOUNTS = {"江雨眠": "daibiao", "顾南风": "weiyuan"}
BUILDING, MARKET, POLICE = "县住建局", "县市场监管局", "县公安局"

Act = Callable[..., None]
Works = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class _One:
    """A suggestion or proposal by kind and number, and the days before today on which it was handled."""

    kind: ProposalKind
    number: str
    unit: str
    assigned: int
    helping: str = ""


_FIRST = _One(ProposalKind.SUGGESTION, "1", BUILDING, 140, POLICE)
_DEBTS = _One(ProposalKind.SUGGESTION, "2", BUILDING, 139)
_LIFTS = _One(ProposalKind.SUGGESTION, "3", BUILDING, 40)
_ROAD = _One(ProposalKind.SUGGESTION, "4", BUILDING, 138)
_MARKET = _One(ProposalKind.PROPOSAL, "1", MARKET, 110)
_PARKING = _One(ProposalKind.PROPOSAL, "2", BUILDING, 6)


def year(today: date, works_on: Works, zone: tzinfo) -> Iterator[tuple[datetime, Act, str]]:
    """What is done, when, and its name; each act takes `at` and `officers`."""

    def moment(days: int, hour: int = 9) -> datetime:
        day = today - timedelta(days=days)
        while not works_on(day):
            day -= timedelta(days=1)
        return datetime.combine(day, time(hour, 40), zone)

    yield moment(150), _import, "导入建议提案名单"
    for one in (_FIRST, _DEBTS, _LIFTS, _ROAD, _MARKET, _PARKING):
        yield moment(one.assigned), partial(_assign, one), "交办建议提案"
    for one, days, answer_class, text, promised in (
        (_FIRST, 100, AnswerClass.SOLVED, _SOLVED, None),
        (_DEBTS, 98, AnswerClass.PLANNED, _PLANNED, 60),
        (_ROAD, 96, AnswerClass.NOT_NOW, _NOT_NOW, None),
    ):
        due = today + timedelta(days=promised) if promised else None
        yield moment(days + 12, 10), partial(_contact, one), "与代表沟通"
        yield moment(days, 11), partial(_reply, one, answer_class, text, due), "签署答复"
        yield moment(days - 3, 14), partial(_send, one), "发出答复"
    yield moment(90, 15), _release, "准予公开答复"
    yield moment(80, 16), partial(_rate, _FIRST, _GOOD), "代表评价"
    yield moment(9, 16), partial(_rate, _ROAD, _BAD), "代表评价"
    yield moment(4, 16), _decline, "申请退办"


_SOLVED = (
    "接到建议后，我局与交警现场勘查，已在县医院门口施划人行横道两处，装好按键信号灯，"
    "并延长了绿灯时间。（虚构）"
)
_PLANNED = (
    "我局已逐份核对在建和完工项目的合同，列出未付清的工程款和原因，"
    "分批支付，到期公布付款情况。（虚构）"
)
_NOT_NOW = "幸福路管网今年要改造，改造前修路面会再次开挖，暂不能单独修补。（虚构）"
_GOOD = Rated(Rating.SATISFIED, Rating.SATISFIED, "装好了，老人过路方便多了。（虚构）")
_BAD = Rated(Rating.MOSTLY, Rating.DISSATISFIED, "没有写管网哪天改造，和去年一样。（虚构）")


def _proposal(one: _One) -> Proposal:
    return Proposal.objects.get(session=SESSION, kind=one.kind, number=one.number)


def _part(one: _One) -> Handling:
    return Handling.objects.filter(proposal=_proposal(one)).latest("id")


def _unit_id(name: str, on: date) -> int:
    unit = subjects.unit_by_name(name, on)
    assert unit is not None
    return unit.id


def _delegate(name: str, on: date) -> Actor:
    account = accounts.account_by_username(ACCOUNTS[name])
    assert account is not None
    return accounts.actor_for(account, on)


def _import(*, at: datetime, officers: Officers) -> None:
    officer = officers.credit(at.date())
    journey.import_proposals(
        name="名单.csv",
        content=LIST.encode(),
        session=SESSION,
        received_on=at.date(),
        at=at,
        actor=officer,
    )
    for name, username in ACCOUNTS.items():
        journey.bind_delegate(
            delegate_id=Delegate.objects.get(name=name).pk, username=username, at=at, actor=officer
        )


def _assign(one: _One, *, at: datetime, officers: Officers) -> None:
    row = _proposal(one)
    signs(
        journey.assign_proposal,
        proposal_sheet("proposal_assigned", row.pk),
        proposal_id=row.pk,
        unit_ids=[_unit_id(one.unit, at.date())],
        cohandler_ids=[_unit_id(one.helping, at.date())] if one.helping else [],
        opinion_due_on=at.date() + timedelta(days=20) if one.helping else None,
        difficult=row.difficult,
        at=at,
        actor=officers.credit(at.date()),
    )


def _contact(one: _One, *, at: datetime, officers: Officers) -> None:
    part = _part(one)
    for helper in part.cohandlers.all():
        journey.give_opinion(
            cohandler_id=helper.pk,
            opinion="同意装按键信号灯，配时由我们设定。（虚构）",
            at=at,
            actor=officers.clerk(helper.unit_id, at.date()),
        )
    journey.note_contact(
        handling_id=part.pk,
        met=Met(at.date(), ContactForm.MEETING, "江雨眠", "当面听取意见，说明了打算。（虚构）"),
        files=[],
        at=at,
        actor=officers.clerk(part.unit_id, at.date()),
    )


def _reply(
    one: _One,
    answer_class: AnswerClass,
    text: str,
    promised_on: date | None,
    *,
    at: datetime,
    officers: Officers,
) -> None:
    part = _part(one)
    signs(
        journey.reply_to_proposal,
        handling_sheet("proposal_replied", part.pk),
        handling_id=part.pk,
        answer_class=answer_class.value,
        text=text,
        promised_on=promised_on,
        at=at,
        actor=officers.leader(part.unit_id, at.date()),
    )


def _send(one: _One, *, at: datetime, officers: Officers) -> None:
    part = _part(one)
    signs(
        journey.send_reply,
        handling_sheet("proposal_sent", part.pk),
        handling_id=part.pk,
        at=at,
        actor=officers.credit(at.date()),
    )


def _release(*, at: datetime, officers: Officers) -> None:
    part = _part(_FIRST)
    signs(
        journey.release_reply,
        handling_sheet("proposal_released", part.pk),
        handling_id=part.pk,
        because="已通读，没有不宜公开的内容。",
        at=at,
        actor=officers.review(at.date()),
    )


def _rate(one: _One, rated: Rated, *, at: datetime, officers: Officers) -> None:
    part = _part(one)
    lead = part.proposal.signers.select_related("delegate").get(place=0)
    journey.rate_reply(
        handling_id=part.pk,
        signer_id=lead.pk,
        rated=rated,
        at=at,
        actor=_delegate(lead.delegate.name, at.date()),
    )


def _decline(*, at: datetime, officers: Officers) -> None:
    part = _part(_PARKING)
    journey.decline_proposal(
        handling_id=part.pk,
        because="停车收费标准由价格主管部门定，不是我局职责。（虚构）",
        proposed_id=_unit_id("县发改局", at.date()),
        at=at,
        actor=officers.clerk(part.unit_id, at.date()),
    )
