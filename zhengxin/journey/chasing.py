"""A correction is chased to everybody who holds a copy, until each has said that it arrived."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.duties import standing as duties
from zhengxin.duties.enums import DutyState
from zhengxin.duties.types import Owed
from zhengxin.handover import queries as handover
from zhengxin.journey.facts import keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.owing import open_duties, report_with, verify_with
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.enums import Act
from zhengxin.objections import actions, permissions
from zhengxin.objections import queries as objections
from zhengxin.objections.enums import CopyKind
from zhengxin.objections.models import Objection
from zhengxin.objections.types import Holder
from zhengxin.publication import queries as publication
from zhengxin.subjects import queries as subjects


def chase_copies(*, row: Objection, source_id: int, at: datetime, actor: Actor) -> None:
    """Everybody who holds a copy owes a receipt: units as a duty. In the transaction of the correction's act."""
    holders = list(_holders(row, at))
    units = [each for each in holders if each.kind == CopyKind.UNIT]
    what = say("改正第{id}号记录的副本并回执", id=row.entry_id)
    owed = [
        Owed("correction_receipt", int(each.ref), what, source_id, timezone.localdate(at))
        for each in units
    ]
    duty_ids = dict(
        zip([each.ref for each in units], open_duties(owed=owed, at=at, actor=actor), strict=True)
    )
    told = [
        Holder(each.kind, each.ref, each.name, duty_ids.get(each.ref))
        if each.kind == CopyKind.UNIT
        else each
        for each in holders
    ]
    actions.put_copies(row=row, holders=told, at=at, actor=actor)


def _holders(row: Objection, at: datetime) -> Iterator[Holder]:
    """The unit that recorded, units that read it by agreement, offices above that were sent it, recipients who took it."""
    today = timezone.localdate(at)
    readers = {
        each.reader_id for each in subjects.agreements(today) if each.owner_id == row.unit_id
    }
    names = subjects.subject_names({row.unit_id, *readers})
    for unit_id in [row.unit_id, *sorted(readers - {row.unit_id})]:
        yield Holder(CopyKind.UNIT, str(unit_id), names.get(unit_id, ""))
    chain = [each.id for each in ledger.chain_of([ledger.entry(row.entry_id)])]
    for peer in handover.told_of(chain):
        yield Holder(CopyKind.PEER, peer.code, peer.title)
    notice = publication.notice(row.entry_id)
    if notice is not None and notice.adverse:
        for pk, name in publication.takers_of(chain).items():
            yield Holder(CopyKind.RECIPIENT, str(pk), name)


def confirm_correction(*, copy_id: int, words: str, at: datetime, actor: Actor) -> None:
    """Somebody who holds a copy has corrected it and said so. Raises NotAllowed, NotThus, NoReason."""
    copy = objections.copy(copy_id)
    permissions.check_confirm(actor, copy, units=own_units(actor, at))
    insist_on_reason(words)
    row = copy.objection
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.CORRECTION_CONFIRMED,
            unit_id=row.unit_id,
            content={"copy": copy.name, "kind": copy.kind, "words": words},
            about_id=row.entry_id,
            at=at,
            actor=actor,
        )
        actions.confirm_copy(copy=copy, words=words, entry_id=kept.entry_id, at=at, actor=actor)
        meet([copy.duty_id], words, at, actor)
    follow(at=at, at_most=PATIENCE)


def meet(duty_ids: Sequence[int | None], words: str, at: datetime, actor: Actor) -> None:
    """What is still owed of these is met by the act of the case, in its transaction."""
    for duty_id in duty_ids:
        if duty_id is None:
            continue
        state = duties.standing_now(duty_id).state
        if state == DutyState.OPEN:
            report_with(duty_id=duty_id, content={"words": words}, at=at, actor=actor)
        if state in (DutyState.OPEN, DutyState.REPORTED):
            verify_with(duty_id=duty_id, content={"because": words}, at=at, actor=actor)
