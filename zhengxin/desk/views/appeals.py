"""Appeals against decisions: the list, one appeal, lodging, reviewing, taking back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts.types import Signed
from zhengxin.appeals import permissions
from zhengxin.appeals import queries as appeals
from zhengxin.appeals.enums import AppealState
from zhengxin.appeals.models import Appeal
from zhengxin.desk.appeal_forms import AppealForm, ReviewingForm
from zhengxin.desk.asked import number
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.forms import BecauseForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.listings import as_asked
from zhengxin.desk.once import once
from zhengxin.desk.pieces import piece_answer
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.duties import own_units
from zhengxin.duties import standing as duties
from zhengxin.journey.appealing import appeal_sheet, county_governments
from zhengxin.journey.records import Record, record
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.enums import Act
from zhengxin.subjects import queries as subjects

AT_ONCE = 20
MOST_EXPORTED = 5_000


@at_desk(permissions.check_see_appeals)
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """Appeals newest first; the filter stands in the address."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    state = request.GET.get("state", "")
    rows = Paginator(appeals.appeals(units, state=state), AT_ONCE)
    shown = rows.get_page(number(request, "page") or 1)
    return page(
        request,
        "desk/appeals.html",
        section="objections",
        rows=shown,
        states=AppealState.choices,
        chosen={"state": state},
        n=appeals.appeals(units, state=AppealState.LODGED).count(),
        names=_names(*shown),
        duties=appeals.duties_of(shown),
        may_lodge=permissions.can_lodge(request.actor),
    )


@at_desk(permissions.check_see_appeals)
@require_safe
def table(request: DeskRequest) -> HttpResponseBase:
    """The chosen appeals as CSV or XLSX."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    rows = list(appeals.appeals(units, state=request.GET.get("state", ""))[:MOST_EXPORTED])
    names = _names(*rows)
    header = [_("编号"), _("登记日期"), _("决定"), _("决定编号"), _("有关单位"), _("状态")]
    header += [_("复核日期")]
    cells = (
        [
            row.pk,
            row.lodged_on,
            row.kind_label,
            row.against_id,
            names.get(row.unit_id),
            row.get_state_display(),
            row.decided_on,
        ]
        for row in rows
    )
    return as_asked(request, f"{_('申诉')}_{timezone.localdate()}", header, cells)


def _seen(request: DeskRequest, appeal_id: int) -> Appeal:
    """An appeal that the actor may see. Raises NotYours."""
    try:
        found = appeals.appeal(appeal_id)
        units = subjects.visible_units(request.actor, timezone.localdate())
        permissions.check_see_appeal(request.actor, found, units=units)
    except (appeals.UnknownAppeal, NotAllowed):
        raise NotYours(
            _("没有找到这件申诉。"),
            _("编号有误，或者它是其他单位的。"),
            _("请从申诉列表里打开。"),
        ) from None
    return found


def _names(*rows: Appeal) -> dict[int, str]:
    """Units and firms by name; a natural person's name stands in the file alone."""
    ids = {each for row in rows for each in (row.unit_id, row.taken_by_id)}
    ids |= {row.subject_id for row in rows if row.subject_id and not row.person}
    return subjects.subject_names(ids)


def _decision_words(row: Appeal) -> str:
    """What the decision said, as far as it may be read here."""
    said = ledger.payloads([row.against_id]).get(row.against_id)
    return str(said.open.get("reasons") or said.open.get("because") or "") if said else ""


def _record(row: Appeal) -> Record | None:
    """The record, unless it is a natural person's: that one is read in the file, for a purpose."""
    return None if row.person else record(row.record_id)


def _facts(row: Appeal) -> dict[str, Any]:
    return {
        "appeal": row,
        "names": _names(row),
        "decision_words": _decision_words(row),
        "record": _record(row),
    }


@at_desk(permissions.check_see_appeals)
@require_safe
def one(request: DeskRequest, appeal_id: int) -> HttpResponse:
    """One appeal: the decision, what is said against it, how it was reviewed."""
    row = _seen(request, appeal_id)
    looked_at(request, "appeal.read", "appeal", appeal_id)
    now, lodged = timezone.now(), row.state == AppealState.LODGED
    decided_by = appeals.decision(row.against_id).decided_by
    may_decide = lodged and permissions.can_decide(
        request.actor, row, decided_by=decided_by, county=county_governments(now)
    )
    own = own_units(request, timezone.localdate())
    return page(
        request,
        "desk/appeal.html",
        section="objections",
        duty=duties.duty(row.duty_id) if row.duty_id else None,
        redo=duties.duty(row.redo_duty_id) if row.redo_duty_id else None,
        may_decide=may_decide,
        may_withdraw=lodged and permissions.can_withdraw(request.actor, row, units=own),
        **_facts(row),
    )


def _open_to(request: DeskRequest, record_id: int) -> list[int]:
    """The decisions about a record against which whoever asks may lodge an appeal."""
    own = own_units(request, timezone.localdate())
    found = []
    for entry_id in appeals.decisions_about(record_id):
        try:
            about = appeals.decision(entry_id)
            subject = None if about.person else about.subject_id
            permissions.check_lodge_about(request.actor, subject_id=subject, units=own)
        except appeals.NoSuchDecision:
            continue
        found.append(entry_id)
    return found


@at_desk(permissions.check_lodge)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def lodge(request: DeskRequest) -> HttpResponse:
    """An appeal is taken in; `decision` or `record` in the address fill the number in."""
    about = number(request, "record")
    open_to = _open_to(request, about) if about is not None else []
    first = number(request, "decision") or (open_to[0] if open_to else None)
    form = AppealForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={"decision": first} if first else None,
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        appeal_id = journey.lodge_appeal(
            decision_id=said["decision"],
            words=said["words"],
            files=sent(said["evidence"]),
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("申诉已登记，复核期限已经开始。"))
        return redirect("desk:appeal", appeal_id)
    return page(
        request,
        "desk/appeal_form.html",
        section="objections",
        status=422 if form.errors else 200,
        form=form,
        title=_("登记申诉"),
        verb=_("登记"),
        note=_("对定级、异议或者信用修复的决定不服的，由没有参与原决定的人复核。"),
        open_to=[(i, Act(ledger.entry(i).kind).label) for i in open_to],
    )


@at_desk(permissions.check_see_appeals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: DeskRequest, appeal_id: int) -> HttpResponse:
    """Kept or set aside, by somebody who took no part."""
    row = _seen(request, appeal_id)
    decided_by = appeals.decision(row.against_id).decided_by
    county = county_governments(timezone.now())
    permissions.check_decide(request.actor, row, decided_by=decided_by, county=county)
    if row.state != AppealState.LODGED:
        return redirect("desk:appeal", appeal_id)
    form = ReviewingForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: appeal_sheet(appeal_id))

    def do(signed: Signed) -> None:
        journey.decide_appeal(
            appeal_id=appeal_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        )

    done = signing.done(form, lambda: form.cleaned_data, do)
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("复核决定已作出。"))
        return redirect("desk:appeal", appeal_id)
    return page(
        request,
        "desk/appeal_form.html",
        section="objections",
        status=signing.status(form),
        form=form,
        signing=signing,
        title=_("复核申诉"),
        verb=_("作出复核决定"),
        note=_("撤销原决定的，由没有参与原决定的人在期限内重新办理。"),
        **_facts(row),
    )


@at_desk(permissions.check_lodge)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw(request: DeskRequest, appeal_id: int) -> HttpResponse:
    """The one concerned takes it back."""
    row = _seen(request, appeal_id)
    permissions.check_withdraw(request.actor, row, units=own_units(request, timezone.localdate()))
    if row.state != AppealState.LODGED:
        return redirect("desk:appeal", appeal_id)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        journey.withdraw_appeal(
            appeal_id=appeal_id,
            because=form.cleaned_data["because"],
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("申诉已撤回。期限没过的，还可以再提。"))
        return redirect("desk:appeal", appeal_id)
    return page(
        request,
        "desk/appeal_form.html",
        section="objections",
        status=422 if form.errors else 200,
        form=form,
        title=_("撤回申诉"),
        verb=_("撤回"),
        danger=True,
        **_facts(row),
    )


@at_desk(permissions.check_see_appeals)
@require_safe
def piece(request: DeskRequest, appeal_id: int, piece_id: int) -> HttpResponse:
    """A file that came with an appeal."""
    row = _seen(request, appeal_id)
    return piece_answer(
        request, piece_id, {int(each["piece"]) for each in row.files}, "appeal", appeal_id
    )
