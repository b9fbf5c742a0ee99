"""Who takes an application in, who accepts it, who decides it. Each rule once: check_x raises, can_x answers.

Who found the breach decides on its repair, by a second person: neither who entered the record nor who took the
application in.
"""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.repair.models import Application

_OF_UNITS = (Role.CLERK, Role.LEADER)
_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)
_READERS = (*_OF_UNITS, *_OFFICERS, Role.SUPERVISOR)
_DECIDING = (Role.LEADER, Role.REVIEWER)


def check_see_repairs(actor: Actor) -> None:
    """Check records oneself, see applications; whose is limited by check_see_repair."""
    if not actor.has(*_READERS, Role.SYSTEM):
        raise NotAllowed(
            _("您不能查看信用修复。"), _("您的岗位不办理信用记录。"), _("确有需要的，请问信用办。")
        )


def check_see_record(
    actor: Actor, *, owners: Collection[int], units: Collection[int] | None
) -> None:
    """Check one record: whoever sees the county, who found the breach, whose record it is. owners: those two units."""
    check_see_repairs(actor)
    if units is not None and set(owners).isdisjoint(units):
        raise NotAllowed(
            _("您不能查看这条记录能不能修复。"),
            _("它不是您单位认定的，也不是您单位的记录。"),
            _("公示中的记录，可以在公开站的记录页面自查。"),
        )


def check_see_repair(
    actor: Actor, application: Application, *, units: Collection[int] | None
) -> None:
    """See one application: the county's offices, who decides, who took it in, whom it is about. units: None is all."""
    check_see_repairs(actor)
    seen = {application.unit_id, application.subject_id, application.taken_by_id}
    if units is not None and seen.isdisjoint(units):
        raise NotAllowed(
            _("您不能查看这件修复申请。"),
            _("它不是您单位受理、认定的，也不是您单位的。"),
            _("请由认定单位或者信用办的人查看。"),
        )


def can_see_repair(
    actor: Actor, application: Application, *, units: Collection[int] | None
) -> bool:
    """True when check_see_repair passes."""
    return _passes(check_see_repair, actor, application, units=units)


def check_file(actor: Actor, *, owners: Collection[int], units: Collection[int]) -> None:
    """Take in an application, complete or withdraw it for the applicant: the credit office's counter, the unit that
    found the breach, a unit for itself.

    owners: who found the breach and whom the record is about; units: the own unit and its predecessors.
    """
    if actor.has(Role.CREDIT_OFFICER, Role.SYSTEM):
        return
    if actor.has(*_OF_UNITS) and not set(owners).isdisjoint(units):
        return
    raise NotAllowed(
        _("您不能登记这件修复申请。"),
        _("修复申请由信用办窗口、认定单位登记；记录是本单位的，由本单位登记。"),
        _("请到认定单位或者信用办窗口办理。"),
    )


def can_file(actor: Actor, *, owners: Collection[int], units: Collection[int]) -> bool:
    """True when check_file passes."""
    return _passes(check_file, actor, owners=owners, units=units)


def check_accept(actor: Actor, application: Application, *, units: Collection[int]) -> None:
    """Accept, send back to be completed, decline: the unit that found the breach."""
    if not actor.has(*_OF_UNITS, *_OFFICERS) or application.unit_id not in units:
        raise NotAllowed(
            _("您不能受理这件修复申请。"),
            _("谁认定、谁修复：由认定单位受理。"),
            _("请由认定单位的人办理。"),
        )


def can_accept(actor: Actor, application: Application, *, units: Collection[int]) -> bool:
    """True when check_accept passes."""
    return _passes(check_accept, actor, application, units=units)


def check_decide(
    actor: Actor, application: Application, *, units: Collection[int], recorders: Collection[int]
) -> None:
    """Decide, extend, revoke: a leader or reviewer of the unit that found the breach, by name, who did not enter the
    record. recorders: the accounts that did."""
    what = _("您不能决定这件修复申请。")
    if not actor.has(*_DECIDING) or actor.account_id is None or application.unit_id not in units:
        raise NotAllowed(
            what,
            _("谁认定、谁修复：由认定单位的负责人或者复核人员具名决定。"),
            _("请由认定单位的负责人或者复核人员办理。"),
        )
    if any(actor.is_or_acts_for(each) for each in (*recorders, application.account_id)):
        raise NotAllowed(
            what,
            _("这条记录是您报送的，或者申请是您登记的，要由另一人决定。"),
            _("请由本单位另一名负责人或者复核人员办理。"),
        )


def can_decide(
    actor: Actor, application: Application, *, units: Collection[int], recorders: Collection[int]
) -> bool:
    """True when check_decide passes."""
    return _passes(check_decide, actor, application, units=units, recorders=recorders)


def _passes(check: Callable[..., None], *given: object, **named: object) -> bool:
    try:
        check(*given, **named)
    except NotAllowed:
        return False
    return True
