"""Leave: who acts in whose post, from which day until which."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Post
from zhengxin.desk.account_forms import DelegateForm, tried
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.views.posts import post_asked, words_of
from zhengxin.kernel.actor import Role


@at_desk()
@require_safe
def delegations(request: DeskRequest) -> HttpResponse:
    """One's own posts and who stands in, for whom one stands in, and a leader's whole unit."""
    today, actor = timezone.localdate(), request.actor
    leads = actor.has(Role.LEADER) and actor.unit_id is not None
    return page(
        request,
        "desk/delegations.html",
        section="account",
        today=today,
        own=[
            post
            for post in accounts.posts_of(request.account.pk)
            if post.until_on is None or post.until_on >= today
        ],
        received=accounts.received_by(request.account.pk),
        unit_posts=[
            post
            for post in accounts.posts_at(actor.unit_id, today)
            if not actor.is_or_acts_for(post.account_id)
        ]
        if leads and actor.unit_id is not None
        else [],
        leads=leads,
    )


def _back(request: DeskRequest, post: Post) -> str:
    """Where the reader came from: the roll of accounts, or one's own page."""
    if post.account_id != request.account.pk and permissions.can_see_accounts(request.actor):
        return reverse("desk:one-account", args=[post.account_id])
    return reverse("desk:delegations")


@at_desk()
@require_http_methods(["GET", "HEAD", "POST"])
@once
def delegate(request: DeskRequest, post_id: int) -> HttpResponse:
    """Lets another account act in a post for some days."""
    post, today = post_asked(post_id), timezone.localdate()
    permissions.check_delegate(
        request.actor, holder_id=post.account_id, unit_id=post.unit_id, role=post.role
    )
    by_name = request.actor.has(Role.SECURITY_ADMIN)
    form = DelegateForm(
        request.POST if request.method == "POST" else None,
        colleagues=None
        if by_name
        else [
            (str(each.pk), _("{name}（{username}）").format(name=each.name, username=each.username))
            for each in accounts.colleagues(post.unit_id, today)
            if each.pk != post.account_id and not request.actor.is_or_acts_for(each.pk)
        ],
        initial={"from_on": today},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        chosen = (
            accounts.account_by_username(said["delegate"].strip())
            if by_name
            else accounts.account(int(said["delegate"]))
        )
        if chosen is None:
            form.add_error("delegate", _("没有这个账号名。"))
        elif tried(
            form,
            lambda: journey.delegate_post(
                post_id=post_id,
                delegate_id=chosen.pk,
                from_on=said["from_on"],
                until_on=said["until_on"],
                because=said["because"],
                at=timezone.now(),
                actor=request.actor,
            ),
            act="account.delegate",
            about=post.account_id,
            actor=request.actor,
        ):
            messages.success(
                request,
                _("已委托给{name}。他用自己的账号登录，选择代行的岗位。").format(name=chosen.name),
            )
            return redirect(_back(request, post))
    return page(
        request,
        "desk/one_form.html",
        section="account",
        status=422 if form.errors else 200,
        form=form,
        kicker=words_of(post),
        title=_("委托这个岗位"),
        note=_("请假、出差时委托给同事。不要把账号和密码借给别人。"),
        submit=_("委托"),
        back_url=_back(request, post),
    )


@at_desk()
@require_POST
@once
def end_delegation(request: DeskRequest, delegation_id: int) -> HttpResponse:
    """Ends a delegation from now on; the delegate may do so too."""
    found = accounts.delegation(delegation_id)
    if found is None:
        raise NotYours(_("没有这项委托。"), "", _("请回到上一页重新选择。"))
    journey.end_delegation(delegation_id=delegation_id, at=timezone.now(), actor=request.actor)
    messages.success(request, _("委托已结束，从现在起不能再代行。"))
    came_from = request.POST.get("next", "")
    if came_from.startswith("/") and url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}
    ):
        return redirect(came_from)
    return redirect("desk:delegations")
