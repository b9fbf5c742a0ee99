"""Measures against units: what is signed. The decision, lifting, showing to the public, referring, confirming the law."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts.types import Signed
from zhengxin.desk.asked import number
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.forms import DeskForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.measure_forms import (
    AnswerForm,
    CirculationForm,
    ConfirmForm,
    DecisionForm,
    LiftForm,
    ReferralForm,
)
from zhengxin.desk.once import once
from zhengxin.desk.pieces import piece_answer
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.inspections import unit_choices
from zhengxin.desk.views.measures import form_page, office_id, seen_case
from zhengxin.journey.imposing_sheets import (
    circulation_sheet,
    decision_sheet,
    law_sheet,
    lifting_sheet,
    referral_sheet,
)
from zhengxin.journey.showing import Sheet
from zhengxin.rulebook.queries import parameter
from zhengxin.sanctions import permissions
from zhengxin.sanctions import queries as sanctions
from zhengxin.sanctions.models import Measure
from zhengxin.sanctions.queries import UnknownCase
from zhengxin.subjects import queries as subjects

AT_ONCE = 20


@at_desk(permissions.check_see_cases)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: DeskRequest, sanction_id: int) -> HttpResponse:
    """A leader decides which of the announced measures are taken, or none."""
    case = seen_case(request, sanction_id)
    permissions.check_decide(request.actor, office_id=office_id())
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        measures=list(case.measures.order_by("id")),
        units=unit_choices(),
        replied=case.replies.exists(),
    )
    signing = SigningBlock(request, lambda _nonce: decision_sheet(sanction_id))
    done = signing.done(
        form,
        form.said,
        lambda signed: journey.decide_sanction(
            case_id=sanction_id,
            **form.said(),
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已决定。送达以后开始执行。"))
        return redirect("desk:sanction", sanction_id)
    return form_page(
        request,
        form,
        case,
        _("决定"),
        _("签署决定"),
        _("只能在告知过的措施里决定，可以减少，不能加重。"),
        signing=signing,
        comparable=sanctions.comparable(case),
    )


def _seen_measure(request: DeskRequest, measure_id: int) -> Measure:
    try:
        found = sanctions.measure(measure_id)
    except UnknownCase as unknown:
        raise NotYours(unknown.what, _("编号有误。"), unknown.remedy) from None
    seen_case(request, found.case_id)
    return found


def _signed_act(
    request: DeskRequest,
    measure: Measure,
    form: DeskForm,
    sheet: Callable[[int], Sheet],
    act: Callable[..., None],
    words: dict[str, str],
) -> HttpResponse:
    signing = SigningBlock(request, lambda _nonce: sheet(measure.pk))

    def do(signed: Signed) -> None:
        said = form.cleaned_data
        act(measure_id=measure.pk, **said, signed=signed, at=timezone.now(), actor=request.actor)

    done = signing.done(form, lambda: form.cleaned_data, do)
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, words["done"])
        return redirect("desk:sanction", measure.case_id)
    return form_page(
        request,
        form,
        measure.case,
        words["title"],
        words["verb"],
        words["note"],
        signing=signing,
    )


@at_desk(permissions.check_see_cases)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def lift(request: DeskRequest, measure_id: int) -> HttpResponse:
    """A leader lifts a measure before its end."""
    permissions.check_decide(request.actor, office_id=office_id())
    measure = _seen_measure(request, measure_id)
    words = {
        "title": _("提前解除{name}").format(name=measure.name),
        "verb": _("签署解除"),
        "note": _("执行单位要确认已经解除。"),
        "done": _("已解除，执行单位要确认。"),
    }
    form = LiftForm(request.POST if request.method == "POST" else None)
    return _signed_act(request, measure, form, lifting_sheet, journey.lift_measure, words)


@at_desk(permissions.check_see_cases)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def circulate(request: DeskRequest, measure_id: int) -> HttpResponse:
    """A second person approves what the public is shown of a criticism."""
    permissions.check_approve(request.actor)
    measure = _seen_measure(request, measure_id)
    words = {
        "title": _("准予公开通报"),
        "verb": _("签署准予公开"),
        "note": _("只写单位，不写个人。到期、解除或者记录被更正、修复的，自行撤下。"),
        "done": _("已准予公开。"),
    }
    form = CirculationForm(request.POST if request.method == "POST" else None)
    return _signed_act(
        request, measure, form, circulation_sheet, journey.circulate_criticism, words
    )


@at_desk(permissions.check_see_referrals)
@require_safe
def referrals(request: DeskRequest) -> HttpResponse:
    """What was referred, to whom, and what came back."""
    listed = Paginator(sanctions.referrals(), AT_ONCE).get_page(number(request, "page") or 1)
    return page(
        request,
        "desk/referrals.html",
        section="oversight",
        tab="sanctions",
        rows=listed,
        names=subjects.subject_names(row.unit_id for row in listed),
        may_propose=permissions.can_propose(request.actor, office_id=office_id()),
    )


@at_desk(permissions.check_see_referrals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def refer(request: DeskRequest) -> HttpResponse:
    """A situation of the provincial procedure is referred with the county's evidence."""
    permissions.check_propose(request.actor, office_id=office_id())
    found = parameter("serious_dishonesty", timezone.localdate())
    value: Any = found.value
    form = ReferralForm(
        request.POST if request.method == "POST" else None,
        units=unit_choices(),
        situations=[(each["words"], each["words"]) for each in value["situations"]],
        leads=[(each, each) for each in value["leads"]],
    )
    signing = SigningBlock(request, referral_sheet)

    def said() -> dict[str, Any]:
        return {**form.cleaned_data, "basis": found.citation.text}

    done = signing.done(
        form,
        said,
        lambda signed: journey.refer_unit(
            **said(), signed=signed, at=timezone.now(), actor=request.actor
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("移送已登记。收到答复后请登记。"))
        return redirect("desk:referrals")
    note = _("依据{basis}。县里只移送事实和证据，不作认定。各情形由哪个部门牵头待核实。")
    return form_page(
        request,
        form,
        None,
        _("移送认定"),
        _("签署移送"),
        note.format(basis=found.citation.text),
        signing=signing,
    )


@at_desk(permissions.check_see_referrals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def answer(request: DeskRequest, referral_id: int) -> HttpResponse:
    """What came back."""
    permissions.check_propose(request.actor, office_id=office_id())
    try:
        row = sanctions.referral(referral_id)
    except UnknownCase as unknown:
        raise NotYours(unknown.what, _("编号有误。"), unknown.remedy) from None
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        journey.answer_referral(
            referral_id=row.pk,
            answered_on=said["answered_on"],
            answer=said["answer"],
            files=sent(said["evidence"]),
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("答复已登记。"))
        return redirect("desk:referrals")
    return form_page(request, form, None, _("登记移送的答复"), _("登记"), row.situation)


@at_desk(permissions.check_see_referrals)
@require_safe
def referral_piece(request: DeskRequest, referral_id: int, piece_id: int) -> HttpResponse:
    """A file that came with an answer."""
    try:
        row = sanctions.referral(referral_id)
    except UnknownCase as unknown:
        raise NotYours(unknown.what, _("编号有误。"), unknown.remedy) from None
    held = {int(file["piece"]) for file in row.answer_files}
    return piece_answer(request, piece_id, held, "referral", referral_id)


@at_desk(permissions.check_see_cases)
@require_safe
def law_values(request: DeskRequest) -> HttpResponse:
    """The values of the law folder that nobody read in the document, and who confirmed which."""
    rows = sanctions.confirmables(timezone.localdate())
    return page(
        request,
        "desk/law_values.html",
        section="oversight",
        tab="sanctions",
        rows=Paginator(rows, 2 * AT_ONCE).get_page(number(request, "page") or 1),
        n=sum(row.value.citation.from_memory and row.confirmation is None for row in rows),
        may_confirm=permissions.can_approve(request.actor),
    )


@at_desk(permissions.check_approve)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def confirm_law(request: DeskRequest) -> HttpResponse:
    """A reviewer compares one value with the document and signs; the address names the value."""
    address = request.GET.get("value", "")
    try:
        shown = sanctions.confirmable(address)
    except UnknownCase as unknown:
        raise NotYours(unknown.what, _("地址有误，或者它已经读过原文。"), unknown.remedy) from None
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: law_sheet(address))
    done = signing.done(
        form,
        lambda: {"address": address, **form.cleaned_data},
        lambda signed: journey.confirm_law_value(
            address=address,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已确认。值改了的，要重新确认。"))
        return redirect("desk:law-values")
    looked_at(request, "law.read", "law", shown.value.digest[:32])
    return form_page(
        request,
        form,
        None,
        _("确认法律值"),
        _("签署确认"),
        signing=signing,
        law=shown,
    )
