"""信用修复: whether a record may be repaired, applications taken in, one of them, the list."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.desk.asked import number
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.listings import as_asked
from zhengxin.desk.once import once
from zhengxin.desk.pieces import piece_answer
from zhengxin.desk.repair_forms import COMMITMENT, ApplicationForm
from zhengxin.desk.views.duties import own_units
from zhengxin.journey.records import kind_labels
from zhengxin.kernel.refused import NotAllowed
from zhengxin.publication.models import Notice
from zhengxin.repair import permissions
from zhengxin.repair import queries as repairs
from zhengxin.repair.enums import RepairState
from zhengxin.repair.models import Application
from zhengxin.repair.queries import UnknownApplication, UnknownRecord
from zhengxin.subjects import queries as subjects

AT_ONCE = 20
MOST_EXPORTED = 5_000


def _chosen(request: DeskRequest) -> tuple[QuerySet[Application], dict[str, Any]]:
    """The applications that the address asks for, of those the actor sees."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    state = request.GET.get("state", "")
    return repairs.applications(units, state=state), {"state": state}


@at_desk(permissions.check_see_repairs)
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """Applications that one's unit decides, took in or is the subject of (or all), newest first."""
    rows, chosen = _chosen(request)
    shown = Paginator(rows, AT_ONCE).get_page(number(request, "page") or 1)
    units = subjects.visible_units(request.actor, timezone.localdate())
    return page(
        request,
        "desk/repairs.html",
        section="repair",
        rows=shown,
        chosen=chosen,
        states=[("running", _("没有办结")), *RepairState.choices],
        n=repairs.applications(units, state="running").count(),
        duties=repairs.duties_of(list(shown)),
        names=subjects.subject_names(pk for row in shown for pk in (row.unit_id, row.subject_id)),
        visible=units,
        today=timezone.localdate(),
    )


def seen_record(request: DeskRequest, entry_id: int) -> Notice:
    """The standing of a record that the actor may check. Raises NotYours: unknown, sealed and another's alike."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    try:
        found = repairs.record(entry_id)
        owners = (found.unit_id, found.subject_id)
        permissions.check_see_record(request.actor, owners=owners, units=units)
    except (UnknownRecord, NotAllowed):
        raise NotYours(
            _("没有找到这条记录。"),
            _("编号有误，或者它不是您单位认定的，也不是您单位的记录。"),
            _("请核对编号；公示中的记录，可以在公开站的记录页面自查。"),
        ) from None
    return found


def _may_file(request: DeskRequest, notice: Notice) -> bool:
    return permissions.can_file(
        request.actor,
        owners=(notice.unit_id, notice.subject_id),
        units=own_units(request, timezone.localdate()),
    )


@at_desk(permissions.check_see_repairs)
@require_safe
def check(request: DeskRequest) -> HttpResponse:
    """Whether one record may be repaired today, from which day, under which article, with what."""
    entry_id = number(request, "entry")
    if entry_id is None:
        return page(
            request, "desk/repair_check.html", section="repair", typed="entry" in request.GET
        )
    notice = seen_record(request, entry_id)
    today = timezone.localdate()
    verdict = repairs.self_check(entry_id, today)
    looked_at(
        request,
        "repair.check",
        "entry",
        entry_id,
        purpose=_("修复自查"),
        subject_id=notice.subject_id,
    )
    card = subjects.subject_card(notice.subject_id)
    return page(
        request,
        "desk/repair_check.html",
        section="repair",
        notice=notice,
        kind=kind_labels().get(notice.kind, notice.kind),
        # A person's name is read in the file, with a purpose.
        subject="" if card.natural_person else card.name,
        unit=subjects.subject_names([notice.unit_id]).get(notice.unit_id, ""),
        verdict=verdict,
        earlier=repairs.of_entry(entry_id),
        ground=repairs.ground_of(entry_id, today),
        effect=repairs.effect(today),
        may_file=verdict.may and _may_file(request, notice),
    )


@at_desk(permissions.check_see_repairs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def apply(request: DeskRequest, entry_id: int) -> HttpResponse:
    """An application is taken in, for a firm at the counter or by a unit for itself."""
    notice = seen_record(request, entry_id)
    today = timezone.localdate()
    permissions.check_file(
        request.actor,
        owners=(notice.unit_id, notice.subject_id),
        units=own_units(request, today),
    )
    repairs.insist_may_apply(entry_id, today)
    form = ApplicationForm(
        request.POST or None, request.FILES or None, initial={"commitment": COMMITMENT}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = journey.apply_for_repair(
            entry_id=entry_id,
            fulfilled=said["fulfilled"],
            commitment=said["commitment"],
            files=sent(said["evidence"]),
            at=timezone.now(),
            actor=request.actor,
        )
        receipt = repairs.application(made).receipt
        messages.success(
            request, _("已登记，受理编号{receipt}，请告诉申请人。").format(receipt=receipt)
        )
        return redirect("desk:repair", made)
    return page(
        request,
        "desk/repair_form.html",
        section="repair",
        status=422 if form.errors else 200,
        form=form,
        back_entry=entry_id,
        kicker=f"{kind_labels().get(notice.kind, notice.kind)} {entry_id}",
        title=_("登记修复申请"),
        verb=_("登记"),
        note=_("只收两样：履行完毕的证明和信用承诺，不再要求别的材料。"),
    )


def seen_application(request: DeskRequest, application_id: int) -> Application:
    """An application that the actor may see. Raises NotYours."""
    try:
        found = repairs.application(application_id)
        units = subjects.visible_units(request.actor, timezone.localdate())
        permissions.check_see_repair(request.actor, found, units=units)
    except (UnknownApplication, NotAllowed):
        raise NotYours(
            _("没有找到这件修复申请。"),
            _("编号有误，或者它是其他单位的。"),
            _("请从修复申请列表里打开。"),
        ) from None
    return found


def may_do(request: DeskRequest, found: Application) -> frozenset[str]:
    """Which acts the actor may do with the application where it stands."""
    own = own_units(request, timezone.localdate())
    may: set[str] = set()
    if found.state == RepairState.FILED and permissions.can_accept(request.actor, found, units=own):
        may |= {"accept", "decline"} | (set() if found.asked_once else {"ask"})
    owners = (found.unit_id, found.subject_id)
    if found.running and permissions.can_file(request.actor, owners=owners, units=own):
        may |= {"withdraw"} | ({"complete"} if found.state == RepairState.INCOMPLETE else set())
    deciding = found.state in (RepairState.ACCEPTED, RepairState.GRANTED)
    if deciding and permissions.can_decide(
        request.actor, found, units=own, recorders=repairs.recorders(found.entry_id)
    ):
        if found.state == RepairState.GRANTED:
            may.add("revoke")
        else:
            may |= {"decide"} | (set() if found.extended else {"extend"})
    return frozenset(may)


@at_desk(permissions.check_see_repairs)
@require_safe
def application(request: DeskRequest, application_id: int) -> HttpResponse:
    """One application: the record, the proof, the commitment, how it stands and until when."""
    found = seen_application(request, application_id)
    looked_at(request, "repair.read", "repair", application_id)
    return page(
        request,
        "desk/repair.html",
        section="repair",
        **facts(found),
        may=may_do(request, found),
        duty=repairs.duties_of([found]).get(found.pk),
        visible=subjects.visible_units(request.actor, timezone.localdate()),
        today=timezone.localdate(),
    )


def facts(found: Application) -> dict[str, Any]:
    """What every page of an application shows of it."""
    notice = repairs.record(found.entry_id)
    return {
        "application": found,
        "notice": notice,
        "kind": kind_labels().get(notice.kind, notice.kind),
        "names": subjects.subject_names(
            pk for pk in (found.unit_id, found.subject_id, found.taken_by_id) if pk
        ),
    }


@at_desk(permissions.check_see_repairs)
@require_safe
def evidence(request: DeskRequest, application_id: int, piece_id: int) -> HttpResponse:
    """A file that came with an application."""
    found = seen_application(request, application_id)
    held = {int(file["piece"]) for file in found.files}
    return piece_answer(request, piece_id, held, "repair", application_id)


@at_desk(permissions.check_see_repairs)
@require_safe
def listing(request: DeskRequest) -> HttpResponseBase:
    """The chosen applications as CSV or XLSX."""
    rows, _chosen_by = _chosen(request)
    shown = list(rows[:MOST_EXPORTED])
    names = subjects.subject_names(pk for row in shown for pk in (row.unit_id, row.subject_id))
    duties = repairs.duties_of(shown)
    header = [_("受理编号"), _("记录"), _("申请人"), _("认定单位"), _("申请日期"), _("状态")]
    header += [_("期限"), _("决定日期"), _("理由"), _("可再申请")]

    def cells(row: Application) -> list[object]:
        duty = duties.get(row.pk)
        told: list[object] = [row.receipt, row.entry_id, names.get(row.subject_id)]
        told += [names.get(row.unit_id), row.filed_on, row.get_state_display()]
        told += [duty.due_on if duty and row.running else "", row.decided_on, row.because]
        return [*told, row.again_on]

    name = f"{_('信用修复')}_{timezone.localdate()}"
    return as_asked(request, name, header, (cells(row) for row in shown))
