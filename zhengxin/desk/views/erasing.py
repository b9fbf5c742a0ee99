"""Erasing a record's content for good, and the legal holds that stop it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.accounts.types import Signed
from zhengxin.desk.erasing_forms import EraseForm, HoldForm
from zhengxin.desk.forms import BecauseForm
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.intake import queries as intake
from zhengxin.journey.records import kind_labels
from zhengxin.journey.showing import erasure_sheet, hold_sheet, new_hold_sheet
from zhengxin.kernel.refused import AlreadyDone
from zhengxin.publication import queries as publication
from zhengxin.retention import queries as retention
from zhengxin.retention.enums import HoldOn
from zhengxin.subjects import queries as subjects

AT_ONCE = 20


@at_desk(permissions.check_erase)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def erase(request: DeskRequest, entry_id: int) -> HttpResponse:
    """Erases one record's content for good, and says how far that has come. The page shows which record it is, not what it says."""
    if publication.notice(entry_id) is None:
        raise NotYours(_("没有找到这条记录。"), _("编号有误。"), _("请从公示列表里打开。"))
    chain = journey.chain_of(entry_id=entry_id)
    states = retention.erasures([each.id for each in chain])
    form = EraseForm(request.POST if request.method == "POST" else None, versions=len(chain))
    signing = SigningBlock(request, lambda _nonce: erasure_sheet(entry_id))
    done = signing.done(
        form,
        lambda: {
            "because": form.cleaned_data["because"],
            "whole_chain": form.cleaned_data.get("scope") != "one",
        },
        lambda signed: journey.erase(
            entry_id=entry_id,
            whole_chain=form.cleaned_data.get("scope") != "one",
            because=form.cleaned_data["because"],
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("内容已抹去，谁也读不到了；文件里的残留正在清理。"))
        return redirect("desk:erase", entry_id)
    return page(
        request,
        "desk/erase.html",
        section="notices",
        status=signing.status(form),
        signing=signing,
        entry_id=entry_id,
        chain=[(each, states.get(each.id)) for each in chain],
        mine=states.get(entry_id),
        left=[each.id for each in chain if each.id not in states],
        holds=journey.holds_over(entries=chain, on=timezone.localdate()),
        kinds=kind_labels(),
        form=form,
    )


@at_desk(permissions.check_hold)
@require_safe
def holds(request: DeskRequest) -> HttpResponse:
    """Legal holds, those in force first."""
    today = timezone.localdate()
    rows = Paginator(retention.holds(), AT_ONCE).get_page(request.GET.get("page"))
    account_id = request.actor.account_id
    reviewer = may(permissions.check_lift_hold, request.actor)
    return page(
        request,
        "desk/holds.html",
        section="notices",
        rows=rows,
        standing=retention.count_standing(today),
        liftable={row.pk for row in rows if reviewer and retention.may_lift(row, account_id)},
        today=today,
        subjects=subjects.subject_names(row.target_id for row in rows if row.on == HoldOn.SUBJECT),
    )


@at_desk(permissions.check_hold)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def place_hold(request: DeskRequest) -> HttpResponse:
    """Puts a record, a subject's records or a submission's under legal hold."""
    asked = {"on": request.GET.get("on", HoldOn.ENTRY), "target": request.GET.get("target", "")}
    form = HoldForm(request.POST if request.method == "POST" else None, initial=asked)
    signing = SigningBlock(request, new_hold_sheet)
    done = signing.done(form, lambda: _held(form), lambda signed: _place(request, form, signed))
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已保全，解除或到期以前不能抹去。"))
        return redirect("desk:holds")
    return page(
        request,
        "desk/place_hold.html",
        section="notices",
        status=signing.status(form),
        signing=signing,
        form=form,
    )


def _held(form: HoldForm) -> dict[str, str]:
    """What the form says, as the act will say it."""
    given = form.cleaned_data
    return {
        "on": given["on"],
        "target": str(_target(given["on"], given["target"].strip())),
        "legal_basis": given["legal_basis"],
        "because": given["because"],
        "until": given["until"].isoformat() if given["until"] else "",
    }


def _place(request: DeskRequest, form: HoldForm, signed: Signed) -> int:
    given = form.cleaned_data
    return journey.place_hold(
        on=given["on"],
        target_id=_target(given["on"], given["target"].strip()),
        legal_basis=given["legal_basis"],
        because=given["because"],
        until=given["until"],
        signed=signed,
        at=timezone.now(),
        actor=request.actor,
    )


def _target(on: str, written: str) -> int:
    """The number of what is held. Raises NotThere, NotYours."""
    if on == HoldOn.SUBMISSION and not written.isdecimal():
        return intake.submission_by_number(written).pk
    if not written.isdecimal() or len(written) > 18:
        raise NotYours(_("没有保全：编号有误。"), _("编号是数字。"), _("请核对后再填。"))
    return int(written)


@at_desk(permissions.check_lift_hold)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def lift_hold(request: DeskRequest, hold_id: int) -> HttpResponse:
    """Lifts a legal hold; another person than placed it."""
    row = retention.hold(hold_id)
    if row is None:
        raise NotYours(_("没有这项保全。"), _("编号有误。"), _("请从保全列表中打开。"))
    if row.lifted_at is not None:
        raise AlreadyDone.by(row.lifted_by_name, row.lifted_at, what=_("这项保全已经解除。"))
    form = BecauseForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: hold_sheet(hold_id))
    done = signing.done(
        form,
        lambda: {"because": form.cleaned_data["because"]},
        lambda signed: journey.lift_hold(
            hold_id=hold_id,
            because=form.cleaned_data["because"],
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("保全已解除，理由已写进登记簿。"))
        return redirect("desk:holds")
    return page(
        request,
        "desk/lift_hold.html",
        section="notices",
        status=signing.status(form),
        signing=signing,
        hold=row,
        other=retention.may_lift(row, request.actor.account_id),
        form=form,
    )
