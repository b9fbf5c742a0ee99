"""An objection: lodged and marked at once, looked at first, answered by the unit that recorded, taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.evidence.types import Sent
from zhengxin.journey.chasing import meet
from zhengxin.journey.facts import insist_free_of_numbers, keep_fact, own_units
from zhengxin.journey.objection_steps import check_sheet, office, owe, show
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.letters import new_code
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.objections import actions, permissions
from zhengxin.objections import queries as objections
from zhengxin.objections.enums import ObjectionState
from zhengxin.objections.types import Lodged, Objector


def lodge_objection(
    *,
    entry_id: int,
    objector: Objector,
    claim: str,
    statement: str = "",
    files: Sequence[Sent] = (),
    code: str = "",
    at: datetime,
    actor: Actor,
) -> Lodged:
    """Takes an objection in and marks the record everywhere before it returns.

    code: the one its sender has already; without it a new one, which is given once.

    Raises NotAllowed, NoSuchRecord, ObjectionRefused, NoReason, NumberInReason, EvidenceRefused.
    """
    permissions.check_lodge(actor)
    record = objections.record_of(entry_id)
    own = own_units(actor, at)
    permissions.check_lodge_about(actor, subject_id=record.subject_id, units=own)
    insist_on_reason(claim)
    insist_free_of_numbers(statement)
    actions.insist_lodging_sound(
        record=record, objector=objector, statement=statement, at=at, actor=actor
    )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.OBJECTION_LODGED,
            unit_id=record.unit_id,
            content={"claim": claim, "objector": objector.kind},
            about_id=entry_id,
            files=files,
            at=at,
            actor=actor,
        )
        what = say("审查对第{id}号记录的异议", id=entry_id)
        duty_id = owe("objection_check", office(record.unit_id, at), what, kept.entry_id, at, actor)
        lodged = actions.put_objection(
            record=record,
            objector=objector,
            claim=claim,
            statement=statement,
            files=kept.files,
            entry_id=kept.entry_id,
            check_duty_id=duty_id,
            code=code or new_code(),
            at=at,
            actor=actor,
        )
    show(entry_id, at, actor)
    return lodged


@signable
def check_objection(
    *, objection_id: int, admit: bool, because: str, signed: Signed, at: datetime, actor: Actor
) -> None:
    """Looks first: taken up, the unit that recorded is heard; not taken up, the mark ends. Raises NotThus."""
    permissions.check_check(actor)
    row = objections.objection(objection_id)
    insist_on_reason(because)
    to = ObjectionState.ADMITTED if admit else ObjectionState.REFUSED
    actions.insist_fits(row=row, to={to}, at=at, actor=actor)
    pen = take_pen(
        showing=lambda: check_sheet(objection_id),
        said={"admit": admit, "because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.OBJECTION_ADMITTED if admit else Act.OBJECTION_REFUSED,
            unit_id=row.unit_id,
            content={"because": because, **traces(pen.sign())},
            about_id=row.entry_id,
            at=at,
            actor=actor,
        )
        said: dict[str, object] = {"checked_because": because}
        if admit:
            what = say("对第{id}号记录的异议", id=row.entry_id)
            said["answer_duty_id"] = owe(
                "objection_answer", row.unit_id, what, kept.entry_id, at, actor
            )
            said["decide_duty_id"] = owe(
                "objection_decision", office(row.unit_id, at), what, kept.entry_id, at, actor
            )
        actions.move(row=row, to=to, said=said, at=at, actor=actor)
        meet([row.check_duty_id], because, at, actor)
    show(row.entry_id, at, actor)


def answer_objection(
    *, objection_id: int, words: str, files: Sequence[Sent] = (), at: datetime, actor: Actor
) -> None:
    """The unit that recorded says how it is. Raises NotAllowed, NotThus, NoReason, EvidenceRefused."""
    row = objections.objection(objection_id)
    permissions.check_answer(actor, row, units=own_units(actor, at))
    insist_on_reason(words)
    actions.insist_fits(row=row, to={ObjectionState.ANSWERED}, at=at, actor=actor)
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.OBJECTION_ANSWERED,
            unit_id=row.unit_id,
            content={"words": words},
            about_id=row.entry_id,
            files=files,
            at=at,
            actor=actor,
        )
        said = {
            "answer": words,
            "answer_files": kept.files,
            "answered_on": timezone.localdate(at),
            "answered_by_name": actor.name,
        }
        actions.move(row=row, to=ObjectionState.ANSWERED, said=said, at=at, actor=actor)
        meet([row.answer_duty_id], words, at, actor)
    show(row.entry_id, at, actor)


def withdraw_objection(*, objection_id: int, because: str, at: datetime, actor: Actor) -> None:
    """The objector takes it back: the mark ends. Raises NotAllowed, NotThus, NoReason."""
    row = objections.objection(objection_id)
    permissions.check_withdraw(actor, row, units=own_units(actor, at))
    insist_on_reason(because)
    actions.insist_fits(row=row, to={ObjectionState.WITHDRAWN}, at=at, actor=actor)
    with transaction.atomic():
        keep_fact(
            kind=Act.OBJECTION_WITHDRAWN,
            unit_id=row.unit_id,
            content={"because": because},
            about_id=row.entry_id,
            at=at,
            actor=actor,
        )
        said = {"withdrawn_because": because}
        actions.move(row=row, to=ObjectionState.WITHDRAWN, said=said, at=at, actor=actor)
        open_now = [row.check_duty_id, row.answer_duty_id, row.decide_duty_id]
        meet(open_now, say("异议人已撤回异议。"), at, actor)
    show(row.entry_id, at, actor)
