"""Coming to the desk, choosing a post, leaving, one's own account.

Two steps: a first factor (here the password) ends in `first_factor_proved`, which asks for the second.
"""

import secrets

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from webauthn.helpers import base64url_to_bytes

from zhengxin import journey
from zhengxin.accounts import provider
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.backend import AccountBackend
from zhengxin.accounts.enums import FactorKind
from zhengxin.accounts.locking import Locked
from zhengxin.accounts.models import Account
from zhengxin.accounts.proofs import FactorRefused
from zhengxin.accounts.types import Proof
from zhengxin.audit.enums import Outcome
from zhengxin.desk.forms import PasswordForm, SignInForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import FACTOR_KEY, POST_KEY, DeskRequest, at_desk, posts_held
from zhengxin.desk.once import once
from zhengxin.desk.passkeys import elsewhere, site_of, works_here
from zhengxin.kernel.actor import Actor

# Who has proven the first factor and not yet the second, and for how many seconds that holds.
PROVING_KEY = "proving"
PROVING_SECONDS = 600
CHALLENGE_KEY = "passkey_challenge"


def _record(outcome: Outcome, *, username: str, account: Account | None) -> None:
    journey.sign_in_recorded(
        outcome=outcome,
        username=username,
        at=timezone.now(),
        actor=somebody(username, account),
    )


def somebody(username: str, account: Account | None) -> Actor:
    """Whoever stands at the door, before any post is known."""
    return Actor(
        account_id=account.pk if account else None,
        name=account.name if account else username[:100],
        unit_id=None,
        roles=frozenset(),
    )


def onward(request: HttpRequest) -> str:
    """Where the reader wanted to go, if it is an address of this site."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}
    ):
        return wanted
    return settings.LOGIN_REDIRECT_URL


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. In the invented county it lists the invented accounts."""
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(onward(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            username = form.cleaned_data["username"]
            try:
                account = journey.prove_password(
                    username=username,
                    password=form.cleaned_data["password"],
                    address=request.META.get("REMOTE_ADDR", ""),
                    at=timezone.now(),
                    actor=somebody(username, None),
                )
            except Locked as refused:
                status = 429
                form.add_error(None, str(refused))
            else:
                if account is not None:
                    return first_factor_proved(request, account)
                form.add_error(
                    None, _("账号或密码不对。请核对后再试；忘记密码请联系系统管理员重设。")
                )
    return page(
        request,
        "desk/sign_in.html",
        status=status,
        form=form,
        next=onward(request),
        provider=provider.label(),
        invented_accounts=accounts.invented_accounts(timezone.now()),
    )


def first_factor_proved(
    request: HttpRequest, account: Account, wanted: str | None = None
) -> HttpResponse:
    """However the first factor was proven (a password, an identity provider): on to the second, or in.

    wanted: where to then, of this site; without it what the request asks for.
    """
    wanted = wanted or onward(request)
    if accounts.has_factor(account.pk):
        request.session[PROVING_KEY] = [account.pk, timezone.now().timestamp()]
        return redirect_to_login(wanted, reverse("desk:prove-factor"))
    enter(request, account, None)
    return HttpResponseRedirect(wanted)


def enter(request: HttpRequest, account: Account, factor_id: int | None) -> None:
    """Opens the session of an account, proven by a second factor if it has one."""
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.pop(PROVING_KEY, None)
    request.session[FACTOR_KEY] = factor_id
    _record(Outcome.DONE, username=account.username, account=account)


def _proving(request: HttpRequest) -> Account | None:
    """Who has proven the first factor just now, or is signed in without the second."""
    account_id, since = request.session.get(PROVING_KEY, (None, 0))
    if account_id is not None and timezone.now().timestamp() - since < PROVING_SECONDS:
        return AccountBackend().get_user(account_id)
    return request.user if isinstance(request.user, Account) else None


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def prove_factor(request: HttpRequest) -> HttpResponse:
    """The second step: a code, a passkey, or a recovery code."""
    account = _proving(request)
    if account is None:
        return redirect_to_login(onward(request))
    site = site_of(request)
    if request.method == "POST" and "ask" in request.POST:
        question = accounts.passkey_question(
            account_id=account.pk, site=site, challenge=secrets.token_bytes(32)
        )
        request.session[CHALLENGE_KEY] = question["challenge"]
        return JsonResponse(question)
    error, status = "", 200
    if request.method == "POST":
        try:
            proven = journey.prove_factor(
                account_id=account.pk,
                proof=Proof(request.POST.get("code", ""), request.POST.get("assertion", ""), site),
                challenge=base64url_to_bytes(request.session.pop(CHALLENGE_KEY, "")),
                at=timezone.now(),
                actor=somebody(account.username, account),
            )
        except (FactorRefused, Locked) as refused:
            error, status = str(refused), 429 if isinstance(refused, Locked) else 422
        else:
            enter(request, account, proven.factor_id)
            return HttpResponseRedirect(onward(request))
    held = accounts.factors(account.pk)
    kinds = {line.kind for line in held}
    return page(
        request,
        "desk/prove_factor.html",
        status=status,
        next=onward(request),
        error=error,
        by_code=FactorKind.TOTP in kinds,
        by_passkey=FactorKind.PASSKEY in kinds and works_here(request),
        passkey_elsewhere=elsewhere(request) if FactorKind.PASSKEY in kinds else "",
        recovery=sum(line.left for line in held),
        invented_code=accounts.invented_codes(timezone.now(), account.pk).get(account.pk, ""),
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leaves the desk."""
    if request.user.is_authenticated:
        assert isinstance(request.user, Account)
        _record(Outcome.DONE, username=request.user.username, account=request.user)
    logout(request)
    return redirect("desk:sign-in")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_post(request: HttpRequest) -> HttpResponse:
    """An account with several posts says in which it works now."""
    if not isinstance(request.user, Account):
        return redirect("desk:sign-in")
    held = posts_held(request.user, timezone.localdate())
    if request.method == "POST":
        for post in held:
            if str(post.pk) == request.POST.get("post"):
                request.session[POST_KEY] = post.pk
                return HttpResponseRedirect(onward(request))
    return page(
        request,
        "desk/choose_post.html",
        posts=held,
        chosen=request.session.get(POST_KEY),
        next=onward(request),
    )


@sensitive_post_parameters("old", "new", "again")
@at_desk()
@require_http_methods(["GET", "HEAD", "POST"])
@once
def account(request: DeskRequest) -> HttpResponse:
    """One's own account: posts, and a new password."""
    form = PasswordForm(request.POST if request.method == "POST" else None, account=request.account)
    if request.method == "POST" and form.is_valid():
        journey.change_password(
            account_id=request.account.pk,
            old=form.cleaned_data["old"],
            new=form.cleaned_data["new"],
            at=timezone.now(),
            actor=request.actor,
        )
        request.account.refresh_from_db()
        update_session_auth_hash(request, request.account)
        messages.success(request, _("密码已更换，下次登录用新密码。"))
        return redirect("desk:account")
    return page(
        request,
        "desk/account.html",
        section="account",
        status=422 if form.errors else 200,
        form=form,
        posts=posts_held(request.account, timezone.localdate()),
        factors=accounts.factors(request.account.pk),
        provider=provider.label(),
        identity=accounts.identity_of(request.account.pk),
    )
