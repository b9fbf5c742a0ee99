"""Reads of accounts: who acts, in which post."""

from dataclasses import replace
from datetime import date, datetime

import pyotp
from django.conf import settings
from django.db.models import Count, Q, QuerySet

from zhengxin.accounts.enums import FactorKind
from zhengxin.accounts.factors import passkey_question, passkey_registration
from zhengxin.accounts.invented import invented_codes, read_accounts
from zhengxin.accounts.models import Account, Attempts, Factor, Post
from zhengxin.accounts.proofs import secret_of
from zhengxin.accounts.rules import needs_factor
from zhengxin.accounts.types import FactorLine, InventedAccount, LockLine
from zhengxin.kernel.actor import Actor, Role

__all__ = [
    "invented_codes",
    "needs_factor",
    "passkey_question",
    "passkey_registration",
    "secret_of",
]


def posts_in_force(account: Account | int, on: date) -> QuerySet[Post]:
    """The posts an open account holds on the day at units that exist on it, oldest first."""
    account_id = account if isinstance(account, int) else account.pk
    return (
        Post.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on),
            Q(unit__closed_on__isnull=True) | Q(unit__closed_on__gte=on),
            account_id=account_id,
            account__is_active=True,
            from_on__lte=on,
        )
        .select_related("unit__subject", "account")
        .order_by("from_on", "id")
    )


def actor_for(account: Account, on: date, post_id: int | None = None) -> Actor:
    """The actor an account is on that day: every role it holds at the unit of the chosen post.

    Without `post_id` the oldest post in force. No post in force, or not the one asked for: no
    unit and no role.
    """
    held = list(posts_in_force(account, on))
    chosen = next((post for post in held if post_id is None or post.pk == post_id), None)
    if chosen is None:
        return Actor(account_id=account.pk, name=account.name, unit_id=None, roles=frozenset())
    roles = frozenset(Role(post.role) for post in held if post.unit_id == chosen.unit_id)
    return Actor(account_id=account.pk, name=account.name, unit_id=chosen.unit_id, roles=roles)


def invented_accounts(at: datetime) -> list[InventedAccount]:
    """The accounts of the invented county that still have their first password, each with the code of
    its invented second factor; none in a real one."""
    present = {
        account.username: account.pk
        for account in Account.objects.filter(invented=True, is_active=True)
    }
    if not present:
        return []
    accounts = read_accounts(settings.BASE_DIR / "registers" / "example.yaml")
    codes = invented_codes(at)
    return [
        replace(account, code=codes.get(present[account.username]))
        for account in accounts
        if account.username in present
    ]


def factors(account_id: int) -> list[FactorLine]:
    """The second factors of an account in force, oldest first; recovery codes with how many are left."""
    rows = Factor.objects.filter(account_id=account_id, confirmed_at__isnull=False)
    return [
        FactorLine(
            id=row.pk,
            kind=row.kind,
            kind_label=str(row.get_kind_display()),
            name=row.name,
            since=row.confirmed_at or row.created_at,
            used_at=row.used_at,
            left=row.left,
        )
        for row in rows.annotate(
            left=Count("codes", filter=Q(codes__used_at__isnull=True))
        ).order_by("id")
    ]


def has_factor(account_id: int) -> bool:
    """True when the account is asked for a second factor at sign-in."""
    return Factor.objects.filter(account_id=account_id, confirmed_at__isnull=False).exists()


def factor_in_force(account_id: int, factor_id: int) -> bool:
    """True when the factor a session was proven by is still the account's."""
    return Factor.objects.filter(
        pk=factor_id, account_id=account_id, confirmed_at__isnull=False
    ).exists()


def app_to_confirm(account_id: int) -> Factor | None:
    """The app that was started and has not shown a code yet."""
    return Factor.objects.filter(
        account_id=account_id, kind=FactorKind.TOTP, confirmed_at__isnull=True
    ).first()


def locked(at: datetime) -> list[LockLine]:
    """Accounts locked at this moment, the one locked longest first; names nobody has are not told."""
    rows = (
        Attempts.objects.filter(locked_until__gt=at, account__isnull=False)
        .select_related("account")
        .order_by("-locked_until")
    )
    lines: dict[int, LockLine] = {}
    for row in rows:
        if row.account is not None and row.locked_until is not None:
            lines.setdefault(
                row.account.pk,
                LockLine(row.account.pk, row.account.username, row.account.name, row.locked_until),
            )
    return list(lines.values())


def account_named(username: str) -> Account | None:
    """The account of a user name."""
    return Account.objects.filter(username=username.strip()).first()


def app_address(secret: str, account: Account) -> str:
    """What an authenticator app reads from the picture (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name="政信 Zhengxin")
