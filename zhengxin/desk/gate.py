"""Who may come to the desk, and what a refusal looks like.

Every page passes through `at_desk`: it finds the account and its post, asks the page's own rule,
and turns any `Refused` into a page (what, why, what to do) with a line in the audit log.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Account, Post
from zhengxin.audit.writing import written
from zhengxin.desk.frame import page
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed, Refused

POST_KEY = "post"
# Which second factor this session was proven by.
FACTOR_KEY = "factor"

Check = Callable[[Actor], object]
View = Callable[..., HttpResponseBase]


# No number of anything is larger: databases hold none.
_LARGEST = 2**63 - 1


class NotYours(Refused):
    """A page asked for something of another unit, or something that does not exist."""


class DeskRequest(HttpRequest):
    """A request that passed the gate."""

    account: Account
    actor: Actor
    post_held: Post


def posts_held(account: Account, on: date) -> Sequence[Post]:
    """The posts an account holds on that day, oldest first."""
    return list(accounts.posts_in_force(account, on))


def refusal_page(
    request: HttpRequest, refused: Refused, *, status: int = 403, log: bool = True
) -> HttpResponse:
    """The page of a refusal: what was refused, why, what to do. `log` is False when journey did."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None and log:
        journey.record_refusal(
            act="page.refuse",
            object_kind="page",
            object_id=request.path,
            refusal=refused,
            at=timezone.now(),
            actor=actor,
        )
    return page(request, "desk/refusal.html", status=status, refused=refused)


def looked_at(
    request: DeskRequest,
    act: str,
    kind: str,
    object_id: object,
    *,
    purpose: object = "",
    subject_id: int | None = None,
) -> None:
    """Logs, before it is shown, what a page shows; `purpose` is the work it is opened for."""
    journey.record_reading(
        act=act,
        object_kind=kind,
        object_id=object_id,
        subject_id=subject_id,
        purpose=str(purpose),
        at=timezone.now(),
        actor=request.actor,
    )


# No number of the program is larger: it would not fit into a column.
_LARGEST = 2**63 - 1


def at_desk(
    check: Check | None = None, *, polled: bool = False, enrolling: bool = False
) -> Callable[[View], View]:
    """Marks a view as a page of the desk; `check` is the rule that opens it.

    Every answer leaves a line in the audit log: the one that the view's own act or reading wrote,
    or else one of the page. `polled` pages repeat one that was logged, every few seconds.

    `enrolling` marks the pages on which a second factor is enrolled: they open without one.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if request.method == "POST":
                    messages.warning(
                        request, _("刚才提交的没有收下，什么也没有改。登录以后请再填一次。")
                    )
                return redirect_to_login(request.get_full_path())
            desk = cast(DeskRequest, request)
            before = written()
            answer = _enter(desk, check, enrolling) or _answer(desk, view, *args, **kwargs)
            if written() == before and not (polled or _leads_on(desk, answer)):
                journey.page_answered(
                    address=request.path,
                    asked={name: value for name, value in request.GET.dict().items() if value},
                    sent=request.method == "POST",
                    refused=answer.status_code >= 400,
                    at=timezone.now(),
                    actor=desk.actor,
                )
            add_never_cache_headers(answer)
            return answer

        return inner

    return wrap


def _leads_on(request: DeskRequest, answer: HttpResponseBase) -> bool:
    """A GET that only sends the reader to another page showed nothing."""
    return request.method in ("GET", "HEAD") and 300 <= answer.status_code < 400


def _enter(request: DeskRequest, check: Check | None, enrolling: bool) -> HttpResponse | None:
    """Finds account, post and actor; answers itself when the person cannot go on."""
    today = timezone.localdate()
    request.account = cast(Account, request.user)
    held = posts_held(request.account, today)
    if not held:
        request.actor = Actor(
            account_id=request.account.pk,
            name=request.account.name,
            unit_id=None,
            roles=frozenset(),
        )
        return refusal_page(
            request,
            Refused(
                _("您现在不能使用工作台。"),
                _("您的账号今天没有在任的岗位。"),
                _("请联系系统管理员登记岗位和起止日期。"),
            ),
        )
    chosen = [post for post in held if post.pk == request.session.get(POST_KEY)]
    if not chosen and len(held) > 1:
        return redirect("desk:choose-post")
    request.post_held = chosen[0] if chosen else held[0]
    request.actor = accounts.actor_for(request.account, today, post_id=request.post_held.pk)
    if elsewhere := _second_factor(request, enrolling):
        return elsewhere
    if check is not None:
        try:
            check(request.actor)
        except Refused as refused:
            return refusal_page(request, refused)
    return None


def _second_factor(request: DeskRequest, enrolling: bool) -> HttpResponse | None:
    """Sends whoever has a second factor to prove it, and whoever needs one to enrol it."""
    proven = request.session.get(FACTOR_KEY)
    if proven is not None and accounts.factor_in_force(request.account.pk, proven):
        return None
    if accounts.has_factor(request.account.pk):
        return redirect_to_login(request.get_full_path(), reverse("desk:prove-factor"))
    if not enrolling and accounts.needs_factor(request.actor.roles):
        return redirect("desk:factors")
    return None


def _only_sent_to(request: DeskRequest, allowed: str) -> HttpResponse:
    """For whoever comes to the address of a form, from the page of signing in or by hand."""
    told = Refused(
        _("这个地址不能直接打开。"),
        _("它只收表单，没有自己的页面。什么也没有改。"),
        _("请从上面的栏目进去，重新填写。"),
    )
    page = refusal_page(request, told, status=HTTPStatus.METHOD_NOT_ALLOWED)
    page["Allow"] = allowed
    return page


def _answer(request: DeskRequest, view: View, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        if any(isinstance(value, int) and value > _LARGEST for value in kwargs.values()):
            raise NotYours(_("没有这一页。"), _("地址里的编号太大。"), _("请从列表里打开。"))
        answer = view(request, *args, **kwargs)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return _only_sent_to(request, answer["Allow"])
        return answer
    except NotYours as refused:
        return refusal_page(request, refused, status=404)
    except NotAllowed as refused:
        return refusal_page(request, refused)
    except Refused as refused:
        return refusal_page(request, refused, status=409)
