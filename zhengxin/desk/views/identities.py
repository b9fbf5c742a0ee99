"""To the county's identity provider and back: to sign in, or to bind one's own account to it."""

import secrets
from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.accounts.locking import Locked
from zhengxin.accounts.models import Account
from zhengxin.accounts.provider import ProviderRefused, Return, Sought
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.views.accounts import account_asked
from zhengxin.desk.views.sign_in import first_factor_proved, onward, somebody
from zhengxin.kernel.refused import Refused

# What the session keeps while the reader is away, and for how many seconds.
AWAY_KEY, AWAY_SECONDS = "identity", 600
LONGEST = 4096


class _Away(TypedDict):
    """state, nonce and verifier; seconds since 1970; None for a sign-in; where to go afterwards."""

    sought: list[str]
    since: float
    account_id: int | None
    next: str


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("desk:from-provider"))


def _sent_there(request: HttpRequest, account_id: int | None) -> HttpResponse:
    address, sought = journey.seek_identity(
        back=_back(request), at=timezone.now(), actor=somebody("", None)
    )
    request.session[AWAY_KEY] = _Away(
        sought=[sought.state, sought.nonce, sought.verifier],
        since=timezone.now().timestamp(),
        account_id=account_id,
        next=onward(request),
    )
    return HttpResponseRedirect(address)


def _refused(request: HttpRequest, refused: Refused, status: int) -> HttpResponse:
    return page(request, "desk/provider_refused.html", status=status, refused=refused)


def _logged(request: HttpRequest, refused: Refused, status: int) -> HttpResponse:
    """A refusal before any act: nobody else logs it."""
    user = request.user if isinstance(request.user, Account) else None
    journey.record_refusal(
        act="identity.prove",
        object_kind="account",
        object_id=str(user.pk) if user else "",
        refusal=refused,
        at=timezone.now(),
        actor=somebody(user.username if user else "", user),
    )
    return _refused(request, refused, status)


@never_cache
@require_safe
def to_provider(request: HttpRequest) -> HttpResponse:
    """Sends the reader to the provider to sign in."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward(request))
    try:
        return _sent_there(request, None)
    except ProviderRefused as refused:
        return _logged(request, refused, 503)


@at_desk()
@require_safe
def bind(request: DeskRequest) -> HttpResponse:
    """Sends whoever is signed in to the provider, to bind the account on the return."""
    return _sent_there(request, request.account.pk)


@never_cache
@sensitive_post_parameters("code", "state", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def from_provider(request: HttpRequest) -> HttpResponse:
    """The return. Opening it changes nothing; its form does the work, once.

    To sign in it sends itself. To bind it asks for the password: another site could have led the
    reader through the provider under a name of its own.
    """
    sent = request.POST if request.method == "POST" else request.GET
    given = {name: sent.get(name, "")[:LONGEST] for name in ("code", "state", "error")}
    away: _Away | None = request.session.get(AWAY_KEY)
    user = request.user if isinstance(request.user, Account) else None
    binds = away is not None and away["account_id"] is not None and user is not None
    if request.method != "POST":
        return _return_page(request, given, user if binds else None)
    wrong = _wrong_return(user, away, given)
    if wrong is not None or away is None:
        request.session.pop(AWAY_KEY, None)
        return _logged(request, wrong or _elsewhere(), 403)
    came = Return(given["code"], Sought(*away["sought"]), _back(request))
    at, address = timezone.now(), request.META.get("REMOTE_ADDR", "")
    try:
        if user is not None:
            actor = somebody(user.username, user)
            proven = journey.prove_password(
                username=user.username,
                password=request.POST.get("password", ""),
                address=address,
                at=at,
                actor=actor,
            )
            if proven is None:
                return _return_page(request, given, user, _("密码不对，请再输一次。"))
            request.session.pop(AWAY_KEY)
            journey.bind_identity(came=came, account_id=user.pk, at=at, actor=actor)
            messages.success(request, _("已绑定，下次可以用统一认证登录。"))
            return redirect("desk:account")
        request.session.pop(AWAY_KEY)
        account = journey.prove_identity(
            came=came, address=address, at=at, actor=somebody("", None)
        )
    except Refused as refused:
        return _refused(request, refused, 429 if isinstance(refused, Locked) else 403)
    if account is None:
        return _refused(request, _unbound(), 403)
    return first_factor_proved(request, account, away["next"])


def _return_page(
    request: HttpRequest, given: dict[str, str], binds: Account | None, error: str = ""
) -> HttpResponse:
    return page(
        request,
        "desk/provider_back.html",
        status=422 if error else 200,
        given=given.items(),
        binds=binds,
        error=error,
    )


def _wrong_return(
    user: Account | None, away: _Away | None, given: dict[str, str]
) -> Refused | None:
    """Why this return is not the end of a round trip that began in this browser, or None."""
    if away is None or away["account_id"] != (user.pk if user else None):
        return _elsewhere()
    if not secrets.compare_digest(away["sought"][0].encode(), given["state"].encode()):
        return _elsewhere()
    if timezone.now().timestamp() - away["since"] > AWAY_SECONDS:
        return _elsewhere()
    if given["error"] or not given["code"]:
        return Refused(
            _("没有登录：认证服务没有放行。"),
            _("您在那边没有同意，或者那边拒绝了这次登录。"),
            _("请重新登录一次，或者用账号和密码登录。"),
        )
    return None


def _elsewhere() -> Refused:
    return Refused(
        _("没有登录：这次认证不是在这个浏览器里开始的，或者已经过时、已经用过。"),
        "",
        _("请回到登录页重新开始。没有自己点过登录的，请告诉系统管理员。"),
    )


def _unbound() -> Refused:
    return Refused(
        _("没有登录：您在统一认证的身份还没有绑定可用的账号。"),
        "",
        _("已有账号的，先用账号和密码登录，在“我的账号”里绑定；没有账号的，请联系系统管理员。"),
    )


@at_desk()
@require_POST
@once
def end_own(request: DeskRequest) -> HttpResponse:
    """One's own binding ends."""
    journey.end_identity(account_id=request.account.pk, at=timezone.now(), actor=request.actor)
    messages.success(request, _("已解除绑定，以后用账号和密码登录。"))
    return redirect("desk:account")


@at_desk(permissions.check_open_account)
@require_POST
@once
def end_of_account(request: DeskRequest, account_id: int) -> HttpResponse:
    """The system administrator ends the binding of an account."""
    found = account_asked(account_id)
    journey.end_identity(account_id=found.pk, at=timezone.now(), actor=request.actor)
    messages.success(request, _("已解除绑定。"))
    return redirect("desk:one-account", found.pk)
