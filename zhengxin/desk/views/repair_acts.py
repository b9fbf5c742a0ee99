"""What is done with an application for repair: accepted, completed, declined, decided, extended, taken back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.accounts.types import Signed
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.forms import BecauseForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.repair_forms import ExtensionForm, GrantForm, NoForm, ProofForm
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.duties import own_units
from zhengxin.desk.views.repair import facts, seen_application
from zhengxin.journey.records import record
from zhengxin.journey.repair_deciding import repair_sheet
from zhengxin.ledger.enums import Act
from zhengxin.repair import permissions
from zhengxin.repair import queries as repairs
from zhengxin.repair.models import Application


def _form_page(request: DeskRequest, found: Application, form: Form, **shown: Any) -> HttpResponse:
    signing: SigningBlock | None = shown.get("signing")
    wrong = signing.status(form) if signing else 422 if form.errors else 200
    shown |= {"kicker": found.receipt, "form": form, **facts(found)}
    if signing:
        shown["record"] = record(found.entry_id)
    return page(request, "desk/repair_form.html", section="repair", status=wrong, **shown)


def _plain(
    request: DeskRequest,
    found: Application,
    form: Form,
    act: Callable[..., object],
    *,
    done: str,
    **shown: Any,
) -> HttpResponse:
    """A form of an act that nobody signs."""
    if request.method == "POST" and form.is_valid():
        act(application_id=found.pk, at=timezone.now(), actor=request.actor)
        messages.success(request, done)
        return redirect("desk:repair", found.pk)
    return _form_page(request, found, form, **shown)


def _signed(
    request: DeskRequest,
    found: Application,
    form: Form,
    decide: Callable[..., object],
    *,
    act: str,
    done: str,
    **shown: Any,
) -> HttpResponse:
    """A form of an act that is signed."""
    signing = SigningBlock(request, lambda _nonce: repair_sheet(act, found.pk))

    def do(signed: Signed) -> None:
        decide(
            application_id=found.pk,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        )

    answer = signing.done(form, lambda: form.cleaned_data, do)
    if isinstance(answer, HttpResponse):
        return answer
    if answer:
        messages.success(request, done)
        return redirect("desk:repair", found.pk)
    return _form_page(request, found, form, signing=signing, **shown)


def _accepting(request: DeskRequest, application_id: int) -> Application:
    found = seen_application(request, application_id)
    own = own_units(request, timezone.localdate())
    permissions.check_accept(request.actor, found, units=own)
    return found


def _deciding(request: DeskRequest, application_id: int) -> Application:
    found = seen_application(request, application_id)
    own = own_units(request, timezone.localdate())
    recorders = repairs.recorders(found.entry_id)
    permissions.check_decide(request.actor, found, units=own, recorders=recorders)
    return found


def _filing(request: DeskRequest, application_id: int) -> Application:
    found = seen_application(request, application_id)
    own = own_units(request, timezone.localdate())
    permissions.check_file(request.actor, owners=(found.unit_id, found.subject_id), units=own)
    return found


@at_desk(permissions.check_see_repairs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def accept(request: DeskRequest, application_id: int) -> HttpResponse:
    """The unit that found the breach takes the application up."""
    found = _accepting(request, application_id)
    return _plain(
        request,
        found,
        NoForm(request.POST if request.method == "POST" else None),
        journey.accept_repair,
        title=_("受理修复申请"),
        verb=_("受理"),
        note=_("受理后，自申请之日起10个工作日内决定是否准予修复。"),
        done=_("已受理，决定期限记入本单位的职责。"),
    )


@at_desk(permissions.check_see_repairs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def ask(request: DeskRequest, application_id: int) -> HttpResponse:
    """What is missing, once."""
    found = _accepting(request, application_id)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    return _plain(
        request,
        found,
        form,
        lambda **by: journey.ask_to_complete_repair(**form.cleaned_data, **by),
        title=_("要求补正"),
        verb=_("退回补正"),
        note=_("只能要求一次，缺什么一次说全。"),
        done=_("已退回补正，请告诉申请人。"),
    )


@at_desk(permissions.check_see_repairs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decline(request: DeskRequest, application_id: int) -> HttpResponse:
    """The application is not taken up."""
    found = _accepting(request, application_id)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    return _plain(
        request,
        found,
        form,
        lambda **by: journey.decline_repair(**form.cleaned_data, **by),
        title=_("不予受理"),
        verb=_("不予受理"),
        danger=True,
        note=_("写明理由，告诉申请人；补齐条件后可以重新申请。"),
        done=_("已记下不予受理。"),
    )


@at_desk(permissions.check_see_repairs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def complete(request: DeskRequest, application_id: int) -> HttpResponse:
    """The applicant hands in what was missing."""
    found = _filing(request, application_id)
    form = ProofForm(request.POST or None, request.FILES or None)
    return _plain(
        request,
        found,
        form,
        lambda **by: journey.complete_repair(
            fulfilled=form.cleaned_data["fulfilled"],
            files=sent(form.cleaned_data["evidence"]),
            **by,
        ),
        title=_("补正材料"),
        verb=_("提交补正"),
        note=found.asked_for,
        done=_("已补正，受理期限重新计算。"),
    )


@at_desk(permissions.check_see_repairs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw(request: DeskRequest, application_id: int) -> HttpResponse:
    """The applicant takes the application back."""
    found = _filing(request, application_id)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    return _plain(
        request,
        found,
        form,
        lambda **by: journey.withdraw_repair(**form.cleaned_data, **by),
        title=_("撤回修复申请"),
        verb=_("撤回"),
        danger=True,
        note=_("撤回后可以重新申请。"),
        done=_("已撤回。"),
    )


@at_desk(permissions.check_see_repairs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: DeskRequest, application_id: int) -> HttpResponse:
    """Granted or refused, by name."""
    found = _deciding(request, application_id)
    return _signed(
        request,
        found,
        GrantForm(request.POST if request.method == "POST" else None),
        journey.decide_repair,
        act="repair_decided",
        title=_("决定是否准予修复"),
        verb=_("签署决定"),
        note=_("准予的，公示、共享、使用同时终止，公开站立即撤下；登记簿里的记录和凭证不变。"),
        done=_("已决定。"),
    )


@at_desk(permissions.check_see_repairs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def extend(request: DeskRequest, application_id: int) -> HttpResponse:
    """Another day, once."""
    found = _deciding(request, application_id)
    return _signed(
        request,
        found,
        ExtensionForm(request.POST if request.method == "POST" else None),
        journey.extend_repair,
        act=Act.REPAIR_EXTENDED,
        title=_("延长办理期限"),
        verb=_("签署延长"),
        note=_("情况复杂的可以延长一次，写明理由。"),
        done=_("已延长。"),
    )


@at_desk(permissions.check_see_repairs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def revoke(request: DeskRequest, application_id: int) -> HttpResponse:
    """A repair that rested on false proof is taken back."""
    found = _deciding(request, application_id)
    return _signed(
        request,
        found,
        BecauseForm(request.POST if request.method == "POST" else None),
        journey.revoke_repair,
        act=Act.REPAIR_REVOKED,
        title=_("撤销修复"),
        verb=_("签署撤销"),
        style="btn-danger",
        note=_("查明证明虚假的才撤销。公示期还没有满的，下次公示时恢复显示；已满的不再显示。"),
        done=_("已撤销修复。"),
    )
