"""Writing a return, signing a unit's sheet, and what the office does: accepting, giving back, reopening."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengxin import journey
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.returns_forms import AcceptForm, BackForm, ReturnForm
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.returns import return_at, sheet_at, shown_of
from zhengxin.evidence import queries as evidence
from zhengxin.evidence.types import Sent
from zhengxin.journey.accepting import accepting_sheet, office_units, reopening_sheet
from zhengxin.journey.returning import own_units, signing_sheet
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.oversight.returns import permissions, queries
from zhengxin.oversight.returns.actions import DraftChanged
from zhengxin.oversight.returns.enums import EDITABLE, Stage
from zhengxin.oversight.returns.models import QuarterlyReturn
from zhengxin.oversight.returns.types import Quarter
from zhengxin.subjects import queries as subjects


@at_desk(permissions.check_see_returns)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def write(request: DeskRequest, return_id: int) -> HttpResponse:
    """The draft of one return. Whoever saves over another's saving sees both texts first."""
    row = return_at(request, return_id)
    own = own_units(timezone.now(), request.actor)
    permissions.check_write(request.actor, unit_id=row.unit_id, units=own)
    if row.stage not in EDITABLE:
        raise NotYours(
            _("这份报送现在不能改：{stage}。").format(stage=row.get_stage_display()),
            _("签署以后内容锁定；退回或者重开以后才能再改。"),
            _("要改的，请联系政务公开办公室退回或重开。"),
        )
    form = ReturnForm(
        *([request.POST, request.FILES] if request.method == "POST" else []),
        pieces=_attached(row),
        initial={
            "kind": row.kind,
            "work": row.work,
            "problems": row.problems,
            "next_steps": row.next_steps,
            "zero_because": row.zero_because,
            "keep": [str(pk) for pk in row.pieces],
            "saving": row.saving,
        },
    )
    theirs: QuarterlyReturn | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, row, form)
        except DraftChanged as changed:
            theirs = changed.row
            # The next saving is over theirs, knowingly; nothing that they attached goes unseen.
            again = request.POST.copy()
            again["saving"] = str(theirs.saving)
            again.setlist("keep", [str(pk) for pk in theirs.pieces])
            form = ReturnForm(again, pieces=_attached(theirs))
            form.full_clean()
        except NotAllowed:
            raise
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("草稿已保存，还没有报送：要由负责人签署。"))
            return redirect("desk:unit-returns", row.unit_id, row.quarter)
    return page(
        request,
        "desk/returns_write.html",
        section="oversight",
        status=409 if theirs else 422 if form.errors else 200,
        row=row,
        unit=subjects.unit(row.unit_id),
        quarter=Quarter.read(row.quarter),
        form=form,
        theirs=theirs,
        mine=form.words() if theirs else None,
        returned=_returned(row),
        figures=[each for each in queries.compared([row])[row.pk] if each.taken.of_mandate],
    )


def _attached(row: QuarterlyReturn) -> list[tuple[str, str]]:
    """The evidence of a draft, as choices."""
    known = evidence.pieces(row.pieces)
    return [(str(pk), known[pk].name) for pk in row.pieces if pk in known]


def _save(request: DeskRequest, row: QuarterlyReturn, form: ReturnForm) -> None:
    journey.save_return(
        return_id=row.pk,
        saving=form.cleaned_data["saving"],
        words=form.words(),
        keep=form.kept,
        files=[Sent(each.name or "", each.read()) for each in form.cleaned_data["evidence"]],
        at=timezone.now(),
        actor=request.actor,
    )


def _returned(row: QuarterlyReturn) -> Any:
    """The version that was given back or reopened, with the reason."""
    versions = queries.versions([row])[row.pk]
    return versions[0] if versions and versions[0].settled else None


@at_desk(permissions.check_see_returns)
@require_POST
@once
def take_figures(request: DeskRequest, unit_id: int, quarter: str) -> HttpResponse:
    """Takes the figures of a unit's drafts anew."""
    sheet_at(request, unit_id, quarter)
    n = journey.take_return_figures(
        unit_id=unit_id, quarter=quarter, at=timezone.now(), actor=request.actor
    )
    messages.success(request, _("{n}项任务的数字已按现在的登记簿重取。").format(n=n))
    return redirect("desk:unit-returns", unit_id, quarter)


@at_desk(permissions.check_see_returns)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def sign(request: DeskRequest, unit_id: int, quarter: str) -> HttpResponse:
    """The leader reads everything that is ready and signs it, reported or confirmed as zero."""
    rows = sheet_at(request, unit_id, quarter)
    own = own_units(timezone.now(), request.actor)
    permissions.check_sign(request.actor, unit_id=unit_id, units=own)
    today = timezone.localdate()
    signing = SigningBlock(request, lambda _nonce: signing_sheet(unit_id, quarter, today))
    done = signing.done(
        None,
        dict,
        lambda signed: journey.sign_returns(
            unit_id=unit_id,
            quarter=quarter,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    ready = queries.to_sign(rows)
    if done:
        messages.success(request, _("已签署报送{n}项任务，等待受理。").format(n=len(ready)))
        return redirect("desk:unit-returns", unit_id, quarter)
    return page(
        request,
        "desk/returns_sign.html",
        section="oversight",
        status=signing.status(None),
        signing=signing,
        unit=subjects.unit(unit_id),
        quarter=Quarter.read(quarter),
        left=[row for row in rows if row.stage in EDITABLE and row not in ready],
        **shown_of(ready),
    )


@at_desk(permissions.check_see_returns)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def accept(request: DeskRequest, unit_id: int, quarter: str) -> HttpResponse:
    """The office reads what was signed and accepts all or some of it."""
    rows = sheet_at(request, unit_id, quarter)
    _check_settle(request, unit_id)
    waiting, today = queries.waiting(rows), timezone.localdate()
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        waiting=[(str(row.pk), _("任务{n}").format(n=row.mandate.number)) for row in waiting],
        initial={"return_ids": [str(row.pk) for row in waiting]},
    )
    signing = SigningBlock(request, lambda _nonce: accepting_sheet(unit_id, quarter, today))
    done = signing.done(
        form,
        form.said,
        lambda signed: journey.accept_returns(
            unit_id=unit_id,
            quarter=quarter,
            **form.said(),
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        n = len(form.cleaned_data["return_ids"])
        messages.success(request, _("已受理{n}项任务的报送，内容锁定。").format(n=n))
        return redirect("desk:unit-returns", unit_id, quarter)
    return page(
        request,
        "desk/returns_accept.html",
        section="oversight",
        status=signing.status(form),
        signing=signing,
        form=form,
        unit=subjects.unit(unit_id),
        quarter=Quarter.read(quarter),
        **shown_of(waiting),
    )


@at_desk(permissions.check_see_returns)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def send_back(request: DeskRequest, return_id: int) -> HttpResponse:
    """What was signed does not do; the unit owes it as before."""
    row = return_at(request, return_id)
    _check_settle(request, row.unit_id)
    if row.stage != Stage.SIGNED:
        raise NotYours(
            _("这份报送现在不能退回：{stage}。").format(stage=row.get_stage_display()),
            _("只有待受理的可以退回；已受理的可以重开。"),
            _("请回到单位的报送核对。"),
        )
    form = BackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        journey.send_back_return(
            return_id=return_id, **form.cleaned_data, at=timezone.now(), actor=request.actor
        )
        messages.success(request, _("已退回，单位要重新报送。"))
        return redirect("desk:unit-returns", row.unit_id, row.quarter)
    return page(
        request,
        "desk/returns_back.html",
        section="oversight",
        status=422 if form.errors else 200,
        form=form,
        unit=subjects.unit(row.unit_id),
        quarter=Quarter.read(row.quarter),
        **shown_of([row]),
    )


@at_desk(permissions.check_see_returns)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reopen(request: DeskRequest, return_id: int) -> HttpResponse:
    """An accepted return is owed once more; the accepted version stays in its history."""
    row = return_at(request, return_id)
    _check_settle(request, row.unit_id)
    form = BackForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: reopening_sheet(return_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.reopen_return(
            return_id=return_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已重开。单位重新签署以前，原来受理的仍然有效。"))
        return redirect("desk:unit-returns", row.unit_id, row.quarter)
    return page(
        request,
        "desk/returns_back.html",
        section="oversight",
        status=signing.status(form),
        signing=signing,
        form=form,
        unit=subjects.unit(row.unit_id),
        quarter=Quarter.read(row.quarter),
        **shown_of([row]),
    )


def _check_settle(request: DeskRequest, unit_id: int) -> None:
    now = timezone.now()
    permissions.check_settle(
        request.actor,
        unit_id=unit_id,
        units=own_units(now, request.actor),
        office_units=office_units(timezone.localdate(now)),
    )
