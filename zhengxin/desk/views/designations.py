"""Designations by the government: registered, ended early."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.desk.asked import number
from zhengxin.desk.fitting import only_while
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.inspection_forms import DesignationForm, EndDesignationForm
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.templatetags.desk import day
from zhengxin.desk.views.inspections import AT_ONCE, form_page, unit_choices
from zhengxin.journey.inspecting_sheets import designation_end_sheet, new_designation_sheet
from zhengxin.oversight.inspections import permissions
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.queries import UnknownInspection
from zhengxin.subjects import queries as subjects


@at_desk(permissions.check_see_inspections)
@require_safe
def designations(request: DeskRequest) -> HttpResponse:
    """Which units the government designated, newest first."""
    rows = Paginator(inspections.designations(), AT_ONCE).get_page(number(request, "page") or 1)
    return page(
        request,
        "desk/inspection_designations.html",
        section="oversight",
        tab="inspections",
        rows=rows,
        names=subjects.subject_names(each.unit_id for each in rows),
        today=timezone.localdate(),
        may_designate=permissions.can_designate(request.actor),
    )


@at_desk(permissions.check_designate)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def designate(request: DeskRequest) -> HttpResponse:
    """The government's document is registered."""
    form = DesignationForm(request.POST if request.method == "POST" else None, units=unit_choices())
    signing = SigningBlock(request, new_designation_sheet)
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.designate_inspection(
            **form.cleaned_data, signed=signed, at=timezone.now(), actor=request.actor
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("指定已登记，该单位可以制定督查了。"))
        return redirect("desk:designations")
    return form_page(
        request,
        form,
        signing,
        title=_("登记督查指定"),
        verb=_("登记"),
        back="desk:designations",
        note=_(
            "县级以上人民政府所属部门未经本级人民政府指定，不得开展政府督查（《政府督查工作条例》第七条）。"
        ),
    )


@at_desk(permissions.check_designate)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def end_designation(request: DeskRequest, designation_id: int) -> HttpResponse:
    """The government ended a designation before its last day."""
    try:
        given = inspections.designation(designation_id)
    except UnknownInspection as unknown:
        raise NotYours(unknown.what, _("编号有误。"), unknown.remedy) from None
    back = reverse("desk:designations")
    only_while(request, given.ended_on is None, stands=_("已经提前终止"), back=back)
    form = EndDesignationForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: designation_end_sheet(designation_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.end_designation(
            designation_id=designation_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("指定已提前终止。"))
        return redirect("desk:designations")
    return form_page(
        request,
        form,
        signing,
        title=_("提前终止督查指定"),
        verb=_("终止指定"),
        back="desk:designations",
        note=_("{unit}：{document}，{matter}，{scope}，{a}至{b}。").format(
            unit=subjects.subject_names({given.unit_id}).get(given.unit_id, ""),
            document=given.document,
            matter=given.matter,
            scope=given.scope,
            a=day(given.from_on),
            b=day(given.until_on),
        ),
    )
