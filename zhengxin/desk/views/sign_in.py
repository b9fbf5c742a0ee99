"""Coming to the desk, choosing a post, leaving, one's own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Account
from zhengxin.audit.enums import Outcome
from zhengxin.desk.forms import PasswordForm, SignInForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import POST_KEY, DeskRequest, at_desk, posts_held
from zhengxin.kernel.actor import Actor


def _record(outcome: Outcome, *, username: str, account: Account | None) -> None:
    journey.sign_in_recorded(
        outcome=outcome,
        username=username,
        at=timezone.now(),
        actor=Actor(
            account_id=account.pk if account else None,
            name=account.name if account else username[:100],
            unit_id=None,
            roles=frozenset(),
        ),
    )


def _onward(request: HttpRequest) -> str:
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
        return HttpResponseRedirect(_onward(request))
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid():
            account = form.get_user()
            login(request, account)
            _record(Outcome.DONE, username=account.username, account=account)
            return HttpResponseRedirect(_onward(request))
        _record(Outcome.REFUSED, username=request.POST.get("username", ""), account=None)
    return page(
        request,
        "desk/sign_in.html",
        status=422 if form.errors else 200,
        form=form,
        next=_onward(request),
        invented_accounts=accounts.invented_accounts(),
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
                return HttpResponseRedirect(_onward(request))
    return page(
        request,
        "desk/choose_post.html",
        posts=held,
        chosen=request.session.get(POST_KEY),
        next=_onward(request),
    )


@sensitive_post_parameters("old", "new", "again")
@at_desk()
@require_http_methods(["GET", "HEAD", "POST"])
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
    )
