"""The rules, asked with what stands: what a verb makes sure of before anybody signs."""

from datetime import date

from zhengxin.kernel.say import say
from zhengxin.kernel.workdays import CalendarMissing
from zhengxin.oversight.proposals import queries, rules
from zhengxin.oversight.proposals.enums import HandlingState
from zhengxin.oversight.proposals.models import Handling, Proposal
from zhengxin.oversight.proposals.reading import column_of
from zhengxin.oversight.proposals.rules import ProposalNotThus as ProposalNotThus
from zhengxin.oversight.proposals.types import MOST_SESSION, Answer, Given, Met, Raised, Rated
from zhengxin.subjects import queries as subjects


def not_thus(now: Handling) -> ProposalNotThus:
    """What is said to whoever comes second."""
    return ProposalNotThus(
        say("没有办理：这一件现在是“{state}”。", state=HandlingState(now.state).label),
        say("上一步由{name}办理。", name=now.by_name),
        say("请重新打开核对。"),
    )


def insist_sound(raised: Raised) -> None:
    """One proposal by itself and against its session. Raises ProposalNotThus."""
    for field, objection in rules.objections(raised):
        why = f"{column_of(field)}：{objection}"
        raise ProposalNotThus(say("没有登记这一件。"), why, say("请改好后再登记。"))
    if (raised.kind, raised.number) in queries.numbers_taken(raised.session, [raised.number]):
        raise ProposalNotThus(
            say(
                "没有登记：{session}已经有{number}号。",
                session=raised.session,
                number=raised.number,
            ),
            say("同一届次的编号不能重复。"),
            say("请核对编号。"),
        )
    known = queries.known_delegates({each.name for each in raised.signers})
    for each in raised.signers:
        alike = known.get((raised.kind, each.name), [])
        if not each.delegation and len(alike) > 1:
            raise ProposalNotThus(
                say("没有登记：叫{name}的有{n}位。", name=each.name, n=len(alike)),
                say("他们是不同的人，分不清是哪一位。"),
                say("请在姓名后面写明代表团或界别，例如：{name}（柳湾代表团）。", name=each.name),
            )


def insist_session(session: str) -> None:
    """Raises ProposalNotThus unless a list says to which session it belongs."""
    if not session.strip() or len(session) > MOST_SESSION:
        raise ProposalNotThus(
            say("没有导入：没有写明届次，或者超过{n}个字。", n=MOST_SESSION),
            say("编号只在同一届次里不重复。"),
            say("请写明届次，例如：第十八届人大第五次会议。"),
        )


def insist_given(given: Given, today: date) -> None:
    """Raises ProposalNotThus unless it may be assigned like this."""
    rules.check_given(given, today=today, open_units={unit.id for unit in subjects.units(today)})


def insist_opinions_before_reply(given: Given, kind: str, difficult: bool, today: date) -> None:
    """Raises ProposalNotThus where opinions would come after the reply that rests on them is due."""
    try:
        last = queries.reply_day(kind, today, longer=difficult)
    except CalendarMissing:
        return
    if given.opinion_due_on is not None and given.opinion_due_on > last:
        raise ProposalNotThus(
            say("没有交办：会办意见的期限在答复期限之后。"),
            say("答复期限是{day}，主办单位要先收到会办意见。", day=rules.day(last)),
            say("请填答复期限以前的日期。"),
        )


def insist_may_decline(part: Handling, today: date) -> None:
    """Raises ProposalNotThus after the last day, and in a second handling; while that day is not known, nothing is late."""
    kind = part.proposal.kind
    try:
        last_day = queries.last_day_to_decline(part, kind)
    except CalendarMissing:
        last_day = None
    rules.check_decline(
        today=today,
        last_day=last_day,
        term=queries.decline_term(kind, part.assigned_on),
        assigned_on=part.assigned_on,
        nth=part.nth,
    )


def insist_takes(part: Handling, unit_id: int, today: date) -> None:
    """Whether a unit may take this part over. Raises ProposalNotThus."""
    insist_given(Given((unit_id,)), today)
    busy = Handling.objects.filter(proposal_id=part.proposal_id, unit_id=unit_id)
    if unit_id == part.unit_id or busy.exists():
        raise ProposalNotThus(
            say("没有改交：这个单位承办着，或者已经退过这一件。"),
            say("改交要换一个单位。"),
            say("请选另一个单位；不准退办的，选“不准退办”。"),
        )


def insist_met(met: Met, part: Handling, today: date) -> None:
    """Raises ProposalNotThus unless the contact is sound."""
    rules.check_met(met, today=today, assigned_on=part.assigned_on)


def insist_answer(answer: Answer, part: Handling, today: date) -> None:
    """Raises ProposalNotThus unless the reply may be signed."""
    rules.check_answer(answer, contacts=part.contacts.count(), today=today)


def insist_rated(rated: Rated) -> None:
    """Raises ProposalNotThus unless both answers were given."""
    rules.check_rated(rated)


def goes_again(rated: Rated, part: Handling, today: date) -> bool:
    """Whether this rating by who leads opens a second handling."""
    most = queries.most_second_handlings(today)
    return rules.goes_again(rated, nth=part.nth, most=most)


def insist_extendable(
    part: Handling, opened_on: date, due_on: date | None, today: date
) -> date | None:
    """The last day of the longer term, None while no calendar counts it.

    Raises ProposalNotThus, also once the day is past: late stays late.
    """
    about: Proposal = part.proposal
    what = say("没有延长。")
    if part.extended or about.difficult or part.nth > 1:
        raise ProposalNotThus(
            what,
            say("期限已经延长过、交办时就按涉及面广计算，或者是再次办理。"),
            say("答复期限只能延长一次，请抓紧答复。"),
        )
    if due_on is not None and today > due_on:
        raise ProposalNotThus(
            what,
            say("答复期限{day}已经过了。", day=rules.day(due_on)),
            say("延期要在期限届满以前决定；请抓紧答复，迟了照实记载。"),
        )
    try:
        last = queries.reply_day(about.kind, opened_on, longer=True)
    except CalendarMissing:
        return None
    if due_on is not None and last <= due_on:
        raise ProposalNotThus(what, say("新的期限不在原期限之后。"), say("请核对交办日期。"))
    return last
