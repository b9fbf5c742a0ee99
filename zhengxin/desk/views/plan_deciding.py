"""Confirming a plan, discarding a reading, ending a plan."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.desk.forms import BecauseForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.plan_forms import ConfirmPlanForm
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.plans import as_read, check_compile, plan_at
from zhengxin.journey.showing import plan_end_sheet, plan_sheet
from zhengxin.oversight import permissions, queries
from zhengxin.oversight.enums import PlanState


@at_desk(permissions.check_confirm)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def confirm(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Every mandate as it will be, signed by another person than sent the plan."""
    row = plan_at(request, plan_id, PlanState.READ)
    permissions.check_confirm(request.actor, sent_by=row.sent_by)
    today = timezone.localdate()
    draft = queries.draft(row, today)
    if draft.hindrances:
        messages.warning(
            request, _("还有{n}处没有办好，办好了再确认。").format(n=len(draft.hindrances))
        )
        return redirect("desk:plan", plan_id)
    earlier = queries.plans(compiling=False).exclude(pk=plan_id)[:50]
    form = ConfirmPlanForm(
        request.POST if request.method == "POST" else None,
        plans=[(str(each.pk), each.title) for each in earlier],
    )
    signing = SigningBlock(request, lambda _nonce: plan_sheet(plan_id, today))
    done = signing.done(
        form,
        lambda: {"replaces": form.cleaned_data["replaces"]},
        lambda signed: journey.confirm_plan(
            plan_id=plan_id,
            replaces=form.cleaned_data["replaces"],
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("方案已确认，{n}项任务已下达。").format(n=len(draft.mandates)))
        return redirect("desk:plan", plan_id)
    days = [
        (day, each.task.number)
        for each in draft.mandates
        for term in each.terms
        if (day := term.due_on(None)) is not None
    ]
    return page(
        request,
        "desk/confirm_plan.html",
        section="oversight",
        status=signing.status(form),
        signing=signing,
        form=form,
        plan=row,
        days=sorted(days),
        today=today,
        undated=[
            (each.task.number, term)
            for each in draft.mandates
            for term in each.terms
            if term.lacks_year
        ],
        leads=len({each.unit_id for task in draft.mandates for each in task.units if each.leads}),
        **as_read(draft),
    )


@at_desk(check_compile)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def discard(request: DeskRequest, plan_id: int) -> HttpResponse:
    """A reading that will not be used."""
    row = plan_at(request, plan_id, PlanState.READ)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        journey.discard_plan(
            plan_id=plan_id,
            because=form.cleaned_data["because"],
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("已弃用。同一份文件以后可以重新上传。"))
        return redirect("desk:plans")
    return page(
        request,
        "desk/one_form.html",
        section="oversight",
        status=422 if form.errors else 200,
        form=form,
        kicker=row.title,
        title=_("弃用这次读出的结果？"),
        note=_("文件、读出的内容和改动都留着，不会产生任务。"),
        submit=_("弃用"),
        danger=True,
        back_url=reverse("desk:plan", args=[plan_id]),
    )


@at_desk(permissions.check_end)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def end(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Ends a confirmed plan, signed."""
    row = plan_at(request, plan_id, PlanState.CONFIRMED)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: plan_end_sheet(plan_id))
    done = signing.done(
        form,
        lambda: {"because": form.cleaned_data["because"]},
        lambda signed: journey.end_plan(
            plan_id=plan_id,
            because=form.cleaned_data["because"],
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("方案已终止，理由已写进登记簿。"))
        return redirect("desk:plan", plan_id)
    return page(
        request,
        "desk/end_plan.html",
        section="oversight",
        status=signing.status(form),
        signing=signing,
        form=form,
        plan=row,
        n=len(queries.mandates(plan_id)),
    )
