"""Opening a county and its accounts."""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from zhengxin.accounts import actions as accounts
from zhengxin.accounts import invented
from zhengxin.accounts.models import Account, Post
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.following import follow
from zhengxin.journey.submitting import PATIENCE
from zhengxin.journey.taking_over import list_for_successor
from zhengxin.journey.warning import warn
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.publication import actions as publication
from zhengxin.subjects.registers import Register, load_register


def open_county(*, register: Path, at: datetime, actor: Actor) -> Register:
    """Enters a county's units, names, codes, successions and powers from its register; again is harmless."""
    with transaction.atomic():
        county = load_register(register, at=at, actor=actor)
        audit.record(
            act="county.open",
            object_kind="register",
            object_id=register.stem,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
        )
        ledger.name_log(county=county.code, invented=county.invented, at=at, actor=actor)
    publication.name_county(name=county.name, invented=county.invented, at=at, actor=actor)
    return county


def open_invented_accounts(
    *, register: Path, from_on: date, at: datetime, actor: Actor
) -> list[Account]:
    """Opens the accounts that stand in an invented county's register; those that exist stay as they are."""
    with transaction.atomic():
        opened = invented.open_invented_accounts(
            register=register, from_on=from_on, at=at, actor=actor
        )
        for account in opened:
            audit.record(
                act="account.open",
                object_kind="account",
                object_id=account.pk,
                outcome=Outcome.DONE,
                at=at,
                actor=actor,
            )
    return opened


def open_account(
    *, username: str, name: str, password: str | None, at: datetime, actor: Actor
) -> Account:
    """A person's own account; posts are given separately. Without a password nobody signs in with it."""
    with transaction.atomic():
        account = accounts.open_account(
            username=username, name=name, password=password, at=at, actor=actor
        )
        audit.record(
            act="account.open",
            object_kind="account",
            object_id=account.id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
        )
    return account


def give_post(
    *,
    account_id: int,
    unit_id: int,
    role: str,
    from_on: date,
    until_on: date | None,
    at: datetime,
    actor: Actor,
) -> Post:
    """A dated post: one role at one unit."""
    with transaction.atomic():
        post = accounts.give_post(
            account_id=account_id,
            unit_id=unit_id,
            role=role,
            from_on=from_on,
            until_on=until_on,
            at=at,
            actor=actor,
        )
        audit.record(
            act="account.give_post",
            object_kind="account",
            object_id=account_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            unit=unit_id,
            role=role,
        )
        listed = None
        if role == Role.LEADER:
            listed = list_for_successor(unit_id=unit_id, from_on=from_on, at=at, actor=actor)
    if listed is not None:
        follow(at=at, at_most=PATIENCE)
    return post


def change_password(*, account_id: int, old: str, new: str, at: datetime, actor: Actor) -> None:
    """One's own password, with the old one again."""
    with transaction.atomic():
        accounts.change_password(account_id=account_id, old=old, new=new, at=at, actor=actor)
        audit.record(
            act="account.change_password",
            object_kind="account",
            object_id=account_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
        )
        warn(account_id=account_id, what=say("密码已更换。"), at=at, actor=actor)
