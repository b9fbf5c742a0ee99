"""Who may inspect, who is inspected, who reviews. Each rule once: check_x raises, can_x answers.

Whether the unit was designated is a rule of the work itself; here it is only asked who acts.
"""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from zhengxin.duties.permissions import check_see_duties
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.oversight.inspections import rules
from zhengxin.oversight.inspections.models import Campaign, Case

_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)
_LEADING = (Role.LEADER, *_OFFICERS)
_WORKING = (Role.CLERK, *_LEADING)


def check_see_inspections(actor: Actor) -> None:
    """See campaigns and how their units were drawn; which cases is limited by check_see_case."""
    check_see_duties(actor)


def check_designate(actor: Actor) -> None:
    """Register that the government designated a unit."""
    if not actor.has(*_OFFICERS):
        raise NotAllowed(
            _("您不能登记督查指定。"),
            _("县政府的指定由信用办或者复核人员凭文件登记。"),
            _("请把指定文件交给信用办。"),
        )


def can_designate(actor: Actor) -> bool:
    """True when check_designate passes."""
    return _passes(check_designate, actor)


def check_plan(actor: Actor) -> None:
    """Plan an inspection for one's own unit; whether that was designated is asked with the plan."""
    if not actor.has(*_LEADING) or actor.unit_id is None:
        raise NotAllowed(
            _("您不能制定督查。"), _("督查由督查单位的负责人制定。"), _("请由本单位负责人办理。")
        )


def can_plan(actor: Actor) -> bool:
    """True when check_plan passes."""
    return _passes(check_plan, actor)


def check_inspect(actor: Actor, campaign: Campaign, *, units: Collection[int]) -> None:
    """Write down findings and look again: officials of the inspecting unit. units: the own one and its predecessors."""
    if not actor.has(*_WORKING) or campaign.unit_id not in units:
        raise NotAllowed(
            _("您不能办理这次督查。"), _("它由督查单位的人办理。"), _("请联系督查单位。")
        )


def can_inspect(actor: Actor, campaign: Campaign, *, units: Collection[int]) -> bool:
    """True when check_inspect passes."""
    return _passes(check_inspect, actor, campaign, units=units)


def check_lead(actor: Actor, campaign: Campaign, *, units: Collection[int]) -> None:
    """Draw, conclude, close: the inspecting unit's leader or an officer in it, not a clerk."""
    check_inspect(actor, campaign, units=units)
    if not actor.has(*_LEADING):
        raise NotAllowed(
            _("您不能办理这一步。"),
            _("抽取和结论由督查单位的负责人办理。"),
            _("请由本单位负责人办理。"),
        )


def can_lead(actor: Actor, campaign: Campaign, *, units: Collection[int]) -> bool:
    """True when check_lead passes."""
    return _passes(check_lead, actor, campaign, units=units)


def check_see_case(actor: Actor, case: Case, *, units: Collection[int] | None) -> None:
    """See one unit's case: whoever sees the county, the unit, the inspectors and the reviewers. units: None is all."""
    check_see_inspections(actor)
    involved = {case.unit_id, case.campaign.unit_id, case.campaign.review_unit_id}
    if units is not None and involved.isdisjoint(units):
        raise NotAllowed(
            _("您不能查看这个单位的督查情况。"),
            _("它是其他单位的。"),
            _("请由被督查单位或者督查单位的人查看。"),
        )


def can_see_case(actor: Actor, case: Case, *, units: Collection[int] | None) -> bool:
    """True when check_see_case passes."""
    return _passes(check_see_case, actor, case, units=units)


def check_receive(actor: Actor, case: Case, *, units: Collection[int]) -> None:
    """Note that the conclusion was received: the unit itself, or the inspectors with how it was served."""
    if actor.has(Role.CLERK, Role.LEADER) and case.unit_id in units:
        return
    check_inspect(actor, case.campaign, units=units)


def can_receive(actor: Actor, case: Case, *, units: Collection[int]) -> bool:
    """True when check_receive passes."""
    return _passes(check_receive, actor, case, units=units)


def check_apply(actor: Actor, case: Case, *, units: Collection[int]) -> None:
    """Ask for a review: the leader of the inspected unit."""
    if not actor.has(Role.LEADER) or case.unit_id not in units:
        raise NotAllowed(
            _("您不能申请复核。"),
            _("复核由被督查单位的负责人申请。"),
            _("请由被督查单位的负责人办理。"),
        )


def can_apply(actor: Actor, case: Case, *, units: Collection[int]) -> bool:
    """True when check_apply passes."""
    return _passes(check_apply, actor, case, units=units)


def check_decide(
    actor: Actor, case: Case, *, units: Collection[int], inspectors: Collection[int]
) -> None:
    """Decide a review: a leader or officer of the reviewing unit who took no part in the inspection (art. 17)."""
    what = _("您不能决定这次复核。")
    if not actor.has(*_LEADING) or case.campaign.review_unit_id not in units:
        raise NotAllowed(
            what,
            _("复核由复核单位的负责人或者复核人员决定。"),
            _("请联系复核单位。"),
        )
    behind = actor.on_behalf_of.account_id if actor.on_behalf_of else None
    if rules.inspected((actor.account_id, behind), inspectors):
        raise NotAllowed(
            what,
            _("参与作出督查结论的人员应当回避（《政府督查工作条例》第十七条），您参加过这次督查。"),
            _("请由没有参加督查的人决定。"),
        )


def can_decide(
    actor: Actor, case: Case, *, units: Collection[int], inspectors: Collection[int]
) -> bool:
    """True when check_decide passes."""
    return _passes(check_decide, actor, case, units=units, inspectors=inspectors)


def _passes(check: Callable[..., None], *given: object, **named: object) -> bool:
    try:
        check(*given, **named)
    except NotAllowed:
        return False
    return True
