"""The working tables of cases. Two at once: the second is told where the case stands now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import AlreadyDone
from zhengxin.kernel.say import say
from zhengxin.sanctions import rules
from zhengxin.sanctions.enums import TRANSITIONS, CaseState, StepState
from zhengxin.sanctions.models import (
    Case,
    Circulation,
    Confirmation,
    Execution,
    Measure,
    Referral,
    Reply,
)
from zhengxin.sanctions.rules import NotThus
from zhengxin.sanctions.types import CIRCULATED, Ground, Kept, Step, Weighed

_OPEN = (StepState.PROPOSED, StepState.DECIDED, StepState.IN_FORCE)


def insist_state(case: Case, *, to: CaseState) -> None:
    """Raises NotThus when the case may not go there from where it stands."""
    if to not in TRANSITIONS[CaseState(case.state)]:
        raise _moved(case)


def insist_droppable(case: Case) -> None:
    """Raises NotThus: what a leader signed is served, and lifted by a signature, not dropped."""
    if case.state == CaseState.DECIDED:
        raise _moved(case)
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
    rules.check_second(deciding=persons(actor), recorder_id=ground.recorder_id, proposer_id=None)
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
        deciding=persons(actor), recorder_id=case.recorder_id, proposer_id=case.proposer_id
    )
    measures = list(case.measures.all())
    rules.check_decision(
        kept,
        proposed={each.pk: each.code for each in measures},
        ends={each.pk: each.ends for each in measures},
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


def open_case(*, unit_id: int, ground: Ground, fact_id: int, at: datetime, actor: Actor) -> Case:
    """A record gives cause to look: nothing is proposed yet. One case at a time rests on a record."""
    found, made = Case.objects.exclude(state=CaseState.DROPPED).get_or_create(
        entry_id=ground.entry_id,
        defaults={
            "unit_id": unit_id,
            "entry_kind": ground.kind,
            "entry_title": ground.title[:300],
            "state": CaseState.TO_LOOK_AT,
            "opened_on": timezone.localdate(at),
            "recorder_id": ground.recorder_id,
            "fact_id": fact_id,
            "by_name": actor.name,
        },
    )
    if not made:
        raise _moved(found)
    return found


def put_proposal(
    *, case: Case, facts: str, steps: Sequence[Step], at: datetime, actor: Actor
) -> None:
    """What is proposed, and on which bases."""
    _move(
        case,
        CaseState.PROPOSED,
        facts=facts,
        proposer_id=actor.account_id,
        proposer_name=actor.name,
        by_name=actor.name,
    )
    Measure.objects.bulk_create(
        Measure(
            case=case,
            code=each.measure,
            name=each.name,
            basis=each.basis,
            address=each.address,
            ends=each.ends,
            state=StepState.PROPOSED,
        )
        for each in steps
    )


def put_notice(*, case: Case, reply_by: date, reply_rule: str, at: datetime, actor: Actor) -> None:
    """The unit had notice; it may reply up to that day."""
    _move(
        case,
        CaseState.NOTICED,
        noticed_on=timezone.localdate(at),
        reply_by=reply_by,
        reply_rule=reply_rule,
        by_name=actor.name,
    )


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


def put_reply(
    *,
    case: Case,
    words: str,
    files: Sequence[Mapping[str, Any]],
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> Reply:
    """Adds what the unit said; it has to be heard."""
    if case.state != CaseState.REPLIED:
        _move(case, CaseState.REPLIED, by_name=actor.name)
    return Reply.objects.create(
        case=case,
        words=words,
        files=list(files),
        entry_id=entry_id,
        filed_on=timezone.localdate(at),
        by_name=actor.name,
    )


def put_hearing(*, case: Case, words: str, at: datetime, actor: Actor) -> None:
    """What was made of the replies so far."""
    heard = f"{case.hearing}\n\n{words}".strip()
    _move(case, CaseState.HEARD, hearing=heard, heard_by_name=actor.name, by_name=actor.name)


def put_decision(
    *,
    case: Case,
    kept: Sequence[Kept],
    reasons: str,
    answer: str,
    weighed: Sequence[Weighed],
    executing: Sequence[int],
    at: datetime,
    actor: Actor,
) -> None:
    """What was decided; measures that were left out are so for good."""
    today = timezone.localdate(at)
    _move(
        case,
        CaseState.DECIDED if kept else CaseState.NOT_IMPOSED,
        reasons=reasons,
        answer=answer,
        factors=[asdict(each) for each in weighed],
        executing_ids=list(executing),
        decider_id=actor.account_id,
        decider_name=actor.name,
        decided_on=today,
        by_name=actor.name,
    )
    days = {each.step_id: each.due_on for each in kept}
    for measure in case.measures.all():
        chosen = measure.pk in days
        measure.state = StepState.DECIDED if chosen else StepState.LEFT_OUT
        measure.due_on = days.get(measure.pk)
        measure.until_on = rules.until(measure.ends, decided_on=today) if chosen else None
        measure.save(update_fields=["state", "due_on", "until_on"])


def put_served(
    *,
    case: Case,
    duties: Mapping[int, int],
    executions: Iterable[tuple[int, int, int]],
    at: datetime,
    actor: Actor,
) -> None:
    """The decision was served: its measures run. duties: by measure; executions: measure, unit, duty."""
    _move(case, CaseState.IN_FORCE, served_on=timezone.localdate(at), by_name=actor.name)
    for measure in case.measures.filter(state=StepState.DECIDED):
        measure.state, measure.duty_id = StepState.IN_FORCE, duties.get(measure.pk)
        measure.save(update_fields=["state", "duty_id"])
    Execution.objects.bulk_create(
        Execution(measure_id=measure_id, unit_id=unit_id, apply_duty_id=duty_id)
        for measure_id, unit_id, duty_id in executions
    )


def end_measure(
    *, measure: Measure, because: str, lifts: Mapping[int, int], at: datetime, actor: Actor
) -> None:
    """A measure is over; with the last one, its case. lifts: by execution, the duty to confirm the lifting."""
    running = Measure.objects.filter(pk=measure.pk, state=StepState.IN_FORCE)
    today = timezone.localdate(at)
    if not running.update(state=StepState.ENDED, ended_on=today, ended_because=because[:400]):
        raise _moved(measure.case)
    for execution_id, duty_id in lifts.items():
        Execution.objects.filter(pk=execution_id).update(lift_duty_id=duty_id)
    if not measure.case.measures.filter(state=StepState.IN_FORCE).exists():
        _move(measure.case, CaseState.ENDED, by_name=actor.name)


def drop(*, case: Case, because: str, at: datetime, actor: Actor) -> None:
    """Nothing follows from it; another case may rest on the record later."""
    _move(case, CaseState.DROPPED, because=because, by_name=actor.name)
    case.measures.filter(state__in=_OPEN).update(
        state=StepState.ENDED, ended_on=timezone.localdate(at), ended_because=because[:400]
    )


def circulate(
    *, measure: Measure, words: str, until_on: date, entry_id: int, at: datetime, actor: Actor
) -> None:
    """The public is shown a circulated criticism up to a day. Raises AlreadyDone, Unlawful, NotThus."""
    insist_circulable(measure=measure, until_on=until_on, at=at, actor=actor)
    _row, made = Circulation.objects.get_or_create(
        measure=measure,
        defaults={
            "words": words,
            "from_on": timezone.localdate(at),
            "until_on": until_on,
            "entry_id": entry_id,
            "by_name": actor.name,
        },
    )
    if not made:
        raise AlreadyDone(say("没有办理：已经准予公开。"), "", say("请重新打开核对。"))


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
        rules.check_second(deciding=persons(actor), recorder_id=case.recorder_id, proposer_id=one)
    rules.check_shown(from_on=timezone.localdate(at), until_on=until_on)


def refer(
    *,
    unit_id: int,
    entry_id: int,
    situation: str,
    referred_to: str,
    basis: str,
    words: str,
    files: Sequence[Mapping[str, Any]],
    fact_id: int,
    at: datetime,
    actor: Actor,
) -> Referral:
    """Handed to whoever may find on it."""
    return Referral.objects.create(
        unit_id=unit_id,
        entry_id=entry_id,
        situation=situation,
        referred_to=referred_to,
        basis=basis,
        words=words,
        files=list(files),
        referred_on=timezone.localdate(at),
        by_name=actor.name,
        fact_id=fact_id,
    )


def put_answer(
    *,
    referral: Referral,
    answered_on: date,
    answer: str,
    files: Sequence[Mapping[str, Any]],
    at: datetime,
    actor: Actor,
) -> None:
    """What came back. Raises NotThus."""
    if not referral.referred_on <= answered_on <= timezone.localdate(at):
        raise NotThus(say("没有记下：答复日期不对。"), "", say("应在移送以后、今天以前，请核对。"))
    waiting = Referral.objects.filter(pk=referral.pk, answered_on=None)
    if not waiting.update(
        answered_on=answered_on,
        answer=answer,
        answer_files=list(files),
        answered_by_name=actor.name,
    ):
        raise AlreadyDone(say("没有记下：答复已经登记。"), "", say("请重新打开核对。"))


def confirm(
    *, address: str, digest: str, words: str, entry_id: int, at: datetime, actor: Actor
) -> None:
    """A named official compared the value with the document. Raises AlreadyDone."""
    _row, made = Confirmation.objects.get_or_create(
        address=address,
        digest=digest,
        defaults={
            "words": words,
            "confirmed_on": timezone.localdate(at),
            "by_name": actor.name,
            "entry_id": entry_id,
        },
    )
    if not made:
        raise AlreadyDone(say("没有办理：这个值已经确认过。"), "", say("请重新打开核对。"))


def _move(case: Case, to: CaseState, **changes: Any) -> None:
    insist_state(case, to=to)
    if not Case.objects.filter(pk=case.pk, state=case.state).update(state=to, **changes):
        raise _moved(Case.objects.get(pk=case.pk))
    case.refresh_from_db()


def _moved(case: Case) -> NotThus:
    return NotThus(
        say("没有办理：这件惩戒现在是“{state}”。", state=CaseState(case.state).label),
        say("由{name}办到这一步。", name=case.by_name),
        say("请重新打开核对。"),
    )
