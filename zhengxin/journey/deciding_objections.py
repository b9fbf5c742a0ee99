"""An objection is decided by somebody who neither recorded nor imposed; what it upheld is put right."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.duties import standing as duties
from zhengxin.journey.acting import act_about
from zhengxin.journey.chasing import chase_copies, meet
from zhengxin.journey.facts import insist_free_of_numbers, keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.imposing_deciding import end_all_with
from zhengxin.journey.objection_steps import (
    decision_sheet,
    handlers_of,
    owe,
    show,
    statement_sheet,
)
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.objections import actions, permissions
from zhengxin.objections import queries as objections
from zhengxin.objections.enums import ObjectionState, Ruling
from zhengxin.objections.models import Objection

_DECIDED = {
    Ruling.FULL: ObjectionState.UPHELD,
    Ruling.PART: ObjectionState.CORRECTING,
    Ruling.DISMISSED: ObjectionState.DISMISSED,
}


@signable
def decide_objection(
    *,
    objection_id: int,
    ruling: str,
    reasons: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> None:
    """Decides with reasons, by somebody who neither recorded nor imposed (`Ruling`).

    In full: the record is revoked with every earlier version and leaves the board in this call. In part: the unit
    owes the correction, and the mark stays until it has come. Not: the mark ends. Raises NotAllowed, NotThus.
    """
    row = objections.objection(objection_id)
    permissions.check_decide(actor, row, handled_by=handlers_of(row), units=own_units(actor, at))
    insist_on_reason(reasons)
    to = _DECIDED[Ruling(ruling)]
    actions.insist_fits(row=row, to={to}, at=at, actor=actor)
    actions.insist_decidable(row=row, overdue=_overdue(row, at), at=at, actor=actor)
    pen = take_pen(
        showing=lambda: decision_sheet(objection_id),
        said={"ruling": ruling, "reasons": reasons},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        dismissed = to == ObjectionState.DISMISSED
        kept = keep_fact(
            kind=Act.OBJECTION_DISMISSED if dismissed else Act.OBJECTION_UPHELD,
            unit_id=row.unit_id,
            content={"ruling": ruling, "reasons": reasons, **traces(pen.sign())},
            about_id=row.entry_id,
            at=at,
            actor=actor,
        )
        said: dict[str, object] = {
            "ruling": ruling,
            "reasons": reasons,
            "decided_on": timezone.localdate(at),
            "decided_by_name": actor.name,
            "decision_entry_id": kept.entry_id,
        }
        if to == ObjectionState.CORRECTING:
            what = say("按异议决定更正第{id}号记录", id=row.entry_id)
            said["correct_duty_id"] = owe(
                "objection_correction", row.unit_id, what, kept.entry_id, at, actor
            )
        actions.move(row=row, to=to, said=said, at=at, actor=actor)
        meet([row.answer_duty_id, row.decide_duty_id], reasons, at, actor)
        if to == ObjectionState.UPHELD:
            _revoke(row, reasons, at, actor)
            _settled(row, at, actor)
    show(row.entry_id, at, actor, ended=to == ObjectionState.UPHELD)


def settle_objection(*, objection_id: int, at: datetime, actor: Actor) -> None:
    """The correction came in: the mark ends, and every copy is to be corrected. Raises NotAllowed, NotThus."""
    row = objections.objection(objection_id)
    permissions.check_settle(actor, row, units=own_units(actor, at))
    actions.insist_correcting(row=row, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    actions.insist_corrected(corrected=objections.corrected_since(row), at=at, actor=actor)
    with transaction.atomic():
        actions.move(row=row, to=ObjectionState.UPHELD, said={}, at=at, actor=actor)
        meet([row.correct_duty_id], say("更正已经入账。"), at, actor)
        _settled(row, at, actor)
    show(row.entry_id, at, actor, ended=True)


@signable
def release_statement(*, objection_id: int, signed: Signed, at: datetime, actor: Actor) -> None:
    """The words of whoever objected in vain stand beside the record from now on. Raises NotAllowed, NotThus."""
    row = objections.objection(objection_id)
    permissions.check_release_statement(actor, row)
    actions.insist_statement(row=row, at=at, actor=actor)
    insist_free_of_numbers(row.statement)
    pen = take_pen(
        showing=lambda: statement_sheet(objection_id), said={}, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.OBJECTION_STATEMENT,
            unit_id=row.unit_id,
            content={"words": row.statement, **traces(pen.sign())},
            about_id=row.entry_id,
            at=at,
            actor=actor,
        )
        actions.put_statement(row=row, entry_id=kept.entry_id, at=at, actor=actor)
    show(row.entry_id, at, actor)


def _settled(row: Objection, at: datetime, actor: Actor) -> None:
    """The mark ends with an act of its own, measures that rest on the record end, and the copies are chased."""
    kept = keep_fact(
        kind=Act.OBJECTION_SETTLED,
        unit_id=row.unit_id,
        content={"objection": row.pk},
        about_id=row.entry_id,
        at=at,
        actor=actor,
    )
    chase_copies(row=row, source_id=kept.entry_id, at=at, actor=actor)
    because = say("第{n}号记录的异议得到支持。", n=row.entry_id)
    for each in ledger_queries.chain_of([ledger_queries.entry(row.entry_id)]):
        end_all_with(entry_id=each.id, because=because, at=at, actor=actor)


def _revoke(row: Objection, because: str, at: datetime, actor: Actor) -> None:
    """Every version of the record that still stands or would stand again, and every other arrival of it."""
    chain = ledger_queries.chain_of([ledger_queries.entry(row.entry_id)])
    ledger.append(
        drafts=[
            act_about(each, kind=Act.REVOCATION, content={"because": because}, at=at, actor=actor)
            for each in chain
        ],
        at=at,
        actor=actor,
    )


def _overdue(row: Objection, at: datetime) -> bool:
    due_on = duties.duty(row.answer_duty_id).due_on if row.answer_duty_id else None
    return due_on is not None and due_on < timezone.localdate(at)
