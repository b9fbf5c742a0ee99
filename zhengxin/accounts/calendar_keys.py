"""The secret address of a person's calendar feed: made, known again, ended."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from zhengxin.accounts.models import Account, CalendarKey
from zhengxin.kernel.actor import Actor


def make_calendar_key(*, at: datetime, actor: Actor) -> str:
    """A new secret of the actor's own account; the one before ends. It is shown once."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        end_calendar_key(at=at, actor=actor)
        CalendarKey.objects.create(
            account_id=actor.account_id or 0, digest=_digest(token), made_at=at
        )
    return token


def end_calendar_key(*, at: datetime, actor: Actor) -> bool:
    """Ends the actor's own; False when there was none."""
    found = CalendarKey.objects.filter(account_id=actor.account_id or 0, ended_at__isnull=True)
    return bool(found.update(ended_at=at))


def calendar_key_of(account_id: int) -> CalendarKey | None:
    """The one in force."""
    return CalendarKey.objects.filter(account_id=account_id, ended_at__isnull=True).first()


def account_by_calendar(token: str) -> Account | None:
    """Whose feed this is, while the account is open."""
    found = (
        CalendarKey.objects.select_related("account")
        .filter(digest=_digest(token), ended_at__isnull=True, account__is_active=True)
        .first()
    )
    return found.account if found else None


def _digest(token: str) -> str:
    # 256 random bits need neither key nor salt.
    return sha256(token.encode()).hexdigest()
