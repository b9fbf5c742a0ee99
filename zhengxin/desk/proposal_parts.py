"""What the page of a proposal shows of each unit's part, and which acts are open to whoever looks."""

from dataclasses import dataclass, field
from datetime import date

from zhengxin.duties.models import Duty
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.workdays import CalendarMissing
from zhengxin.oversight.proposals import permissions, queries, raisers
from zhengxin.oversight.proposals.enums import Consent, HandlingState
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

_OPEN = (HandlingState.ASSIGNED, HandlingState.DECLINED)


@dataclass(frozen=True, slots=True)
class Part:
    """One unit's part: what stands, and the names of the pages of acts that are open."""

    row: Handling
    duty: Duty | None
    promise: Duty | None
    overdue: bool
    cohandlers: list[CoHandler]
    # By which day each of them owes its opinion.
    opinion_days: dict[int, date | None]
    declined: list[Declined]
    contacts: list[Contact]
    replies: list[Reply]
    opinions: dict[int, Opinion]
    # Whose ratings are shown.
    raters: list[Signer]
    acts: list[str] = field(default_factory=list)
    # The part of the own unit that helps and has not yet said anything.
    helping: CoHandler | None = None
    # Whose rating the actor may give now.
    to_rate: list[Signer] = field(default_factory=list)
    decline_until: date | None = None


def parts_of(row: Proposal, actor: Actor, today: date) -> list[Part]:
    """The parts of a proposal, as they were given, each with what is open to the actor."""
    rows = list(
        Handling.objects.filter(proposal=row)
        .prefetch_related("cohandlers", "declined", "contacts", "replies", "opinions")
        .order_by("id")
    )
    duties = queries.duties(rows)
    days = queries.opinion_days(helper for each in rows for helper in each.cohandlers.all())
    offices = queries.offices(row.kind, today)
    units = queries.own_units(actor, today)
    return [_part(row, each, duties, days, offices, units, actor, today) for each in rows]


def _part(
    proposal: Proposal,
    row: Handling,
    duties: dict[int, Duty],
    days: dict[int, date | None],
    offices: frozenset[int],
    units: frozenset[int],
    actor: Actor,
    today: date,
) -> Part:
    duty = duties.get(row.duty_id)
    replies = sorted(row.replies.all(), key=lambda each: each.pk)
    opinions = {each.signer_id: each for each in row.opinions.all()}
    cohandlers = sorted(row.cohandlers.all(), key=lambda each: each.pk)
    state, last = row.state, replies[-1] if replies else None
    raters = list(proposal.signers.all())
    raiser = raisers.raiser(actor)
    if raiser is not None:
        # What the offices still write to each other is not for who raised it, nor what others said of it.
        replies = [each for each in replies if each.sent_on is not None]
        raters = [each for each in raters if each.delegate.account_id == raiser]
    acts: list[str] = []
    until = _decline_until(row, proposal) if state == HandlingState.ASSIGNED else None
    if state == HandlingState.ASSIGNED:
        if permissions.can_reply(actor, unit_id=row.unit_id, units=units) and row.contacts.all():
            acts.append("reply-proposal")
        if permissions.can_handle(actor, unit_id=row.unit_id, units=units):
            acts.append("contact-proposal")
            if row.nth == 1 and (until is None or today <= until):
                acts.append("decline-proposal")
    at_office = permissions.can_assign(actor, offices=offices, units=units)
    if at_office and state == HandlingState.DECLINED:
        acts.append("decide-declined")
    if state == HandlingState.REPLIED and last is not None:
        looks = permissions.can_look_over(
            actor,
            writer_id=last.writer_id,
            own=row.unit_id in queries.themselves(proposal.kind, today),
            offices=offices,
            units=units,
        )
        acts += ["send-reply", "send-back-reply"] if looks else []
    past = duty is not None and duty.due_on is not None and duty.due_on < today
    extendable = not row.extended and not proposal.difficult and row.nth == 1 and not past
    if at_office and state in _OPEN and extendable:
        acts.append("extend-proposal")
    if _releasable(proposal, last) and last is not None:
        releases = permissions.can_release(
            actor, writer_id=last.writer_id, offices=offices, units=units
        )
        acts += ["release-reply"] if releases else []
    return Part(
        row=row,
        duty=duty,
        promise=duties.get(row.promise_duty_id or 0),
        overdue=past and state in _OPEN,
        cohandlers=[] if raiser is not None else cohandlers,
        opinion_days=days,
        declined=[] if raiser is not None else sorted(row.declined.all(), key=lambda each: each.pk),
        contacts=sorted(row.contacts.all(), key=lambda each: each.pk),
        replies=replies,
        opinions=opinions,
        raters=raters,
        acts=acts,
        helping=_helping(row, cohandlers, units, actor),
        to_rate=_to_rate(proposal, row, opinions, offices, units, actor),
        decline_until=until,
    )


def _releasable(proposal: Proposal, last: Reply | None) -> bool:
    return (
        last is not None
        and last.sent_on is not None
        and last.released_on is None
        and proposal.consent == Consent.YES
    )


def _decline_until(row: Handling, proposal: Proposal) -> date | None:
    try:
        return queries.last_day_to_decline(row, proposal.kind)
    except CalendarMissing:
        return None


def _helping(
    row: Handling, cohandlers: list[CoHandler], units: frozenset[int], actor: Actor
) -> CoHandler | None:
    if row.state not in _OPEN:
        return None
    for each in cohandlers:
        mine = permissions.can_handle(actor, unit_id=each.unit_id, units=units)
        if mine and each.given_on is None:
            return each
    return None


def _to_rate(
    proposal: Proposal,
    row: Handling,
    opinions: dict[int, Opinion],
    offices: frozenset[int],
    units: frozenset[int],
    actor: Actor,
) -> list[Signer]:
    if row.sent_on is None:
        return []
    keeps = permissions.can_keep_register(actor, offices=offices, units=units)
    return [
        each
        for each in proposal.signers.all()
        if each.pk not in opinions
        and (keeps or permissions.can_rate(actor, account_id=each.delegate.account_id))
    ]
