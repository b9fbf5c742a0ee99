"""An application for repair is taken in, completed, accepted or declined, withdrawn."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.evidence.types import Sent
from zhengxin.journey.facts import keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.owing import change_with
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.repair_facts import (
    meet_repair,
    owe_repair,
    repair_fact,
    repair_still_owed,
)
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.repair import actions, permissions
from zhengxin.repair import queries as repairs
from zhengxin.repair.enums import RepairState
from zhengxin.repair.models import Application


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
        owe_repair(
            application, "repair_acceptance", kept.entry_id, timezone.localdate(at), at, actor
        )
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
        kept = repair_fact(
            application, Act.REPAIR_COMPLETED, {"fulfilled": fulfilled}, files, at, actor
        )
        actions.move(
            application=application,
            to=RepairState.FILED,
            fulfilled=f"{application.fulfilled}\n{fulfilled}",
            files=[*application.files, *kept.files],
            complete_on=today,
            at=at,
            actor=actor,
        )
        owe_repair(application, "repair_acceptance", kept.entry_id, today, at, actor)
    follow(at=at, at_most=PATIENCE)


def accept_repair(*, application_id: int, at: datetime, actor: Actor) -> None:
    """The unit that found the breach takes the application up; it is to be decided in the law's time."""
    application = _to_accept(application_id, at, actor)
    with transaction.atomic():
        kept = repair_fact(application, Act.REPAIR_ACCEPTED, {}, (), at, actor)
        actions.move(application=application, to=RepairState.ACCEPTED, at=at, actor=actor)
        meet_repair(application, {"entry": kept.entry_id}, at, actor)
        owe_repair(
            application, "repair_decision", kept.entry_id, application.complete_on, at, actor
        )
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


def withdraw_repair(*, application_id: int, because: str, at: datetime, actor: Actor) -> None:
    """The applicant takes the application back. Raises NotAllowed, NotThus, NoReason."""
    application = _of_applicant(application_id, at, actor)
    insist_on_reason(because)
    actions.insist_state(application=application, to=RepairState.WITHDRAWN, at=at, actor=actor)
    with transaction.atomic():
        kept = repair_fact(application, Act.REPAIR_WITHDRAWN, {"because": because}, (), at, actor)
        actions.move(
            application=application,
            to=RepairState.WITHDRAWN,
            because=because,
            decided_on=timezone.localdate(at),
            at=at,
            actor=actor,
        )
        if application.duty_id is not None and repair_still_owed(application.duty_id):
            change_with(
                duty_id=application.duty_id,
                content={"because": say("申请人撤回了申请。"), "entry": kept.entry_id},
                at=at,
                actor=actor,
            )
    follow(at=at, at_most=PATIENCE)


def _to_accept(application_id: int, at: datetime, actor: Actor) -> Application:
    found = repairs.application(application_id)
    permissions.check_accept(actor, found, units=own_units(actor, at))
    actions.insist_state(application=found, to=RepairState.ACCEPTED, at=at, actor=actor)
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
        kept = repair_fact(application, act, content, (), at, actor)
        actions.move(application=application, to=to, at=at, actor=actor, **changes)
        meet_repair(application, {"entry": kept.entry_id}, at, actor)
    follow(at=at, at_most=PATIENCE)
