"""Legal holds: while one stands, what it lies on is not erased. Placing and lifting are acts on the ledger."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts import permissions
from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.intake import queries as intake_queries
from zhengxin.journey.following import follow
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import hold_sheet, new_hold_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.ledger.types import Draft
from zhengxin.retention import actions as retention
from zhengxin.retention import queries as retention_queries
from zhengxin.retention.actions import HoldRefused
from zhengxin.retention.enums import HoldOn
from zhengxin.subjects import queries as subject_queries


@signable
def place_hold(
    *,
    on: str,
    target_id: int,
    legal_basis: str,
    because: str,
    until: date | None,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """A named officer holds a record, everything of a subject or of a submission; returns the hold's number.

    Raises EntryMissing, NotThere, HoldRefused.
    """
    permissions.check_hold(actor)
    insist_on_reason(because)
    insist_on_reason(legal_basis)
    entry = _insist_there(on, target_id)
    content = {
        "on": on,
        "target": str(target_id),
        "legal_basis": legal_basis,
        "because": because,
        "until": until.isoformat() if until else "",
    }
    pen = take_pen(
        showing=partial(new_hold_sheet, signed.nonce),
        said=content,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        signature = traces(pen.sign())
        retention.take_turn(at=at, actor=actor)
        subject_id = entry.subject_id if entry else target_id if on == HoldOn.SUBJECT else None
        act_id = _act(Act.HOLD, {**content, **signature}, entry, subject_id, at, actor)
        hold = retention.place_hold(
            on=on,
            target_id=target_id,
            legal_basis=legal_basis,
            because=because,
            until=until,
            act_id=act_id,
            at=at,
            actor=actor,
        )
        _log("hold.place", hold.pk, subject_id, because, at, actor, **signature)
    follow(at=at, at_most=PATIENCE)
    return hold.pk


@signable
def lift_hold(*, hold_id: int, because: str, signed: Signed, at: datetime, actor: Actor) -> None:
    """A reviewer, another person than placed it, lifts a hold. Raises HoldRefused."""
    permissions.check_lift_hold(actor)
    insist_on_reason(because)
    pen = take_pen(
        showing=partial(hold_sheet, hold_id),
        said={"because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        signature = traces(pen.sign())
        row = retention_queries.hold(hold_id)
        entry = ledger_queries.entry(row.target_id) if row and row.on == HoldOn.ENTRY else None
        subject_id = entry.subject_id if entry else None
        if row and row.on == HoldOn.SUBJECT:
            subject_id = row.target_id
        content = {"hold": str(hold_id), "because": because, **signature}
        act_id = _act(Act.HOLD_LIFT, content, entry, subject_id, at, actor)
        retention.lift_hold(hold_id=hold_id, because=because, act_id=act_id, at=at, actor=actor)
        _log("hold.lift", hold_id, subject_id, because, at, actor, **signature)
    follow(at=at, at_most=PATIENCE)


def _insist_there(on: str, target_id: int) -> Entry | None:
    """The entry it lies on, if it is one. Raises EntryMissing, NotThere, HoldRefused."""
    if on == HoldOn.ENTRY:
        return ledger_queries.entry(target_id)
    if on == HoldOn.SUBMISSION:
        intake_queries.submission(target_id)
    elif not subject_queries.subject_names([target_id]):
        raise HoldRefused(
            say("没有保全：没有编号{id}的主体。", id=target_id), "", say("请从档案里核对编号。")
        )
    return None


def _act(
    kind: str,
    content: dict[str, str],
    entry: Entry | None,
    subject_id: int | None,
    at: datetime,
    actor: Actor,
) -> int:
    draft = Draft(
        kind=kind,
        subject_id=subject_id,
        unit_id=entry.unit_id if entry else actor.unit_id,
        true_on=timezone.localdate(at),
        known_at=at,
        open=content,
        text={},
        closed={"by": actor.name, "account": str(actor.account_id or "")},
        about_id=entry.id if entry else None,
    )
    [act_id] = ledger.append(drafts=[draft], at=at, actor=actor)
    return act_id


def _log(
    act: str,
    hold_id: int,
    subject_id: int | None,
    because: str,
    at: datetime,
    actor: Actor,
    **signature: Any,
) -> None:
    audit.record(
        act=act,
        object_kind="hold",
        object_id=hold_id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        subject_id=subject_id,
        because=because,
        **signature,
    )
