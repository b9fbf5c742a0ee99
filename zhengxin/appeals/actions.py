"""The working table of appeals. Two at once: the second is told who was first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhengxin.appeals import rules
from zhengxin.appeals.enums import TRANSITIONS, AppealState
from zhengxin.appeals.models import Appeal
from zhengxin.appeals.rules import NotThus
from zhengxin.appeals.types import Decision
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.rulebook import queries as rulebook


def insist_in_time(*, decision: Decision, at: datetime, actor: Actor) -> None:
    """Raises NotThus when the time to appeal is over."""
    today = timezone.localdate(at)
    limit = rulebook.parameter("appeal_days", today)
    days, article = int(str(limit.value)), limit.citation.text
    rules.check_in_time(decision, today=today, days=days, article=article)


def insist_not_appealed(*, decision: Decision, at: datetime, actor: Actor) -> None:
    """Raises NotThus when this decision was appealed against already."""
    taken = Appeal.objects.filter(against_id=decision.entry_id)
    earlier = taken.exclude(state=AppealState.WITHDRAWN).first()
    if earlier is not None:
        raise NotThus(
            say("没有受理：这个决定已经申诉过。"),
            say(
                "{on}登记的第{id}号申诉，{state}。",
                on=earlier.lodged_on,
                id=earlier.pk,
                state=str(earlier.get_state_display()),
            ),
            say("对同一个决定只能申诉一次；记录有误的，可以提出异议。"),
        )


def put_appeal(
    *,
    decision: Decision,
    words: str,
    files: Sequence[dict[str, Any]],
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> Appeal:
    """Enters an appeal; entry_id: of its act. Raises NotThus when another was entered at the same time."""
    try:
        with transaction.atomic():
            return Appeal.objects.create(
                against_id=decision.entry_id,
                kind=decision.kind,
                record_id=decision.record_id,
                subject_id=decision.subject_id,
                person=decision.person,
                unit_id=decision.unit_id,
                taken_by_id=actor.unit_id or 0,
                account_id=actor.account_id or 0,
                words=words,
                files=list(files),
                state=AppealState.LODGED,
                lodged_on=timezone.localdate(at),
                lodged_entry_id=entry_id,
                by_name=actor.name,
            )
    except IntegrityError:
        insist_not_appealed(decision=decision, at=at, actor=actor)
        raise


def insist_open(*, appeal: Appeal, to: AppealState, at: datetime, actor: Actor) -> None:
    """Raises NotThus where the appeal cannot come to that state from where it stands."""
    if to not in TRANSITIONS[AppealState(appeal.state)]:
        raise _elsewhere(appeal)


def move(
    *, appeal: Appeal, to: AppealState, said: Mapping[str, Any], at: datetime, actor: Actor
) -> None:
    """The appeal comes to another state, once. Raises NotThus when somebody else was first."""
    insist_open(appeal=appeal, to=to, at=at, actor=actor)
    moved = Appeal.objects.filter(pk=appeal.pk, state=appeal.state).update(
        state=to, by_name=actor.name, **said
    )
    appeal.refresh_from_db()
    if not moved:
        raise _elsewhere(appeal)


def note_duties(*, appeal: Appeal, at: datetime, actor: Actor, **duties: int) -> None:
    """Which duties the appeal opened: duty_id, redo_duty_id."""
    Appeal.objects.filter(pk=appeal.pk).update(**duties)
    appeal.refresh_from_db()


def _elsewhere(appeal: Appeal) -> NotThus:
    return NotThus(
        say("没有办理：这件申诉现在是“{state}”。", state=str(appeal.get_state_display())),
        say("{by}已经办理过。", by=appeal.by_name),
        say("请刷新页面，看现在的情况。"),
    )
