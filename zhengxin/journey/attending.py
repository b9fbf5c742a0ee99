"""Being signed in: a session begins within its limits, is used, and ends."""

from datetime import datetime

from django.db import transaction

from zhengxin.accounts import sessions
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.kernel.actor import Actor


def begin_session(
    *, session_key: str, address: str, browser: str, account_id: int, at: datetime, actor: Actor
) -> int:
    """Notes where an account signed in; returns how many older sessions gave way (each leaves a line)."""
    with transaction.atomic():
        gave_way = sessions.begin_session(
            session_key=session_key,
            address=address,
            browser=browser,
            account_id=account_id,
            at=at,
            actor=actor,
        )
        if gave_way:
            _ended(account_id, at, actor, sessions=gave_way)
    return gave_way


def note_seen(*, session_key: str, at: datetime, actor: Actor) -> None:
    """Moves the time at which a session was last used; no line, the pages leave their own."""
    sessions.note_seen(session_key=session_key, at=at, actor=actor)


def end_session(*, handle_of: str, account_id: int, at: datetime, actor: Actor) -> bool:
    """Ends one session of one's own account; False when there is none of that handle."""
    with transaction.atomic():
        ended = sessions.end_session(handle_of=handle_of, account_id=account_id, at=at, actor=actor)
        if ended:
            _ended(account_id, at, actor, sessions=1)
    return ended


def _ended(account_id: int, at: datetime, actor: Actor, **detail: int) -> None:
    audit.record(
        act="account.end_session",
        object_kind="account",
        object_id=account_id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        subject_id=None,
        purpose="",
        **detail,
    )
