"""What is done about a duty: reported, returned, verified, extended, changed, handed over, found a breach."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin.accounts.types import Signed
from zhengxin.desk.duty_forms import (
    ChangeForm,
    ExtendForm,
    HandOverForm,
    ReportForm,
    VerifyForm,
    sent,
)
from zhengxin.desk.fitting import only_while
from zhengxin.desk.forms import BecauseForm, DeskForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.duties import kind_names, names_for, own_units, seen_duty
from zhengxin.duties import permissions, standing
from zhengxin.duties.enums import DutyState
from zhengxin.duties.models import Duty
from zhengxin.duties.types import DutyAct
from zhengxin.journey import owing
from zhengxin.journey.showing import duty_sheet
from zhengxin.subjects import queries as subjects


def _drawn(
    request: DeskRequest,
    duty: Duty,
    form: DeskForm,
    title: str,
    verb: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    return page(
        request,
        "desk/duty_act.html",
        section="oversight",
        status=status,
        duty=duty,
        kind=kind_names().get(duty.kind, duty.kind),
        names=names_for([duty]),
        form=form,
        title=title,
        verb=verb,
        today=timezone.localdate(),
        **more,
    )


def _insist_fits(request: DeskRequest, duty: Duty, act: DutyAct) -> None:
    """Raises NotNow on looking where the duty stands otherwise, or its case settles this."""
    back = reverse("desk:duty", args=[duty.pk])
    of_case = act in standing.SETTLED_IN_CASES.get(duty.kind, ())
    if act == DutyAct.REPORTED:
        of_case = duty.kind in standing.OF_CASES
    only_while(request, not of_case, stands=_("这项职责有自己的办理页面"), back=back)
    state = DutyState(duty.state).label
    only_while(request, standing.fits(act, duty.state), stands=state, back=back)
    if act == DutyAct.BREACHED:
        over = duty.due_on is not None and duty.due_on < timezone.localdate()
        only_while(request, over, stands=_("期限还没有过"), back=back)


@at_desk(permissions.check_see_duties)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def report(request: DeskRequest, duty_id: int) -> HttpResponse:
    """The unit that owes says what it did."""
    duty = seen_duty(request, duty_id)
    permissions.check_report(request.actor, duty, units=own_units(request, timezone.localdate()))
    _insist_fits(request, duty, DutyAct.REPORTED)
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        owing.report_duty(
            duty_id=duty_id,
            words=form.cleaned_data["words"],
            files=sent(form.cleaned_data["evidence"]),
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("已报告，等交办单位核实。"))
        return redirect("desk:duty", duty_id)
    status = 422 if form.errors else 200
    return _drawn(request, duty, form, _("报告办理情况"), _("报告"), status)


@at_desk(permissions.check_see_duties)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def give_back(request: DeskRequest, duty_id: int) -> HttpResponse:
    """What was reported does not do."""
    duty = seen_duty(request, duty_id)
    permissions.check_settle(request.actor, duty, units=own_units(request, timezone.localdate()))
    _insist_fits(request, duty, DutyAct.RETURNED)
    form = BecauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        owing.return_duty(
            duty_id=duty_id,
            because=form.cleaned_data["because"],
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("已退回，承办单位要重新报告。"))
        return redirect("desk:duty", duty_id)
    status = 422 if form.errors else 200
    return _drawn(request, duty, form, _("退回补充"), _("退回"), status)


def _signed(
    request: DeskRequest,
    duty_id: int,
    act: DutyAct,
    form_of: Callable[[Any], DeskForm],
    verb: Callable[..., int],
    words: tuple[str, str, str],
    note: str = "",
) -> HttpResponse:
    """A page of decision: what stands, the form, the signature. words: title, button, what is said afterwards."""
    duty = seen_duty(request, duty_id)
    permissions.check_settle(request.actor, duty, units=own_units(request, timezone.localdate()))
    _insist_fits(request, duty, act)
    form = form_of(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: duty_sheet(act, duty_id))

    def do(signed: Signed) -> int:
        return verb(
            duty_id=duty_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        )

    done = signing.done(form, lambda: form.cleaned_data, do)
    if isinstance(done, HttpResponse):
        return done
    title, button, afterwards = words
    if done:
        messages.success(request, afterwards)
        return redirect("desk:duty", duty_id)
    return _drawn(
        request, duty, form, title, button, signing.status(form), signing=signing, note=note
    )


@at_desk(permissions.check_see_duties)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def verify(request: DeskRequest, duty_id: int) -> HttpResponse:
    """What was reported is so."""
    return _signed(
        request,
        duty_id,
        DutyAct.VERIFIED,
        VerifyForm,
        owing.verify_duty,
        (_("核实办结"), _("核实办结"), _("已核实办结。")),
        _("按时还是逾期，以承办单位报告的那天为准。"),
    )


@at_desk(permissions.check_see_duties)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def extend(request: DeskRequest, duty_id: int) -> HttpResponse:
    """Another last day."""
    return _signed(
        request,
        duty_id,
        DutyAct.EXTENDED,
        ExtendForm,
        owing.extend_duty,
        (_("延长期限"), _("延长"), _("期限已延长，原来的期限留在经过里。")),
        _("期限已过、还没有报告的，延长以后仍记为逾期；延长只是另定办结的日期。"),
    )


@at_desk(permissions.check_see_duties)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def breach(request: DeskRequest, duty_id: int) -> HttpResponse:
    """An overdue duty was not done."""
    return _signed(
        request,
        duty_id,
        DutyAct.BREACHED,
        BecauseForm,
        owing.find_breach,
        (_("认定未履行"), _("认定未履行"), _("已认定未履行。")),
        _("认定以后不能再报告或核实。逾期只是提示；是否未履行，由您查明事实后认定。"),
    )


@at_desk(permissions.check_see_duties)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change(request: DeskRequest, duty_id: int) -> HttpResponse:
    """No longer owed, lawfully, with compensation where it is due."""
    return _signed(
        request,
        duty_id,
        DutyAct.CHANGED,
        ChangeForm,
        owing.change_duty,
        (_("依法变更"), _("变更"), _("已依法变更，不再计为待办。")),
        _("不得以换届、负责人更替为由不履行。应当补偿的，补偿另立一项职责，有自己的期限。"),
    )


@at_desk(permissions.check_see_duties)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def hand_over(request: DeskRequest, duty_id: int) -> HttpResponse:
    """Another unit owes it from now on."""
    today = timezone.localdate()
    units = [(unit.id, unit.name) for unit in subjects.units(today)]
    return _signed(
        request,
        duty_id,
        DutyAct.HANDED_OVER,
        lambda data: HandOverForm(data, units=units),
        owing.hand_over_duty,
        (_("移交承接"), _("移交"), _("已移交，期限不变。")),
    )
