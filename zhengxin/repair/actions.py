"""The working table of applications. Two at once: the second is told who was first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhengxin.duties.models import Duty
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.publication.models import Notice
from zhengxin.repair import rules
from zhengxin.repair.enums import TRANSITIONS, RepairState
from zhengxin.repair.models import Application
from zhengxin.repair.rules import NotThus


def insist_complete(*, files: int, fulfilled: str, at: datetime, actor: Actor) -> None:
    """Raises NotThus when the proof is missing."""
    rules.check_complete(files, fulfilled)


def insist_may_grant(*, application: Application, at: datetime, actor: Actor) -> None:
    """The record still stands and is still shown or shared: nothing else ended it meanwhile. Raises NotThus."""
    found = Notice.objects.get(pk=application.entry_id)
    over = found.display_to is not None and found.display_to < timezone.localdate(at)
    if over or found.state == "ended" or found.withheld not in ("", "minor"):
        words = found.get_withheld_display() or say("公示期已满")
        raise NotThus(
            say("没有准予修复：这条记录现在已经不公示（{why}）。", why=str(words)),
            say("没有要终止的公示。"),
            say("请告诉申请人，由申请人撤回申请；或者写明理由不予修复。"),
        )


def insist_decision_sound(
    *, application: Application, granted: bool, again_on: date | None, at: datetime, actor: Actor
) -> None:
    """Raises NotThus, before anybody signs."""
    insist_state(application=application, to=_decided(granted), at=at, actor=actor)
    rules.check_again(again_on, granted=granted, today=timezone.localdate(at))
    if granted:
        insist_may_grant(application=application, at=at, actor=actor)


def insist_extension_sound(
    *, application: Application, due_on: date, at: datetime, actor: Actor
) -> None:
    """Raises NotThus, before anybody signs."""
    if application.state != RepairState.ACCEPTED:
        raise _elsewhere(application)
    duty = Duty.objects.filter(pk=application.duty_id or 0).first()
    rules.check_extension(
        due_on,
        before=duty.due_on if duty else None,
        today=timezone.localdate(at),
        extended=application.extended,
    )


def insist_state(*, application: Application, to: RepairState, at: datetime, actor: Actor) -> None:
    """Raises NotThus where the application cannot come to that state from where it stands."""
    if to not in TRANSITIONS[RepairState(application.state)]:
        raise _elsewhere(application)


def insist_not_asked(*, application: Application, at: datetime, actor: Actor) -> None:
    """To complete is asked for once. Raises NotThus."""
    if application.asked_once:
        raise NotThus(
            say("没有退回补正：已经要求补正过一次。"),
            say("要补正的，一次说全。"),
            say("请受理，或者写明理由不予受理。"),
        )


def put_application(
    *,
    notice: Notice,
    fulfilled: str,
    commitment: str,
    files: Sequence[dict[str, Any]],
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> Application:
    """Enters an application. entry_id: of its act. Raises NotThus when another one of the record runs."""
    today = timezone.localdate(at)
    try:
        with transaction.atomic():
            return Application.objects.create(
                entry_id=notice.entry_id,
                subject_id=notice.subject_id,
                unit_id=notice.unit_id,
                taken_by_id=actor.unit_id,
                account_id=actor.account_id,
                fulfilled=fulfilled,
                commitment=commitment,
                files=list(files),
                filed_on=today,
                complete_on=today,
                state=RepairState.FILED,
                filed_entry_id=entry_id,
                by_name=actor.name,
            )
    except IntegrityError:
        raise NotThus(
            say("没有收下：这条记录已有一件申请在办。"),
            say("别人刚刚登记了。"),
            say("请从修复申请列表打开那一件。"),
        ) from None


def set_duty(*, application: Application, duty_id: int, at: datetime, actor: Actor) -> None:
    """The duty that runs now."""
    Application.objects.filter(pk=application.pk).update(duty_id=duty_id)


def move(
    *, application: Application, to: RepairState, at: datetime, actor: Actor, **changes: Any
) -> None:
    """Brings the application, as it was read, to another state with these changes. Raises NotThus."""
    insist_state(application=application, to=to, at=at, actor=actor)
    as_read = Application.objects.filter(pk=application.pk, state=application.state)
    if not as_read.update(state=to, by_name=actor.name, **changes):
        raise _elsewhere(Application.objects.get(pk=application.pk))


def extend(*, application: Application, at: datetime, actor: Actor) -> None:
    """It was extended, once. Raises NotThus."""
    first = Application.objects.filter(
        pk=application.pk, state=RepairState.ACCEPTED, extended=False
    )
    if not first.update(extended=True):
        raise _elsewhere(Application.objects.get(pk=application.pk))


def _decided(granted: bool) -> RepairState:
    return RepairState.GRANTED if granted else RepairState.REFUSED


def _elsewhere(application: Application) -> NotThus:
    return NotThus(
        say("没有办理：这件申请现在是“{state}”。", state=str(application.get_state_display())),
        say("上一步由{name}办理。", name=application.by_name),
        say("请重新打开核对。"),
    )
