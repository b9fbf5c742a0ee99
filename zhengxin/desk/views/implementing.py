"""One mandate with what its units filed, and filing a unit's own implementing plan."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.desk.asked import number as asked_number
from zhengxin.desk.downloads import attachment_name
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.once import once
from zhengxin.desk.plan_forms import ImplementingForm
from zhengxin.desk.plan_tree import of_mandate
from zhengxin.desk.views.plans import plan_at, reads
from zhengxin.duties import lists
from zhengxin.evidence import queries as evidence
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.oversight import permissions, queries
from zhengxin.oversight.enums import PlanState
from zhengxin.oversight.models import MandateUnit
from zhengxin.subjects import queries as subjects

CONFIRMED = (PlanState.CONFIRMED, PlanState.ENDED)


@at_desk(permissions.check_see_plans)
@require_safe
def mandate(request: DeskRequest, plan_id: int, number: int) -> HttpResponse:
    """One mandate: who does what by when, what became of that, and the implementing plans of its units."""
    row = plan_at(request, plan_id, *CONFIRMED)
    try:
        line = queries.mandate(plan_id, number)
    except queries.NoSuchPlan as refused:
        raise NotYours(refused.what, refused.why, refused.remedy) from None
    parts = queries.filed(plan_id)[line.id]
    duties = lists.of_sources([line.entry_id]).get(line.entry_id, [])
    today = timezone.localdate()
    own = subjects.visible_units(request.actor, today)
    may_file = (
        row.state == PlanState.CONFIRMED
        and permissions.can_file(request.actor)
        and own is not None
        and any(part.unit_id in own for part in parts)
    )
    return page(
        request,
        "desk/mandate.html",
        section="oversight",
        plan=row,
        line=line,
        task=of_mandate(line, parts),
        filed=[part for part in parts if part.filings],
        missing=[part for part in parts if not part.filings],
        parts=parts,
        duties=duties,
        names=subjects.subject_names(duty.bearer_id for duty in duties),
        may_file=may_file,
        reads=reads(request, plan_id),
        today=today,
        visible=own,
    )


@at_desk(permissions.check_file)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def file_plan(request: DeskRequest, plan_id: int) -> HttpResponse:
    """A unit files its own plan for some of its tasks."""
    row = plan_at(request, plan_id, PlanState.CONFIRMED)
    units = subjects.visible_units(request.actor, timezone.localdate()) or frozenset()
    own = queries.own_parts(plan_id, units)
    if not own:
        raise NotYours(
            _("您单位在这份方案里没有任务。"),
            _("实施方案只能报本单位牵头、配合或负责的任务。"),
            _("分工有误的，请联系县政务公开办公室。"),
        )
    asked = asked_number(request, "task")
    form = ImplementingForm(
        *([request.POST, request.FILES] if request.method == "POST" else []),
        parts=[
            (str(part.pk), _told(part, many=len({each.unit_id for each in own}) > 1))
            for part in own
        ],
        initial={"parts": [str(part.pk) for part in own if part.mandate.number == asked]},
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            journey.file_implementing_plan(
                plan_id=plan_id,
                parts=[int(pk) for pk in form.cleaned_data["parts"]],
                title=form.cleaned_data["title"],
                filename=sent.name,
                content=sent.read(),
                at=timezone.now(),
                actor=request.actor,
            )
        except NotAllowed:
            raise
        except Refused as refused:
            # The file is no such file, or the plan was ended meanwhile: what was typed stays.
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("实施方案已收下。"))
            return redirect("desk:plan", plan_id)
    return page(
        request,
        "desk/file_implementing.html",
        section="oversight",
        status=422 if form.errors else 200,
        plan=row,
        form=form,
    )


def _told(part: MandateUnit, *, many: bool) -> str:
    told = _("任务{n}（{role}）：{text}").format(
        n=part.mandate.number,
        role=part.get_role_display(),
        text=queries.brief(part.mandate.text),
    )
    return f"{told}（{part.unit.subject.name}）" if many else told


@at_desk(permissions.check_see_plans)
@require_safe
def implementing(request: DeskRequest, implementing_id: int) -> HttpResponse:
    """The file of an implementing plan."""
    row = queries.implementing(implementing_id)
    own = reads(request, row.plan_id)
    if own is not None and not row.covers.filter(mandate__number__in=own).exists():
        raise NotYours(
            _("没有找到这份实施方案。"),
            _("它是其他单位的，您单位没有承担那项任务。"),
            _("请从本单位承担的任务里打开。"),
        )
    looked_at(request, "plan.implementing", "implementing", implementing_id)
    piece = evidence.pieces([row.piece_id])[row.piece_id]
    answer = HttpResponse(evidence.content(piece.id), content_type="application/octet-stream")
    answer["Content-Disposition"] = attachment_name(piece.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
