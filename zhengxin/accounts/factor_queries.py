"""Reads of second factors and locks; accounts.queries hands them out."""

import base64
from datetime import date, datetime
from hashlib import sha256

import pyotp
from django.db.models import Count, Q

from zhengxin.accounts.enums import FactorKind
from zhengxin.accounts.locking import address_key
from zhengxin.accounts.models import Account, Attempts, Delegation, Factor, Post
from zhengxin.accounts.proofs import code_of, step_of
from zhengxin.accounts.rules import needs_factor
from zhengxin.accounts.sealing import keyed_digest
from zhengxin.accounts.types import FactorLine, LockLine
from zhengxin.kernel.actor import Role


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


def invented_secret(username: str) -> str:
    """The base32 secret of an invented account's app: anybody can work it out, nothing real is behind it."""
    return base64.b32encode(sha256(f"zhengxin invented {username}".encode()).digest()[:20]).decode()


def invented_codes(at: datetime, account_id: int | None = None) -> dict[int, str]:
    """By account: a code its invented app takes at this moment, empty when both that pass were used.

    Only of accounts that kept their first password and their invented app.
    """
    factors = Factor.objects.filter(invented=True, account__invented=True).select_related("account")
    if account_id is not None:
        factors = factors.filter(account_id=account_id)
    now, codes = step_of(at), {}
    for factor in factors:
        free = [step for step in (now, now + 1) if step > factor.last_step]
        secret = invented_secret(factor.account.username)
        codes[factor.account_id] = code_of(secret, free[0]) if free else ""
    return codes


def tried_from(address: str, *, since: datetime) -> bool:
    """Whether somebody at this network address tried to sign in of late."""
    key = keyed_digest(address_key(address))
    return Attempts.objects.filter(key=key, began_at__gte=since).exists()


def may_need_factor(account_id: int, on: date) -> bool:
    """Whether the account has, on the day or later, a post that opens nothing without a second factor, or stands in for one."""
    still = Q(until_on__isnull=True) | Q(until_on__gte=on)
    posts = Post.objects.filter(still, account_id=account_id)
    lent = Delegation.objects.filter(
        until_on__gte=on, delegate_id=account_id, ended_at__isnull=True
    )
    roles = {*posts.values_list("role", flat=True), *lent.values_list("post__role", flat=True)}
    return needs_factor([Role(each) for each in roles])
