"""Who proposes, answers, decides, carries out and sees. Each rule once: check_x raises, can_x answers."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from zhengxin.duties.permissions import check_see_duties
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.sanctions.models import Case

_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)


def check_see_cases(actor: Actor) -> None:
    """See cases; whose is limited by check_see_case."""
    check_see_duties(actor)


def can_see_cases(actor: Actor) -> bool:
    """True when check_see_cases passes."""
    return _passes(check_see_cases, actor)


def whose(
    actor: Actor, units: Collection[int] | None, *, office_id: int | None
) -> Collection[int] | None:
    """Whose cases the actor sees: the leader who decides sees all. units: whose records the actor sees (None: all)."""
    return None if can_decide(actor, office_id=office_id) else units


def check_see_case(
    actor: Actor, case: Case, *, units: Collection[int] | None, executing: Collection[int] = ()
) -> None:
    """See a case: whoever sees the county; the unit once it had notice; who carries it out, once served.

    units: as `whose` says.
    """
    check_see_cases(actor)
    if units is None:
        return
    told = case.noticed_on is not None and case.unit_id in units
    if not told and (case.served_on is None or set(executing).isdisjoint(units)):
        raise _not(_("您不能查看这件惩戒。"), _("它不是您本单位的。"), _("请由经办单位的人查看。"))


def can_see_case(
    actor: Actor, case: Case, *, units: Collection[int] | None, executing: Collection[int] = ()
) -> bool:
    """True when check_see_case passes."""
    return _passes(check_see_case, actor, case, units=units, executing=executing)


def sees_whole(actor: Actor, case: Case, *, units: Collection[int] | None) -> bool:
    """Whether replies and reasons are shown: to the unit itself and to whoever sees the county."""
    return units is None or case.unit_id in units


def check_propose(actor: Actor, *, office_id: int | None) -> None:
    """Propose, give notice, serve, refer: credit officers of the county's credit office."""
    if not actor.has(Role.CREDIT_OFFICER) or office_id is None or actor.unit_id != office_id:
        raise _not(
            _("您不能提出惩戒。"),
            _("由县信用主管部门的信用办工作人员提出、告知、送达和移送。"),
            _("请把情况告诉信用办。"),
        )


def can_propose(actor: Actor, *, office_id: int | None) -> bool:
    """True when check_propose passes."""
    return _passes(check_propose, actor, office_id=office_id)


def check_hear(actor: Actor, *, office_id: int | None) -> None:
    """Hear a reply: officers of the credit office."""
    if not actor.has(*_OFFICERS) or office_id is None or actor.unit_id != office_id:
        raise _not(
            _("您不能听取陈述。"),
            _("陈述由信用办工作人员或者复核人员听取。"),
            _("请联系信用办。"),
        )


def can_hear(actor: Actor, *, office_id: int | None) -> bool:
    """True when check_hear passes."""
    return _passes(check_hear, actor, office_id=office_id)


def check_reply(actor: Actor, case: Case, *, units: Collection[int]) -> None:
    """Reply: a clerk or the leader of the unit. units: the own one and those it followed."""
    if not actor.has(Role.CLERK, Role.LEADER) or case.unit_id not in units:
        raise _not(_("您不能陈述。"), _("陈述由被告知的单位提交。"), _("请联系该单位。"))


def can_reply(actor: Actor, case: Case, *, units: Collection[int]) -> bool:
    """True when check_reply passes."""
    return _passes(check_reply, actor, case, units=units)


def check_decide(actor: Actor, *, office_id: int | None) -> None:
    """Decide, lift early: a leader of the credit office."""
    if not actor.has(Role.LEADER) or office_id is None or actor.unit_id != office_id:
        raise _not(
            _("您不能决定惩戒。"),
            _("由县信用主管部门的负责人决定。"),
            _("请送该单位负责人。"),
        )


def can_decide(actor: Actor, *, office_id: int | None) -> bool:
    """True when check_decide passes."""
    return _passes(check_decide, actor, office_id=office_id)


def check_approve(actor: Actor) -> None:
    """Approve what the public is shown, confirm a value of the law: reviewers."""
    if not actor.has(Role.REVIEWER):
        raise _not(
            _("您不能办理。"), _("公开通报、确认法律值由复核人员办理。"), _("请联系复核人员。")
        )


def can_approve(actor: Actor) -> bool:
    """True when check_approve passes."""
    return _passes(check_approve, actor)


def check_see_referrals(actor: Actor) -> None:
    """See referrals: officers of the credit office, and who oversees."""
    if not actor.has(*_OFFICERS, Role.SUPERVISOR):
        raise _not(_("您不能查看移送。"), _("移送由信用办办理。"), _("确有需要的，请问信用办。"))


def can_see_referrals(actor: Actor) -> bool:
    """True when check_see_referrals passes."""
    return _passes(check_see_referrals, actor)


def _not(what: str, why: str, remedy: str) -> NotAllowed:
    return NotAllowed(what, why, remedy)


def _passes(check: Callable[..., None], *given: object, **named: object) -> bool:
    try:
        check(*given, **named)
    except NotAllowed:
        return False
    return True
