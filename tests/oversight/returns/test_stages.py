"""Every stage with every act, and every role with every rule: what the table allows and nothing else."""

from dataclasses import replace

import pytest

from tests.oversight.returns.story import Story, at
from zhengxin.kernel.actor import Actor, Role
from zhengxin.oversight.returns import actions, permissions
from zhengxin.oversight.returns.actions import ReturnNotThus
from zhengxin.oversight.returns.enums import TRANSITIONS, ReturnKind, Stage, StepAct
from zhengxin.oversight.returns.models import QuarterlyReturn

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
LEADS_TO = {
    StepAct.SIGNED: Stage.SIGNED,
    StepAct.ZERO_SIGNED: Stage.SIGNED,
    StepAct.ACCEPTED: Stage.ACCEPTED,
    StepAct.RETURNED: Stage.RETURNED,
    StepAct.REOPENED: Stage.REOPENED,
}


def test_every_stage_with_every_act(story: Story) -> None:
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    actor, moment = story.actor("gongkai", at("10-08")), at("10-08")
    for stage in Stage:
        for act, to in LEADS_TO.items():
            QuarterlyReturn.objects.filter(pk=row.pk).update(stage=Stage.OPEN)
            kind = ReturnKind.ZERO if act == StepAct.ZERO_SIGNED else ReturnKind.REPORT
            QuarterlyReturn.objects.filter(pk=row.pk).update(stage=stage, kind=kind)
            row.refresh_from_db()
            allowed = to in TRANSITIONS[stage]
            try:
                if to == Stage.SIGNED:
                    actions.note_signing(row=row, entry_id=1, at=moment, actor=actor)
                else:
                    actions.note_settling(row=row, act=act, entry_id=1, at=moment, actor=actor)
            except ReturnNotThus:
                assert not allowed, (stage, act)
            else:
                assert allowed, (stage, act)
            row.refresh_from_db()
            assert row.stage == (to if allowed else stage)


OWN, OFFICE, OTHER = 1, 2, 3


def actor(role: Role, unit_id: int) -> Actor:
    return Actor(account_id=7, name="某", unit_id=unit_id, roles=frozenset({role}))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM])
def test_every_role_with_every_rule(role: Role) -> None:
    for unit in (OWN, OFFICE, OTHER):
        who, units = actor(role, unit), {unit}
        of_unit = role in (Role.CLERK, Role.LEADER)
        officer = role in (Role.CREDIT_OFFICER, Role.REVIEWER)
        assert permissions.can_write(who, unit_id=OWN, units=units) == (of_unit and unit == OWN)
        assert permissions.can_sign(who, unit_id=OWN, units=units) == (
            role == Role.LEADER and unit == OWN
        )
        settles = unit != OWN and (officer or (role == Role.LEADER and unit == OFFICE))
        assert (
            permissions.can_settle(who, unit_id=OWN, units=units, office_units={OFFICE}) == settles
        )
        assert permissions.can_see_returns(who) == (of_unit or officer or role == Role.SUPERVISOR)
        assert permissions.sees_all(who, office_units={OFFICE}) == (
            officer or role == Role.SUPERVISOR or (of_unit and unit == OFFICE)
        )
    nameless = replace(actor(Role.LEADER, OWN), account_id=None)
    assert not permissions.can_sign(nameless, unit_id=OWN, units={OWN})
    assert not permissions.can_write(nameless, unit_id=OWN, units={OWN})
