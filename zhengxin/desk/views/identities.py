"""To the county's identity provider and back: to sign in, or to bind one's own account to it."""

import secrets

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
from zhengxin.desk.views.accounts import account_asked
from zhengxin.desk.views.sign_in import first_factor_proved, onward, somebody
from zhengxin.kernel.refused import Refused

# What the session keeps while the reader is away, and for how many seconds.
AWAY_KEY, AWAY_SECONDS = "identity", 600
LONGEST = 4096


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("desk:from-provider"))


def _sent_there(request: HttpRequest, account_id: int | None) -> HttpResponse:
    address, sought = journey.seek_identity(
        back=_back(request), at=timezone.now(), actor=somebody("", None)
    )
    request.session[AWAY_KEY] = {
        "sought": [sought.state, sought.nonce, sought.verifier],
        "since": timezone.now().timestamp(),
        "account_id": account_id,
        "next": onward(request),
    }
    return HttpResponseRedirect(address)


def _refused(request: HttpRequest, refused: Refused, status: int) -> HttpResponse:
    return page(request, "desk/provider_refused.html", status=status, refused=refused)


@never_cache
@require_safe
def to_provider(request: HttpRequest) -> HttpResponse:
    """Sends the reader to the provider to sign in."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward(request))
    try:
        return _sent_there(request, None)
    except ProviderRefused as refused:
        return _refused(request, refused, 503)


@at_desk()
@require_safe
def bind(request: DeskRequest) -> HttpResponse:
    """Sends whoever is signed in to the provider, to bind the account on the return."""
    return _sent_there(request, request.account.pk)


@never_cache
@sensitive_post_parameters("code", "state")
@require_http_methods(["GET", "HEAD", "POST"])
def from_provider(request: HttpRequest) -> HttpResponse:
    """The return. Opening it changes nothing; its form, which sends itself, does the work once."""
    if request.method != "POST":
        given = [(name, request.GET.get(name, "")[:LONGEST]) for name in ("code", "state", "error")]
        return page(request, "desk/provider_back.html", given=given)
    away = request.session.pop(AWAY_KEY, None)
    wrong = _wrong_return(request, away)
    if wrong is not None or away is None:
        return _refused(request, wrong or _elsewhere(), 403)
    user = request.user if isinstance(request.user, Account) else None
    came = Return(request.POST.get("code", "")[:LONGEST], Sought(*away["sought"]), _back(request))
    at = timezone.now()
    try:
        if away["account_id"] is not None and user is not None:
            actor = somebody(user.username, user)
            journey.bind_identity(came=came, account_id=user.pk, at=at, actor=actor)
            messages.success(request, _("已绑定，下次可以用统一认证登录。"))
            return redirect("desk:account")
        account = journey.prove_identity(
            came=came, address=request.META.get("REMOTE_ADDR", ""), at=at, actor=somebody("", None)
        )
    except Refused as refused:
        return _refused(request, refused, 429 if isinstance(refused, Locked) else 403)
    if account is None:
        return _refused(request, _unbound(), 403)
    return first_factor_proved(request, account, away["next"])


def _wrong_return(request: HttpRequest, away: dict[str, object] | None) -> Refused | None:
    """Why this return is not the end of a round trip that began in this browser, or None."""
    user_id = request.user.pk if request.user.is_authenticated else None
    if away is None or away["account_id"] != user_id:
        return _elsewhere()
    state = str(away["sought"][0])  # type: ignore[index]  # our own list
    if not secrets.compare_digest(state.encode(), request.POST.get("state", "").encode()):
        return _elsewhere()
    if timezone.now().timestamp() - float(str(away["since"])) > AWAY_SECONDS:
        return _elsewhere()
    if request.POST.get("error") or not request.POST.get("code"):
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
def end_own(request: DeskRequest) -> HttpResponse:
    """One's own binding ends."""
    journey.end_identity(account_id=request.account.pk, at=timezone.now(), actor=request.actor)
    messages.success(request, _("已解除绑定，以后用账号和密码登录。"))
    return redirect("desk:account")


@at_desk(permissions.check_open_account)
@require_POST
def end_of_account(request: DeskRequest, account_id: int) -> HttpResponse:
    """The system administrator ends the binding of an account."""
    found = account_asked(account_id)
    journey.end_identity(account_id=found.pk, at=timezone.now(), actor=request.actor)
    messages.success(request, _("已解除绑定。"))
    return redirect("desk:one-account", found.pk)
