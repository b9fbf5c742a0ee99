"""One's own second factors: an authenticator app, passkeys, recovery codes."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.factors import NotEnrolled
from zhengxin.desk.frame import page
from zhengxin.desk.gate import FACTOR_KEY, DeskRequest, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.passkeys import elsewhere, site_of, works_here

REGISTERING_KEY = "passkey_registering"
CODES_SHOWN_ONCE = "recovery_codes"


def _proven_by(request: DeskRequest, factor_id: int) -> None:
    """Enrolling the first factor proves it: the session goes on with it, under a new key."""
    if request.session.get(FACTOR_KEY) is None:
        request.session.cycle_key()
        request.session[FACTOR_KEY] = factor_id


@at_desk(enrolling=True)
@require_safe
def factors(request: DeskRequest) -> HttpResponse:
    """What I have, what I can add. Recovery codes just made are shown once."""
    held = accounts.factors(request.account.pk)
    return page(
        request,
        "desk/factors.html",
        section="account",
        held=[line for line in held if line.kind != "recovery"],
        recovery=next((line for line in held if line.kind == "recovery"), None),
        needed=accounts.needs_factor(request.actor.roles),
        passkeys_here=works_here(request),
        passkeys_elsewhere=elsewhere(request),
        codes=request.session.pop(CODES_SHOWN_ONCE, None) if request.method == "GET" else None,
    )


@at_desk(enrolling=True)
@require_POST
@once
def start_app(request: DeskRequest) -> HttpResponse:
    """A new secret, shown on the next page."""
    journey.start_app(
        account_id=request.account.pk,
        name=request.POST.get("name", ""),
        at=timezone.now(),
        actor=request.actor,
    )
    return redirect("desk:confirm-app")


@at_desk(enrolling=True)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def confirm_app(request: DeskRequest) -> HttpResponse:
    """The secret as a picture and as text, and the first code of it."""
    started = accounts.app_to_confirm(request.account.pk)
    if started is None:
        return redirect("desk:factors")
    error = ""
    if request.method == "POST":
        try:
            factor_id = journey.confirm_app(
                account_id=request.account.pk,
                code=request.POST.get("code", ""),
                at=timezone.now(),
                actor=request.actor,
            )
        except NotEnrolled as refused:
            error = str(refused)
        else:
            _proven_by(request, factor_id)
            messages.success(request, _("验证器已登记。请再生成一组恢复码，手机丢了还能登录。"))
            return redirect("desk:factors")
    secret = accounts.secret_of(started)
    return page(
        request,
        "desk/confirm_app.html",
        section="account",
        status=422 if error else 200,
        error=error,
        address=accounts.app_address(secret, request.account),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )


@at_desk(enrolling=True)
@require_POST
@once
def add_passkey(request: DeskRequest) -> HttpResponse:
    """First the question for the browser (by fetch), then its answer."""
    site = site_of(request)
    if "ask" in request.POST:
        question = accounts.passkey_registration(account=request.account, site=site)
        request.session[REGISTERING_KEY] = question["challenge"]
        return JsonResponse(question)
    factor_id = journey.add_passkey(
        account_id=request.account.pk,
        name=request.POST.get("name", ""),
        answer=request.POST.get("assertion", ""),
        challenge=request.session.pop(REGISTERING_KEY, ""),
        site=site,
        at=timezone.now(),
        actor=request.actor,
    )
    _proven_by(request, factor_id)
    messages.success(request, _("通行密钥已登记，登录和签署时都可以用。"))
    return redirect("desk:factors")


@at_desk()
@require_POST
@once
def renew_recovery_codes(request: DeskRequest) -> HttpResponse:
    """A new set; the old one is void."""
    request.session[CODES_SHOWN_ONCE] = journey.renew_recovery_codes(
        account_id=request.account.pk, at=timezone.now(), actor=request.actor
    )
    return redirect("desk:factors")


@at_desk()
@require_http_methods(["GET", "HEAD", "POST"])
@once
def remove_factor(request: DeskRequest, factor_id: int) -> HttpResponse:
    """Confirmed on a page of its own."""
    held = [line for line in accounts.factors(request.account.pk) if line.kind != "recovery"]
    line = next((line for line in held if line.id == factor_id), None)
    if line is None:
        return redirect("desk:factors")
    if request.method == "POST":
        journey.remove_factor(
            account_id=request.account.pk,
            factor_id=factor_id,
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("已移除。"))
        return redirect("desk:factors")
    return page(
        request, "desk/remove_factor.html", section="account", line=line, last=len(held) == 1
    )
