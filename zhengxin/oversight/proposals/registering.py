"""Entering proposals, whoever raised them, and the offices that assign them."""

from collections.abc import Sequence
from datetime import date, datetime

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.oversight.proposals import queries
from zhengxin.oversight.proposals.models import Delegate, Office, Proposal, Signer
from zhengxin.oversight.proposals.rules import ProposalNotThus, place_of
from zhengxin.oversight.proposals.types import Name, Raised


def put_office(
    *,
    unit_id: int,
    kind: str,
    basis: str,
    from_on: date,
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> Office:
    """Enters a unit as one that assigns this kind. Raises ProposalNotThus when it stands already."""
    rows = Office.objects.filter(unit_id=unit_id, kind=kind, until_on=None)
    if rows.exists():
        raise ProposalNotThus(
            say("没有登记：这个单位已经是交办单位。"),
            say("登记还在有效期内。"),
            say("请核对列表。"),
        )
    return Office.objects.create(
        unit_id=unit_id,
        kind=kind,
        basis=basis,
        from_on=from_on,
        entry_id=entry_id,
        by_name=actor.name,
    )


def end_office(*, office_id: int, until_on: date, at: datetime, actor: Actor) -> Office:
    """The last day of an assigning office. Raises ProposalNotThus."""
    office = Office.objects.filter(pk=office_id).first()
    if office is None or until_on < office.from_on:
        raise ProposalNotThus(
            say("没有结束。"), say("没有这条登记，或者结束日期早于开始日期。"), say("请核对日期。")
        )
    if not Office.objects.filter(pk=office_id, until_on=None).update(until_on=until_on):
        raise ProposalNotThus(say("没有结束。"), say("别人已经结束了它。"), say("请核对列表。"))
    office.refresh_from_db()
    return office


def put_proposals(
    *,
    raised: Sequence[Raised],
    entry_ids: Sequence[int],
    at: datetime,
    actor: Actor,
) -> list[Proposal]:
    """Enters these proposals, each with the entry that registered it, and whoever raised them."""
    rows = Proposal.objects.bulk_create(
        Proposal(
            kind=each.kind,
            session=each.session,
            number=each.number,
            place=place_of(each.number),
            title=each.title,
            text=each.text,
            received_on=each.received_on,
            difficult=each.difficult,
            consent=each.consent,
            entry_id=entry_id,
        )
        for each, entry_id in zip(raised, entry_ids, strict=True)
    )
    people = _people(raised)
    Signer.objects.bulk_create(
        Signer(proposal=row, delegate=people[each.kind, name], place=place)
        for row, each in zip(rows, raised, strict=True)
        for place, name in enumerate(each.signers)
    )
    return rows


def _people(raised: Sequence[Raised]) -> dict[tuple[str, Name], Delegate]:
    """Whoever is named, entered where nobody of that name and delegation is."""
    asked = dict.fromkeys((each.kind, name) for each in raised for name in each.signers)
    known = queries.known_delegates({name.name for _, name in asked})
    found: dict[tuple[str, Name], Delegate] = {}
    # Those named with their delegation first, so that a bare name finds them.
    for kind, name in sorted(asked, key=lambda each: not each[1].delegation):
        alike = known.setdefault((kind, name.name), [])
        same = [each for each in alike if each.delegation == name.delegation]
        if not same and not name.delegation and len(alike) == 1:
            same = alike
        if not same:
            same = [Delegate.objects.create(kind=kind, name=name.name, delegation=name.delegation)]
            alike.append(same[0])
        found[kind, name] = same[0]
    return found


def set_consent(*, proposal: Proposal, consent: str, at: datetime, actor: Actor) -> None:
    """Whether the public may see it, as it was said last."""
    Proposal.objects.filter(pk=proposal.pk).update(consent=consent)


def bind(*, delegate: Delegate, account_id: int | None, at: datetime, actor: Actor) -> None:
    """Which account signs in as this person. Raises ProposalNotThus when it is another's already."""
    rows = Delegate.objects.exclude(pk=delegate.pk)
    if account_id is not None and rows.filter(account_id=account_id).exists():
        raise ProposalNotThus(
            say("没有绑定：这个账号已经是另一位的。"),
            say("一个账号只对应一个人。"),
            say("请核对账号。"),
        )
    Delegate.objects.filter(pk=delegate.pk).update(account_id=account_id)
