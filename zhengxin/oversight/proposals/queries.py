"""Reads of proposals: which one may see, lists and their filters, one with its history, figures."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from zhengxin.duties.enums import DutyState
from zhengxin.duties.models import Duty
from zhengxin.duties.owing import counted
from zhengxin.duties.types import Step
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import queries as ledger
from zhengxin.oversight.proposals import permissions
from zhengxin.oversight.proposals.enums import HandlingState, ProposalKind
from zhengxin.oversight.proposals.models import (
    CoHandler,
    Delegate,
    Handling,
    Office,
    Opinion,
    Proposal,
    Signer,
)
from zhengxin.oversight.proposals.reading import Ground, columns_of, named
from zhengxin.oversight.proposals.rules import read_count, read_term
from zhengxin.oversight.proposals.types import Term, UnitFigures, Waiting
from zhengxin.rulebook.queries import calendar, duty_limit, parameter
from zhengxin.subjects import queries as subjects

# Not yet given to anybody: a state of the list, not of a handling.
UNASSIGNED = "unassigned"
# Parts that ended without a reply of their own are not counted.
_NOT_HANDLED = (HandlingState.REASSIGNED,)


class UnknownProposal(Refused):
    """No proposal, part or delegate has this number."""


def _unknown() -> UnknownProposal:
    return UnknownProposal(
        _("没有找到这一件。"), _("编号不对，或者不归您查看。"), _("请从建议提案列表里打开。")
    )


def offices(kind: str, on: date) -> frozenset[int]:
    """The units that assign this kind on that day; none where nobody is registered."""
    rows = Office.objects.filter(kind=kind, from_on__lte=on)
    return frozenset(
        rows.filter(Q(until_on=None) | Q(until_on__gte=on)).values_list("unit_id", flat=True)
    )


def themselves(kind: str, on: date) -> frozenset[int]:
    """The units that assign this kind, whoever followed them, and all those followed: what they handle is their own."""
    now = subjects.bearers_now(on)
    found: frozenset[int] = frozenset()
    for office in offices(kind, on):
        found |= subjects.lineage(now.get(office, office), on)
    return found


def office_rows() -> QuerySet[Office]:
    """Every registered office, those that last first."""
    return Office.objects.order_by("kind", "-from_on", "-id")


def own_units(actor: Actor, on: date) -> frozenset[int]:
    """The actor's own unit and those it followed."""
    return frozenset() if actor.unit_id is None else subjects.lineage(actor.unit_id, on)


def kinds_kept(actor: Actor, on: date) -> frozenset[str]:
    """Which kinds the actor's unit assigns (the credit office: those that nobody else does)."""
    units, found = own_units(actor, on), set()
    for kind in ProposalKind.values:
        assigning = offices(kind, on)
        at_office = not assigning.isdisjoint(units) if assigning else actor.has(Role.CREDIT_OFFICER)
        if at_office:
            found.add(kind)
    return frozenset(found)


def visible(actor: Actor, on: date) -> QuerySet[Proposal]:
    """Those the actor may see: all county-wide; an office's kinds; a unit's own; one's own for who raised them."""
    rows = Proposal.objects.all()
    if actor.has(*subjects.COUNTY_WIDE):
        return rows
    if actor.has(Role.DELEGATE):
        signed = Signer.objects.filter(
            proposal_id=OuterRef("pk"), delegate__account_id=actor.account_id
        )
        return rows.filter(Exists(signed))
    if not actor.has(*subjects.OWN_UNIT):
        return rows.none()
    units = list(own_units(actor, on))
    given = Handling.objects.filter(proposal_id=OuterRef("pk"), unit_id__in=units)
    helping = CoHandler.objects.filter(handling__proposal_id=OuterRef("pk"), unit_id__in=units)
    return rows.filter(
        Q(kind__in=list(kinds_kept(actor, on))) | Q(Exists(given)) | Q(Exists(helping))
    )


def chosen(
    rows: QuerySet[Proposal],
    *,
    session: str = "",
    kind: str = "",
    unit_id: int | None = None,
    answer_class: str = "",
    state: str = "",
    words: str = "",
    overdue_on: date | None = None,
) -> QuerySet[Proposal]:
    """Those of `rows` that fit, by session and number. overdue_on: not replied, and past its day."""
    if session:
        rows = rows.filter(session=session)
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(Q(title__contains=words) | Q(number=words))
    parts = Handling.objects.filter(proposal_id=OuterRef("pk"))
    narrowed = parts
    if unit_id is not None:
        narrowed = narrowed.filter(unit_id=unit_id)
    if answer_class:
        narrowed = narrowed.filter(answer_class=answer_class)
    if state == UNASSIGNED:
        rows = rows.filter(office_id=None)
    elif state:
        narrowed = narrowed.filter(state=state)
    if overdue_on is not None:
        late = Duty.objects.filter(state=DutyState.OPEN, due_on__lt=overdue_on).values("id")
        narrowed = narrowed.filter(
            duty_id__in=late, state__in=[HandlingState.ASSIGNED, HandlingState.DECLINED]
        )
    if narrowed is not parts:
        rows = rows.filter(Exists(narrowed))
    return rows.order_by("-session", "kind", "place", "id")


def with_parts(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """The same, with who raised and who handles them read along."""
    return rows.prefetch_related("signers__delegate", "handlings__cohandlers")


def sessions(rows: QuerySet[Proposal]) -> list[str]:
    """The sessions among them, the last registered first."""
    found = rows.order_by().values("session").annotate(n=Count("id")).order_by("-session")
    return [each["session"] for each in found]


def proposal(proposal_id: int) -> Proposal:
    """One proposal. Raises UnknownProposal."""
    found = with_parts(Proposal.objects.filter(pk=proposal_id)).first()
    if found is None:
        raise _unknown()
    return found


def seen(actor: Actor, on: date, proposal_id: int) -> Proposal:
    """One proposal that the actor may see. Raises UnknownProposal."""
    found = with_parts(visible(actor, on).filter(pk=proposal_id)).first()
    if found is None:
        raise _unknown()
    return found


def handling(handling_id: int) -> Handling:
    """One unit's part, with its proposal. Raises UnknownProposal."""
    found = Handling.objects.select_related("proposal").filter(pk=handling_id).first()
    if found is None:
        raise _unknown()
    return found


def of_duty(duty_id: int) -> int | None:
    """The proposal whose reply, or an opinion on it, this duty is about."""
    parts = Handling.objects.filter(Q(duty_id=duty_id) | Q(cohandlers__duty_id=duty_id))
    return parts.values_list("proposal_id", flat=True).first()


def signer(handling_row: Handling, signer_id: int) -> Signer:
    """A signer of the proposal. Raises UnknownProposal."""
    rows = Signer.objects.select_related("delegate").filter(proposal_id=handling_row.proposal_id)
    found = rows.filter(pk=signer_id).first()
    if found is None:
        raise _unknown()
    return found


def leading_account(proposal_row: Proposal) -> int | None:
    """The account of who leads; None where it has none."""
    for each in proposal_row.signers.all():
        return each.delegate.account_id
    return None


def delegates(words: str = "") -> QuerySet[Delegate]:
    """Everybody who ever raised one, by kind and delegation."""
    rows = Delegate.objects.order_by("kind", "delegation", "name", "id")
    return rows.filter(Q(name__contains=words) | Q(delegation__contains=words)) if words else rows


def duties(handlings: Iterable[Handling]) -> dict[int, Duty]:
    """The duties of these parts (to reply, and to keep what was promised), by id."""
    ids = {pk for each in handlings for pk in (each.duty_id, each.promise_duty_id) if pk}
    return Duty.objects.in_bulk(ids)


def opinion_days(cohandlers: Iterable[CoHandler]) -> dict[int, date | None]:
    """By which day each owes its opinion now, by its number: a day that was moved is the duty's."""
    rows = list(cohandlers)
    owed = Duty.objects.in_bulk(row.duty_id for row in rows if row.duty_id is not None)
    return {row.pk: owed[row.duty_id].due_on if row.duty_id in owed else row.due_on for row in rows}


def decline_term(kind: str, on: date) -> Term:
    """How long a unit may say that it is the wrong one. Raises NoRule."""
    return read_term(parameter("proposal_decline_term", on).value, kind)


def last_day_to_decline(row: Handling, kind: str) -> date:
    """The last day for it. Raises NoRule, CalendarMissing."""
    term = decline_term(kind, row.assigned_on)
    return counted(term.unit, term.count, row.assigned_on, calendar())


def most_second_handlings(on: date) -> int:
    """How often one proposal is handled again at most. Raises NoRule."""
    return read_count(parameter("proposal_second_handlings", on).value)


def reply_day(kind: str, opened_on: date, *, longer: bool) -> date:
    """The last day to reply; longer: of the term for a wide or difficult one. Raises NoRule, CalendarMissing."""
    return counted(*reply_limit(kind, opened_on, longer=longer), opened_on, calendar())


def reply_limit(kind: str, opened_on: date, *, longer: bool) -> tuple[str, int]:
    """The unit and count of that term. Raises NoRule."""
    limit = duty_limit("proposal_reply", f"{kind}_difficult" if longer else kind, opened_on)
    return str(limit.unit), limit.count


def history(entry_id: int) -> list[Step]:
    """Everything done about a proposal, from its registration on, in the order of the ledger."""
    ids = [entry_id, *ledger.entries_about(entry_id)]
    contents = ledger.payloads(ids)
    return [
        Step(
            entry_id=entry.id,
            act=entry.kind,
            on=entry.true_on,
            at=entry.known_at,
            by=str(contents[entry.id].closed.get("by", "")) if entry.id in contents else "",
            content=contents[entry.id].open if entry.id in contents else {},
        )
        for entry in ledger.entries(ids)
    ]


def figures(rows: QuerySet[Proposal], today: date) -> list[UnitFigures]:
    """By unit, most handled first: replies by class, ratings of who leads by word, and those nobody rated."""
    parts = Handling.objects.filter(proposal__in=rows.order_by()).exclude(state__in=_NOT_HANDLED)
    late = Duty.objects.filter(state=DutyState.OPEN, due_on__lt=today).values("id")
    counts: dict[int, dict[str, Any]] = {}
    for unit_id, answer_class, n in _count(parts, "unit_id", "answer_class"):
        of_unit = counts.setdefault(unit_id, {"classes": {}, "ratings": {}, "overdue": 0})
        of_unit["classes"][answer_class] = n
    for unit_id, n in _count(parts.filter(duty_id__in=late), "unit_id"):
        counts[unit_id]["overdue"] = n
    rated = parts.filter(opinions__signer__place=0)
    for unit_id, result, n in _count(rated, "unit_id", "opinions__result"):
        counts[unit_id]["ratings"][result] = n
    found = []
    for unit_id, each in counts.items():
        waiting = each["classes"].pop("", 0)
        replied = sum(each["classes"].values())
        found.append(
            UnitFigures(
                unit_id=unit_id,
                handled=waiting + replied,
                waiting=waiting,
                overdue=each["overdue"],
                classes=each["classes"],
                ratings=each["ratings"],
                unrated=replied - sum(each["ratings"].values()),
            )
        )
    return sorted(found, key=lambda each: (-each.handled, each.unit_id))


def _count(rows: QuerySet[Handling], *by: str) -> list[tuple[Any, ...]]:
    found = rows.order_by().values_list(*by).annotate(n=Count("id"))
    return [tuple(each) for each in found]


def numbers_taken(session: str, numbers: Collection[str]) -> set[tuple[str, str]]:
    """Which of these numbers the session already has, with their kind."""
    rows = Proposal.objects.filter(session=session, number__in=set(numbers))
    return set(rows.values_list("kind", "number"))


def known_delegates(names: Collection[str]) -> dict[tuple[str, str], list[Delegate]]:
    """Registered persons of these names, by kind and name."""
    found: dict[tuple[str, str], list[Delegate]] = {}
    for each in Delegate.objects.filter(name__in=set(names)).order_by("id"):
        found.setdefault((each.kind, each.name), []).append(each)
    return found


def ground(
    session: str, received_on: date, kinds: Collection[str], rows: list[list[str]]
) -> Ground:
    """What a list (its rows, the first with column names) is compared with. Raises ListFaulty."""
    places = columns_of(rows[0])

    def cells(field: str) -> list[str]:
        place = places.get(field)
        return [row[place] for row in rows[1:] if place is not None and place < len(row)]

    people = {each.name for cell in cells("first") + cells("others") for each in named(cell) or ()}
    return Ground(
        session=session,
        received_on=received_on,
        kinds=kinds,
        taken=numbers_taken(session, cells("number")),
        delegations={
            key: tuple(each.delegation for each in alike)
            for key, alike in known_delegates(people).items()
        },
    )


def kinds_assigned(actor: Actor, on: date) -> list[str]:
    """The kinds that this person may assign."""
    units = own_units(actor, on)
    return [
        kind
        for kind in ProposalKind.values
        if permissions.can_assign(actor, offices=offices(kind, on), units=units)
    ]


def waiting(actor: Actor, today: date) -> Waiting:
    """What waits for this person."""
    if actor.has(Role.DELEGATE):
        own = actor.account_id
        sent = Handling.objects.filter(
            state=HandlingState.SENT, proposal__signers__delegate__account_id=own
        )
        rated = Opinion.objects.filter(handling_id=OuterRef("pk"), signer__delegate__account_id=own)
        return Waiting(to_rate=sent.filter(~Exists(rated)).count())
    units = own_units(actor, today)
    opinions = 0
    if actor.has(*subjects.OWN_UNIT):
        open_now = [HandlingState.ASSIGNED, HandlingState.DECLINED]
        asked = CoHandler.objects.filter(unit_id__in=list(units), given_on=None)
        # One that the lead let go may be given still; it does not wait for anybody.
        owed = Duty.objects.filter(pk=OuterRef("duty_id"), state=DutyState.OPEN)
        asked = asked.filter(Q(duty_id=None) | Exists(owed))
        opinions = asked.filter(handling__state__in=open_now).count()
    kinds = kinds_assigned(actor, today)
    declined = Handling.objects.filter(proposal__kind__in=kinds, state=HandlingState.DECLINED)
    return Waiting(
        unassigned=Proposal.objects.filter(kind__in=kinds, assigned_on=None).count(),
        declined=declined.count(),
        replied=_to_look_over(actor, kinds, today),
        opinions=opinions,
    )


def _to_look_over(actor: Actor, kinds: Collection[str], today: date) -> int:
    """Replies that wait for this person: of the kinds it assigns, and those that the offices gave themselves."""
    n, officer = 0, actor.has(Role.CREDIT_OFFICER, Role.REVIEWER)
    for kind in ProposalKind.values if officer else kinds:
        replied = Handling.objects.filter(proposal__kind=kind, state=HandlingState.REPLIED)
        own = themselves(kind, today)
        if kind in kinds:
            n += replied.exclude(unit_id__in=own).count()
        if officer:
            n += replied.filter(unit_id__in=own).count()
    return n
