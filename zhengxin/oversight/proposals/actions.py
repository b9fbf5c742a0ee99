"""The working tables of proposals. Two at once: the second is told who was first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.oversight.proposals.checks import not_thus
from zhengxin.oversight.proposals.enums import (
    TRANSITIONS,
    HandlingState,
    RatingSource,
)
from zhengxin.oversight.proposals.models import (
    CoHandler,
    Contact,
    Declined,
    Handling,
    Opinion,
    Proposal,
    Reply,
    Signer,
)
from zhengxin.oversight.proposals.rules import ProposalNotThus
from zhengxin.oversight.proposals.types import Answer, Given, Met, Rated


def take_on(
    *, proposal: Proposal, difficult: bool, office_id: int | None, at: datetime, actor: Actor
) -> None:
    """Marks a proposal as assigned. Raises ProposalNotThus when somebody did already."""
    rows = Proposal.objects.filter(pk=proposal.pk, assigned_on=None)
    if not rows.update(
        office_id=office_id, assigned_on=timezone.localdate(at), difficult=difficult
    ):
        raise ProposalNotThus(
            say("没有交办：它已经交办过了。"), say("别人刚刚交办了它。"), say("请重新打开核对。")
        )


def put_handlings(
    *,
    proposal: Proposal,
    given: Given,
    duty_ids: Sequence[int],
    entry_id: int,
    nth: int = 1,
    at: datetime,
    actor: Actor,
) -> list[Handling]:
    """Enters the parts of the units that reply, in their order, and who helps the one that leads."""
    rows = [
        Handling.objects.create(
            proposal=proposal,
            unit_id=unit_id,
            nth=nth,
            alone=len(given.units) > 1,
            state=HandlingState.ASSIGNED,
            duty_id=duty_id,
            assigned_on=timezone.localdate(at),
            entry_id=entry_id,
            by_name=actor.name,
        )
        for unit_id, duty_id in zip(given.units, duty_ids, strict=True)
    ]
    CoHandler.objects.bulk_create(
        CoHandler(handling=rows[0], unit_id=unit_id, due_on=given.opinion_due_on)
        for unit_id in given.cohandlers
    )
    return rows


def move(*, handling: Handling, to: HandlingState, at: datetime, actor: Actor, **also: Any) -> None:
    """The part goes on to a state, from one that leads there. Raises ProposalNotThus with who was first."""
    sources = [state for state, allowed in TRANSITIONS.items() if to in allowed]
    rows = Handling.objects.filter(pk=handling.pk, state__in=sources)
    if not rows.update(state=to, by_name=actor.name, **also):
        raise not_thus(Handling.objects.get(pk=handling.pk))
    handling.refresh_from_db()


def put_opinion_duties(
    *, cohandlers: Sequence[CoHandler], duty_ids: Sequence[int], at: datetime, actor: Actor
) -> None:
    """Enters by which duties these units owe their opinions, in their order."""
    for row, duty_id in zip(cohandlers, duty_ids, strict=True):
        CoHandler.objects.filter(pk=row.pk).update(duty_id=duty_id)


def insist_state(
    *, handling: Handling, states: Iterable[HandlingState], at: datetime, actor: Actor
) -> None:
    """Raises ProposalNotThus unless the part is in one of these states."""
    if handling.state not in set(states):
        raise not_thus(handling)


def put_declined(
    *, handling: Handling, because: str, proposed_id: int | None, at: datetime, actor: Actor
) -> None:
    """Adds that the unit says it is the wrong one."""
    move(handling=handling, to=HandlingState.DECLINED, at=at, actor=actor)
    Declined.objects.create(
        handling=handling,
        because=because,
        proposed_id=proposed_id,
        on=timezone.localdate(at),
        by_name=actor.name,
    )


def decide_declined(
    *, handling: Handling, upheld: bool, because: str, at: datetime, actor: Actor
) -> None:
    """Adds what the office decided on it."""
    to = HandlingState.ASSIGNED if upheld else HandlingState.REASSIGNED
    insist_state(handling=handling, states=[HandlingState.DECLINED], at=at, actor=actor)
    move(handling=handling, to=to, at=at, actor=actor)
    Declined.objects.filter(handling=handling, upheld=None).update(
        upheld=upheld,
        decision=because,
        decided_on=timezone.localdate(at),
        decided_by_name=actor.name,
    )


def hand_on(
    *, handling: Handling, unit_id: int, entry_id: int, at: datetime, actor: Actor
) -> Handling:
    """Another unit takes the part over, under the same duty; who helped goes on helping."""
    taken = Handling.objects.create(
        proposal_id=handling.proposal_id,
        unit_id=unit_id,
        nth=handling.nth,
        alone=handling.alone,
        state=HandlingState.ASSIGNED,
        duty_id=handling.duty_id,
        assigned_on=timezone.localdate(at),
        entry_id=entry_id,
        extended=handling.extended,
        by_name=actor.name,
    )
    helping = CoHandler.objects.filter(handling=handling).exclude(unit_id=unit_id)
    helping.update(handling=taken)
    return taken


def put_contact(
    *,
    handling: Handling,
    met: Met,
    files: Sequence[Mapping[str, Any]],
    at: datetime,
    actor: Actor,
) -> None:
    """Adds a contact with who raised it, and the files that show it."""
    Contact.objects.create(
        handling=handling,
        on=met.on,
        form=met.form,
        with_whom=met.with_whom,
        outcome=met.outcome,
        files=list(files),
        by_name=actor.name,
    )


def put_opinion_of_cohandler(
    *, cohandler: CoHandler, opinion: str, at: datetime, actor: Actor
) -> None:
    """What a helping unit says to the lead, once. Raises ProposalNotThus."""
    rows = CoHandler.objects.filter(pk=cohandler.pk, given_on=None)
    given = timezone.localdate(at)
    if not rows.update(opinion=opinion, given_on=given, by_name=actor.name):
        raise ProposalNotThus(
            say("没有收下：会办意见已经交过。"),
            say("由{name}提交。", name=CoHandler.objects.get(pk=cohandler.pk).by_name),
            say("需要补充的，请直接告诉主办单位。"),
        )


def put_reply(
    *, handling: Handling, answer: Answer, entry_id: int, at: datetime, actor: Actor
) -> Reply:
    """Adds a reply that was signed."""
    move(handling=handling, to=HandlingState.REPLIED, at=at, actor=actor)
    return Reply.objects.create(
        handling=handling,
        answer_class=answer.answer_class,
        text=answer.text,
        promised_on=answer.promised_on,
        entry_id=entry_id,
        writer_id=actor.account_id or 0,
        by_name=actor.name,
        signed_on=timezone.localdate(at),
    )


def send_back(
    *, handling: Handling, reply: Reply, because: str, at: datetime, actor: Actor
) -> None:
    """The reply does not go out; it stays with the reason."""
    insist_state(handling=handling, states=[HandlingState.REPLIED], at=at, actor=actor)
    move(handling=handling, to=HandlingState.ASSIGNED, at=at, actor=actor)
    Reply.objects.filter(pk=reply.pk).update(sent_back_because=because)


def send_out(
    *,
    handling: Handling,
    reply: Reply,
    promise_duty_id: int | None,
    at: datetime,
    actor: Actor,
) -> None:
    """The reply goes out to who raised it."""
    today = timezone.localdate(at)
    move(
        handling=handling,
        to=HandlingState.SENT,
        at=at,
        actor=actor,
        answer_class=reply.answer_class,
        sent_on=today,
        promise_duty_id=promise_duty_id,
    )
    Reply.objects.filter(pk=reply.pk).update(sent_on=today)


def release(*, reply: Reply, at: datetime, actor: Actor) -> None:
    """The public may read it. Raises ProposalNotThus when somebody released it already."""
    rows = Reply.objects.filter(pk=reply.pk, released_on=None)
    if not rows.update(released_on=timezone.localdate(at), released_by_name=actor.name):
        raise ProposalNotThus(
            say("没有办理：这份答复已经准予公开。"),
            say("由{name}办理。", name=Reply.objects.get(pk=reply.pk).released_by_name),
            say("请重新打开核对。"),
        )


def mark_extended(*, handling: Handling, at: datetime, actor: Actor) -> None:
    """The term was made longer, once. Raises ProposalNotThus."""
    if not Handling.objects.filter(pk=handling.pk, extended=False).update(extended=True):
        raise ProposalNotThus(
            say("没有延长：已经延长过一次。"), say("答复期限只能延长一次。"), say("请抓紧答复。")
        )


def put_rating(
    *,
    handling: Handling,
    signer: Signer,
    rated: Rated,
    source: RatingSource,
    files: Sequence[Mapping[str, Any]] = (),
    at: datetime,
    actor: Actor,
) -> Opinion:
    """What a signer says of a reply, once. Raises ProposalNotThus."""
    with transaction.atomic():
        # Whoever comes second waits for the first here.
        Handling.objects.select_for_update().get(pk=handling.pk)
        before = Opinion.objects.filter(handling=handling, signer=signer).first()
        if before is not None:
            raise ProposalNotThus(
                say("没有记下：{name}已经评价过。", name=signer.delegate.name),
                say("评价只作一次，由{name}记下。", name=before.by_name),
                say("请重新打开核对。"),
            )
        return Opinion.objects.create(
            handling=handling,
            signer=signer,
            contact=rated.contact,
            result=rated.result,
            words=rated.words,
            source=source,
            files=list(files),
            on=timezone.localdate(at),
            by_name=actor.name,
        )
