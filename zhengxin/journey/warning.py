"""A person is told of every change to the keys of their account, so that nobody else's stays unnoticed."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Account
from zhengxin.kernel.actor import Actor, Role
from zhengxin.messages import actions as messages
from zhengxin.messages.enums import MessageKind


def warn(
    *, account_id: int, what: str, at: datetime, actor: Actor, oversight: bool = False
) -> None:
    """Tells the person, on the desk and by all their ways outside, what happened (a sentence) and by whom.

    oversight: the security administrators too, by role, except whoever did it.
    """
    account = Account.objects.get(pk=account_id)
    by = _("本人") if actor.account_id == account_id else actor.name
    key = f"account/{account_id}/{at.isoformat()}/{what[:40]}"
    messages.tell(
        kind=MessageKind.ACCOUNT_CHANGED,
        key=key,
        account_ids=[account_id],
        subject=what,
        text=_("由{by}办理。不是您本人办的、也不是您要求的，请马上告诉安全保密管理员。").format(
            by=by
        ),
        link=reverse("desk:account"),
        at=at,
        actor=actor,
    )
    if oversight:
        others = accounts.accounts_in_role(Role.SECURITY_ADMIN, timezone.localdate(at))
        messages.tell(
            kind=MessageKind.ACCOUNT_CHANGED,
            key=f"{key}/oversight",
            account_ids=[each for each in others if each not in (actor.account_id, account_id)],
            role=Role.SECURITY_ADMIN,
            subject=_("{name}：{what}").format(name=account.name, what=what),
            text=_("由{by}办理。请核对是不是本人要求的。").format(by=by),
            link=reverse("desk:accounts"),
            at=at,
            actor=actor,
        )
