"""Where one is signed in, and ending it from here."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts import sessions as handles
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.once import once

# What a browser says of itself, most telling first.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def _browser(said: str) -> str:
    """Chrome，Windows; what it said itself when nothing is known of it."""
    known = [
        next((name for sign, name in signs if sign in said), "") for signs in (BROWSERS, SYSTEMS)
    ]
    return "，".join(filter(None, known)) or said[:40] or _("没有说明的浏览器")


@at_desk()
@require_http_methods(["GET", "HEAD", "POST"])
@once
def sessions(request: DeskRequest) -> HttpResponse:
    """One's own sessions; one of them can be ended."""
    if request.method == "POST":
        ended = journey.end_session(
            handle_of=request.POST.get("session", ""),
            account_id=request.account.pk,
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(
            request, _("那一处的登录已结束。") if ended else _("那一处的登录已经结束了。")
        )
        return redirect("desk:sessions")
    return page(
        request,
        "desk/sessions.html",
        section="account",
        rows=[
            (
                each,
                handles.handle(each.session_key),
                _browser(each.browser),
                each.session_key == request.session.session_key,
            )
            for each in accounts.sessions_of(request.account.pk, timezone.now())
        ],
    )
