"""A proposal is replied to, looked over, sent out, rated, handled again, and released for the public."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.duties import standing as duties
from zhengxin.duties.types import DutyAct, Owed
from zhengxin.evidence.types import Sent
from zhengxin.journey.facts import insist_free_of_numbers, keep_fact
from zhengxin.journey.following import follow
from zhengxin.journey.owing import open_duties, report_with, return_with, verify_with
from zhengxin.journey.papering import signable
from zhengxin.journey.proposal_handling import keep_part_fact, owed_again
from zhengxin.journey.proposal_opinions import end_opinions
from zhengxin.journey.proposal_sheets import handling_sheet
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.journey.telling_proposals import tell_of_reply
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.oversight.proposals import actions, checks, permissions, queries
from zhengxin.oversight.proposals.checks import ProposalNotThus
from zhengxin.oversight.proposals.enums import (
    AnswerClass,
    Consent,
    HandlingState,
    Rating,
    RatingSource,
)
from zhengxin.oversight.proposals.models import Handling, Reply, Signer
from zhengxin.oversight.proposals.types import Answer, Given, Rated


@signable
def reply_to_proposal(
    *,
    handling_id: int,
    answer_class: str,
    text: str,
    promised_on: date | None,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """The leader of the unit signs its reply; it goes to the office, which sends it out. Raises ProposalNotThus.

    promised_on: with class B the day by which it will be done.
    """
    today = timezone.localdate(at)
    part = queries.handling(handling_id)
    permissions.check_reply(actor, unit_id=part.unit_id, units=queries.own_units(actor, today))
    insist_free_of_numbers(text)
    answer = Answer(answer_class, text, promised_on)
    actions.insist_state(handling=part, states=[HandlingState.ASSIGNED], at=at, actor=actor)
    checks.insist_answer(answer, part, today)
    said = {"answer_class": answer_class, "text": text, "promised_on": promised_on}
    pen = take_pen(
        showing=partial(handling_sheet, Act.PROPOSAL_REPLIED, handling_id),
        said=said,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content = {
            "class": str(AnswerClass(answer_class).label),
            "text": text,
            "promised_on": str(promised_on or ""),
            **traces(pen.sign()),
        }
        entry_id = keep_part_fact(Act.PROPOSAL_REPLIED, part, content, at, actor)
        reply = actions.put_reply(
            handling=part, answer=answer, entry_id=entry_id, at=at, actor=actor
        )
        if _still(part, DutyAct.REPORTED):
            report_with(
                duty_id=part.duty_id, content={"words": content["class"]}, at=at, actor=actor
            )
        end_opinions(part=part, because=say("主办单位已签署答复。"), at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return reply.pk


def send_back_reply(*, handling_id: int, because: str, at: datetime, actor: Actor) -> None:
    """The office sends a reply back to be written anew, with the reason; the duty is owed as before."""
    part = queries.handling(handling_id)
    reply = _last(part)
    _check_looks_over(part, reply, at, actor)
    insist_on_reason(because)
    with transaction.atomic():
        actions.send_back(handling=part, reply=reply, because=because, at=at, actor=actor)
        keep_part_fact(Act.PROPOSAL_SENT_BACK, part, {"because": because}, at, actor)
        if _still(part, DutyAct.RETURNED):
            return_with(duty_id=part.duty_id, content={"because": because}, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


@signable
def send_reply(*, handling_id: int, signed: Signed, at: datetime, actor: Actor) -> None:
    """The office sends a reply out; the duty is met. Of class B, what was promised becomes a duty of its own."""
    part = queries.handling(handling_id)
    reply = _last(part)
    _check_looks_over(part, reply, at, actor)
    actions.insist_state(handling=part, states=[HandlingState.REPLIED], at=at, actor=actor)
    pen = take_pen(
        showing=partial(handling_sheet, Act.PROPOSAL_SENT, handling_id),
        said={},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content: dict[str, Any] = traces(pen.sign())
        entry_id = keep_part_fact(Act.PROPOSAL_SENT, part, content, at, actor)
        if _still(part, DutyAct.VERIFIED):
            verify_with(duty_id=part.duty_id, content=content, at=at, actor=actor)
        promise = None
        if reply.promised_on is not None:
            [promise] = open_duties(owed=[_promise(part, reply, entry_id, at)], at=at, actor=actor)
        actions.send_out(handling=part, reply=reply, promise_duty_id=promise, at=at, actor=actor)
        tell_of_reply(part=part, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


def _promise(part: Handling, reply: Reply, entry_id: int, at: datetime) -> Owed:
    about = part.proposal
    return Owed(
        kind="proposal_promise",
        bearer_id=part.unit_id,
        what=say("兑现第{number}号的答复：{title}", number=about.number, title=about.title),
        source_id=entry_id,
        opened_on=timezone.localdate(at),
        due_on=reply.promised_on,
        to_id=about.office_id,
    )


def rate_reply(
    *,
    handling_id: int,
    signer_id: int,
    rated: Rated,
    files: Sequence[Sent] = (),
    at: datetime,
    actor: Actor,
) -> bool:
    """What a signer says of a reply: by the own account, or by the office from a paper form, whose scan comes with it.

    Where who leads is dissatisfied with the result, it is handled again (True), as often as the rules allow.
    Raises NotAllowed, ProposalNotThus, EvidenceRefused.
    """
    today = timezone.localdate(at)
    part = queries.handling(handling_id)
    signer = queries.signer(part, signer_id)
    source = _source(part, signer, today, files, actor)
    checks.insist_rated(rated)
    insist_free_of_numbers(rated.words)
    if part.sent_on is None:
        raise checks.not_thus(part)
    again = signer.place == 0 and checks.goes_again(rated, part, today)
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.PROPOSAL_RATED,
            unit_id=part.unit_id,
            content={
                "name": signer.delegate.name,
                "contact": str(Rating(rated.contact).label),
                "result": str(Rating(rated.result).label),
                "words": rated.words,
                "source": str(source.label),
                "part": part.pk,
            },
            about_id=part.proposal.entry_id,
            files=files,
            at=at,
            actor=actor,
        )
        actions.put_rating(
            handling=part,
            signer=signer,
            rated=rated,
            source=source,
            files=kept.files,
            at=at,
            actor=actor,
        )
        if signer.place == 0:
            to = HandlingState.AGAIN if again else HandlingState.RATED
            actions.move(handling=part, to=to, at=at, actor=actor)
        if again:
            owed = owed_again(
                part, source_id=kept.entry_id, today=today, to_id=part.proposal.office_id
            )
            actions.put_handlings(
                proposal=part.proposal,
                given=Given((part.unit_id,)),
                duty_ids=open_duties(owed=[owed], at=at, actor=actor),
                entry_id=kept.entry_id,
                nth=part.nth + 1,
                at=at,
                actor=actor,
            )
    follow(at=at, at_most=PATIENCE)
    return again


def _source(
    part: Handling, signer: Signer, today: date, files: Sequence[Sent], actor: Actor
) -> RatingSource:
    """How the rating came. Raises NotAllowed, and ProposalNotThus for a paper form without its scan."""
    if permissions.can_rate(actor, account_id=signer.delegate.account_id):
        return RatingSource.OWN
    kind = part.proposal.kind
    offices, units = queries.offices(kind, today), queries.own_units(actor, today)
    if not permissions.can_keep_register(actor, offices=offices, units=units):
        permissions.check_rate(actor, account_id=signer.delegate.account_id)
    if not files:
        raise ProposalNotThus(
            say("没有记下评价：没有附意见表。"),
            say("替代表、委员录入的评价，要附纸质意见表的扫描件。"),
            say("请附上扫描件再提交。"),
        )
    return RatingSource.PAPER


@signable
def release_reply(
    *, handling_id: int, because: str, signed: Signed, at: datetime, actor: Actor
) -> None:
    """Another person than who signed it lets the public read the text of a reply that went out."""
    today = timezone.localdate(at)
    part = queries.handling(handling_id)
    reply = _last(part)
    permissions.check_release(
        actor,
        writer_id=reply.writer_id,
        offices=queries.offices(part.proposal.kind, today),
        units=queries.own_units(actor, today),
    )
    insist_on_reason(because)
    if reply.sent_on is None or part.proposal.consent != Consent.YES:
        raise ProposalNotThus(
            say("没有准予公开。"),
            say("答复还没有发出，或者提出人没有同意公开。"),
            say("请在答复发出、记下提出人同意公开以后再办。"),
        )
    pen = take_pen(
        showing=partial(handling_sheet, Act.PROPOSAL_RELEASED, handling_id),
        said={"because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content = {"because": because, **traces(pen.sign())}
        keep_part_fact(Act.PROPOSAL_RELEASED, part, content, at, actor)
        actions.release(reply=reply, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


def _still(part: Handling, act: DutyAct) -> bool:
    """False once somebody found that the reply never came in time: it may still be given, the finding stays."""
    return duties.fits(act, duties.standing_now(part.duty_id, lock=True).state)


def _last(part: Handling) -> Reply:
    """The reply that was signed last. Raises ProposalNotThus where there is none."""
    reply = part.replies.order_by("-id").first()
    if reply is None:
        raise checks.not_thus(part)
    return reply


def _check_looks_over(part: Handling, reply: Reply, at: datetime, actor: Actor) -> None:
    today = timezone.localdate(at)
    permissions.check_look_over(
        actor,
        writer_id=reply.writer_id,
        own=part.unit_id in queries.themselves(part.proposal.kind, today),
        offices=queries.offices(part.proposal.kind, today),
        units=queries.own_units(actor, today),
    )
