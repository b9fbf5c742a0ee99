"""Who may act on a duty that an act opened. Each rule once: check_x raises, can_x answers.

Whoever owes reports; to whom it is owed verifies, returns, extends, changes and finds a breach. A duty that
names nobody is owed to the credit office.
"""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from zhengxin.duties.models import Duty
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed

_OF_UNITS = (Role.CLERK, Role.LEADER)
_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)
_READERS = (*_OF_UNITS, *_OFFICERS, Role.SUPERVISOR)


def check_see_duties(actor: Actor) -> None:
    """See duties; which units' is limited by subjects.queries.visible_units."""
    if not actor.has(*_READERS):
        raise _not(
            _("您不能查看职责。"), _("您的岗位不办理督办事项。"), _("确有需要的，请问信用办。")
        )


def can_see_duties(actor: Actor) -> bool:
    """True when check_see_duties passes."""
    return _passes(check_see_duties, actor)


def check_see_duty(
    actor: Actor, duty: Duty, *, units: Collection[int] | None, supporters: Collection[int]
) -> None:
    """See one duty: whoever sees the whole county, the bearer, its supporters and to whom it is owed.

    units: whose records the actor sees (None: all).
    """
    check_see_duties(actor)
    if units is None or not {duty.bearer_id, duty.to_id, *supporters}.isdisjoint(units):
        return
    raise _not(
        _("您不能查看这项职责。"), _("它是其他单位的。"), _("请由承办单位或者交办单位的人查看。")
    )


def check_report(actor: Actor, duty: Duty, *, units: Collection[int]) -> None:
    """Report on a duty: a clerk or the leader of the unit that owes it. units: the own unit and its predecessors."""
    if not actor.has(*_OF_UNITS) or duty.bearer_id not in units:
        raise _not(
            _("您不能报告这项职责的办理情况。"),
            _("办理情况由承办单位的经办人、负责人报告。"),
            _("请联系承办单位。"),
        )


def can_report(actor: Actor, duty: Duty, *, units: Collection[int]) -> bool:
    """True when check_report passes."""
    return _passes(check_report, actor, duty, units=units)


def check_settle(actor: Actor, duty: Duty, *, units: Collection[int]) -> None:
    """Verify, return, extend, change, hand over or find a breach: to whom it is owed, and not who owes it.

    Leaders of that unit; where nobody is named, and also where an officer of the credit office stands in for
    one, the credit office and reviewers.
    """
    what = _("您不能核实或处理这项职责。")
    if duty.bearer_id in units:
        raise _not(what, _("这是您本单位的职责，核实要由交办单位办理。"), _("请等交办单位核实。"))
    if actor.has(*_OFFICERS) or (actor.has(Role.LEADER) and duty.to_id in units):
        return
    raise _not(what, _("核实由交办单位的负责人或者信用办、复核人员办理。"), _("请联系交办单位。"))


def can_settle(actor: Actor, duty: Duty, *, units: Collection[int]) -> bool:
    """True when check_settle passes."""
    return _passes(check_settle, actor, duty, units=units)


def check_take_over(actor: Actor, duty: Duty, *, units: Collection[int]) -> None:
    """Accept what a unit owes: its leader of now, in person. units: the own unit and its predecessors."""
    if not actor.has(Role.LEADER) or duty.bearer_id not in units:
        raise _not(
            _("您不能接收这份清单。"),
            _("清单由本单位现任负责人本人接收。"),
            _("请由现任负责人登录后接收。"),
        )


def _not(what: str, why: str, remedy: str) -> NotAllowed:
    return NotAllowed(what, why, remedy)


def _passes(check: Callable[..., None], *given: object, **named: object) -> bool:
    try:
        check(*given, **named)
    except NotAllowed:
        return False
    return True
