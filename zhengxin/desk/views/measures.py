"""Measures against units: the list, one case, and what is done before the decision."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.desk.asked import number
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.forms import BecauseForm, DeskForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.measure_forms import HearingForm, ProposalForm, ReplyForm
from zhengxin.desk.once import once
from zhengxin.desk.pieces import piece_answer
from zhengxin.desk.views.duties import own_units
from zhengxin.desk.views.inspections import unit_choices
from zhengxin.kernel.refused import NotAllowed
from zhengxin.sanctions import permissions
from zhengxin.sanctions import queries as sanctions
from zhengxin.sanctions.enums import TRANSITIONS, CaseState, Factor, StepState
from zhengxin.sanctions.models import Case
from zhengxin.sanctions.queries import UnknownCase
from zhengxin.sanctions.types import CIRCULATED
from zhengxin.subjects import queries as subjects

AT_ONCE = 20


def office_id() -> int | None:
    """The unit that is the county's credit office today."""
    found = subjects.credit_office(timezone.localdate())
    return found.id if found else None


def seen_units(request: DeskRequest) -> Collection[int] | None:
    """Whose cases the reader sees; None: all."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    return permissions.whose(request.actor, units, office_id=office_id())


@at_desk(permissions.check_see_cases)
@require_safe
def sanctions_list(request: DeskRequest) -> HttpResponse:
    """Cases that the reader may see, newest first; the filter stands in the address."""
    units = seen_units(request)
    state = request.GET.get("state", "")
    rows = sanctions.cases(units, state=state if state in CaseState.values else "")
    listed = Paginator(rows.prefetch_related("measures"), AT_ONCE).get_page(
        number(request, "page") or 1
    )
    return page(
        request,
        "desk/sanctions.html",
        section="oversight",
        tab="sanctions",
        rows=listed,
        state=state,
        states=CaseState.choices,
        n=sanctions.cases(units, state=CaseState.TO_LOOK_AT).count() if units is None else 0,
        names=subjects.subject_names(row.unit_id for row in listed),
        may_propose=permissions.can_propose(request.actor, office_id=office_id()),
        county_wide=units is None,
        may_see_referrals=permissions.can_see_referrals(request.actor),
    )


def seen_case(request: DeskRequest, sanction_id: int) -> Case:
    """A case that the actor may see. Raises NotYours."""
    try:
        found = sanctions.case(sanction_id)
        units = seen_units(request)
        executing = sanctions.executing(found)
        permissions.check_see_case(request.actor, found, units=units, executing=executing)
    except (UnknownCase, NotAllowed):
        raise NotYours(
            _("没有找到这件惩戒。"),
            _("编号有误，或者它不是您本单位的。"),
            _("请从惩戒列表里打开。"),
        ) from None
    return found


def case_facts(request: DeskRequest, case: Case) -> dict[str, Any]:
    """What a page shows of a case."""
    units = seen_units(request)
    rows = list(case.measures.select_related("circulation").order_by("id"))
    carried = sanctions.executions(case)
    return {
        "case": case,
        "measures": rows,
        "tasks": sanctions.tasks(rows),
        "executions": carried,
        "replies": list(case.replies.order_by("id")),
        "factors": [
            {**each, "label": Factor(each["factor"]).label}
            for each in case.factors
            if each["holds"]
        ],
        "names": subjects.subject_names(
            {case.unit_id, *case.executing_ids, *(each[0].unit_id for each in carried)}
        ),
        "whole": permissions.sees_whole(request.actor, case, units=units),
        "county_wide": units is None,
        "visible": units,
        "today": timezone.localdate(),
    }


@at_desk(permissions.check_see_cases)
@require_safe
def sanction(request: DeskRequest, sanction_id: int) -> HttpResponse:
    """One case: facts, bases, replies, decision, who carries it out, and what may be done now."""
    case = seen_case(request, sanction_id)
    facts = case_facts(request, case)
    looked_at(request, "sanction.read", "sanction", sanction_id)
    return page(
        request,
        "desk/sanction.html",
        section="oversight",
        tab="sanctions",
        **facts,
        comparable=sanctions.comparable(case) if facts["county_wide"] else [],
        may=_may(request, case),
        circulated=CIRCULATED,
    )


def _may(request: DeskRequest, case: Case) -> dict[str, bool]:
    """What the reader may do with the case as it stands."""
    actor, office, today = request.actor, office_id(), timezone.localdate()
    goes = TRANSITIONS[CaseState(case.state)]
    officer = permissions.can_propose(actor, office_id=office)
    leader = permissions.can_decide(actor, office_id=office)
    own = own_units(request, today)
    speaks = case.state in (CaseState.NOTICED, CaseState.REPLIED, CaseState.HEARD)
    over = case.reply_by is not None and today > case.reply_by
    return {
        "propose": officer and case.state == CaseState.TO_LOOK_AT,
        "notice": officer and CaseState.NOTICED in goes,
        "reply": speaks and not over and permissions.can_reply(actor, case, units=own),
        "hear": case.state == CaseState.REPLIED and permissions.can_hear(actor, office_id=office),
        "decide": leader and CaseState.DECIDED in goes and over,
        "serve": officer and case.state == CaseState.DECIDED,
        "drop": CaseState.DROPPED in goes
        and case.state != CaseState.DECIDED
        and permissions.can_hear(actor, office_id=office),
        "lift": leader and case.state == CaseState.IN_FORCE,
        "circulate": case.state == CaseState.IN_FORCE
        and permissions.can_approve(actor)
        and case.measures.filter(
            code=CIRCULATED, state=StepState.IN_FORCE, circulation=None
        ).exists(),
    }


@at_desk(permissions.check_see_cases)
@require_safe
def notice_paper(request: DeskRequest, sanction_id: int) -> HttpResponse:
    """The notice, and the decision where there is one, to be printed and served on paper."""
    case = seen_case(request, sanction_id)
    if not permissions.sees_whole(request.actor, case, units=seen_units(request)):
        raise NotYours(_("没有找到这份文书。"), _("它是给别的单位的。"), _("请从惩戒列表里打开。"))
    looked_at(request, "sanction.print", "sanction", sanction_id)
    return page(
        request,
        "desk/sanction_paper.html",
        section="oversight",
        tab="sanctions",
        **case_facts(request, case),
        office=subjects.credit_office(timezone.localdate()),
    )


@at_desk(permissions.check_see_cases)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def propose(request: DeskRequest) -> HttpResponse:
    """Measures are proposed against a unit; the address may name a case that the program opened."""
    permissions.check_propose(request.actor, office_id=office_id())
    today = timezone.localdate()
    steps = [
        (each.address, _("{name}：{basis}").format(name=each.name, basis=each.basis))
        for each in sanctions.own_steps_on(today)
    ]
    opened = seen_case(request, pk) if (pk := number(request, "case")) else None
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        units=unit_choices(),
        steps=steps,
        initial={"unit_id": opened.unit_id, "entry_id": opened.entry_id} if opened else {},
    )
    if request.method == "POST" and form.is_valid():
        sanction_id = journey.propose_sanction(
            **form.cleaned_data, at=timezone.now(), actor=request.actor
        )
        messages.success(request, _("已提出。核对无误的，请告知单位。"))
        return redirect("desk:sanction", sanction_id)
    return form_page(request, form, None, _("提出惩戒"), _("提出"))


def form_page(
    request: DeskRequest,
    form: BaseForm | None,
    case: Case | None,
    title: str,
    verb: str,
    note: str = "",
    **more: Any,
) -> HttpResponse:
    """A form beside the case it is about."""
    signing = more.get("signing")
    status = signing.status(form) if signing else 422 if form is not None and form.errors else 200
    return page(
        request,
        "desk/sanction_form.html",
        section="oversight",
        tab=more.pop("tab", "sanctions"),
        status=status,
        form=form,
        title=title,
        verb=verb,
        note=note,
        **(case_facts(request, case) if case else {}),
        **more,
    )


def _act(
    request: DeskRequest,
    case: Case,
    form: DeskForm,
    do: Callable[..., object],
    said: Callable[[], dict[str, Any]],
    words: dict[str, str],
) -> HttpResponse:
    """An act that is not signed: its form, or the act and the case again."""
    if request.method == "POST" and form.is_valid():
        do(case_id=case.pk, **said(), at=timezone.now(), actor=request.actor)
        messages.success(request, words["done"])
        return redirect("desk:sanction", case.pk)
    return form_page(request, form, case, words["title"], words["verb"], words["note"])


@at_desk(permissions.check_see_cases)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def notice(request: DeskRequest, sanction_id: int) -> HttpResponse:
    """The unit is served with advance notice."""
    case = seen_case(request, sanction_id)
    permissions.check_propose(request.actor, office_id=office_id())
    words = {
        "title": _("事先告知"),
        "verb": _("告知单位"),
        "note": _("单位在系统里收到事实、依据和陈述的权利，陈述期按法律值计算，不能缩短。"),
        "done": _("已告知单位。告知书可以打印送达。"),
    }
    form = DeskForm(request.POST if request.method == "POST" else None)
    return _act(request, case, form, journey.notice_sanction, dict, words)


@at_desk(permissions.check_see_cases)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def serve(request: DeskRequest, sanction_id: int) -> HttpResponse:
    """The decision is served."""
    case = seen_case(request, sanction_id)
    permissions.check_propose(request.actor, office_id=office_id())
    words = {
        "title": _("送达决定"),
        "verb": _("送达"),
        "note": _("送达以后措施开始执行，执行单位要确认已经执行。"),
        "done": _("已送达，措施开始执行。"),
    }
    form = DeskForm(request.POST if request.method == "POST" else None)
    return _act(request, case, form, journey.serve_decision, dict, words)


@at_desk(permissions.check_see_cases)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reply(request: DeskRequest, sanction_id: int) -> HttpResponse:
    """The unit states its case."""
    case = seen_case(request, sanction_id)
    permissions.check_reply(request.actor, case, units=own_units(request, timezone.localdate()))
    form = ReplyForm(request.POST or None, request.FILES or None)
    words = {
        "title": _("陈述"),
        "verb": _("提交"),
        "note": _("陈述是权利：不陈述不算违约，陈述了也不会因此加重。陈述永远附在这一件里。"),
        "done": _("陈述已提交，决定以前必须听取。"),
    }

    def said() -> dict[str, Any]:
        given = form.cleaned_data
        return {"words": given["words"], "files": sent(given["evidence"])}

    return _act(request, case, form, journey.reply_to_sanction, said, words)


@at_desk(permissions.check_see_cases)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def hear(request: DeskRequest, sanction_id: int) -> HttpResponse:
    """What was made of every point of the reply."""
    case = seen_case(request, sanction_id)
    permissions.check_hear(request.actor, office_id=office_id())
    form = HearingForm(request.POST if request.method == "POST" else None)
    words = {
        "title": _("听取陈述"),
        "verb": _("记下"),
        "note": _("没有听取陈述的，不能决定。"),
        "done": _("已记下。陈述期过后，由负责人决定。"),
    }
    return _act(request, case, form, journey.hear_reply, lambda: form.cleaned_data, words)


@at_desk(permissions.check_see_cases)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def drop(request: DeskRequest, sanction_id: int) -> HttpResponse:
    """Nothing follows from it."""
    case = seen_case(request, sanction_id)
    permissions.check_hear(request.actor, office_id=office_id())
    form = BecauseForm(request.POST if request.method == "POST" else None)
    words = {
        "title": _("不再办理"),
        "verb": _("不再办理"),
        "note": _("写明理由，记入登记簿。"),
        "done": _("已不再办理。"),
    }
    return _act(request, case, form, journey.drop_sanction, lambda: form.cleaned_data, words)


@at_desk(permissions.check_see_cases)
@require_safe
def evidence(request: DeskRequest, sanction_id: int, piece_id: int) -> HttpResponse:
    """A file that came with a reply, for the unit and the county."""
    case = seen_case(request, sanction_id)
    units = seen_units(request)
    whole = permissions.sees_whole(request.actor, case, units=units)
    files = [file for each in case.replies.all() for file in each.files] if whole else []
    held = {int(file["piece"]) for file in files}
    return piece_answer(request, piece_id, held, "sanction", sanction_id)
