"""Pages behind one-time links: the first person of all, the other administrators, an invited person."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.accounts import invitations
from zhengxin.accounts.models import Invitation
from zhengxin.desk.account_forms import AdministratorForm, NewPasswordForm, tried
from zhengxin.desk.frame import page
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import Refused
from zhengxin.subjects import queries as subjects

WHO = "一次性链接"


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing; sending its form uses it up."""
    nobody = Actor(None, WHO, None, frozenset())
    try:
        found = invitations.invitation_for(token, timezone.now())
        if found.role:
            return _administrator(request, token, found, nobody)
        return _own_password(request, token, found, nobody)
    except Refused as refused:
        journey.record_refusal(
            act="account.link",
            object_kind="account",
            object_id=invitations.digest_of(token)[:16],
            refusal=refused,
            at=timezone.now(),
            actor=nobody,
        )
        return page(request, "desk/link_dead.html", status=410, refused=refused)


def _administrator(
    request: HttpRequest, token: str, found: Invitation, nobody: Actor
) -> HttpResponse:
    today = timezone.localdate()
    role, units = Role(found.role), subjects.units(today)
    if not units:
        raise Refused(
            _("还不能开通账号。"),
            _("这里还没有登记县里的单位。"),
            _("请先在本机运行 zhengxin init 县名，再打开这个链接。"),
        )
    office = subjects.credit_office(today)
    form = AdministratorForm(
        request.POST if request.method == "POST" else None,
        units=[(str(unit.id), unit.name) for unit in units],
        initial={"unit": office.id if office else ""},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        opened = tried(
            form,
            lambda: journey.open_administrator(
                token=token,
                username=said["username"],
                name=said["name"],
                password=said["password"],
                unit_id=int(said["unit"]),
                at=timezone.now(),
                actor=nobody,
            ),
            act="account.link",
            about=invitations.digest_of(token)[:16],
            actor=nobody,
        )
        if opened is not None:
            account, tokens = opened
            return page(
                request,
                "desk/first_done.html",
                account=account,
                role=role,
                days=settings.INVITATION_DAYS,
                links=[(other.label, link_to(request, each)) for other, each in tokens.items()],
            )
    return page(
        request,
        "desk/first.html",
        status=422 if form.errors else 200,
        form=form,
        role=role,
        first=role == Role.SYSTEM_ADMIN,
    )


def _own_password(
    request: HttpRequest, token: str, found: Invitation, nobody: Actor
) -> HttpResponse:
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        accepted = tried(
            form,
            lambda: journey.accept_invitation(
                token=token,
                password=form.cleaned_data["password"],
                at=timezone.now(),
                actor=nobody,
            ),
            act="account.link",
            about=invitations.digest_of(token)[:16],
            actor=nobody,
        )
        if accepted is not None:
            messages.success(request, _("密码已设定，只有您自己知道。请登录。"))
            return redirect("desk:sign-in")
    return page(
        request,
        "desk/own_password.html",
        status=422 if form.errors else 200,
        form=form,
        invited=found.account,
    )


def link_to(request: HttpRequest, token: str) -> str:
    """The whole address of an invitation, to be handed over."""
    return request.build_absolute_uri(reverse("desk:invitation", args=[token]))
