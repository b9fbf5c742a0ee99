"""What a person decides beside the reading of a plan: whom a name means, what a task is, and taking that back."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengxin import journey
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.plan_forms import (
    AddUnitForm,
    DropTaskForm,
    DropUnitForm,
    NameForm,
    TermForm,
)
from zhengxin.desk.views.plans import check_compile, plan_at
from zhengxin.oversight import queries
from zhengxin.oversight.enums import AmendmentKind, PlanState
from zhengxin.oversight.models import Plan
from zhengxin.oversight.types import Change, PlanDraft, TaskDraft
from zhengxin.subjects import queries as subjects

# What the address of a task's form ends in.
CHANGES = {
    "add-unit": AmendmentKind.ADD_UNIT,
    "drop-unit": AmendmentKind.DROP_UNIT,
    "term": AmendmentKind.CHANGE_TERM,
    "drop": AmendmentKind.DROP_TASK,
}


def _draft(request: DeskRequest, plan_id: int) -> tuple[Plan, PlanDraft]:
    row = plan_at(request, plan_id, PlanState.READ)
    return row, queries.draft(row, timezone.localdate())


def _units() -> list[tuple[str, list[tuple[str, str]]]]:
    """The open units by kind, as choices of a form."""
    found: dict[str, list[tuple[str, str]]] = {}
    for unit in subjects.units(timezone.localdate()):
        found.setdefault(unit.kind_label, []).append((str(unit.id), unit.name))
    return list(found.items())


def _amend(request: DeskRequest, plan_id: int, change: Change) -> HttpResponse:
    journey.amend_plan(plan_id=plan_id, change=change, at=timezone.now(), actor=request.actor)
    messages.success(request, _("改动已记下，确认以前可以撤销。"))
    return redirect("desk:plan", plan_id)


@at_desk(check_compile)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def name(request: DeskRequest, plan_id: int, number: int) -> HttpResponse:
    """Which units one name of the plan means."""
    row, draft = _draft(request, plan_id)
    stand = next((each for each in draft.names if each.number == number), None)
    if stand is None:
        raise NotYours(_("没有找到这个名称。"), _("编号有误。"), _("请从方案页上打开要改的地方。"))
    meant = [str(unit.id) for unit in stand.units] if stand.collective else []
    form = NameForm(request.POST if request.method == "POST" else None, units=_units(), meant=meant)
    if request.method == "POST" and form.is_valid():
        return _amend(request, plan_id, form.change(stand.name))
    return page(
        request,
        "desk/plan_name.html",
        section="oversight",
        status=422 if form.errors else 200,
        plan=row,
        stand=stand,
        tasks=[each.task for each in draft.tasks if any(one == stand for _role, one in each.names)],
        form=form,
    )


@at_desk(check_compile)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def task(request: DeskRequest, plan_id: int, number: int, change: str) -> HttpResponse:
    """One change of one task."""
    row, draft = _draft(request, plan_id)
    found = next((each for each in draft.tasks if each.task.number == number), None)
    if found is None or change not in CHANGES:
        raise NotYours(_("没有找到这项任务。"), _("编号有误。"), _("请从方案页上打开要改的地方。"))
    form = _form(CHANGES[change], found, request)
    if request.method == "POST" and form.is_valid():
        return _amend(request, plan_id, form.change(number))
    return page(
        request,
        "desk/plan_task_form.html",
        section="oversight",
        status=422 if form.errors else 200,
        plan=row,
        verb=CHANGES[change].label,
        task=found.task,
        form=form,
        back=reverse("desk:plan", args=[plan_id]),
    )


_TaskForm = AddUnitForm | DropUnitForm | TermForm | DropTaskForm


def _form(kind: AmendmentKind, draft: TaskDraft, request: DeskRequest) -> _TaskForm:
    sent = request.POST if request.method == "POST" else None
    if kind is AmendmentKind.ADD_UNIT:
        return AddUnitForm(sent, units=_units())
    if kind is AmendmentKind.DROP_UNIT:
        return DropUnitForm(sent, units=_own(draft))
    if kind is AmendmentKind.CHANGE_TERM:
        return TermForm(sent, terms=draft.terms)
    return DropTaskForm(sent)


def _own(draft: TaskDraft) -> Sequence[tuple[str, str]]:
    return list(dict.fromkeys((str(each.unit_id), each.unit) for each in draft.units))


@at_desk(check_compile)
@require_POST
@once
def undo(request: DeskRequest, plan_id: int, amendment_id: int) -> HttpResponse:
    """Takes a decision back."""
    plan_at(request, plan_id, PlanState.READ)
    journey.undo_amendment(amendment_id=amendment_id, at=timezone.now(), actor=request.actor)
    messages.success(request, _("改动已撤销，记录还留着。"))
    return redirect("desk:plan", plan_id)
