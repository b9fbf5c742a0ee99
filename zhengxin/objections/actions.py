"""The working tables of objections. Two at once: the second is told who was first."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.letters import code_digest
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.objections import contacts, rules
from zhengxin.objections.enums import TRANSITIONS, ObjectionState
from zhengxin.objections.models import RUNNING, Copy, Objection
from zhengxin.objections.types import Disputed, Holder, Lodged, Objector

# Decided: the same objector does not come again with the same record.
_DECIDED = (ObjectionState.UPHELD, ObjectionState.DISMISSED)


def insist_lodging_sound(
    *, record: Disputed, objector: Objector, statement: str, at: datetime, actor: Actor
) -> None:
    """Raises ObjectionRefused."""
    rules.check_objector(objector)
    rules.check_statement(statement)
    mine = Objection.objects.filter(
        root_id=record.root_id, objector_key=contacts.objector_key(objector)
    )
    rules.check_earlier(
        running=mine.filter(state__in=RUNNING).exists(),
        decided=mine.filter(state__in=_DECIDED).exclude(_set_aside()).exists(),
    )


def _set_aside() -> Exists:
    """Objections whose decision was set aside on appeal: they are heard once more."""
    acts = Entry.objects.filter(kind=Act.APPEAL_SET_ASIDE, about_id=OuterRef("decision_entry_id"))
    return Exists(acts)


def put_objection(
    *,
    record: Disputed,
    objector: Objector,
    claim: str,
    statement: str,
    files: Sequence[Mapping[str, Any]],
    entry_id: int,
    check_duty_id: int,
    code: str,
    at: datetime,
    actor: Actor,
) -> Lodged:
    """Enters an objection under its code. Raises ObjectionRefused where another was quicker."""
    digest = code_digest(code)
    try:
        with transaction.atomic():
            row = Objection.objects.create(
                entry_id=record.entry_id,
                root_id=record.root_id,
                unit_id=record.unit_id,
                subject_id=record.subject_id,
                objector_kind=objector.kind,
                objector_unit_id=objector.unit_id,
                objector_key=contacts.objector_key(objector),
                contact=contacts.seal(objector, digest),
                code_digest=digest,
                claim=claim,
                files=list(files),
                statement=statement,
                state=ObjectionState.LODGED,
                lodged_on=timezone.localdate(at),
                lodged_by_name=actor.name,
                lodged_by_account_id=actor.account_id,
                lodged_entry_id=entry_id,
                check_duty_id=check_duty_id,
                by_name=actor.name,
            )
    except IntegrityError:
        rules.check_earlier(running=True, decided=False)
        raise
    return Lodged(row.pk, code)


def insist_fits(*, row: Objection, to: Collection[str], at: datetime, actor: Actor) -> None:
    """Raises NotThus, before anybody signs, where none of these states can follow."""
    fits = {state for state, after in TRANSITIONS.items() if not after.isdisjoint(to)}
    rules.check_state(row.state, str(row.get_state_display()), fits, row.by_name)


def insist_decidable(*, row: Objection, overdue: bool, at: datetime, actor: Actor) -> None:
    """The unit was heard, or let its days go by. Raises NotThus."""
    rules.check_answered(answered=row.state == ObjectionState.ANSWERED, overdue=overdue)


def insist_correcting(*, row: Objection, at: datetime, actor: Actor) -> None:
    """It was decided in part, and the correction is awaited. Raises NotThus."""
    fits = {ObjectionState.CORRECTING}
    rules.check_state(row.state, str(row.get_state_display()), fits, row.by_name)


def insist_corrected(*, corrected: bool, at: datetime, actor: Actor) -> None:
    """Raises NotThus."""
    rules.check_corrected(corrected)


def move(
    *, row: Objection, to: ObjectionState, said: Mapping[str, Any], at: datetime, actor: Actor
) -> None:
    """From where the objection stands to the next state, with what was said. Raises NotThus where another was quicker."""
    insist_fits(row=row, to={to}, at=at, actor=actor)
    closed = {} if TRANSITIONS[to] else {"closed_on": timezone.localdate(at)}
    still = Objection.objects.filter(pk=row.pk, state=row.state)
    if not still.update(state=to, by_name=actor.name, **said, **closed):
        now = Objection.objects.get(pk=row.pk)
        rules.check_state(now.state, str(now.get_state_display()), (), now.by_name)


def insist_statement(*, row: Objection, at: datetime, actor: Actor) -> None:
    """There is a statement that waits for its release. Raises NotThus."""
    if row.state != ObjectionState.DISMISSED or not row.statement or row.statement_entry_id:
        raise rules.NotThus(
            say("没有办理：这件异议没有等放行的声明。"),
            say("异议未获支持、登记时留有声明、还没有放行的，才能放行。"),
            say("请重新打开核对。"),
        )


def put_statement(*, row: Objection, entry_id: int, at: datetime, actor: Actor) -> None:
    """The statement was released. Raises NotThus where another was quicker."""
    waiting = Objection.objects.filter(pk=row.pk, statement_entry_id__isnull=True)
    if not waiting.update(statement_entry_id=entry_id, by_name=actor.name):
        insist_statement(row=Objection.objects.get(pk=row.pk), at=at, actor=actor)


def put_copies(*, row: Objection, holders: Sequence[Holder], at: datetime, actor: Actor) -> None:
    """Who must correct a copy and say so."""
    Copy.objects.bulk_create(
        Copy(
            objection=row,
            kind=each.kind,
            ref=each.ref,
            name=each.name,
            duty_id=each.duty_id,
            told_on=timezone.localdate(at),
        )
        for each in holders
    )


def confirm_copy(*, copy: Copy, words: str, entry_id: int, at: datetime, actor: Actor) -> None:
    """The correction arrived there. Raises NotThus when that was said before."""
    still = Copy.objects.filter(pk=copy.pk, confirmed_on__isnull=True)
    if not still.update(
        confirmed_on=timezone.localdate(at),
        confirmed_words=words,
        confirmed_by_name=actor.name,
        confirmed_entry_id=entry_id,
    ):
        raise rules.NotThus(
            say("没有再记一次：{name}已经确认收到更正。", name=copy.name),
            say("由{name}记下。", name=Copy.objects.get(pk=copy.pk).confirmed_by_name),
            say("不用再办。"),
        )
