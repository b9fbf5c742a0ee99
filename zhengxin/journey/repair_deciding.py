"""An application for repair is decided by name; what is granted ends everywhere at once, and may be revoked."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.signatures import last_signature
from zhengxin.accounts.types import Signed
from zhengxin.handover import actions as handover
from zhengxin.journey.facts import keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.imposing_deciding import end_all_with
from zhengxin.journey.imposing_showing import show_criticisms
from zhengxin.journey.owing import extend_with
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.repair_facts import meet_repair, repair_fact, repair_still_owed
from zhengxin.journey.showing import Sheet, entry_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.enums import Act
from zhengxin.publication import actions as publication
from zhengxin.repair import actions, permissions
from zhengxin.repair import queries as repairs
from zhengxin.repair.enums import RepairState
from zhengxin.repair.models import Application


def repair_sheet(act: str, application_id: int) -> Sheet:
    """The record, what was applied for with which proof, and where the application stands."""
    found = repairs.application(application_id)
    content = {
        "record": dict(entry_sheet(act, found.entry_id).content),
        "receipt": found.receipt,
        "filed_on": found.filed_on.isoformat(),
        "fulfilled": found.fulfilled,
        "commitment": found.commitment,
        "files": [[each["name"], each["digest"]] for each in found.files],
        "state": found.state,
        "extended": found.extended,
    }
    return Sheet(
        act, "repair", str(application_id), content, last_signature("repair", str(application_id))
    )


@signable
def extend_repair(
    *,
    application_id: int,
    due_on: date,
    because: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> None:
    """A complex application is given another day, once, with the reason. Raises NotAllowed, NotThus, NoReason."""
    application = _to_decide(application_id, at, actor)
    insist_on_reason(because)
    actions.insist_extension_sound(application=application, due_on=due_on, at=at, actor=actor)
    said = {"due_on": due_on, "because": because}
    pen = take_pen(
        showing=partial(repair_sheet, Act.REPAIR_EXTENDED, application_id),
        said=said,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content = {"due_on": due_on.isoformat(), "because": because, **traces(pen.sign())}
        repair_fact(application, Act.REPAIR_EXTENDED, content, (), at, actor)
        actions.extend(application=application, at=at, actor=actor)
        if application.duty_id is not None and repair_still_owed(application.duty_id):
            extend_with(
                duty_id=application.duty_id, due_on=due_on, content=content, at=at, actor=actor
            )
    follow(at=at, at_most=PATIENCE)


@signable
def decide_repair(
    *,
    application_id: int,
    granted: bool,
    because: str,
    again_on: date | None,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """A named person of the unit that found the breach grants or refuses; returns the act's entry.

    again_on: from when it may be asked for again, where it is refused. Granted, the board loses the record before
    this returns. Raises NotAllowed, NotThus, NoReason.
    """
    application = _to_decide(application_id, at, actor)
    insist_on_reason(because)
    again_on = None if granted else again_on
    actions.insist_decision_sound(
        application=application, granted=granted, again_on=again_on, at=at, actor=actor
    )
    act = Act.REPAIR_GRANTED if granted else Act.REPAIR_REFUSED
    said = {"granted": granted, "because": because, "again_on": again_on}
    pen = take_pen(
        showing=partial(repair_sheet, "repair_decided", application_id),
        said=said,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content: dict[str, Any] = {"because": because, "application": application.filed_entry_id}
        if again_on is not None:
            content["again_on"] = again_on.isoformat()
        kept = keep_fact(
            kind=act,
            unit_id=application.unit_id,
            content={**content, **traces(pen.sign())},
            about_id=application.entry_id if granted else application.filed_entry_id,
            at=at,
            actor=actor,
        )
        actions.move(
            application=application,
            to=RepairState.GRANTED if granted else RepairState.REFUSED,
            because=because,
            decided_on=timezone.localdate(at),
            again_on=again_on,
            at=at,
            actor=actor,
        )
        meet_repair(application, {"entry": kept.entry_id}, at, actor)
        if granted:
            _end_with_repair(application.entry_id, at, actor)
    follow(at=at, at_most=PATIENCE)
    if granted:
        kind = ledger.entry(application.entry_id).kind
        publication.take_off(kinds={kind}, at=at, actor=actor)
        show_criticisms(at=at, actor=actor)
    return kept.entry_id


def _end_with_repair(entry_id: int, at: datetime, actor: Actor) -> None:
    """Everything that rests on a record ends here together, in the transaction of the grant: its display, and what
    waits to be sent to offices above. What further rooms let rest on a record ends here too."""
    publication.settle_repair(entry_id=entry_id, at=at, actor=actor)
    chain = ledger.chain_of([ledger.entry(entry_id)])
    handover.void_waiting(entry_ids=[each.id for each in chain], at=at, actor=actor)
    for each in chain:
        because = say("第{n}号记录已经修复。", n=each.id)
        end_all_with(entry_id=each.id, because=because, at=at, actor=actor)


@signable
def revoke_repair(
    *, application_id: int, because: str, signed: Signed, at: datetime, actor: Actor
) -> int:
    """A repair that rested on false proof is taken back; the record is displayed again while its period runs.

    Returns the act's entry. Raises NotAllowed, NotThus, NoReason.
    """
    application = _to_decide(application_id, at, actor)
    insist_on_reason(because)
    actions.insist_state(application=application, to=RepairState.REVOKED, at=at, actor=actor)
    pen = take_pen(
        showing=partial(repair_sheet, Act.REPAIR_REVOKED, application_id),
        said={"because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.REPAIR_REVOKED,
            unit_id=application.unit_id,
            content={"because": because, **traces(pen.sign())},
            about_id=application.entry_id,
            at=at,
            actor=actor,
        )
        actions.move(
            application=application,
            to=RepairState.REVOKED,
            because=because,
            decided_on=timezone.localdate(at),
            at=at,
            actor=actor,
        )
        publication.settle_repair(entry_id=application.entry_id, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id


def _to_decide(application_id: int, at: datetime, actor: Actor) -> Application:
    found = repairs.application(application_id)
    permissions.check_decide(
        actor,
        found,
        units=own_units(actor, at),
        recorders=repairs.recorders(found.entry_id),
    )
    return found
