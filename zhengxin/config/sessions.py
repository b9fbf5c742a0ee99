"""Where sessions are kept, and their limits: idle, in all, how many at once; a password that is too old.

The row that Django reads at every request carries the limits, so the check costs no query of its own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.enums import SessionEnd
from zhengxin.accounts.models import Account, Session
from zhengxin.kernel.actor import Actor

# The time last seen is kept to so much, so that not every page writes.
TO_THE = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Sessions with an account, times and an end; one that is over reads as empty and says why."""

    ended_because: str = ""
    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Sessions live in the room of accounts."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        if row is None:
            return None
        self.ended_because = accounts.why_over(row, timezone.now())
        if self.ended_because:
            self._session_key = None
            return None
        self.row = row
        return row

    def save(self, must_create: bool = False) -> None:
        """Writes the content of the session alone: its times and its end are written by their verbs."""
        if self.session_key is None or must_create:
            super().save(must_create)
            return
        content = self.create_model_instance(self._get_session())  # type: ignore[attr-defined]  # not in the stubs
        written = Session.objects.filter(session_key=self.session_key, ended_because="").update(
            session_data=content.session_data,
            expire_date=content.expire_date,
            account_id=self.get(SESSION_KEY),
        )
        if not written:
            raise UpdateError


TOLD = {
    SessionEnd.IDLE: _("您离开已久，为安全起见已自动退出。请重新登录。"),
    SessionEnd.OVER: _("这次登录已满时限，已自动退出。请重新登录。"),
    SessionEnd.ELSEWHERE: _(
        "您的账号在别处登录，超过了同时登录的数量，这里已退出。不是您本人登录的，请立即更换密码。"
    ),
    SessionEnd.BY_PERSON: _("您在另一处结束了这里的登录。"),
    SessionEnd.PASSWORD: _("您的密码已更换，请用新密码登录。"),
    SessionEnd.CLOSED: _("这个账号已停用。有疑问请联系系统管理员。"),
    SessionEnd.RESET: _("系统管理员重设了您的账号。请用收到的链接设定新密码。"),
}


class SessionLimitsMiddleware:
    """Tells why a session ended, asks for a new password in time, and notes beginning and use of sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.LOGIN_REDIRECT_URL):
            return self.get_response(request)
        session: Any = request.session
        signed_in = SESSION_KEY in session
        if session.ended_because:
            messages.warning(request, str(TOLD[SessionEnd(session.ended_because)]))
        response = (signed_in and self._password_first(request)) or self.get_response(request)
        if SESSION_KEY in session:
            self._note(request, session)
        return response

    def _password_first(self, request: HttpRequest) -> HttpResponse | None:
        """Sends to the page of the account when the password is too old for anything else."""
        account, open_paths = request.user, ("desk:account", "desk:sign-out", "desk:choose-post")
        if not isinstance(account, Account) or request.path in map(reverse, open_paths):
            return None
        left = accounts.password_days_left(account, timezone.now())
        if left is None or left > 0:
            return None
        messages.warning(
            request,
            str(_("密码已用满{n}天，请先更换密码再办事。")).format(n=settings.PASSWORD_DAYS),
        )
        return redirect("desk:account")

    def _note(self, request: HttpRequest, session: Any) -> None:
        now, row = timezone.now(), session.row
        account = request.user
        if not isinstance(account, Account):
            return
        actor = Actor(account.pk, account.name, None, frozenset())
        if row is None or row.begun_at is None or row.session_key != session.session_key:
            gave_way = journey.begin_session(
                session_key=session.session_key,
                address=request.META.get("REMOTE_ADDR", ""),
                browser=request.headers.get("User-Agent", ""),
                account_id=account.pk,
                at=now,
                actor=actor,
            )
            self._greet(request, account, gave_way, now)
        elif now - row.seen_at >= TO_THE:
            journey.note_seen(session_key=session.session_key, at=now, actor=actor)

    def _greet(self, request: HttpRequest, account: Account, gave_way: int, now: datetime) -> None:
        """What somebody who has just signed in should know."""
        if gave_way:
            messages.warning(
                request,
                str(_("一个账号最多同时在{n}处登录，您最早的{gone}处登录已结束。")).format(
                    n=settings.SESSIONS_AT_ONCE, gone=gave_way
                ),
            )
        left = accounts.password_days_left(account, now)
        if left is not None and 0 < left <= settings.PASSWORD_WARNING_DAYS:
            messages.warning(
                request, str(_("密码还有{n}天到期，请在“我的账号”里更换。")).format(n=left)
            )
