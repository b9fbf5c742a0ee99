"""What is asked of a case before anything is kept or signed. They raise; they write nothing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.sanctions import rules
from zhengxin.sanctions.enums import TRANSITIONS, CaseState, StepState
from zhengxin.sanctions.models import Case, Measure
from zhengxin.sanctions.rules import NotThus
from zhengxin.sanctions.types import CIRCULATED, Ground, Kept, Step, Weighed


def insist_state(case: Case, *, to: CaseState) -> None:
    """Raises NotThus when the case may not go there from where it stands."""
    if to not in TRANSITIONS[CaseState(case.state)]:
        raise moved(case)


def insist_droppable(case: Case) -> None:
    """Raises NotThus: what a leader signed is served, and lifted by a signature, not dropped."""
    if case.state == CaseState.DECIDED:
        raise moved(case)
    insist_state(case, to=CaseState.DROPPED)


def insist_ground(*, ground: Ground, target: Collection[int]) -> None:
    """Raises Unlawful when the record does not carry a measure against the unit (target: with those it followed)."""
    rules.check_ground(ground, target=target)


def insist_proposable(
    *,
    ground: Ground,
    target: Collection[int],
    facts: str,
    steps: Sequence[Step],
    wanted: Sequence[str],
    at: datetime,
    actor: Actor,
) -> None:
    """Raises Unlawful, before anything is kept."""
    rules.check_ground(ground, target=target)
    rules.check_second(deciding=persons(actor), recorder_ids=ground.recorder_ids, proposer_id=None)
    rules.check_other_unit(target=target, office_id=actor.unit_id)
    rules.check_facts(facts)
    rules.check_steps(steps, wanted=wanted, day=timezone.localdate(at))


def insist_decidable(
    *,
    case: Case,
    kept: Sequence[Kept],
    answer: str,
    weighed: Sequence[Weighed],
    executing: Collection[int],
    at: datetime,
    actor: Actor,
) -> None:
    """Raises Unlawful, NotThus, before anybody signs."""
    today = timezone.localdate(at)
    rules.check_heard(unheard=case.state == CaseState.REPLIED)
    insist_state(case, to=CaseState.DECIDED if kept else CaseState.NOT_IMPOSED)
    rules.check_period_over(reply_by=case.reply_by, today=today)
    rules.check_second(
        deciding=persons(actor), recorder_ids=case.recorder_ids, proposer_id=case.proposer_id
    )
    measures = list(case.measures.all())
    rules.check_decision(
        kept,
        proposed={each.pk: each.code for each in measures},
        answer=answer,
        replied=case.replies.exists(),
        weighed=weighed,
        executing=executing,
        today=today,
    )


def persons(actor: Actor) -> set[int]:
    """The account that acts, and the one whose post it acts in."""
    behalf = actor.on_behalf_of.account_id if actor.on_behalf_of else None
    return {each for each in (actor.account_id, behalf) if each is not None}


def insist_reply_open(*, case: Case, at: datetime, actor: Actor) -> None:
    """Raises NotThus when the period is over or nothing was announced."""
    open_now = (CaseState.NOTICED, CaseState.REPLIED, CaseState.HEARD)
    late = case.reply_by is not None and timezone.localdate(at) > case.reply_by
    if case.state not in open_now or late:
        raise NotThus(
            say("没有收下：现在不能陈述。"),
            say("陈述期已过，或者这件已经决定。"),
            say("对决定不服的，请按决定书写明的办法提出。"),
        )


def insist_circulable(*, measure: Measure, until_on: date, at: datetime, actor: Actor) -> None:
    """A second person approves a criticism that is in force, up to a day to come. Raises Unlawful, NotThus."""
    case = measure.case
    if measure.code != CIRCULATED or measure.state != StepState.IN_FORCE:
        raise NotThus(
            say("没有办理：这项措施不能公开通报。"),
            say("只有执行中的公开通报批评可以向社会公开。"),
            say("请重新打开核对。"),
        )
    for one in (case.proposer_id, case.decider_id):
        rules.check_second(deciding=persons(actor), recorder_ids=case.recorder_ids, proposer_id=one)
    rules.check_shown(from_on=timezone.localdate(at), until_on=until_on)


def moved(case: Case) -> NotThus:
    """What the second of two is told."""
    return NotThus(
        say("没有办理：这件惩戒现在是“{state}”。", state=CaseState(case.state).label),
        say("由{name}办到这一步。", name=case.by_name),
        say("请重新打开核对。"),
    )
