"""Acts on objections: lodge, look first, answer, decide, take back, put right, release a statement, confirm a copy."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.desk.asked import number
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.forms import BecauseForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.objection_forms import (
    AnswerForm,
    CheckForm,
    ConfirmForm,
    CounterForm,
    LodgeForm,
    RulingForm,
)
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.duties import own_units
from zhengxin.desk.views.objections import CODE_KEY, is_party, record_shown, seen_objection
from zhengxin.journey.objection_steps import (
    check_sheet,
    decision_sheet,
    handlers_of,
    own_unit_objector,
    statement_sheet,
)
from zhengxin.kernel.actor import Role
from zhengxin.objections import permissions
from zhengxin.objections import queries as objections
from zhengxin.objections.models import Objection
from zhengxin.objections.queries import UnknownObjection
from zhengxin.objections.types import Objector


def _sent(request: DeskRequest) -> tuple[Any, Any]:
    """What came with a form, None where none was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@at_desk(permissions.check_see_objections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def lodge(request: DeskRequest) -> HttpResponse:
    """Takes an objection in: at the counter for somebody, or one's own unit's."""
    permissions.check_lodge(request.actor)
    counter = request.actor.has(Role.CREDIT_OFFICER)
    kind = CounterForm if counter else LodgeForm
    first = {"entry_id": number(request, "entry")}
    form = kind(*_sent(request), initial=first)
    if request.method == "POST" and form.is_valid():
        said, at = form.cleaned_data, timezone.now()
        lodged = journey.lodge_objection(
            entry_id=said["entry_id"],
            objector=Objector(
                said["kind"], said["name"], said["phone"], said["code"], said["address"]
            )
            if counter
            else own_unit_objector(actor=request.actor, phone=said["phone"]),
            claim=said["claim"],
            statement=said["statement"],
            files=sent(said["evidence"]),
            at=at,
            actor=request.actor,
        )
        request.session[CODE_KEY] = [lodged.id, lodged.code]
        messages.success(request, _("已登记，记录已经标注“异议处理中”。"))
        return redirect("desk:objection", lodged.id)
    return _form_page(
        request,
        form,
        title=_("登记异议"),
        verb=_("登记并标注"),
        note=_("登记以后，公开站、档案、接口、下载和上报里的这条记录马上标注“异议处理中”。"),
    )


def _form_page(
    request: DeskRequest, form: forms.Form | None, row: Objection | None = None, **context: Any
) -> HttpResponse:
    signing: SigningBlock | None = context.get("signing")
    record, names = record_shown(row, request.actor) if row is not None else (None, {})
    failed = form is not None and bool(form.errors)
    return page(
        request,
        "desk/objection_form.html",
        section="objections",
        status=signing.status(form) if signing else 422 if failed else 200,
        form=form,
        row=row,
        party=row is not None and is_party(request, row),
        record=record,
        names=names,
        **context,
    )


@at_desk(permissions.check_check)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def check(request: DeskRequest, objection_id: int) -> HttpResponse:
    """Taken up or not."""
    row = seen_objection(request, objection_id)
    form = CheckForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: check_sheet(objection_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.check_objection(
            objection_id=objection_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("审查结论已记下。"))
        return redirect("desk:objection", objection_id)
    return _form_page(
        request, form, row, signing=signing, title=_("审查是否受理"), verb=_("签署审查结论")
    )


@at_desk(permissions.check_see_objections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def answer(request: DeskRequest, objection_id: int) -> HttpResponse:
    """The unit that recorded answers."""
    row = seen_objection(request, objection_id)
    own = own_units(request, timezone.localdate())
    permissions.check_answer(request.actor, row, units=own)
    form = AnswerForm(*_sent(request))
    if request.method == "POST" and form.is_valid():
        journey.answer_objection(
            objection_id=objection_id,
            words=form.cleaned_data["words"],
            files=sent(form.cleaned_data["evidence"]),
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("答复已提交，等决定。"))
        return redirect("desk:objection", objection_id)
    return _form_page(request, form, row, title=_("答复异议"), verb=_("提交"))


@at_desk(permissions.check_see_objections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: DeskRequest, objection_id: int) -> HttpResponse:
    """Decided by somebody who neither recorded nor imposed."""
    row = seen_objection(request, objection_id)
    own = own_units(request, timezone.localdate())
    permissions.check_decide(request.actor, row, handled_by=handlers_of(row), units=own)
    form = RulingForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: decision_sheet(objection_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.decide_objection(
            objection_id=objection_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("决定已记下，请告知异议人。"))
        return redirect("desk:objection", objection_id)
    return _form_page(
        request,
        form,
        row,
        signing=signing,
        title=_("决定异议"),
        verb=_("签署决定"),
        note=_("全部支持的，记录当场撤销；部分支持的，由报送单位更正，更正入账前一直标注。"),
    )


@at_desk(permissions.check_see_objections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw(request: DeskRequest, objection_id: int) -> HttpResponse:
    """The objector takes it back."""
    row = seen_objection(request, objection_id)
    own = own_units(request, timezone.localdate())
    permissions.check_withdraw(request.actor, row, units=own)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        journey.withdraw_objection(
            objection_id=objection_id,
            because=form.cleaned_data["because"],
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("已撤回，标注已经取消。"))
        return redirect("desk:objection", objection_id)
    return _form_page(
        request,
        form,
        row,
        title=_("撤回异议"),
        verb=_("撤回并取消标注"),
        note=_("只按异议人本人的意思撤回；写明他哪天、怎样提出的。"),
    )


@at_desk(permissions.check_see_objections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def settle(request: DeskRequest, objection_id: int) -> HttpResponse:
    """The correction has come."""
    row = seen_objection(request, objection_id)
    own = own_units(request, timezone.localdate())
    permissions.check_settle(request.actor, row, units=own)
    if request.method == "POST":
        journey.settle_objection(objection_id=objection_id, at=timezone.now(), actor=request.actor)
        messages.success(request, _("更正已办结，标注已经取消，已通知持有副本的各方。"))
        return redirect("desk:objection", objection_id)
    return _form_page(
        request,
        None,
        row,
        title=_("办结更正"),
        verb=_("更正已经入账，办结"),
        note=_("请先由报送单位按原文书号报送正确的一行；登记簿里见到更正，才能办结。"),
    )


@at_desk(permissions.check_see_objections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def release(request: DeskRequest, objection_id: int) -> HttpResponse:
    """The words of whoever objected in vain are to stand beside the record."""
    row = seen_objection(request, objection_id)
    permissions.check_release_statement(request.actor, row)
    signing = SigningBlock(request, lambda _nonce: statement_sheet(objection_id))
    done = signing.done(
        None,
        dict,
        lambda signed: journey.release_statement(
            objection_id=objection_id, signed=signed, at=timezone.now(), actor=request.actor
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("声明已附在记录旁边。"))
        return redirect("desk:objection", objection_id)
    return _form_page(
        request,
        None,
        row,
        signing=signing,
        title=_("放行当事人声明"),
        verb=_("签署放行"),
        note=row.statement,
    )


@at_desk(permissions.check_see_objections)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def confirm(request: DeskRequest, copy_id: int) -> HttpResponse:
    """Somebody who holds a copy has corrected it."""
    try:
        copy = objections.copy(copy_id)
    except UnknownObjection as unknown:
        raise NotYours(unknown.what, unknown.why, unknown.remedy) from None
    row = seen_objection(request, copy.objection_id)
    own = own_units(request, timezone.localdate())
    permissions.check_confirm(request.actor, copy, units=own)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        journey.confirm_correction(
            copy_id=copy_id,
            words=form.cleaned_data["words"],
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("已记下回执。"))
        return redirect("desk:objection", copy.objection_id)
    return _form_page(
        request, form, row, title=_("记下更正回执：{name}").format(name=copy.name), verb=_("记下")
    )
