"""A proposal is assigned, declined or kept, talked over; its term is made longer once."""

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
from zhengxin.journey.owing import extend_with, hand_over_with, open_duties
from zhengxin.journey.papering import signable
from zhengxin.journey.proposal_opinions import end_opinions, meet_opinion, owe_opinions
from zhengxin.journey.proposal_sheets import handling_sheet, proposal_sheet
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.oversight.proposals import actions, checks, permissions, queries
from zhengxin.oversight.proposals.enums import ContactForm, HandlingState, ProposalKind
from zhengxin.oversight.proposals.models import CoHandler, Handling, Proposal
from zhengxin.oversight.proposals.types import Given, Met
from zhengxin.subjects import queries as subjects


@signable
def assign_proposal(
    *,
    proposal_id: int,
    unit_ids: Sequence[int],
    cohandler_ids: Sequence[int],
    opinion_due_on: date | None,
    difficult: bool,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> list[int]:
    """Assigns a proposal: one unit leads, or several reply each for itself; their numbers.

    The duty to reply opens today, owed to the assigning unit, three months or, when wide or difficult, six.
    Raises NotAllowed, ProposalNotThus, NoRule.
    """
    today = timezone.localdate(at)
    row = queries.seen(actor, today, proposal_id)
    check_office(row, today, actor)
    given = Given(tuple(unit_ids), tuple(cohandler_ids), opinion_due_on)
    checks.insist_given(given, today)
    checks.insist_opinions_before_reply(given, row.kind, difficult, today)
    said = {
        "unit_ids": list(unit_ids),
        "cohandler_ids": list(cohandler_ids),
        "opinion_due_on": opinion_due_on,
        "difficult": difficult,
    }
    pen = take_pen(
        showing=partial(proposal_sheet, Act.PROPOSAL_ASSIGNED, proposal_id),
        said=said,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        actions.take_on(
            proposal=row, difficult=difficult, office_id=actor.unit_id, at=at, actor=actor
        )
        kept = keep_fact(
            kind=Act.PROPOSAL_ASSIGNED,
            unit_id=unit_ids[0],
            content={
                **said,
                "opinion_due_on": str(opinion_due_on or ""),
                **traces(pen.sign()),
            },
            about_id=row.entry_id,
            at=at,
            actor=actor,
        )
        case = f"{row.kind}_difficult" if difficult else row.kind
        owed = [
            Owed(
                kind="proposal_reply",
                bearer_id=unit_id,
                what=_what(row),
                source_id=kept.entry_id,
                opened_on=today,
                case=case,
                to_id=actor.unit_id,
                supporter_ids=given.cohandlers,
            )
            for unit_id in given.units
        ]
        parts = actions.put_handlings(
            proposal=row,
            given=given,
            duty_ids=open_duties(owed=owed, at=at, actor=actor),
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
        owe_opinions(part=parts[0], entry_id=kept.entry_id, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return [each.pk for each in parts]


def _what(row: Proposal, again: bool = False) -> str:
    words = say("再次答复") if again else say("答复")
    return say(
        "{words}{kind}第{number}号：{title}",
        words=words,
        kind=ProposalKind(row.kind).label,
        number=row.number,
        title=row.title,
    )


def owed_again(part: Handling, *, source_id: int, today: date, to_id: int | None) -> Owed:
    """The duty of a second handling, from the day it was asked for."""
    return Owed(
        kind="proposal_reply",
        bearer_id=part.unit_id,
        what=_what(part.proposal, again=True),
        source_id=source_id,
        opened_on=today,
        case="again",
        to_id=to_id,
    )


def decline_proposal(
    *, handling_id: int, because: str, proposed_id: int | None, at: datetime, actor: Actor
) -> None:
    """The unit says that it is the wrong one, within its term, and who should have it. Raises ProposalNotThus."""
    today = timezone.localdate(at)
    part = _own_part(handling_id, today, actor)
    insist_on_reason(because)
    checks.insist_may_decline(part, today)
    names = subjects.subject_names([proposed_id] if proposed_id else [])
    with transaction.atomic():
        actions.put_declined(
            handling=part, because=because, proposed_id=proposed_id, at=at, actor=actor
        )
        keep_part_fact(
            Act.PROPOSAL_DECLINED,
            part,
            {"because": because, "proposed": names.get(proposed_id or 0, "")},
            at,
            actor,
        )
    follow(at=at, at_most=PATIENCE)


@signable
def decide_declined(
    *,
    handling_id: int,
    unit_id: int | None,
    because: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """The office gives the part to another unit, or (None) upholds its assignment; the number of the part now.

    The clock goes on: whoever raised it does not wait longer because it was sent to the wrong place.
    """
    today = timezone.localdate(at)
    part = queries.handling(handling_id)
    check_office(part.proposal, today, actor)
    insist_on_reason(because)
    if unit_id is not None:
        checks.insist_takes(part, unit_id, today)
    said = {"unit_id": unit_id, "because": because}
    pen = take_pen(
        showing=partial(handling_sheet, Act.PROPOSAL_DECLINED, handling_id),
        said=said,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content = {"because": because, **traces(pen.sign())}
        upheld = unit_id is None
        actions.decide_declined(handling=part, upheld=upheld, because=because, at=at, actor=actor)
        if unit_id is None:
            keep_part_fact(Act.PROPOSAL_UPHELD, part, content, at, actor)
        else:
            names = subjects.subject_names([unit_id])
            content |= {"unit_id": unit_id, "unit": names[unit_id]}
            entry_id = keep_part_fact(Act.PROPOSAL_REASSIGNED, part, content, at, actor)
            # Found a breach meanwhile, it stays one of the unit before; the reply may still be given.
            state = duties.standing_now(part.duty_id, lock=True).state
            if duties.fits(DutyAct.HANDED_OVER, state):
                hand_over_with(
                    duty_id=part.duty_id,
                    unit_id=unit_id,
                    content={"unit_id": unit_id, "because": because},
                    at=at,
                    actor=actor,
                )
            moved = say("改交了主办单位。")
            again = end_opinions(part=part, because=moved, at=at, actor=actor)
            part = actions.hand_on(
                handling=part, unit_id=unit_id, entry_id=entry_id, at=at, actor=actor
            )
            owe_opinions(part=part, entry_id=entry_id, again=again, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return part.pk


def note_contact(
    *, handling_id: int, met: Met, files: Sequence[Sent], at: datetime, actor: Actor
) -> None:
    """The unit notes how it spoke with who raised it, or why it could not. Raises ProposalNotThus, EvidenceRefused."""
    today = timezone.localdate(at)
    part = _own_part(handling_id, today, actor)
    insist_on_reason(met.outcome)
    insist_free_of_numbers(met.with_whom)
    checks.insist_met(met, part, today)
    with transaction.atomic():
        actions.insist_state(handling=part, states=[HandlingState.ASSIGNED], at=at, actor=actor)
        content = {
            "on": met.on.isoformat(),
            "form": str(ContactForm(met.form).label),
            "with_whom": met.with_whom,
            "outcome": met.outcome,
        }
        kept = keep_fact(
            kind=Act.PROPOSAL_CONTACTED,
            unit_id=part.unit_id,
            content={**content, "part": part.pk},
            about_id=part.proposal.entry_id,
            files=files,
            at=at,
            actor=actor,
        )
        actions.put_contact(handling=part, met=met, files=kept.files, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


def give_opinion(*, cohandler_id: int, opinion: str, at: datetime, actor: Actor) -> None:
    """A helping unit gives the lead its opinion, once. Raises ProposalNotThus."""
    today = timezone.localdate(at)
    row = CoHandler.objects.select_related("handling__proposal").filter(pk=cohandler_id).first()
    if row is None:
        raise queries.UnknownProposal(say("没有找到这一件。"), "", say("请从列表里打开。"))
    permissions.check_handle(actor, unit_id=row.unit_id, units=queries.own_units(actor, today))
    insist_on_reason(opinion)
    with transaction.atomic():
        actions.insist_state(
            handling=row.handling,
            states=[HandlingState.ASSIGNED, HandlingState.DECLINED],
            at=at,
            actor=actor,
        )
        actions.put_opinion_of_cohandler(cohandler=row, opinion=opinion, at=at, actor=actor)
        names = subjects.subject_names([row.unit_id])
        content = {"opinion": opinion, "unit": names.get(row.unit_id, "")}
        keep_part_fact(Act.PROPOSAL_OPINION, row.handling, content, at, actor)
        meet_opinion(cohandler=row, opinion=opinion, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


@signable
def extend_proposal(
    *, handling_id: int, because: str, signed: Signed, at: datetime, actor: Actor
) -> date | None:
    """Six months instead of three, once, with the reason; the new last day, None while no calendar counts it.

    Raises ProposalNotThus, NoRule.
    """
    today = timezone.localdate(at)
    part = queries.handling(handling_id)
    check_office(part.proposal, today, actor)
    insist_on_reason(because)
    actions.insist_state(
        handling=part,
        states=[HandlingState.ASSIGNED, HandlingState.DECLINED],
        at=at,
        actor=actor,
    )
    duty = duties.duty(part.duty_id)
    opened_on = duty.opened_on or today
    due_on = checks.insist_extendable(part, opened_on, duty.due_on, today)
    limit = queries.reply_limit(part.proposal.kind, opened_on, longer=True)
    pen = take_pen(
        showing=partial(handling_sheet, Act.PROPOSAL_EXTENDED, handling_id),
        said={"because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content: dict[str, Any] = {"because": because, "due_on": str(due_on or "")}
        content |= traces(pen.sign())
        actions.mark_extended(handling=part, at=at, actor=actor)
        keep_part_fact(Act.PROPOSAL_EXTENDED, part, content, at, actor)
        extend_with(
            duty_id=part.duty_id,
            due_on=due_on,
            limit=None if due_on else limit,
            content=content,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return due_on


def check_office(row: Proposal, today: date, actor: Actor) -> None:
    """Raises NotAllowed unless the actor decides for the office that assigns this kind."""
    permissions.check_assign(
        actor, offices=queries.offices(row.kind, today), units=queries.own_units(actor, today)
    )


def _own_part(handling_id: int, today: date, actor: Actor) -> Handling:
    """A part of the actor's unit. Raises NotAllowed, UnknownProposal."""
    part = queries.handling(handling_id)
    permissions.check_handle(actor, unit_id=part.unit_id, units=queries.own_units(actor, today))
    return part


def keep_part_fact(
    kind: str,
    part: Handling,
    content: dict[str, Any],
    at: datetime,
    actor: Actor,
) -> int:
    """An entry about the proposal that concerns the unit of this part."""
    return keep_fact(
        kind=kind,
        unit_id=part.unit_id,
        content={**content, "part": part.pk},
        about_id=part.proposal.entry_id,
        at=at,
        actor=actor,
    ).entry_id
