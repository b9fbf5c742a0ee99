"""One unit's case: what was found, rectified, concluded, received, reviewed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.fitting import only_if, only_while
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.inspection_forms import (
    ConclusionForm,
    FindingForm,
    RecheckForm,
)
from zhengxin.desk.once import once
from zhengxin.desk.pieces import piece_answer
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.duties import own_units
from zhengxin.duties import standing
from zhengxin.duties.enums import DutyState
from zhengxin.journey.inspecting_sheets import conclusion_sheet
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.oversight.inspections import checks, permissions
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.enums import CampaignState, CaseState, Verdict
from zhengxin.oversight.inspections.models import Campaign, Case, Finding
from zhengxin.oversight.inspections.queries import UnknownInspection
from zhengxin.subjects import queries as subjects

MARKS = {
    Verdict.CONFORM: ("kept", "符"),
    Verdict.PROBLEM: ("refused", "问"),
    Verdict.NOT_APPLICABLE: ("zero", "免"),
    Verdict.NOT_INSPECTED: ("missing", "缺"),
}


def _not_found() -> NotYours:
    return NotYours(
        _("没有找到这个单位的督查。"),
        _("编号有误，或者它是其他单位的。"),
        _("请从督查列表里打开。"),
    )


def seen_case(request: DeskRequest, case_id: int) -> Case:
    """A case that the actor may see. Raises NotYours."""
    try:
        case = inspections.case(case_id)
        units = subjects.visible_units(request.actor, timezone.localdate())
        permissions.check_see_case(request.actor, case, units=units)
    except (UnknownInspection, NotAllowed):
        raise _not_found() from None
    return case


def only_in(request: DeskRequest, case: Case, state: CaseState) -> str:
    """The address of the case. Raises NotNow on looking unless it is in this state."""
    back = reverse("desk:inspection-case", args=[case.pk])
    stands = CaseState(case.state).label
    only_while(request, case.state == state, stands=stands, back=back)
    return back


def lines_of(case: Case) -> list[dict[str, Any]]:
    """Every item with its finding, its duty and its re-checks."""
    findings = inspections.findings_of(case.pk)
    duties = inspections.duties_of(findings.values())
    lines = []
    for item in case.campaign.items.all():
        found = findings.get(item.pk)
        kind, stamp = MARKS[Verdict(found.verdict)] if found else ("", "")
        lines.append(
            {
                "item": item,
                "finding": found,
                "mark": kind,
                "stamp": stamp,
                "duty": duties.get(found.pk) if found else None,
                "rechecks": list(found.rechecks.all()) if found else [],
            }
        )
    return lines


def _names(case: Case) -> dict[int, str]:
    campaign = case.campaign
    return subjects.subject_names({case.unit_id, campaign.unit_id, campaign.review_unit_id})


@at_desk(permissions.check_see_inspections)
@require_safe
def case(request: DeskRequest, case_id: int) -> HttpResponse:
    """One unit: every item of the checklist, then the conclusion and what became of it."""
    shown = seen_case(request, case_id)
    campaign, own = shown.campaign, own_units(request, timezone.localdate())
    lines = lines_of(shown)
    counts = inspections.counts([shown], len(lines))[case_id]
    actor = request.actor
    is_open = shown.state == CaseState.OPEN
    concluded = shown.state == CaseState.CONCLUDED
    inspectors = inspections.inspectors(case_id) if shown.state == CaseState.REVIEWING else ()
    looked_at(request, "inspection.read", "inspection_case", case_id)
    return page(
        request,
        "desk/inspection_case.html",
        section="oversight",
        tab="inspections",
        case=shown,
        campaign=campaign,
        lines=lines,
        counts=counts,
        names=_names(shown),
        today=timezone.localdate(),
        visible=subjects.visible_units(request.actor, timezone.localdate()),
        window=inspections.review_window(shown),
        review_duty=standing.duty(shown.review_duty_id) if shown.review_duty_id else None,
        may_find=is_open
        and campaign.state == CampaignState.DRAWN
        and permissions.can_inspect(actor, campaign, units=own),
        may_conclude=is_open
        and not counts.open
        and not counts.running
        and permissions.can_lead(actor, campaign, units=own),
        may_receive=concluded
        and shown.received_on is None
        and permissions.can_receive(actor, shown, units=own),
        may_apply=concluded and permissions.can_apply(actor, shown, units=own),
        may_decide=shown.state == CaseState.REVIEWING
        and permissions.can_decide(actor, shown, units=own, inspectors=inspectors),
        may_report=shown.unit_id in own,
    )


def drawn(
    request: DeskRequest,
    case: Case,
    form: Any,
    title: str,
    verb: str,
    signing: SigningBlock | None = None,
    **more: Any,
) -> HttpResponse:
    """The page of one act on a case."""
    status = signing.status(form) if signing else (422 if form.errors else 200)
    return page(
        request,
        "desk/inspection_act.html",
        section="oversight",
        tab="inspections",
        status=status,
        case=case,
        campaign=case.campaign,
        names=_names(case),
        form=form,
        title=title,
        verb=verb,
        signing=signing,
        today=timezone.localdate(),
        visible=subjects.visible_units(request.actor, timezone.localdate()),
        **more,
    )


def _no_longer(campaign: Campaign) -> str:
    """Why nothing can be found on the spot today; empty while it can."""
    try:
        checks.check_finding(campaign, unit_name="", today=timezone.localdate())
    except Refused as refused:
        return refused.why
    return ""


@at_desk(permissions.check_see_inspections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def find(request: DeskRequest, case_id: int, number: int) -> HttpResponse:
    """What was found of one item."""
    shown = seen_case(request, case_id)
    own = own_units(request, timezone.localdate())
    permissions.check_inspect(request.actor, shown.campaign, units=own)
    only_in(request, shown, CaseState.OPEN)
    lines = [each for each in lines_of(shown) if each["item"].number == number]
    if not lines:
        raise _not_found()
    form = FindingForm(request.POST or None, request.FILES or None)
    note = ""
    if why := _no_longer(shown.campaign):
        form.fields["verdict"].choices = [  # type: ignore[attr-defined]  # a choice field
            (Verdict.NOT_INSPECTED, Verdict.NOT_INSPECTED.label)
        ]
        note = _("{why}没有检查的只能写明“没有检查”和原因。").format(why=why)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        journey.record_finding(
            case_id=case_id,
            number=number,
            verdict=said["verdict"],
            words=said["words"],
            due_on=said["due_on"],
            files=sent(said["evidence"]),
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("第{n}项已记下。").format(n=number))
        return redirect("desk:inspection-case", case_id)
    title = _("第{n}项的检查结果").format(n=number)
    return drawn(request, shown, form, title, _("记下"), lines=lines, note=note)


def _seen_finding(request: DeskRequest, finding_id: int) -> Finding:
    try:
        found = inspections.finding(finding_id)
    except UnknownInspection:
        raise _not_found() from None
    seen_case(request, found.case_id)
    return found


@at_desk(permissions.check_see_inspections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def recheck(request: DeskRequest, finding_id: int) -> HttpResponse:
    """The inspectors look again at what the unit reported."""
    found = _seen_finding(request, finding_id)
    shown = inspections.case(found.case_id)
    own = own_units(request, timezone.localdate())
    permissions.check_inspect(request.actor, shown.campaign, units=own)
    lines = [
        each for each in lines_of(shown) if each["finding"] and each["finding"].pk == finding_id
    ]
    duty = lines[0]["duty"]
    if duty is None or duty.state != DutyState.REPORTED:
        raise NotYours(
            _("这一项现在不用复查。"),
            _("单位还没有报告整改，或者已经复查过。"),
            _("请从督查页面里打开。"),
        )
    form = RecheckForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        journey.recheck_finding(
            finding_id=finding_id,
            resolved=said["resolved"],
            words=said["words"],
            due_on=said["due_on"],
            files=sent(said["evidence"]),
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(
            request,
            _("已记为整改到位。") if said["resolved"] else _("已退回，单位要在新的期限前整改。"),
        )
        return redirect("desk:inspection-case", shown.pk)
    return drawn(
        request,
        shown,
        form,
        _("复查第{n}项的整改").format(n=found.item.number),
        _("记下"),
        lines=lines,
        steps=standing.history(duty.pk),
    )


@at_desk(permissions.check_see_inspections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def conclude(request: DeskRequest, case_id: int) -> HttpResponse:
    """The signed conclusion on one unit."""
    shown = seen_case(request, case_id)
    own = own_units(request, timezone.localdate())
    permissions.check_lead(request.actor, shown.campaign, units=own)
    back = only_in(request, shown, CaseState.OPEN)
    only_if(request, lambda: checks.check_conclude(shown), back=back)
    form = ConclusionForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: conclusion_sheet(case_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.conclude_inspection(
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
        messages.success(request, _("结论已签署，送达该单位；等它签收。"))
        return redirect("desk:inspection-case", case_id)
    return drawn(
        request, shown, form, _("作出督查结论"), _("作出结论"), signing, lines=lines_of(shown)
    )


@at_desk(permissions.check_see_inspections)
@require_safe
def evidence(request: DeskRequest, case_id: int, piece_id: int) -> HttpResponse:
    """A file that came with a finding, a re-check or an application for review."""
    shown = seen_case(request, case_id)
    findings = inspections.findings_of(case_id).values()
    lists = [shown.application_files, *(each.files for each in findings)]
    lists += [again.files for each in findings for again in each.rechecks.all()]
    held = {int(each["piece"]) for files in lists for each in files}
    return piece_answer(request, piece_id, held, "inspection_case", case_id)
