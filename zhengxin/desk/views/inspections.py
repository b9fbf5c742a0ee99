"""Campaigns: designated, planned, drawn, closed; and everything anyone needs to compute the draw again."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts.types import Signed
from zhengxin.desk.asked import number
from zhengxin.desk.fitting import only_if, only_while
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.inspection_forms import PlanForm, SummaryForm
from zhengxin.desk.listings import as_csv
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.duties import own_units
from zhengxin.journey.inspecting_sheets import (
    closing_sheet,
    new_inspection_sheet,
)
from zhengxin.oversight.inspections import checks, permissions
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.enums import CampaignState, CaseState, SeedKind, Verdict
from zhengxin.oversight.inspections.models import Campaign, Case
from zhengxin.oversight.inspections.queries import UnknownInspection
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.enums import UnitKind

AT_ONCE = 20


def unit_choices() -> list[tuple[int, str]]:
    """Every unit open today, for a form."""
    return [(unit.id, unit.name) for unit in subjects.units(timezone.localdate())]


def seen_campaign(campaign_id: int) -> Campaign:
    """A campaign; plans and draws are no secret from officials. Raises NotYours."""
    try:
        return inspections.campaign(campaign_id)
    except UnknownInspection as unknown:
        raise NotYours(unknown.what, _("编号有误。"), unknown.remedy) from None


@at_desk(permissions.check_see_inspections)
@require_safe
def campaigns(request: DeskRequest) -> HttpResponse:
    """All campaigns, and the own unit's cases."""
    today = timezone.localdate()
    own = own_units(request, today)
    state = request.GET.get("state", "")
    rows = inspections.campaigns()
    if state in CampaignState.values:
        rows = rows.filter(state=state)
    listed = Paginator(rows, AT_ONCE).get_page(number(request, "page") or 1)
    shown = list(listed)
    cases = Counter(
        Case.objects.filter(campaign__in=[each.pk for each in shown]).values_list(
            "campaign_id", "state"
        )
    )
    figures = {
        each.pk: (
            sum(n for (pk, _state), n in cases.items() if pk == each.pk),
            cases[each.pk, CaseState.OPEN],
        )
        for each in shown
    }
    return page(
        request,
        "desk/inspections.html",
        section="oversight",
        tab="inspections",
        rows=listed,
        figures=figures,
        n=inspections.campaigns().exclude(state=CampaignState.CLOSED).count(),
        own=inspections.cases_for(own),
        names=subjects.subject_names(each.unit_id for each in shown),
        states=CampaignState.choices,
        state=state,
        may_plan=permissions.can_plan(request.actor)
        and inspections.designations_of(own, today).exists(),
        may_designate=permissions.can_designate(request.actor),
    )


def form_page(
    request: DeskRequest,
    form: Any,
    signing: SigningBlock | None,
    *,
    title: str,
    verb: str,
    back: str,
    note: str = "",
    **more: Any,
) -> HttpResponse:
    """One form of a campaign, or of a designation."""
    status = signing.status(form) if signing else (422 if form.errors else 200)
    return page(
        request,
        "desk/inspection_form.html",
        section="oversight",
        tab="inspections",
        status=status,
        form=form,
        signing=signing,
        title=title,
        verb=verb,
        back=back,
        note=note,
        **more,
    )


@at_desk(permissions.check_plan)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def plan(request: DeskRequest) -> HttpResponse:
    """A campaign of the own unit."""
    today = timezone.localdate()
    own = own_units(request, today)
    given = [
        (each.pk, f"{each.document}：{each.matter}（{each.from_on}至{inspections.last_day(each)}）")
        for each in inspections.designations_of(own, today)
    ]
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        designations=given,
        units=unit_choices(),
        kinds=UnitKind.choices,
        initial={"review_unit_id": request.actor.unit_id, "seed_kind": SeedKind.PUBLIC},
    )
    signing = SigningBlock(request, new_inspection_sheet)
    made: list[int] = []

    def do(signed: Signed) -> None:
        made.append(
            journey.plan_inspection(
                **form.cleaned_data, signed=signed, at=timezone.now(), actor=request.actor
            )
        )

    done = signing.done(form, lambda: form.cleaned_data, do)
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("督查已制定，抽取范围从现在起不变。"))
        return redirect("desk:inspection", made[0])
    return form_page(
        request,
        form,
        signing,
        title=_("制定督查"),
        verb=_("制定督查"),
        back="desk:inspections",
        none_given=not given,
    )


@at_desk(permissions.check_see_inspections)
@require_safe
def campaign(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """One campaign: its plan, the draw and what it was computed from, how far each unit is."""
    shown = seen_campaign(campaign_id)
    today = timezone.localdate()
    own = own_units(request, today)
    visible = subjects.visible_units(request.actor, today)
    items = list(shown.items.all())
    cases = inspections.cases_of(campaign_id)
    counts = inspections.counts(cases, len(items))
    sampling = inspections.sampling(shown)
    drawn = shown.state != CampaignState.PLANNED
    may_lead = permissions.can_lead(request.actor, shown, units=own)
    in_force = inspections.in_force(shown.designation, today)
    for each in cases:
        each.campaign = shown
    looked_at(request, "inspection.read", "inspection", campaign_id)
    return page(
        request,
        "desk/inspection.html",
        section="oversight",
        tab="inspections",
        campaign=shown,
        items=items,
        sampling=sampling,
        cases=[
            (each, counts[each.pk], permissions.can_see_case(request.actor, each, units=visible))
            for each in cases
        ],
        names=subjects.subject_names(
            {shown.unit_id, shown.review_unit_id, *(each.unit_id for each in cases)}
        ),
        kinds=dict(UnitKind.choices),
        today=today,
        drawn=drawn,
        set_aside=inspections.set_aside(shown),
        may_redraw=may_lead and in_force and inspections.may_redraw(shown),
        may_draw=may_lead and in_force and not drawn and today >= shown.seed_on,
        may_close=may_lead
        and shown.state != CampaignState.CLOSED
        and not inspections.open_cases(campaign_id),
    )


@at_desk(permissions.check_plan)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def close(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """All units have their conclusion, or none was drawn yet: the campaign ends."""
    shown = seen_campaign(campaign_id)
    permissions.check_lead(request.actor, shown, units=own_units(request, timezone.localdate()))
    back = reverse("desk:inspection", args=[campaign_id])
    over = shown.state == CampaignState.CLOSED
    only_while(request, not over, stands=CampaignState.CLOSED.label, back=back)
    only_if(request, lambda: checks.check_close(shown), back=back)
    form = SummaryForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: closing_sheet(campaign_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.close_inspection(
            campaign_id=campaign_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("这次督查已结束。"))
        return redirect("desk:inspection", campaign_id)
    return form_page(
        request,
        form,
        signing,
        title=(_("结束督查：{title}") if shown.draw_entry_id else _("取消督查：{title}")).format(
            title=shown.title
        ),
        verb=_("结束督查") if shown.draw_entry_id else _("取消督查"),
        back="desk:inspection",
        back_id=campaign_id,
        closing=signing.sheet.content,
        verdicts=dict(Verdict.choices),
        case_states=dict(CaseState.choices),
    )


@at_desk(permissions.check_see_inspections)
@require_safe
def listing(request: DeskRequest, campaign_id: int) -> HttpResponseBase:
    """What was found at the units one may see, a line an item, as CSV."""
    shown = seen_campaign(campaign_id)
    units = subjects.visible_units(request.actor, timezone.localdate())
    cases = inspections.cases_of(campaign_id)
    for each in cases:
        each.campaign = shown
    seen = [c for c in cases if permissions.can_see_case(request.actor, c, units=units)]
    names = subjects.subject_names(each.unit_id for each in seen)
    items = list(shown.items.all())
    found = inspections.findings_by_case([each.pk for each in seen])
    duties = inspections.duties_of(found.values())
    header = [_("单位"), _("单位状态"), _("序号"), _("检查内容"), _("依据")]
    header += [_("检查结果"), _("说明"), _("整改期限"), _("整改状态")]
    rows = []
    for case in seen:
        for item in items:
            finding = found.get((case.pk, item.pk))
            duty = duties.get(finding.pk) if finding else None
            row = [
                names[case.unit_id],
                case.get_state_display(),
                item.number,
                item.words,
                item.basis,
            ]
            row += (
                [finding.get_verdict_display(), finding.words] if finding else [_("还没有写"), ""]
            )
            row += [duty.due_on, duty.get_state_display()] if duty else ["", ""]
            rows.append(row)
    looked_at(request, "inspection.read", "inspection", campaign_id)
    return as_csv(f"{_('督查')}_{campaign_id}.csv", header, rows)
