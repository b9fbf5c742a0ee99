"""A measure is decided by a named leader, served, carried out, shown to the public, lifted, ended."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.duties.types import Owed
from zhengxin.journey.facts import insist_free_of_numbers
from zhengxin.journey.following import follow
from zhengxin.journey.imposing import drop_with, insist_standing, keep_step, office_id
from zhengxin.journey.imposing_sheets import circulation_sheet, decision_sheet, lifting_sheet
from zhengxin.journey.imposing_showing import show_criticisms
from zhengxin.journey.owing import open_duties
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.journey.telling_sanctions import tell_of_sanction
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.sanctions import actions, checks, permissions
from zhengxin.sanctions import queries as sanctions
from zhengxin.sanctions.enums import CaseState, StepState
from zhengxin.sanctions.models import Case, Execution, Measure
from zhengxin.sanctions.types import TASKS, Kept, Weighed
from zhengxin.subjects import queries as subjects


@signable
def decide_sanction(
    *,
    case_id: int,
    kept: list[list[Any]],
    reasons: str,
    answer: str,
    factors: list[list[Any]],
    executing: list[int],
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> None:
    """A named leader decides: which of the announced measures, or none; why; what the reply is answered.

    kept: [measure's number, last day in ISO form or ""]; factors: [factor, holds, proof, sentence].
    Raises NotAllowed, Unlawful, NotThus.
    """
    permissions.check_decide(actor, office_id=office_id(at))
    case = sanctions.case(case_id)
    insist_on_reason(reasons)
    insist_free_of_numbers(answer, *(str(text) for each in factors for text in each[2:]))
    chosen = [Kept(int(pk), date.fromisoformat(day) if day else None) for pk, day in kept]
    weighed = [
        Weighed(str(one), bool(holds), str(proof), str(words))
        for one, holds, proof, words in factors
    ]
    checks.insist_decidable(
        case=case,
        kept=chosen,
        answer=answer,
        weighed=weighed,
        executing=executing,
        at=at,
        actor=actor,
    )
    if chosen:
        insist_standing(case, at)
    for unit_id in executing:
        subjects.unit(unit_id)
    said = {
        "kept": kept,
        "reasons": reasons,
        "answer": answer,
        "factors": factors,
        "executing": executing,
    }
    pen = take_pen(
        showing=partial(decision_sheet, case_id), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        keep_step(case, Act.SANCTION_DECIDED, {**said, **traces(pen.sign())}, at, actor)
        actions.put_decision(
            case=case,
            kept=chosen,
            reasons=reasons,
            answer=answer,
            weighed=weighed,
            executing=executing,
            at=at,
            actor=actor,
        )
        if not chosen:
            tell_of_sanction(case=case, decided=True, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


def serve_decision(*, case_id: int, at: datetime, actor: Actor) -> None:
    """Serves the decision: from here the measures run, the unit owes its tasks, who carries out has to confirm it.

    Raises NotAllowed, NotThus, Unlawful when the record fell meanwhile.
    """
    permissions.check_propose(actor, office_id=office_id(at))
    case = sanctions.case(case_id)
    checks.insist_state(case, to=CaseState.IN_FORCE)
    insist_standing(case, at)
    decided = list(case.measures.filter(state=StepState.DECIDED).order_by("id"))
    with transaction.atomic():
        fact_id = keep_step(case, Act.SANCTION_SERVED, {"unit": str(case.unit_id)}, at, actor)
        owed, of = _owed(case, decided, fact_id, timezone.localdate(at))
        opened = open_duties(owed=owed, at=at, actor=actor)
        found = list(zip(of, owed, opened, strict=True))
        actions.put_served(
            case=case,
            duties={pk: duty for pk, each, duty in found if each.kind in TASKS.values()},
            executions=[
                (pk, each.bearer_id, duty)
                for pk, each, duty in found
                if each.kind == "measure_applied"
            ],
            at=at,
            actor=actor,
        )
        tell_of_sanction(case=case, decided=True, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


def _owed(
    case: Case, measures: Iterable[Measure], fact_id: int, today: date
) -> tuple[list[Owed], list[int]]:
    """What is owed of these measures, and of which measure each."""
    owed: list[Owed] = []
    of: list[int] = []
    for each in measures:
        kind = TASKS.get(each.code)
        bearers = [case.unit_id] if kind else case.executing_ids
        for bearer in bearers:
            owed.append(
                Owed(
                    kind=kind or "measure_applied",
                    bearer_id=bearer,
                    what=say("惩戒第{n}件：{name}", n=case.pk, name=each.name),
                    source_id=fact_id,
                    opened_on=today,
                    due_on=each.due_on if kind else None,
                    to_id=None,
                )
            )
            of.append(each.pk)
    return owed, of


@signable
def lift_measure(
    *, measure_id: int, because: str, signed: Signed, at: datetime, actor: Actor
) -> None:
    """A leader lifts a measure before its end, for a reason. Raises NotAllowed, NotThus."""
    permissions.check_decide(actor, office_id=office_id(at))
    insist_on_reason(because)
    measure = sanctions.measure(measure_id)
    pen = take_pen(
        showing=partial(lifting_sheet, measure_id),
        said={"because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        end_with(measure=measure, because=because, content=traces(pen.sign()), at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    show_criticisms(at=at, actor=actor)


def end_with(
    *,
    measure: Measure,
    because: str,
    content: dict[str, Any] | None = None,
    at: datetime,
    actor: Actor,
) -> None:
    """A measure is over, in the transaction of the act that ends it; who applied it owes the lifting."""
    said = {"measure": measure.name, "because": because, **(content or {})}
    fact_id = keep_step(measure.case, Act.SANCTION_ENDED, said, at, actor)
    applied: Sequence[Execution] = list(measure.executions.order_by("id"))
    owed = [
        Owed(
            kind="measure_lifted",
            bearer_id=each.unit_id,
            what=say("惩戒第{n}件：解除{name}", n=measure.case_id, name=measure.name),
            source_id=fact_id,
            opened_on=timezone.localdate(at),
        )
        for each in applied
    ]
    opened = open_duties(owed=owed, at=at, actor=actor)
    actions.end_measure(
        measure=measure,
        because=because,
        lifts={each.pk: duty for each, duty in zip(applied, opened, strict=True)},
        at=at,
        actor=actor,
    )


def end_all_with(*, entry_id: int, because: str, at: datetime, actor: Actor) -> int:
    """The record fell (repaired, an objection upheld, corrected): whatever rests on it ends, in that act's transaction.

    Returns how many measures ended; a case that was not decided is dropped.
    """
    found = sanctions.in_force_on(entry_id)
    for measure in found:
        end_with(measure=measure, because=because, at=at, actor=actor)
    case = sanctions.open_on(entry_id)
    if case is not None:
        drop_with(case=case, because=because, at=at, actor=actor)
    return len(found)


@signable
def circulate_criticism(
    *, measure_id: int, words: str, until_on: date, signed: Signed, at: datetime, actor: Actor
) -> None:
    """A second person approves what the public is shown of a circulated criticism, up to a day.

    words: the facts, without any person. Raises NotAllowed, NotThus, Unlawful, AlreadyDone.
    """
    permissions.check_approve(actor)
    insist_on_reason(words)
    measure = sanctions.measure(measure_id)
    checks.insist_circulable(measure=measure, until_on=until_on, at=at, actor=actor)
    insist_standing(measure.case, at)
    said = {"words": words, "until_on": until_on}
    pen = take_pen(
        showing=partial(circulation_sheet, measure_id), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        content = {"words": words, "until_on": until_on.isoformat(), **traces(pen.sign())}
        entry_id = keep_step(measure.case, Act.SANCTION_CIRCULATED, content, at, actor)
        actions.circulate(
            measure=measure, words=words, until_on=until_on, entry_id=entry_id, at=at, actor=actor
        )
    follow(at=at, at_most=PATIENCE)
    show_criticisms(at=at, actor=actor)
