"""The county's identity provider as a first factor: sent there, come back, bound to an account, ended."""

from datetime import datetime

from django.db import transaction

from zhengxin.accounts import identities, locking, provider
from zhengxin.accounts.models import Account
from zhengxin.accounts.provider import Return, Sought
from zhengxin.audit.enums import Outcome
from zhengxin.journey.proving import account_line
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused


def seek_identity(*, back: str, at: datetime, actor: Actor) -> tuple[str, Sought]:
    """Where to send the reader, and what to keep until the return. Raises ProviderRefused."""
    return provider.seek(back=back)


def prove_identity(*, came: Return, address: str, at: datetime, actor: Actor) -> Account | None:
    """The open account of whoever came back, or None; counted before it is tried. Raises Locked, ProviderRefused."""
    key = locking.address_key(address)
    try:
        locking.admit(key=key, at=at, actor=actor)
        issuer, subject = provider.found(came=came, at=at)
    except Refused as refused:
        account_line(
            "identity.prove", "", Outcome.REFUSED, at, actor, why=refused.what + refused.why
        )
        raise
    locking.passed(keys=[key], at=at, actor=actor)
    account = identities.account_of(issuer=issuer, subject=subject)
    if account is None:
        account_line("identity.prove", "", Outcome.REFUSED, at, actor, why="没有绑定账号")
        return None
    try:
        locking.insist_open(key=locking.password_key(account.username), at=at)
    except locking.Locked as refused:
        account_line("identity.prove", account.pk, Outcome.REFUSED, at, actor, why=refused.what)
        raise
    account_line("identity.prove", account.pk, Outcome.DONE, at, actor)
    return account


def bind_identity(*, came: Return, account_id: int, at: datetime, actor: Actor) -> None:
    """One's own account, signed in, is bound to whoever came back. Raises ProviderRefused, IdentityTaken."""
    try:
        issuer, subject = provider.found(came=came, at=at)
        with transaction.atomic():
            identities.bind(
                issuer=issuer, subject=subject, account_id=account_id, at=at, actor=actor
            )
            account_line("identity.bind", account_id, Outcome.DONE, at, actor, issuer=issuer)
    except Refused as refused:
        why = refused.what + refused.why
        account_line("identity.bind", account_id, Outcome.REFUSED, at, actor, why=why)
        raise


def end_identity(*, account_id: int, at: datetime, actor: Actor) -> int:
    """An account is no longer bound; returns how many bindings there were. Raises NotAllowed."""
    with transaction.atomic():
        n = identities.end_identity(account_id=account_id, at=at, actor=actor)
        account_line("identity.end", account_id, Outcome.DONE, at, actor, bindings=n)
    return n
