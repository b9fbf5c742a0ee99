"""What becomes of a conclusion: the unit receives it, asks for a review, and others decide."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.fitting import only_if, only_while
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.inspection_forms import DecisionForm, ReceiptForm, ReviewForm
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.duties import own_units
from zhengxin.desk.views.inspection_cases import drawn, lines_of, only_in, seen_case
from zhengxin.journey.inspecting_sheets import review_sheet
from zhengxin.oversight.inspections import checks, permissions
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.enums import CaseState


@at_desk(permissions.check_see_inspections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def receive(request: DeskRequest, case_id: int) -> HttpResponse:
    """The unit received its conclusion."""
    shown = seen_case(request, case_id)
    today = timezone.localdate()
    own = own_units(request, today)
    permissions.check_receive(request.actor, shown, units=own)
    back = only_in(request, shown, CaseState.CONCLUDED)
    only_while(request, shown.received_on is None, stands=_("已经签收"), back=back)
    first = {"received_on": today, "how": _("本单位在系统里签收") if shown.unit_id in own else ""}
    form = ReceiptForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        journey.receive_conclusion(
            case_id=case_id, **form.cleaned_data, at=timezone.now(), actor=request.actor
        )
        messages.success(request, _("已记下收到的日期，复核的期限从次日起算。"))
        return redirect("desk:inspection-case", case_id)
    return drawn(request, shown, form, _("签收督查结论"), _("签收"), conclusion=True)


@at_desk(permissions.check_see_inspections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def apply(request: DeskRequest, case_id: int) -> HttpResponse:
    """The unit's leader asks for a review."""
    shown = seen_case(request, case_id)
    own = own_units(request, timezone.localdate())
    permissions.check_apply(request.actor, shown, units=own)
    back = only_in(request, shown, CaseState.CONCLUDED)
    today = timezone.localdate()
    only_if(request, lambda: checks.check_apply(shown, today=today), back=back)
    form = ReviewForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        journey.apply_for_review(
            case_id=case_id,
            grounds=form.cleaned_data["grounds"],
            files=sent(form.cleaned_data["evidence"]),
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("复核申请已提交，30日内作出决定。"))
        return redirect("desk:inspection-case", case_id)
    return drawn(
        request,
        shown,
        form,
        _("申请复核"),
        _("申请复核"),
        conclusion=True,
        window=inspections.review_window(shown),
    )


@at_desk(permissions.check_see_inspections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: DeskRequest, case_id: int) -> HttpResponse:
    """Somebody who took no part in the inspection decides on the conclusion."""
    shown = seen_case(request, case_id)
    own = own_units(request, timezone.localdate())
    inspectors = inspections.inspectors(case_id)
    permissions.check_decide(request.actor, shown, units=own, inspectors=inspectors)
    only_in(request, shown, CaseState.REVIEWING)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: review_sheet(case_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.decide_review(
            case_id=case_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("复核决定已签署，送达该单位。"))
        return redirect("desk:inspection-case", case_id)
    return drawn(
        request,
        shown,
        form,
        _("决定复核"),
        _("作出决定"),
        signing,
        conclusion=True,
        lines=lines_of(shown),
    )
