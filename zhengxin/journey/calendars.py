"""Making and ending the address of one's own calendar feed; each leaves its line."""

from datetime import datetime

from django.db import transaction

from zhengxin.accounts import calendar_keys
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.warning import warn
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say


def make_calendar_key(*, at: datetime, actor: Actor) -> str:
    """The secret of a new address, shown once; the one before no longer answers."""
    with transaction.atomic():
        token = calendar_keys.make_calendar_key(at=at, actor=actor)
        _line("account.calendar", at, actor)
        warn(account_id=actor.account_id or 0, what=say("日历订阅地址已换新。"), at=at, actor=actor)
    return token


def end_calendar_key(*, at: datetime, actor: Actor) -> None:
    """The address no longer answers."""
    with transaction.atomic():
        if calendar_keys.end_calendar_key(at=at, actor=actor):
            _line("account.end_calendar", at, actor)


def _line(act: str, at: datetime, actor: Actor) -> None:
    audit.record(
        act=act,
        object_kind="account",
        object_id=actor.account_id or "",
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
    )
