"""An application for repair is taken in, accepted, decided; what is granted ends everywhere at once."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.signatures import last_signature
from zhengxin.accounts.types import Signed
from zhengxin.duties import standing as duties
from zhengxin.duties.enums import DutyState
from zhengxin.duties.types import Owed
from zhengxin.evidence.types import Sent
from zhengxin.handover import actions as handover
from zhengxin.journey.facts import Kept, keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.owing import (
    change_with,
    extend_with,
    open_duties,
    report_with,
    verify_with,
)
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
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


def apply_for_repair(
    *,
    entry_id: int,
    fulfilled: str,
    commitment: str,
    files: Sequence[Sent],
    at: datetime,
    actor: Actor,
) -> int:
    """Takes in an application with its proof and commitment; returns its number.

    Raises UnknownRecord, NotYet (with the earliest day and the article), NotThus, NotAllowed, EvidenceRefused.
    """
    record = repairs.record(entry_id)
    permissions.check_file(
        actor, owners=(record.unit_id, record.subject_id), units=own_units(actor, at)
    )
    repairs.insist_may_apply(entry_id, timezone.localdate(at))
    insist_on_reason(fulfilled)
    insist_on_reason(commitment)
    actions.insist_complete(files=len(files), fulfilled=fulfilled, at=at, actor=actor)
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.REPAIR_APPLIED,
            unit_id=record.unit_id,
            content={"fulfilled": fulfilled, "commitment": commitment},
            about_id=entry_id,
            files=files,
            at=at,
            actor=actor,
        )
        application = actions.put_application(
            notice=record,
            fulfilled=fulfilled,
            commitment=commitment,
            files=kept.files,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
        _owe(application, "repair_acceptance", kept.entry_id, timezone.localdate(at), at, actor)
    follow(at=at, at_most=PATIENCE)
    return application.pk


def ask_to_complete_repair(
    *, application_id: int, because: str, at: datetime, actor: Actor
) -> None:
    """What is missing, once and all of it. Raises NotAllowed, NotThus, NoReason."""
    application = _to_accept(application_id, at, actor)
    actions.insist_not_asked(application=application, at=at, actor=actor)
    insist_on_reason(because)
    _answer_application(
        application,
        RepairState.INCOMPLETE,
        Act.REPAIR_ASKED,
        {"because": because},
        at,
        actor,
        asked_once=True,
        asked_for=because,
    )


def complete_repair(
    *, application_id: int, fulfilled: str, files: Sequence[Sent], at: datetime, actor: Actor
) -> None:
    """The applicant hands in what was missing; the time for accepting begins anew. Raises NotAllowed, NotThus."""
    application = _of_applicant(application_id, at, actor)
    actions.insist_state(application=application, to=RepairState.FILED, at=at, actor=actor)
    insist_on_reason(fulfilled)
    actions.insist_complete(files=len(files), fulfilled=fulfilled, at=at, actor=actor)
    today = timezone.localdate(at)
    with transaction.atomic():
        kept = _fact(application, Act.REPAIR_COMPLETED, {"fulfilled": fulfilled}, files, at, actor)
        actions.move(
            application=application,
            to=RepairState.FILED,
            fulfilled=f"{application.fulfilled}\n{fulfilled}",
            files=[*application.files, *kept.files],
            complete_on=today,
            at=at,
            actor=actor,
        )
        _owe(application, "repair_acceptance", kept.entry_id, today, at, actor)
    follow(at=at, at_most=PATIENCE)


def accept_repair(*, application_id: int, at: datetime, actor: Actor) -> None:
    """The unit that found the breach takes the application up; it is to be decided in the law's time."""
    application = _to_accept(application_id, at, actor)
    with transaction.atomic():
        kept = _fact(application, Act.REPAIR_ACCEPTED, {}, (), at, actor)
        actions.move(application=application, to=RepairState.ACCEPTED, at=at, actor=actor)
        _meet(application, {"entry": kept.entry_id}, at, actor)
        _owe(application, "repair_decision", kept.entry_id, application.complete_on, at, actor)
    follow(at=at, at_most=PATIENCE)


def decline_repair(*, application_id: int, because: str, at: datetime, actor: Actor) -> None:
    """The application is not taken up, with the reason. Raises NotAllowed, NotThus, NoReason."""
    application = _to_accept(application_id, at, actor)
    insist_on_reason(because)
    _answer_application(
        application,
        RepairState.DECLINED,
        Act.REPAIR_DECLINED,
        {"because": because},
        at,
        actor,
        because=because,
        decided_on=timezone.localdate(at),
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
        _fact(application, Act.REPAIR_EXTENDED, content, (), at, actor)
        actions.extend(application=application, at=at, actor=actor)
        if application.duty_id is not None and _still_owed(application.duty_id):
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
        _meet(application, {"entry": kept.entry_id}, at, actor)
        if granted:
            _end_with_repair(application.entry_id, at, actor)
    follow(at=at, at_most=PATIENCE)
    if granted:
        publication.take_off_repaired(entry_id=application.entry_id, at=at, actor=actor)
    return kept.entry_id


def _end_with_repair(entry_id: int, at: datetime, actor: Actor) -> None:
    """Everything that rests on a record ends here together, in the transaction of the grant: its display, and what
    waits to be sent to offices above. What further rooms let rest on a record ends here too."""
    publication.settle_repair(entry_id=entry_id, at=at, actor=actor)
    chain = ledger.chain_of([ledger.entry(entry_id)])
    handover.void_waiting(entry_ids=[each.id for each in chain], at=at, actor=actor)


def withdraw_repair(*, application_id: int, because: str, at: datetime, actor: Actor) -> None:
    """The applicant takes the application back. Raises NotAllowed, NotThus, NoReason."""
    application = _of_applicant(application_id, at, actor)
    insist_on_reason(because)
    actions.insist_state(application=application, to=RepairState.WITHDRAWN, at=at, actor=actor)
    with transaction.atomic():
        kept = _fact(application, Act.REPAIR_WITHDRAWN, {"because": because}, (), at, actor)
        actions.move(
            application=application,
            to=RepairState.WITHDRAWN,
            because=because,
            decided_on=timezone.localdate(at),
            at=at,
            actor=actor,
        )
        if application.duty_id is not None and _still_owed(application.duty_id):
            change_with(
                duty_id=application.duty_id,
                content={"because": say("申请人撤回了申请。"), "entry": kept.entry_id},
                at=at,
                actor=actor,
            )
    follow(at=at, at_most=PATIENCE)


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


def _to_accept(application_id: int, at: datetime, actor: Actor) -> Application:
    found = repairs.application(application_id)
    permissions.check_accept(actor, found, units=own_units(actor, at))
    actions.insist_state(application=found, to=RepairState.ACCEPTED, at=at, actor=actor)
    return found


def _to_decide(application_id: int, at: datetime, actor: Actor) -> Application:
    found = repairs.application(application_id)
    permissions.check_decide(
        actor,
        found,
        units=own_units(actor, at),
        recorders=repairs.recorders(found.entry_id),
    )
    return found


def _of_applicant(application_id: int, at: datetime, actor: Actor) -> Application:
    found = repairs.application(application_id)
    permissions.check_file(
        actor, owners=(found.unit_id, found.subject_id), units=own_units(actor, at)
    )
    return found


def _answer_application(
    application: Application,
    to: RepairState,
    act: Act,
    content: dict[str, Any],
    at: datetime,
    actor: Actor,
    **changes: Any,
) -> None:
    """An act that answers the application and with it the duty to answer in time."""
    with transaction.atomic():
        kept = _fact(application, act, content, (), at, actor)
        actions.move(application=application, to=to, at=at, actor=actor, **changes)
        _meet(application, {"entry": kept.entry_id}, at, actor)
    follow(at=at, at_most=PATIENCE)


def _fact(
    application: Application,
    act: Act,
    content: dict[str, Any],
    files: Sequence[Sent],
    at: datetime,
    actor: Actor,
) -> Kept:
    return keep_fact(
        kind=act,
        unit_id=application.unit_id,
        content=content,
        about_id=application.filed_entry_id,
        files=files,
        at=at,
        actor=actor,
    )


def _owe(
    application: Application, kind: str, source_id: int, since: date, at: datetime, actor: Actor
) -> None:
    owed = Owed(
        kind=kind,
        bearer_id=application.unit_id,
        what=say("{receipt}：记录{entry}的信用修复申请", receipt=application.receipt, entry=application.entry_id),
        source_id=source_id,
        opened_on=since,
    )  # fmt: skip
    [duty_id] = open_duties(owed=[owed], at=at, actor=actor)
    actions.set_duty(application=application, duty_id=duty_id, at=at, actor=actor)


def _still_owed(duty_id: int) -> bool:
    return duties.standing_now(duty_id).state == DutyState.OPEN


def _meet(application: Application, content: dict[str, Any], at: datetime, actor: Actor) -> None:
    """The case's own act is the report and its acceptance; a breach that somebody found stays one."""
    if application.duty_id is None or not _still_owed(application.duty_id):
        return
    report_with(duty_id=application.duty_id, content=content, at=at, actor=actor)
    verify_with(duty_id=application.duty_id, content=content, at=at, actor=actor)
