"""Who may look at the exchange with the offices above, and who may act there."""

from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed

_LOOK = (Role.CREDIT_OFFICER, Role.REVIEWER, Role.SUPERVISOR, Role.SYSTEM)
_ACT = (Role.CREDIT_OFFICER, Role.SYSTEM)


def check_see_exchange(actor: Actor) -> None:
    """See dispatches, answers and what stands where. Raises NotAllowed."""
    _insist(actor, _LOOK, _("您不能查看上报交换。"))


def can_see_exchange(actor: Actor) -> bool:
    """True when check_see_exchange passes."""
    return actor.has(*_LOOK)


def check_exchange(actor: Actor) -> None:
    """Pack, deliver, read answers, send again: the credit office, or the scheduled job. Raises NotAllowed."""
    _insist(actor, _ACT, _("您不能办理上报交换。"))


def can_exchange(actor: Actor) -> bool:
    """True when check_exchange passes."""
    return actor.has(*_ACT)


def _insist(actor: Actor, roles: tuple[Role, ...], what: str) -> None:
    if not actor.has(*roles):
        raise NotAllowed(
            what,
            _("这件事由%(roles)s办理。") % {"roles": _("、").join(r.label for r in roles[:-1])},
            _("请联系有这一岗位的同事。"),
        )
