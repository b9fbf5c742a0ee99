"""Who orders, who answers, who raises and who writes down what was decided. check_x raises, can_x answers."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from zhengxin.duties.permissions import check_see_duties
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.oversight.rectifying.models import Order

_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)


def check_see_orders(actor: Actor) -> None:
    """See orders and issues; whose is limited by check_see_order and check_see_issue."""
    check_see_duties(actor)


def check_see_order(
    actor: Actor, *, parties: Collection[int], units: Collection[int] | None
) -> None:
    """See one order: whoever sees the county, and its parties (queries.order_parties). units: None is all."""
    check_see_orders(actor)
    if units is not None and set(parties).isdisjoint(units):
        raise _not_yours()


def can_see_order(actor: Actor, *, parties: Collection[int], units: Collection[int] | None) -> bool:
    """True when check_see_order passes."""
    return _passes(check_see_order, actor, parties=parties, units=units)


def check_order(actor: Actor, *, designated: bool) -> None:
    """Order a unit: the credit office, reviewers, leaders of a unit that the government designated to inspect."""
    if actor.unit_id is not None and (
        actor.has(*_OFFICERS) or (actor.has(Role.LEADER) and designated)
    ):
        return
    raise NotAllowed(
        _("您不能责令其他单位说明或者整改。"),
        _("由信用办、复核人员或者县政府指定的督查单位负责人办理。"),
        _("确有需要的，请向信用办提出。"),
    )


def can_order(actor: Actor, *, designated: bool) -> bool:
    """True when check_order passes."""
    return _passes(check_order, actor, designated=designated)


def check_explain(actor: Actor, order: Order, *, units: Collection[int]) -> None:
    """Explain: the ordered unit. units: the own one and its predecessors."""
    if not actor.has(Role.CLERK, Role.LEADER) or order.unit_id not in units:
        raise NotAllowed(
            _("您不能提交书面说明。"),
            _("书面说明由被责令的单位提交。"),
            _("请联系该单位。"),
        )


def can_explain(actor: Actor, order: Order, *, units: Collection[int]) -> bool:
    """True when check_explain passes."""
    return _passes(check_explain, actor, order, units=units)


def check_withhold(actor: Actor) -> None:
    """Keep an outcome from the public, on a stated ground: reviewers."""
    if not actor.has(Role.REVIEWER):
        raise NotAllowed(
            _("您不能决定不公开。"), _("不公开由复核人员决定。"), _("请联系复核人员。")
        )


def can_withhold(actor: Actor) -> bool:
    """True when check_withhold passes."""
    return _passes(check_withhold, actor)


def check_raise(actor: Actor) -> None:
    """Raise an issue: leaders of units, the credit office, reviewers."""
    if not actor.has(Role.LEADER, *_OFFICERS) or actor.unit_id is None:
        raise NotAllowed(
            _("您不能提出议题。"),
            _("议题由单位负责人或者信用办提出。"),
            _("请由本单位负责人提出。"),
        )


def can_raise(actor: Actor) -> bool:
    """True when check_raise passes."""
    return _passes(check_raise, actor)


def check_see_issue(
    actor: Actor, *, parties: Collection[int], units: Collection[int] | None
) -> None:
    """See one issue: whoever sees the county, and its parties (queries.issue_parties)."""
    check_see_orders(actor)
    if units is not None and set(parties).isdisjoint(units):
        raise _not_yours()


def can_see_issue(actor: Actor, *, parties: Collection[int], units: Collection[int] | None) -> bool:
    """True when check_see_issue passes."""
    return _passes(check_see_issue, actor, parties=parties, units=units)


def check_decide_issue(actor: Actor) -> None:
    """Write down what the leading group decided: the credit office, as its office."""
    if not actor.has(Role.CREDIT_OFFICER):
        raise NotAllowed(
            _("您不能登记议定事项。"),
            _("领导小组的议定事项由信用办凭会议纪要登记。"),
            _("请把会议纪要交给信用办。"),
        )


def can_decide_issue(actor: Actor) -> bool:
    """True when check_decide_issue passes."""
    return _passes(check_decide_issue, actor)


def _not_yours() -> NotAllowed:
    return NotAllowed(
        _("您不能查看这一件。"), _("它是其他单位的。"), _("请由承办单位或者交办单位的人查看。")
    )


def _passes(check: Callable[..., None], *given: object, **named: object) -> bool:
    try:
        check(*given, **named)
    except NotAllowed:
        return False
    return True
