"""Verbs of invitations: one-time links by which persons set their own password, and the first ones of all.

Only the digest of a token is stored; the token itself is returned once, to be handed over.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import queries
from zhengxin.accounts.actions import (
    BadAccount,
    account_to_change,
    forget_password,
    give_post,
    open_account,
    set_password,
)
from zhengxin.accounts.enums import SessionEnd
from zhengxin.accounts.factors import reset_factors
from zhengxin.accounts.models import Account, Invitation
from zhengxin.accounts.permissions import check_open_account
from zhengxin.accounts.rules import ADMINISTRATORS, objection_to_administrator
from zhengxin.accounts.sessions import end_sessions
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.refused import Refused

_BYTES = 32


class LinkDead(Refused):
    """A link that was used, replaced or has expired, or never was one."""


def issue_first_link(*, at: datetime, actor: Actor) -> str | None:
    """A new link for the first person of a home without accounts; None when there is an account.

    Earlier ones end. Returns the token.
    """
    if queries.any_account():
        return None
    return _issue(Role.SYSTEM_ADMIN, at, timedelta(hours=settings.FIRST_LINK_HOURS))


def invite_administrator(*, role: Role, at: datetime, actor: Actor) -> str:
    """A link that opens the account of a security or audit administrator while there is none.

    At the desk only as long as there never was one: later the security administrator gives posts.
    Raises NotAllowed, BadAccount. Returns the token.
    """
    check_open_account(actor)
    what = _("邀请没有发出。")
    if role not in ADMINISTRATORS or role == Role.SYSTEM_ADMIN:
        raise BadAccount(
            what,
            _("这样的邀请只发给安全保密管理员和审计管理员。"),
            _("其他人请先开通账号，再发邀请。"),
        )
    known = (
        queries.administrators(role, timezone.localdate(at))
        if actor.has(Role.SYSTEM)
        else role not in queries.missing_administrators()
    )
    if known:
        raise BadAccount(
            what,
            _("已经有过%(role)s。") % {"role": role.label},
            _("请开通账号后由安全保密管理员登记岗位。"),
        )
    return _issue(role, at, timedelta(days=settings.INVITATION_DAYS))


def invite(*, account_id: int, at: datetime, actor: Actor) -> str:
    """A link by which the account's person sets a new password; the old one and its sessions end now.

    Raises NotAllowed, BadAccount (closed; or an administrator's, at the desk). Returns the token.
    """
    check_open_account(actor)
    what = _("邀请没有发出。")
    with transaction.atomic():
        account = account_to_change(account_id=account_id, at=at, actor=actor)
        if not account.is_active:
            raise BadAccount(what, _("这个账号已停用。"), _("请先重新启用。"))
        if not actor.has(Role.SYSTEM) and queries.is_administrator(
            account_id, timezone.localdate(at)
        ):
            raise BadAccount(
                what,
                _("这个账号是管理员。三名管理员互相制约，系统管理员不能重设管理员的密码。"),
                _("请由运行本机的人用命令行发出邀请：zhengxin account invite 账号名。"),
            )
        forget_password(account=account, at=at, actor=actor)
        end_sessions(account_id=account_id, because=SessionEnd.RESET, at=at, actor=actor)
        return _issue(account, at, timedelta(days=settings.INVITATION_DAYS))


def reset_way_in(*, account_id: int, at: datetime, actor: Actor) -> int:
    """Takes every second factor of an account away; returns how many there were. Raises NotAllowed.

    Whoever needs one loses the password as well: the security administrator takes the factors, the
    system administrator gives the link to a new password, so neither gets into such an account alone.
    """
    with transaction.atomic():
        n = reset_factors(account_id=account_id, at=at, actor=actor)
        if queries.may_need_factor(account_id, timezone.localdate(at)):
            account = Account.objects.get(pk=account_id)
            forget_password(account=account, at=at, actor=actor)
            end_sessions(account_id=account_id, because=SessionEnd.RESET, at=at, actor=actor)
    return n


def _issue(about: Account | Role, at: datetime, lasts: timedelta) -> str:
    """Voids what was issued for the same account or role before; returns the new token."""
    what = {"account": about} if isinstance(about, Account) else {"role": about.value}
    token = secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        queries.usable_invitations(at).filter(**what).update(voided_at=at)
        Invitation.objects.create(
            digest=digest_of(token), issued_at=at, expires_at=at + lasts, **what
        )
    return token


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return sha256_hex(token.encode())


def invitation_for(token: str, at: datetime) -> Invitation:
    """The invitation a token opens now. Raises LinkDead."""
    found = (
        queries.usable_invitations(at)
        .select_related("account")
        .filter(digest=digest_of(token))
        .first()
    )
    if found is None or (found.account is not None and not found.account.is_active):
        raise _dead()
    if found.role:
        _insist_on_vacancy(Role(found.role), "", at)
    return found


def _dead() -> LinkDead:
    return LinkDead(
        _("这个链接不能用了。"),
        _("链接只能用一次，过了期限或重新发过的也不能用。"),
        _("请向系统管理员要一个新的；还没有任何账号的，请在本机重新运行 zhengxin serve。"),
    )


def _insist_on_vacancy(role: Role, name: str, at: datetime) -> None:
    if role == Role.SYSTEM_ADMIN:
        if queries.any_account():
            raise _dead()
        return
    today = timezone.localdate(at)
    others = [
        holder
        for other in ADMINISTRATORS - {role}
        for holder in queries.administrators(other, today)
    ]
    objection = objection_to_administrator(
        role, name=name, holders=queries.administrators(role, today), others=others
    )
    if objection:
        raise BadAccount(
            _("账号没有开通。"), objection, _("请核对；同名的两个人，请在姓名后写明加以区分。")
        )


def _take(token: str, at: datetime) -> Invitation:
    """Uses an invitation up; of two at once only one gets it. Raises LinkDead."""
    found = invitation_for(token, at)
    taken = queries.usable_invitations(at).filter(pk=found.pk).update(used_at=at)
    if not taken:
        raise _dead()
    return found


def accept_invitation(*, token: str, password: str, at: datetime, actor: Actor) -> Account:
    """Set the password of the invited account. Raises LinkDead, BadAccount (the link stays good then)."""
    with transaction.atomic():
        found = _take(token, at)
        if found.account is None:
            raise _dead()
        account = account_to_change(account_id=found.account.pk, at=at, actor=actor)
        set_password(account=account, password=password, at=at, actor=actor)
        account.save(update_fields=["password", "password_set_at", "invented"])
    return account


def open_administrator(
    *,
    token: str,
    username: str,
    name: str,
    password: str,
    unit_id: int,
    at: datetime,
    actor: Actor,
) -> tuple[Account, Role]:
    """Open the account of the administrator whom the link invites, with the post from today on.

    Raises LinkDead, BadAccount, BadPost (the link stays good then).
    """
    with transaction.atomic():
        found = _take(token, at)
        if not found.role:
            raise _dead()
        role, system = Role(found.role), Actor.system(actor.name)
        _insist_on_vacancy(role, name, at)
        account = open_account(username=username, name=name, password=password, at=at, actor=system)
        give_post(
            account_id=account.pk,
            unit_id=unit_id,
            role=role.value,
            from_on=timezone.localdate(at),
            at=at,
            actor=system,
        )
    return account, role
