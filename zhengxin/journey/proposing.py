"""Suggestions and proposals come in: one by one or as a session's list; who assigns them, who raised them."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts import queries as accounts
from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.acting import act_alone
from zhengxin.journey.facts import insist_free_of_numbers, keep_fact
from zhengxin.journey.following import follow
from zhengxin.journey.papering import signable
from zhengxin.journey.proposal_sheets import new_office_sheet
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger.enums import Act
from zhengxin.oversight.proposals import permissions, queries, reading, registering
from zhengxin.oversight.proposals.checks import insist_session, insist_sound
from zhengxin.oversight.proposals.enums import ProposalKind
from zhengxin.oversight.proposals.models import Delegate, Proposal
from zhengxin.oversight.proposals.sheets import rows_of
from zhengxin.oversight.proposals.types import Raised
from zhengxin.subjects import queries as subjects


class NoOffice(Refused):
    """Nobody stands behind the proposals of this kind."""


class NoDelegateAccount(Refused):
    """The account is not one of a deputy or a member."""


@signable
def name_proposal_office(
    *,
    unit_id: int,
    kind: str,
    basis: str,
    from_on: date,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Registers a unit that assigns proposals of this kind from that day on; its number. Raises ProposalNotThus."""
    permissions.check_name_office(actor)
    insist_on_reason(basis)
    subjects.unit(unit_id)
    said = {"unit_id": unit_id, "kind": kind, "basis": basis, "from_on": from_on}
    pen = take_pen(
        showing=partial(new_office_sheet, signed.nonce),
        said=said,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.PROPOSAL_OFFICE,
            unit_id=unit_id,
            content={**said, "from_on": from_on.isoformat(), **traces(pen.sign())},
            at=at,
            actor=actor,
        )
        office = registering.put_office(
            unit_id=unit_id,
            kind=kind,
            basis=basis,
            from_on=from_on,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return office.pk


def end_proposal_office(*, office_id: int, until_on: date, at: datetime, actor: Actor) -> None:
    """The last day of an assigning office. Raises ProposalNotThus."""
    permissions.check_name_office(actor)
    with transaction.atomic():
        office = registering.end_office(office_id=office_id, until_on=until_on, at=at, actor=actor)
        audit.record(
            act="proposal.end_office",
            object_kind="proposal_office",
            object_id=office_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            unit=office.unit_id,
            until=until_on.isoformat(),
        )


def register_proposal(*, raised: Raised, at: datetime, actor: Actor) -> int:
    """Registers one suggestion or proposal; its number in this program. Raises NotAllowed, ProposalNotThus."""
    today = timezone.localdate(at)
    _check_keeps(raised.kind, today, actor)
    insist_free_of_numbers(
        raised.session,
        raised.number,
        raised.title,
        raised.text,
        *(part for each in raised.signers for part in (each.name, each.delegation)),
    )
    insist_sound(raised)
    with transaction.atomic():
        [row] = _register([raised], {raised.kind: _home(raised.kind, today, actor)}, at, actor)
        audit.record(
            act="proposal.register",
            object_kind="proposal",
            object_id=row.pk,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return row.pk


def import_proposals(
    *, name: str, content: bytes, session: str, received_on: date, at: datetime, actor: Actor
) -> int:
    """Registers a session's list (CSV or XLSX), whole or not at all; how many there are.

    Raises ListUnreadable, and ListFaulty with every fault.
    """
    today = timezone.localdate(at)
    kinds = _kinds_kept(today, actor)
    insist_session(session)
    insist_free_of_numbers(session)
    rows = rows_of(name, content)
    with transaction.atomic():
        raised = reading.read_list(rows, queries.ground(session, received_on, kinds, rows))
        homes = {kind: _home(kind, today, actor) for kind in {each.kind for each in raised}}
        entered = _register(raised, homes, at, actor)
        audit.record(
            act="proposal.import",
            object_kind="proposal",
            object_id=entered[0].pk,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            session=session,
            number=len(entered),
            sha256=sha256_hex(content),
        )
    follow(at=at, at_most=PATIENCE)
    return len(entered)


def say_consent(
    *, proposal_id: int, consent: str, because: str, at: datetime, actor: Actor
) -> None:
    """Whether the public may see a proposal, as its raiser said; because: how that was said. Raises NotAllowed."""
    today = timezone.localdate(at)
    row = queries.seen(actor, today, proposal_id)
    permissions.check_say_consent(
        actor,
        account_id=queries.leading_account(row),
        offices=queries.offices(row.kind, today),
        units=queries.own_units(actor, today),
    )
    insist_on_reason(because)
    with transaction.atomic():
        keep_fact(
            kind=Act.PROPOSAL_CONSENT,
            unit_id=row.office_id or _home(row.kind, today, actor),
            content={"consent": consent, "because": because},
            about_id=row.entry_id,
            at=at,
            actor=actor,
        )
        registering.set_consent(proposal=row, consent=consent, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


def bind_delegate(*, delegate_id: int, username: str, at: datetime, actor: Actor) -> None:
    """Which account signs in as this deputy or member; an empty name unbinds. Raises NoDelegateAccount."""
    today = timezone.localdate(at)
    delegate = Delegate.objects.filter(pk=delegate_id).first()
    if delegate is None:
        raise queries.UnknownProposal(say("没有找到这位代表或委员。"), "", say("请从名单里打开。"))
    _check_keeps(delegate.kind, today, actor)
    account = accounts.account_by_username(username) if username else None
    if username and (
        account is None
        or not accounts.posts_in_force(account, today).filter(role=Role.DELEGATE).exists()
    ):
        raise NoDelegateAccount(
            say("没有绑定：“{username}”不是代表、委员的账号。", username=username),
            say("没有这个账号，或者它今天没有“{role}”的岗位。", role=Role.DELEGATE.label),
            say("请先由系统管理员开通账号、安全保密管理员登记岗位。"),
        )
    with transaction.atomic():
        registering.bind(
            delegate=delegate,
            account_id=account.pk if account else None,
            at=at,
            actor=actor,
        )
        audit.record(
            act="proposal.bind_delegate",
            object_kind="proposal_delegate",
            object_id=delegate_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            account=account.pk if account else None,
        )


def _register(
    raised: Sequence[Raised], homes: dict[str, int], at: datetime, actor: Actor
) -> list[Proposal]:
    drafts = [
        act_alone(
            kind=Act.PROPOSAL_REGISTERED,
            unit_id=homes[each.kind],
            content=_content(each),
            at=at,
            actor=actor,
        )
        for each in raised
    ]
    entry_ids = ledger.append(drafts=drafts, at=at, actor=actor)
    return registering.put_proposals(raised=raised, entry_ids=entry_ids, at=at, actor=actor)


def _content(raised: Raised) -> dict[str, Any]:
    return {
        "kind": raised.kind,
        "session": raised.session,
        "number": raised.number,
        "title": raised.title,
        "text": raised.text,
        "received_on": raised.received_on.isoformat(),
        "signers": [[each.name, each.delegation] for each in raised.signers],
        "difficult": raised.difficult,
        "consent": raised.consent,
    }


def _check_keeps(kind: str, today: date, actor: Actor) -> None:
    permissions.check_keep_register(
        actor, offices=queries.offices(kind, today), units=queries.own_units(actor, today)
    )


def _kinds_kept(today: date, actor: Actor) -> frozenset[str]:
    """The kinds whose lists the actor may bring in. Raises NotAllowed where there is none."""
    if actor.has(Role.SYSTEM):
        return frozenset(ProposalKind.values)
    kinds = queries.kinds_kept(actor, today)
    if not kinds:
        _check_keeps(ProposalKind.SUGGESTION, today, actor)
    for kind in kinds:
        _check_keeps(kind, today, actor)
    return kinds


def _home(kind: str, today: date, actor: Actor) -> int:
    """The unit that stands behind a registration: who registers, or the assigning office. Raises NoOffice."""
    if actor.unit_id is not None:
        return actor.unit_id
    registered = sorted(queries.offices(kind, today))
    office = subjects.credit_office(today)
    if not registered and office is None:
        raise NoOffice(
            say("没有登记：没有交办单位，也没有信用办。"),
            say("建议提案要有一个单位交办。"),
            say("请先登记交办单位。"),
        )
    return registered[0] if registered or office is None else office.id
