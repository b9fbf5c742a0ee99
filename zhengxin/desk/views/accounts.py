"""Everybody's accounts: the list, one account, opening, inviting, closing."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Account
from zhengxin.desk.account_forms import (
    AccountFilter,
    CloseAccountForm,
    InviteForm,
    OpenAccountForm,
    tried,
)
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.views.invitations import link_to
from zhengxin.kernel.actor import Role

AT_ONCE = 30
LINK_SHOWN_ONCE = "link_shown_once"


@at_desk(permissions.check_see_accounts)
@require_safe
def accounts_list(request: DeskRequest) -> HttpResponse:
    """All accounts by user name, with posts and the last sign-in."""
    form = AccountFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    found = accounts.accounts(
        words=asked.get("q", "").strip(), state=asked.get("state", ""), on=today
    )
    may_open = may(permissions.check_open_account, request.actor)
    return page(
        request,
        "desk/accounts.html",
        section="accounts",
        form=form,
        rows=Paginator(found, AT_ONCE).get_page(request.GET.get("page")),
        counts=accounts.account_counts(),
        filtered=bool(asked.get("q") or asked.get("state")),
        may_open=may_open,
        missing=[(r.value, r.label) for r in accounts.missing_administrators()] if may_open else [],
    )


def account_asked(account_id: int) -> Account:
    """The account of an address. Raises NotYours."""
    found = accounts.account(account_id)
    if found is None:
        raise NotYours(_("没有这个账号。"), "", _("请回到账号名册重新选择。"))
    return found


@at_desk(permissions.check_see_accounts)
@require_safe
def account(request: DeskRequest, account_id: int) -> HttpResponse:
    """One account: state, posts with their delegations, what it stands in for."""
    found, now = account_asked(account_id), timezone.now()
    today = timezone.localdate(now)
    may_open = may(permissions.check_open_account, request.actor)
    guarded = accounts.is_administrator(account_id, today)
    return page(
        request,
        "desk/one_account.html",
        section="accounts",
        shown=found,
        today=today,
        posts=accounts.posts_of(account_id),
        received=accounts.received_by(account_id),
        invitation=accounts.invitation_of(account_id, now),
        identity=accounts.identity_of(account_id),
        signed_in=len(accounts.sessions_of(account_id, now)),
        may_open=may_open and not guarded and not request.actor.is_or_acts_for(account_id),
        guarded=may_open and guarded,
        may_give=permissions.can_give_post(request.actor, account_id=account_id),
    )


@at_desk(permissions.check_open_account)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def open_account(request: DeskRequest) -> HttpResponse:
    """A new account; the page that follows shows its one-time link, once."""
    form = OpenAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        opened = tried(
            form,
            lambda: journey.open_invited(
                **form.cleaned_data, at=timezone.now(), actor=request.actor
            ),
            act="account.open",
            about=form.cleaned_data["username"][:60],
            actor=request.actor,
        )
        if opened is not None:
            return _link(request, opened[1], account=opened[0])
    return page(
        request,
        "desk/one_form.html",
        section="accounts",
        status=422 if form.errors else 200,
        form=form,
        title=_("开通账号"),
        note=_("开通后给本人一个一次性链接，由本人设定密码。岗位由安全保密管理员登记。"),
        submit=_("开通并生成链接"),
        back="desk:accounts",
    )


def _link(
    request: DeskRequest, token: str, *, account: Account | None = None, who: str = ""
) -> HttpResponse:
    """Leads to the page that shows the link: where the first of two clicks landed, the second lands too."""
    shown = {"link": link_to(request, token), "who": account.name if account else who}
    request.session[LINK_SHOWN_ONCE] = {**shown, "account": account.pk if account else None}
    # The second click may be on its way there already.
    request.session.save()
    return redirect("desk:link")


@at_desk(permissions.check_open_account)
@require_safe
def link(request: DeskRequest) -> HttpResponse:
    """The one-time link that was just made, once."""
    shown = request.session.pop(LINK_SHOWN_ONCE, None)
    if shown is None:
        return redirect("desk:accounts")
    return page(
        request,
        "desk/link.html",
        section="accounts",
        shown=accounts.account(shown["account"]) if shown["account"] else None,
        who=shown["who"],
        link=shown["link"],
        days=settings.INVITATION_DAYS,
    )


@at_desk(permissions.check_open_account)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def invite(request: DeskRequest, account_id: int) -> HttpResponse:
    """A new one-time link, shown once; the old password ends."""
    found = account_asked(account_id)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        token = tried(
            form,
            lambda: journey.invite(account_id=account_id, at=timezone.now(), actor=request.actor),
            act="account.invite",
            about=account_id,
            actor=request.actor,
        )
        if token is not None:
            return _link(request, token, account=found)
    return page(
        request,
        "desk/one_form.html",
        section="accounts",
        status=422 if form.errors else 200,
        form=form,
        title=_("给{name}新的链接").format(name=found.name),
        note=_("本人忘了密码，或者上一个链接过期时用。谁也看不到他的密码，只能由他自己重新设定。"),
        submit=_("生成链接"),
        danger=True,
        back="desk:one-account",
        back_id=account_id,
    )


@at_desk(permissions.check_open_account)
@require_POST
@once
def invite_administrator(request: DeskRequest, role: str) -> HttpResponse:
    """A one-time link for the security or audit administrator while there never was one."""
    if role not in set(Role):
        raise NotYours(_("没有这个岗位。"), "", _("请回到账号名册重新选择。"))
    token = journey.invite_administrator(role=Role(role), at=timezone.now(), actor=request.actor)
    return _link(request, token, who=str(Role(role).label))


@at_desk(permissions.check_open_account)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def close_account(request: DeskRequest, account_id: int) -> HttpResponse:
    """Ends an account, after a confirmation."""
    found = account_asked(account_id)
    form = CloseAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        closed = tried(
            form,
            lambda: journey.close_account(
                account_id=account_id, at=timezone.now(), actor=request.actor
            ),
            act="account.close",
            about=account_id,
            actor=request.actor,
        )
        if closed is not None:
            messages.success(request, _("{name}的账号已停用，登录已失效。").format(name=found.name))
            return redirect("desk:one-account", account_id)
    return page(
        request,
        "desk/one_form.html",
        section="accounts",
        status=422 if form.errors else 200,
        form=form,
        title=_("停用{name}的账号？").format(name=found.name),
        note=_("调离、退休或长期不用时停用。请假的不用停用，可以委托岗位。"),
        submit=_("停用"),
        danger=True,
        back="desk:one-account",
        back_id=account_id,
    )


@at_desk(permissions.check_open_account)
@require_POST
@once
def reopen_account(request: DeskRequest, account_id: int) -> HttpResponse:
    """Opens a closed account again; its person sets a new password by a link."""
    found = account_asked(account_id)
    token = journey.reopen_account(account_id=account_id, at=timezone.now(), actor=request.actor)
    return _link(request, token, account=found)
