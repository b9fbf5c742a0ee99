"""Work plans: the list, sending one, what was read of it or what it became, and its file."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.desk.downloads import attachment_name
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.plan_forms import PlanFileForm
from zhengxin.desk.plan_tree import of_draft, of_mandate, tree
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.oversight import permissions, queries
from zhengxin.oversight.enums import PlanState
from zhengxin.oversight.models import Plan
from zhengxin.oversight.readings import from_json
from zhengxin.oversight.types import FiledBy, PlanDraft
from zhengxin.subjects import queries as subjects

AT_ONCE = 20


def check_compile(actor: Actor) -> None:
    """The rule of pages on which readings are sent, mended and discarded."""
    office = subjects.open_government_office(timezone.localdate())
    permissions.check_compile(actor, office_id=office.id if office else None)


def may_compile(actor: Actor) -> bool:
    """True when check_compile passes."""
    try:
        check_compile(actor)
    except NotAllowed:
        return False
    return True


def plan_at(request: DeskRequest, plan_id: int, *states: PlanState) -> Plan:
    """A plan the reader may see, in one of these states (in any, without). Raises NotYours."""
    try:
        found = queries.plan(plan_id)
    except queries.NoSuchPlan as refused:
        raise NotYours(refused.what, refused.why, refused.remedy) from None
    private = found.state in (PlanState.READ, PlanState.DISCARDED)
    if private and not may_compile(request.actor):
        raise NotYours(
            _("没有找到这份方案。"), _("编号有误，或者它还没有确认。"), _("请从方案列表里打开。")
        )
    if states and found.state not in states:
        raise NotYours(
            _("这一步现在不能办：方案{state}。").format(state=found.get_state_display()),
            _("可能是别人刚刚办过。"),
            _("请回到方案核对。"),
        )
    return found


@at_desk(permissions.check_see_plans)
@require_safe
def plans(request: DeskRequest) -> HttpResponse:
    """Plans, newest first."""
    compiling = may_compile(request.actor)
    rows = Paginator(queries.plans(compiling=compiling), AT_ONCE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/plans.html",
        section="oversight",
        tab="plans",
        rows=rows,
        counts=queries.mandate_counts(row.pk for row in rows),
        compiling=compiling,
    )


@at_desk(check_compile)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def send_plan(request: DeskRequest) -> HttpResponse:
    """Sends the file of a plan; what cannot be read is told on the page, and nothing is kept of it."""
    form = PlanFileForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            plan_id, new = journey.send_plan(
                content=file.read(),
                filename=file.name,
                at=timezone.now(),
                actor=request.actor,
            )
        except Refused as error:
            refused = error
        else:
            if new:
                messages.success(request, _("方案已读出，请逐项核对。"))
            else:
                messages.warning(
                    request, _("这份文件以前收到过，内容逐字节相同，没有重复收。这是原来那一份。")
                )
            return redirect("desk:plan", plan_id)
    return page(
        request,
        "desk/send_plan.html",
        section="oversight",
        tab="plans",
        status=422 if form.errors or refused else 200,
        form=form,
        refused=refused,
    )


@at_desk(permissions.check_see_plans)
@require_safe
def plan(request: DeskRequest, plan_id: int) -> HttpResponse:
    """What was read of a plan and what is still in the way; or the mandates it became and who filed what."""
    row = plan_at(request, plan_id)
    reading = from_json(row.reading)
    shown: dict[str, Any] = {"plan": row, "compiling": may_compile(request.actor)}
    if row.state in (PlanState.READ, PlanState.DISCARDED):
        draft = queries.draft(row, timezone.localdate())
        shown |= as_read(draft) | {
            "amendments": queries.amendments(plan_id),
            "unit_names": {unit.id: unit.name for unit in subjects.units()},
            "may_confirm": permissions.can_confirm(request.actor, sent_by=row.sent_by),
            "officer": permissions.can_end(request.actor),
            "mending": row.state == PlanState.READ,
        }
    else:
        lines = queries.mandates(plan_id)
        filed = queries.filed(plan_id)
        shown |= {
            "branches": list(
                tree(
                    reading.sections,
                    [(line.section, of_mandate(line, filed[line.id])) for line in lines],
                )
            ),
            "lines": lines,
            "reads": reads(request, plan_id),
            "not_filed": _not_filed({line.id: line.number for line in lines}, filed),
            "recurring": [
                (each, queries.opens_by_the_clock(each))
                for each in queries.recurring(timezone.localdate())
                if each.plan_id == plan_id
            ],
            "newer": row.replaced_by.exclude(confirmed_at=None).order_by("-id").first(),
            "may_end": row.state == PlanState.CONFIRMED and permissions.can_end(request.actor),
            "may_file": row.state == PlanState.CONFIRMED and _bears(request, plan_id),
        }
    return page(request, "desk/plan.html", section="oversight", tab="plans", **shown)


def as_read(draft: PlanDraft) -> dict[str, Any]:
    """What a page shows of a reading with everything decided beside it."""
    told = {each.where for each in draft.hindrances}
    waiting = [stand for stand in draft.names if stand.trouble and stand.name in told]
    names = {stand.name for stand in waiting}
    return {
        "draft": draft,
        "branches": list(
            tree(draft.plan.sections, [(each.task.section, of_draft(each)) for each in draft.tasks])
        ),
        "waiting": waiting,
        # What is in the way and is no name that waits.
        "rest": [each for each in draft.hindrances if each.where not in names],
    }


def _bears(request: DeskRequest, plan_id: int) -> bool:
    units = subjects.visible_units(request.actor, timezone.localdate())
    if units is None or not permissions.can_file(request.actor):
        return False
    return bool(queries.own_parts(plan_id, units))


def reads(request: DeskRequest, plan_id: int) -> frozenset[int] | None:
    """The tasks whose implementing plans the reader may open: those in which the own unit has a part.

    None: all, for whoever oversees them.
    """
    today = timezone.localdate()
    units = subjects.visible_units(request.actor, today)
    office = subjects.open_government_office(today)
    if units is None or (office is not None and office.id in units):
        return None
    return frozenset(part.mandate.number for part in queries.own_parts(plan_id, units))


def _not_filed(
    numbers: dict[int, int], filed: dict[int, list[FiledBy]]
) -> list[tuple[str, list[int]]]:
    """Units without an implementing plan for some of their tasks, with the numbers of those."""
    found: dict[str, list[int]] = {}
    for mandate_id, number in numbers.items():
        for name in _without(filed.get(mandate_id, ())):
            found.setdefault(name, []).append(number)
    return sorted(found.items(), key=lambda each: -len(each[1]))


def _without(parts: Iterable[FiledBy]) -> dict[str, None]:
    return dict.fromkeys(part.unit for part in parts if not part.filings)


@at_desk(permissions.check_see_plans)
@require_safe
def document(request: DeskRequest, plan_id: int) -> HttpResponse:
    """The file as it was sent."""
    row = plan_at(request, plan_id)
    kept = queries.document(row.document_id)
    answer = HttpResponse(bytes(kept.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = attachment_name(kept.filename)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
