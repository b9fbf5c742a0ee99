"""A plan moves as the table of its states says, and no other way."""

from collections.abc import Callable
from itertools import product

import pytest
from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.oversight import actions
from zhengxin.oversight.actions import PlanRefused
from zhengxin.oversight.enums import TRANSITIONS, PlanState
from zhengxin.oversight.grammar.plans import read_lines
from zhengxin.oversight.models import Plan

pytestmark = pytest.mark.django_db
OFFICER = Actor(7, "许知", None, frozenset())
OTHER = Actor(8, "方正言", None, frozenset())
READING = read_lines(["示例县方案", "一、任务。（牵头单位：县财政局）", "2026年3月1日"])
# How a plan comes into each state.
WAYS: dict[PlanState, tuple[PlanState, ...]] = {
    PlanState.READ: (),
    PlanState.CONFIRMED: (PlanState.CONFIRMED,),
    PlanState.DISCARDED: (PlanState.DISCARDED,),
    PlanState.ENDED: (PlanState.CONFIRMED, PlanState.ENDED),
}


def confirm(plan_id: int) -> None:
    actions.confirm(
        plan=actions.take_turn(plan_id=plan_id, at=timezone.now(), actor=OTHER),
        entry_id=plan_id,
        mandates=[],
        replaces_id=None,
        at=timezone.now(),
        actor=OTHER,
    )


def close(verb: Callable[..., None]) -> Callable[[int], None]:
    return lambda plan_id: verb(
        plan_id=plan_id, because="已经办完", at=timezone.now(), actor=OFFICER
    )


VERBS: dict[PlanState, Callable[[int], None]] = {
    PlanState.CONFIRMED: confirm,
    PlanState.DISCARDED: close(actions.discard),
    PlanState.ENDED: close(actions.end),
}


@pytest.mark.parametrize(
    ("state", "to"), list(product(PlanState, VERBS)), ids=lambda state: state.value
)
def test_every_pair_of_states(state: PlanState, to: PlanState) -> None:
    plan, _new = actions.receive(
        content=b"plan", filename="plan.txt", kind="text", reading=READING,
        at=timezone.now(), actor=OFFICER,
    )  # fmt: skip
    for step in WAYS[state]:
        VERBS[step](plan.pk)
    if to in TRANSITIONS[state]:
        VERBS[to](plan.pk)
        assert Plan.objects.get().state == to
    else:
        with pytest.raises(PlanRefused, match="没有办理"):
            VERBS[to](plan.pk)
        assert Plan.objects.get().state == state


def test_of_a_plan_that_is_not_there() -> None:
    with pytest.raises(PlanRefused, match="没有找到"):
        actions.take_turn(plan_id=99, at=timezone.now(), actor=OFFICER)
