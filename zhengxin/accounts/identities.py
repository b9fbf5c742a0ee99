"""Verbs of identities: bind one's account to oneself at the county's provider, and end that."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengxin.accounts.models import Account, Identity
from zhengxin.accounts.permissions import check_end_identity
from zhengxin.accounts.sealing import stored_digest
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused


class IdentityTaken(Refused):
    """This identity, or this account, is bound already."""


def _digest(issuer: str, subject: str) -> str:
    return stored_digest(f"identity:{issuer}\n{subject}")


def account_of(*, issuer: str, subject: str) -> Account | None:
    """The open account that this identity is bound to."""
    bound = Identity.objects.filter(
        digest=_digest(issuer, subject), ended_at__isnull=True, account__is_active=True
    ).select_related("account")
    found = bound.first()
    return found.account if found else None


def bind(*, issuer: str, subject: str, account_id: int, at: datetime, actor: Actor) -> Identity:
    """Bind an identity to one's own account. Again is harmless. Raises IdentityTaken."""
    if actor.account_id != account_id:
        raise IdentityTaken(
            _("没有绑定。"), _("统一认证只能由本人绑定自己的账号。"), _("请由本人登录后办理。")
        )
    digest = _digest(issuer, subject)
    there = Identity.objects.filter(digest=digest, account_id=account_id, ended_at__isnull=True)
    try:
        with transaction.atomic():
            return there.first() or Identity.objects.create(
                account_id=account_id, issuer=issuer, digest=digest, bound_at=at
            )
    except IntegrityError as taken:
        raise IdentityTaken(
            _("没有绑定。"),
            _("您的账号已绑定另一个身份，或者这个身份已绑定另一个账号。"),
            _("请先解除原来的绑定；不知道绑定了谁的，请联系系统管理员。"),
        ) from taken


def end_identity(*, account_id: int, at: datetime, actor: Actor) -> int:
    """End what an account is bound to: the person, or the system administrator. Returns how many. Raises NotAllowed."""
    check_end_identity(actor, account_id=account_id)
    return Identity.objects.filter(account_id=account_id, ended_at__isnull=True).update(
        ended_at=at, ended_by=actor.account_id
    )
