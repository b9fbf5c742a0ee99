"""Drawing the units of a campaign: looked at first, done, done again with a reason; and all it is computed from."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.desk.downloads import attachment_name
from zhengxin.desk.fitting import only_if, only_while
from zhengxin.desk.gate import DeskRequest, at_desk, looked_at
from zhengxin.desk.inspection_forms import DrawForm, RedrawForm
from zhengxin.desk.once import once
from zhengxin.desk.views.duties import own_units
from zhengxin.desk.views.inspections import form_page, seen_campaign
from zhengxin.oversight.inspections import checks, permissions
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.enums import CampaignState, SeedKind
from zhengxin.oversight.inspections.models import Campaign

# The seed whose draw the page showed: only that one is drawn by.
LOOKED = "looked"


@at_desk(permissions.check_see_inspections)
@require_safe
def sampling(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """Everything the draw is computed from and what came of it, as JSON."""
    shown = seen_campaign(campaign_id)
    told = {
        "inspection": shown.title,
        "algorithm": "sha256(seed + LF + code), hexadecimal, ascending; first n"
        + (" of each kind, kinds in ascending order" if shown.per_kind else ""),
        "seed_named": shown.seed_named,
        "seed_on": shown.seed_on.isoformat(),
        "seed_source": shown.seed_source,
        **inspections.sampling(shown).as_json(),
        "drawn": [{"code": each.code, "sha256": each.digest} for each in inspections.drawn(shown)]
        if shown.seed
        else [],
        "set_aside": inspections.set_aside_in_full(shown),
    }
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = attachment_name(f"{_('抽取')}_{campaign_id}.json")
    looked_at(request, "inspection.read", "inspection", campaign_id)
    return answer


def _looked_at(request: DeskRequest, campaign: Campaign, seed: str) -> bool:
    """Whether the page that was sent showed what this seed draws. Raises NotThus before its day."""
    checks.check_draw(campaign, today=timezone.localdate())
    return request.POST.get(LOOKED, "") == seed


def _draw_page(
    request: DeskRequest, campaign: Campaign, form: Any, seed: str, **more: Any
) -> HttpResponse:
    """The form; with a seed also whom it draws, and then the button draws."""
    return form_page(
        request,
        form,
        None,
        verb=_("照此抽取") if seed else _("先看会抽到谁"),
        back="desk:inspection",
        back_id=campaign.pk,
        looked=seed,
        would=inspections.would_draw(campaign, seed) if seed else [],
        **more,
    )


@at_desk(permissions.check_plan)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def draw(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """The units are drawn with the seed that was named beforehand."""
    shown = seen_campaign(campaign_id)
    permissions.check_lead(request.actor, shown, units=own_units(request, timezone.localdate()))
    today, back = timezone.localdate(), reverse("desk:inspection", args=[campaign_id])
    stands = CampaignState(shown.state).label
    only_while(request, shown.state == CampaignState.PLANNED, stands=stands, back=back)
    if shown.state != CampaignState.PLANNED:
        return redirect("desk:inspection", campaign_id)
    only_if(request, lambda: checks.check_draw(shown, today=today), back=back)
    found = inspections.public_seed(shown)
    by_itself = shown.seed_kind == SeedKind.CHECKPOINT
    form = DrawForm(request.POST if request.method == "POST" else None)
    if by_itself:
        form.fields.clear()
    seed = found[0] if found else ""
    if request.method == "POST" and form.is_valid():
        said = {"seed": seed, "seed_source": ""} | form.cleaned_data
        seed = said["seed"]
        if _looked_at(request, shown, seed):
            codes = journey.draw_inspection(
                campaign_id=campaign_id, **said, at=timezone.now(), actor=request.actor
            )
            messages.success(request, _("抽出{n}个单位。").format(n=len(codes)))
            return redirect("desk:inspection", campaign_id)
    note = _("约定的随机数：{named}，{day}产生。").format(named=shown.seed_named, day=shown.seed_on)
    if by_itself:
        note += (
            _("现在取到的是{words}。").format(words=found[1])
            if found
            else _("那一天起还没有签署过检查点，现在不能抽。")
        )
    return _draw_page(
        request,
        shown,
        form,
        seed,
        title=_("抽取单位：{title}").format(title=shown.title),
        note=note,
    )


@at_desk(permissions.check_plan)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def redraw(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """The seed of the draw was mistyped and nothing was found yet: it is drawn again, and both stay."""
    shown = seen_campaign(campaign_id)
    permissions.check_lead(request.actor, shown, units=own_units(request, timezone.localdate()))
    back = reverse("desk:inspection", args=[campaign_id])
    may = inspections.may_redraw(shown)
    only_while(request, may, stands=_("还没有抽，或者已经记下检查结果"), back=back)
    if not may:
        messages.error(request, _("不能重新抽取：还没有抽，或者已经记下检查结果。"))
        return redirect("desk:inspection", campaign_id)
    form = RedrawForm(request.POST if request.method == "POST" else None)
    seed = ""
    if request.method == "POST" and form.is_valid():
        seed = form.cleaned_data["seed"]
        checks.check_redraw(shown, seed)
        if _looked_at(request, shown, seed):
            codes = journey.redraw_inspection(
                campaign_id=campaign_id,
                **form.cleaned_data,
                at=timezone.now(),
                actor=request.actor,
            )
            messages.success(request, _("已重新抽取，抽出{n}个单位。").format(n=len(codes)))
            return redirect("desk:inspection", campaign_id)
    return _draw_page(
        request,
        shown,
        form,
        seed,
        title=_("重新抽取：{title}").format(title=shown.title),
        note=_(
            "约定的随机数：{named}，{day}产生。上次填的是“{seed}”。只有填错了才能重新抽取；上次的随机数、抽到的单位和这次的理由一直公开。"
        ).format(named=shown.seed_named, day=shown.seed_on, seed=shown.seed),
    )
