"""The working tables of cases. Two at once: the second is told where the case stands now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import AlreadyDone
from zhengxin.kernel.say import say
from zhengxin.sanctions import checks, rules
from zhengxin.sanctions.enums import CaseState, StepState
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
from zhengxin.sanctions.types import Ground, Kept, Step, Weighed

_OPEN = (StepState.PROPOSED, StepState.DECIDED, StepState.IN_FORCE)


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
            "recorder_ids": sorted(ground.recorder_ids),
            "fact_id": fact_id,
            "by_name": actor.name,
        },
    )
    if not made:
        raise checks.moved(found)
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
        raise checks.moved(measure.case)
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
    checks.insist_circulable(measure=measure, until_on=until_on, at=at, actor=actor)
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
    checks.insist_state(case, to=to)
    if not Case.objects.filter(pk=case.pk, state=case.state).update(state=to, **changes):
        raise checks.moved(Case.objects.get(pk=case.pk))
    case.refresh_from_db()
