"""For the security administrator: locked accounts, and second factors taken away so that they are enrolled anew."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.accounts import queries as accounts
from zhengxin.desk.factor_forms import ResetForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.once import once


@at_desk(permissions.check_lift_lock)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def locks(request: DeskRequest) -> HttpResponse:
    """Who is locked out now, and the form that resets a person's second factors."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        account = accounts.account_named(form.cleaned_data["username"])
        if account is None:
            form.add_error("username", _("没有这个账号。"))
        else:
            n = journey.reset_factors(
                account_id=account.pk,
                because=form.cleaned_data["because"],
                at=timezone.now(),
                actor=request.actor,
            )
            messages.success(
                request,
                _(
                    "已移除{name}的{n}个第二因子，本人已得到通知。岗位要用第二因子的，密码也已失效：请系统管理员发一次性链接，本人设好密码后重新登记。"
                ).format(name=account.name, n=n),
            )
            return redirect("desk:locks")
    return page(
        request,
        "desk/locks.html",
        section="locks",
        status=422 if form.errors else 200,
        locked=accounts.locked(timezone.now()),
        form=form,
    )


@at_desk(permissions.check_lift_lock)
@require_POST
@once
def lift_lock(request: DeskRequest, account_id: int) -> HttpResponse:
    """Lifts the locks of one account."""
    journey.lift_lock(account_id=account_id, at=timezone.now(), actor=request.actor)
    messages.success(request, _("已解除锁定，现在可以再登录。"))
    return redirect("desk:locks")
