"""Who may do what with quarterly returns. Each rule once: check_x raises NotAllowed, can_x answers.

The unit's clerk or leader writes, its leader signs. The open-government office takes returns in: its leader, or
the credit office; nobody those of the own unit. The office and whoever sees the whole county see all of them.
"""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed

_OF_UNITS = (Role.CLERK, Role.LEADER)
_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)


def check_see_returns(actor: Actor) -> None:
    """See returns; whose, `sees_all` and subjects.queries.visible_units say."""
    if not actor.has(*_OF_UNITS, *_OFFICERS, Role.SUPERVISOR, Role.SYSTEM):
        raise NotAllowed(
            _("您不能查看季度报送。"),
            _("您的岗位不办理督办事项。"),
            _("请联系有这一岗位的同事。"),
        )


def can_see_returns(actor: Actor) -> bool:
    """True when check_see_returns passes."""
    return _passes(check_see_returns, actor)


def sees_all(actor: Actor, *, office_units: Collection[int]) -> bool:
    """Whether somebody sees every unit's returns. office_units: the open-government office and those it followed."""
    return actor.has(*_OFFICERS, Role.SUPERVISOR, Role.SYSTEM) or (
        actor.has(*_OF_UNITS) and actor.unit_id in office_units
    )


def check_open(actor: Actor) -> None:
    """Open the returns of a quarter: the clock, whoever runs the machine, the credit office."""
    if not actor.has(*_OFFICERS, Role.SYSTEM):
        raise NotAllowed(
            _("您不能建立季度报送。"),
            _("季度报送在季度结束后自动建立，也可以由信用办建立。"),
            _("请联系信用办。"),
        )


def check_write(actor: Actor, *, unit_id: int, units: Collection[int]) -> None:
    """Write a draft: a clerk or the leader of the unit that owes it. units: the own unit and those it followed."""
    if not actor.has(*_OF_UNITS) or actor.account_id is None or unit_id not in units:
        raise NotAllowed(
            _("您不能填写这份季度报送。"),
            _("它由牵头单位的经办人或负责人填写。"),
            _("请联系牵头单位。"),
        )


def can_write(actor: Actor, *, unit_id: int, units: Collection[int]) -> bool:
    """True when check_write passes."""
    return _passes(check_write, actor, unit_id=unit_id, units=units)


def check_sign(actor: Actor, *, unit_id: int, units: Collection[int]) -> None:
    """Sign a return: the leader of the unit that owes it."""
    if not actor.has(Role.LEADER) or actor.account_id is None or unit_id not in units:
        raise NotAllowed(
            _("您不能签署这份季度报送。"),
            _("它由牵头单位的负责人签署。"),
            _("请交本单位负责人签署。"),
        )


def can_sign(actor: Actor, *, unit_id: int, units: Collection[int]) -> bool:
    """True when check_sign passes."""
    return _passes(check_sign, actor, unit_id=unit_id, units=units)


def check_settle(
    actor: Actor, *, unit_id: int, units: Collection[int], office_units: Collection[int]
) -> None:
    """Accept, return or reopen: the office's leader or the credit office, never those of the own unit."""
    what = _("您不能受理、退回或重开这份季度报送。")
    if unit_id in units:
        raise NotAllowed(
            what, _("这是您本单位的报送。"), _("请由政务公开办公室或信用办的其他人办理。")
        )
    if actor.account_id is None or not (
        actor.has(*_OFFICERS) or (actor.has(Role.LEADER) and actor.unit_id in office_units)
    ):
        raise NotAllowed(
            what,
            _("由政务公开办公室负责人或者信用办工作人员、复核人员办理。"),
            _("请联系政务公开办公室。"),
        )


def can_settle(
    actor: Actor, *, unit_id: int, units: Collection[int], office_units: Collection[int]
) -> bool:
    """True when check_settle passes."""
    return _passes(check_settle, actor, unit_id=unit_id, units=units, office_units=office_units)


def _passes(check: Callable[..., None], actor: Actor, **about: object) -> bool:
    try:
        check(actor, **about)
    except NotAllowed:
        return False
    return True
