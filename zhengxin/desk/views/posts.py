"""Giving, ending and handing over posts: the security administrator's work."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Post
from zhengxin.desk.account_forms import EndPostForm, HandOverForm, PostForm, tried
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.views.accounts import account_asked
from zhengxin.subjects import queries as subjects


def post_asked(post_id: int) -> Post:
    """The post of an address. Raises NotYours."""
    found = accounts.post(post_id)
    if found is None:
        raise NotYours(_("没有这个岗位。"), "", _("请回到上一页重新选择。"))
    return found


def words_of(post: Post) -> str:
    """林禾：示例县住建局，报送经办人."""
    return _("{name}：{unit}，{role}").format(
        name=post.account.name, unit=post.unit.subject.name, role=post.get_role_display()
    )


@at_desk(permissions.check_give_post)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def give_post(request: DeskRequest, account_id: int) -> HttpResponse:
    """A role at a unit, from a day on."""
    permissions.check_give_post(request.actor, account_id=account_id)
    found, today = account_asked(account_id), timezone.localdate()
    form = PostForm(
        request.POST if request.method == "POST" else None,
        units=[(str(unit.id), unit.name) for unit in subjects.units(today)],
        initial={"from_on": today},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        given = tried(
            form,
            lambda: (
                journey.give_post(
                    account_id=account_id,
                    unit_id=int(said["unit"]),
                    role=said["role"],
                    from_on=said["from_on"],
                    until_on=said["until_on"],
                    at=timezone.now(),
                    actor=request.actor,
                )
                or True
            ),
            act="account.give_post",
            about=account_id,
            actor=request.actor,
        )
        if given:
            messages.success(request, _("岗位已登记。"))
            return redirect("desk:one-account", account_id)
    return page(
        request,
        "desk/one_form.html",
        section="accounts",
        status=422 if form.errors else 200,
        form=form,
        title=_("给{name}登记岗位").format(name=found.name),
        note=_("能看什么、能办什么由岗位决定。三名管理员互相制约，一个账号不能兼任。"),
        submit=_("登记岗位"),
        back="desk:one-account",
        back_id=account_id,
    )


@at_desk(permissions.check_give_post)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def end_post(request: DeskRequest, post_id: int) -> HttpResponse:
    """The last day of a post."""
    post = post_asked(post_id)
    permissions.check_give_post(request.actor, account_id=post.account_id)
    form = EndPostForm(
        request.POST if request.method == "POST" else None,
        initial={"last_day": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        ended = tried(
            form,
            lambda: (
                journey.end_post(
                    post_id=post_id,
                    last_day=form.cleaned_data["last_day"],
                    at=timezone.now(),
                    actor=request.actor,
                )
                or True
            ),
            act="account.end_post",
            about=post.account_id,
            actor=request.actor,
        )
        if ended:
            messages.success(request, _("岗位的结束日期已登记。"))
            return redirect("desk:one-account", post.account_id)
    return page(
        request,
        "desk/one_form.html",
        section="accounts",
        status=422 if form.errors else 200,
        form=form,
        kicker=words_of(post),
        title=_("结束这个岗位"),
        note=_("这个岗位的委托随岗位一起结束。没办完的事属于单位，由接任的人接着办。"),
        submit=_("结束岗位"),
        danger=True,
        back="desk:one-account",
        back_id=post.account_id,
    )


@at_desk(permissions.check_give_post)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def hand_over(request: DeskRequest, post_id: int) -> HttpResponse:
    """One ends, the successor begins on the next day."""
    post = post_asked(post_id)
    permissions.check_give_post(request.actor, account_id=post.account_id)
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        initial={"last_day": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        successor = accounts.account_by_username(said["successor"].strip())
        if successor is None:
            form.add_error("successor", _("没有这个账号名。请先由系统管理员开通。"))
        elif tried(
            form,
            lambda: (
                journey.hand_over_post(
                    post_id=post_id,
                    successor_id=successor.pk,
                    last_day=said["last_day"],
                    at=timezone.now(),
                    actor=request.actor,
                )
                or True
            ),
            act="account.hand_over_post",
            about=post.account_id,
            actor=request.actor,
        ):
            first_day = said["last_day"] + timedelta(days=1)
            messages.success(
                request,
                _("已移交，{name}从{day:%Y-%m-%d}起任职。").format(
                    name=successor.name, day=first_day
                ),
            )
            return redirect("desk:one-account", successor.pk)
    return page(
        request,
        "desk/one_form.html",
        section="accounts",
        status=422 if form.errors else 200,
        form=form,
        kicker=words_of(post),
        title=_("移交给接任人"),
        note=_("一次办完：现任到最后一天为止，接任人从第二天起。待办的事属于单位，不用另外移交。"),
        submit=_("移交岗位"),
        back="desk:one-account",
        back_id=post.account_id,
    )
