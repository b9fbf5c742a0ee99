"""Inviting persons to their accounts, closing and opening these again; each step leaves its line."""

from datetime import datetime

from django.db import transaction

from zhengxin.accounts import actions as accounts
from zhengxin.accounts import invitations
from zhengxin.accounts.models import Account
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.already import naming_who
from zhengxin.journey.opening import open_account
from zhengxin.journey.warning import warn
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.say import say

# Whom the first person invites next: the administrators exclude one another.
_NEXT = (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def issue_first_link(*, at: datetime, actor: Actor) -> str | None:
    """A new one-time link for a home without accounts (earlier ones end); None when there is one."""
    with transaction.atomic():
        token = invitations.issue_first_link(at=at, actor=actor)
        if token is not None:
            _line("account.first_link", "account", "", at, actor)
    return token


def open_administrator(
    *,
    token: str,
    username: str,
    name: str,
    password: str,
    unit_id: int,
    at: datetime,
    actor: Actor,
) -> tuple[Account, dict[Role, str]]:
    """Opens the administrator's account whom a link invites. The first of all, the system
    administrator, gets one-time links for the other two: their tokens by role."""
    with transaction.atomic():
        account, role = invitations.open_administrator(
            token=token,
            username=username,
            name=name,
            password=password,
            unit_id=unit_id,
            at=at,
            actor=actor,
        )
        person = Actor(account.pk, account.name, unit_id, frozenset())
        _line("account.open", "account", account.pk, at, person, unit=unit_id, role=role.value)
        tokens = {}
        if role == Role.SYSTEM_ADMIN:
            for other in _NEXT:
                tokens[other] = invitations.invite_administrator(
                    role=other, at=at, actor=Actor.system(actor.name)
                )
                _line("account.invite_administrator", "account", "", at, person, role=other.value)
    return account, tokens


def invite_administrator(*, role: Role, at: datetime, actor: Actor) -> str:
    """A one-time link for a security or audit administrator while there is none; returns the token."""
    with transaction.atomic():
        token = invitations.invite_administrator(role=role, at=at, actor=actor)
        _line("account.invite_administrator", "account", "", at, actor, role=role.value)
    return token


def open_invited(*, username: str, name: str, at: datetime, actor: Actor) -> tuple[Account, str]:
    """A person's account and the one-time link by which they set their password: account and token."""
    with transaction.atomic():
        account = open_account(username=username, name=name, password=None, at=at, actor=actor)
        return account, invite(account_id=account.pk, at=at, actor=actor)


def invite(*, account_id: int, at: datetime, actor: Actor) -> str:
    """A one-time link to set a new password; the old one and its sessions end. Returns the token."""
    with transaction.atomic():
        before = Account.objects.filter(pk=account_id).first()
        token = invitations.invite(account_id=account_id, at=at, actor=actor)
        _line("account.invite", "account", account_id, at, actor)
        if before is not None and before.has_usable_password():
            warn(
                account_id=account_id,
                what=say("密码被重设，原来的密码和登录已失效。"),
                at=at,
                actor=actor,
                oversight=True,
            )
    return token


def accept_invitation(*, token: str, password: str, at: datetime, actor: Actor) -> Account:
    """The person invited sets the password that nobody else knows."""
    with transaction.atomic():
        account = invitations.accept_invitation(token=token, password=password, at=at, actor=actor)
        person = Actor(account.pk, account.name, None, frozenset())
        _line("account.set_password", "account", account.pk, at, person)
        warn(account_id=account.pk, what=say("用一次性链接设定了密码。"), at=at, actor=person)
    return account


def close_account(*, account_id: int, at: datetime, actor: Actor) -> Account:
    """Ends an account with its posts, delegations and sessions. Raises AlreadyDone."""
    with naming_who("account.close", "account", account_id), transaction.atomic():
        account = accounts.close_account(account_id=account_id, at=at, actor=actor)
        _line("account.close", "account", account_id, at, actor)
    return account


def reopen_account(*, account_id: int, at: datetime, actor: Actor) -> str:
    """Opens a closed account again without its old password; returns the token of its invitation."""
    with naming_who("account.reopen", "account", account_id), transaction.atomic():
        accounts.reopen_account(account_id=account_id, at=at, actor=actor)
        _line("account.reopen", "account", account_id, at, actor)
        return invite(account_id=account_id, at=at, actor=actor)


def _line(
    act: str, kind: str, what: object, at: datetime, actor: Actor, **detail: str | int
) -> None:
    audit.record(
        act=act,
        object_kind=kind,
        object_id=what,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        subject_id=None,
        purpose="",
        **detail,
    )
