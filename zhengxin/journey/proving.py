"""Who is it: a password, a second factor, factors enrolled and taken away, locks lifted. Each leaves a line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from zhengxin.accounts import factors, invitations, locking
from zhengxin.accounts.backend import AccountBackend
from zhengxin.accounts.locking import Locked
from zhengxin.accounts.models import Account, Factor
from zhengxin.accounts.proofs import FactorRefused, prove
from zhengxin.accounts.types import Proof, Proven, Site
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.warning import warn
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say


def prove_password(
    *, username: str, password: str, address: str, at: datetime, actor: Actor
) -> Account | None:
    """The account whose password this is, or None; counted before it is tried. Raises Locked."""
    keys = [locking.address_key(address), locking.password_key(username)]
    with _refusals("account.sign_in", username[:64], at, actor):
        known = Account.objects.filter(username=username).first()
        for key, account in zip(keys, (None, known), strict=True):
            locking.admit(key=key, account=account, at=at, actor=actor)
    found = AccountBackend().authenticate(None, username=username, password=password)
    if found is None:
        account_line("account.sign_in", username[:64], Outcome.REFUSED, at, actor)
        return None
    locking.passed(keys=keys, at=at, actor=actor)
    return found


def prove_factor(
    *, account_id: int, proof: Proof, challenge: bytes, at: datetime, actor: Actor
) -> Proven:
    """The second step of a sign-in; recovery codes count too. Raises Locked, FactorRefused."""
    with _refusals("account.prove_factor", account_id, at, actor):
        proven = prove(
            account_id=account_id,
            proof=proof,
            challenge=challenge,
            at=at,
            actor=actor,
            recovery=True,
        )
    account_line("account.prove_factor", account_id, Outcome.DONE, at, actor, kind=proven.kind)
    return proven


@contextmanager
def _refusals(act: str, object_id: object, at: datetime, actor: Actor) -> Iterator[None]:
    try:
        yield
    except (Locked, FactorRefused) as refused:
        account_line(act, object_id, Outcome.REFUSED, at, actor, why=refused.what)
        raise


def account_line(
    act: str, object_id: object, outcome: Outcome, at: datetime, actor: Actor, **detail: Any
) -> None:
    """One line of the audit log about an account, or about the name that was typed for one."""
    audit.record(
        act=act,
        object_kind="account",
        object_id=object_id,
        outcome=outcome,
        at=at,
        actor=actor,
        **detail,
    )


def start_app(*, account_id: int, name: str, at: datetime, actor: Actor) -> Factor:
    """A secret for an authenticator app; in force when confirm_app saw a code of it."""
    return factors.start_app(account_id=account_id, name=name, at=at, actor=actor)


def confirm_app(*, account_id: int, code: str, at: datetime, actor: Actor) -> int:
    """The app shows this code; returns the factor's id."""
    with transaction.atomic():
        factor = factors.confirm_app(account_id=account_id, code=code, at=at, actor=actor)
        account_line(
            "factor.add", account_id, Outcome.DONE, at, actor, kind=factor.kind, name=factor.name
        )
        warn(account_id=account_id, what=say("登记了第二因子。"), at=at, actor=actor)
    return factor.pk


def add_passkey(
    *,
    account_id: int,
    name: str,
    answer: str,
    challenge: str,
    site: Site,
    at: datetime,
    actor: Actor,
) -> int:
    """A passkey the browser made for `challenge`; returns the factor's id."""
    with transaction.atomic():
        factor = factors.add_passkey(
            account_id=account_id,
            name=name,
            answer=answer,
            challenge=challenge,
            site=site,
            at=at,
            actor=actor,
        )
        account_line(
            "factor.add", account_id, Outcome.DONE, at, actor, kind=factor.kind, name=factor.name
        )
        warn(account_id=account_id, what=say("登记了第二因子。"), at=at, actor=actor)
    return factor.pk


def renew_recovery_codes(*, account_id: int, at: datetime, actor: Actor) -> list[str]:
    """New recovery codes, to be shown once."""
    with transaction.atomic():
        codes = factors.renew_recovery_codes(account_id=account_id, at=at, actor=actor)
        account_line("factor.recovery_codes", account_id, Outcome.DONE, at, actor)
        warn(account_id=account_id, what=say("生成了新的恢复码。"), at=at, actor=actor)
    return codes


def remove_factor(*, account_id: int, factor_id: int, at: datetime, actor: Actor) -> None:
    """One of one's own factors is removed."""
    with transaction.atomic():
        name = factors.remove_factor(account_id=account_id, factor_id=factor_id, at=at, actor=actor)
        account_line("factor.remove", account_id, Outcome.DONE, at, actor, name=name)
        warn(account_id=account_id, what=say("移除了第二因子。"), at=at, actor=actor)


def reset_factors(*, account_id: int, because: str, at: datetime, actor: Actor) -> int:
    """The security administrator takes a person's factors away; returns how many there were.

    The way in again of one who signs is a link from the system administrator: no one person opens it.
    """
    insist_on_reason(because)
    with transaction.atomic():
        n = invitations.reset_way_in(account_id=account_id, at=at, actor=actor)
        account_line(
            "factor.reset", account_id, Outcome.DONE, at, actor, factors=n, because=because
        )
        warn(
            account_id=account_id,
            what=say("第二因子被重置，要重新登记。"),
            at=at,
            actor=actor,
            oversight=True,
        )
    return n


def lift_lock(*, account_id: int, at: datetime, actor: Actor) -> int:
    """The security administrator lifts an account's locks; returns how many there were."""
    with transaction.atomic():
        n = locking.lift(account_id=account_id, at=at, actor=actor)
        account_line("account.unlock", account_id, Outcome.DONE, at, actor, locks=n)
    return n
