"""Who lodges an appeal, who sees it, who reviews it. Each rule once: check_x raises, can_x answers."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from zhengxin.appeals import rules
from zhengxin.appeals.models import Appeal
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed

_OF_UNITS = (Role.CLERK, Role.LEADER)
_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)


def check_see_appeals(actor: Actor) -> None:
    """See appeals; whose is limited by check_see_appeal."""
    if not actor.has(*_OF_UNITS, *_OFFICERS, Role.SUPERVISOR):
        raise NotAllowed(
            _("您不能查看申诉。"), _("您的岗位不办理信用记录。"), _("确有需要的，请问信用办。")
        )


def check_see_appeal(actor: Actor, appeal: Appeal, *, units: Collection[int] | None) -> None:
    """See one: the county's offices, the unit concerned, the one whose record it is, the one that took it in."""
    check_see_appeals(actor)
    seen = {appeal.unit_id, appeal.subject_id, appeal.taken_by_id}
    if units is not None and seen.isdisjoint(units):
        raise NotAllowed(
            _("您不能查看这件申诉。"), _("它是其他单位的。"), _("请由信用办或者有关单位查看。")
        )


def can_see_appeal(actor: Actor, appeal: Appeal, *, units: Collection[int] | None) -> bool:
    """True when check_see_appeal passes."""
    return _passes(check_see_appeal, actor, appeal, units=units)


def check_lodge(actor: Actor) -> None:
    """Lodge an appeal by name: at the counter for anybody, or one's own unit's."""
    named = actor.account_id is not None and actor.unit_id is not None
    if not named or not actor.has(Role.CREDIT_OFFICER, *_OF_UNITS):
        raise NotAllowed(
            _("您不能登记申诉。"),
            _("个人和企业的申诉由信用办窗口登记，单位的由本单位登记。"),
            _("请由信用办办理。"),
        )


def can_lodge(actor: Actor) -> bool:
    """True when check_lodge passes."""
    return _passes(check_lodge, actor)


def check_lodge_about(actor: Actor, *, subject_id: int | None, units: Collection[int]) -> None:
    """A unit appeals about its own record; of another's it is told as if there were none. Raises NoSuchDecision."""
    check_lodge(actor)
    if not actor.has(Role.CREDIT_OFFICER) and subject_id not in units:
        raise rules.NoSuchDecision


def check_withdraw(actor: Actor, appeal: Appeal, *, units: Collection[int]) -> None:
    """Take it back: at the desk that took it in."""
    check_lodge(actor)
    if appeal.taken_by_id not in units:
        raise NotAllowed(
            _("您不能撤回这件申诉。"),
            _("申诉由登记它的单位办理撤回。"),
            _("请申诉人到原来登记的窗口办理。"),
        )


def can_withdraw(actor: Actor, appeal: Appeal, *, units: Collection[int]) -> bool:
    """True when check_withdraw passes."""
    return _passes(check_withdraw, actor, appeal, units=units)


def check_decide(
    actor: Actor, appeal: Appeal, *, decided_by: Collection[int], county: Collection[int]
) -> None:
    """Review: a reviewer, or a leader of the county's government, who took no part. county: its units."""
    leads = actor.has(Role.LEADER) and actor.unit_id in county
    if not (leads or actor.has(Role.REVIEWER)) or actor.account_id is None:
        raise NotAllowed(
            _("您不能复核申诉。"),
            _("申诉由没有参与原决定的复核人员或者县政府的负责人复核。"),
            _("请由他们办理。"),
        )
    rules.check_reviewer(actor, decided_by=decided_by, lodged_by=appeal.account_id)


def can_decide(
    actor: Actor, appeal: Appeal, *, decided_by: Collection[int], county: Collection[int]
) -> bool:
    """True when check_decide passes."""
    return _passes(check_decide, actor, appeal, decided_by=decided_by, county=county)


def _passes(check: Callable[..., None], *values: object, **named: object) -> bool:
    try:
        check(*values, **named)
    except NotAllowed:
        return False
    return True
