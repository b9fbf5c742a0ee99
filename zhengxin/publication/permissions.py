"""Who may lift a seal: check_x raises NotAllowed, can_x answers."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed


def check_lift_seal(actor: Actor, *, recorded_by: Collection[int] = ()) -> None:
    """Lift the seal of a document: a reviewer by name, and none of the accounts that sent or entered it."""
    what = _("您不能解除封存。")
    if not actor.has(Role.REVIEWER) or actor.account_id is None:
        raise NotAllowed(
            what,
            _("封存有误的，由具名的复核人员解除。"),
            _("请联系有这一岗位的同事；岗位登记有误的，请联系安全保密管理员。"),
        )
    if any(actor.is_or_acts_for(account) for account in recorded_by):
        raise NotAllowed(
            what,
            _("这份文书是您报送或认定入账的，解除封存要由另一人办理。"),
            _("请由另一名复核人员办理。"),
        )


def can_lift_seal(actor: Actor, *, recorded_by: Collection[int] = ()) -> bool:
    """True when check_lift_seal passes."""
    try:
        check_lift_seal(actor, recorded_by=recorded_by)
    except NotAllowed:
        return False
    return True
