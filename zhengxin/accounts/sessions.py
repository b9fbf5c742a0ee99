"""Verbs of sessions: begin one within the limits, end one or all. The engine reads them in config."""

from datetime import datetime, timedelta

from django.conf import settings

from zhengxin.accounts.enums import SessionEnd
from zhengxin.accounts.models import Session
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex

# A session that ended is kept so long, for its reason to be told at the next page.
KEPT_AFTER = timedelta(days=1)


def handle(session_key: str) -> str:
    """A name for a session that does not let anyone into it."""
    return sha256_hex(session_key.encode())[:16]


def begin_session(
    *, session_key: str, address: str, browser: str, account_id: int, at: datetime, actor: Actor
) -> int:
    """Note where an account signed in; beyond the number allowed at once the oldest give way.

    Returns how many did.
    """
    Session.objects.filter(expire_date__lt=at - KEPT_AFTER).delete()
    Session.objects.filter(session_key=session_key).update(
        account_id=account_id,
        begun_at=at,
        seen_at=at,
        address=address[:45],
        browser=browser[:200],
    )
    running = Session.objects.filter(
        account_id=account_id,
        ended_because="",
        expire_date__gt=at,
        seen_at__gt=at - settings.SESSION_IDLE,
    ).order_by("-begun_at")
    oldest = [each.session_key for each in running[settings.SESSIONS_AT_ONCE :]]
    return Session.objects.filter(session_key__in=oldest).update(ended_because=SessionEnd.ELSEWHERE)


def note_seen(*, session_key: str, at: datetime, actor: Actor) -> None:
    """Move the time at which a session was last used."""
    Session.objects.filter(session_key=session_key).update(seen_at=at)


def end_session(*, handle_of: str, account_id: int, at: datetime, actor: Actor) -> bool:
    """End one session of the account; False when there is none of that handle."""
    for row in Session.objects.filter(account_id=account_id, ended_because=""):
        if handle(row.session_key) == handle_of:
            row.ended_because = SessionEnd.BY_PERSON
            row.save(update_fields=["ended_because"])
            return True
    return False


def end_sessions(*, account_id: int, because: SessionEnd, at: datetime, actor: Actor) -> int:
    """End every session of the account; returns how many there were."""
    return Session.objects.filter(account_id=account_id, ended_because="").update(
        ended_because=because
    )
