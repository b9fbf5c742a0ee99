"""Objections: the list, one of them, its files and its objector, the map of corrections."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxin.desk.asked import number
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.listings import as_asked
from zhengxin.desk.pieces import piece_answer
from zhengxin.desk.views.duties import own_units
from zhengxin.desk.views.inspections import unit_choices
from zhengxin.duties.models import Duty
from zhengxin.journey.objection_steps import handlers_of
from zhengxin.journey.records import Record, record
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed
from zhengxin.objections import permissions
from zhengxin.objections import queries as objections
from zhengxin.objections.enums import CopyKind, ObjectionState
from zhengxin.objections.models import Copy, Objection
from zhengxin.objections.queries import UnknownObjection
from zhengxin.publication import queries as publication
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.permissions import can_open_person

AT_ONCE = 20
MOST_EXPORTED = 5_000
CODE_KEY = "objection_code"


def _chosen(request: DeskRequest) -> tuple[QuerySet[Objection], dict[str, Any]]:
    """The objections that the address asks for, of those the actor sees."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    state = request.GET.get("state", "")
    known = {*ObjectionState.values, "running", "chasing"}
    chosen: dict[str, Any] = {
        "state": state if state in known else "",
        "unit": number(request, "unit"),
    }
    return objections.objections(units, state=chosen["state"], unit_id=chosen["unit"]), chosen


def _due(rows: Iterable[Objection]) -> dict[int, Duty]:
    """By objection, the duty that runs now: to look first, to decide, to correct."""
    wanted = {
        row.pk: row.correct_duty_id or row.decide_duty_id or row.check_duty_id for row in rows
    }
    duties = Duty.objects.in_bulk(list(wanted.values()))
    return {pk: duties[duty_id] for pk, duty_id in wanted.items() if duty_id in duties}


@at_desk(permissions.check_see_objections)
@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """Objections to what one's unit recorded or that it lodged (or all), newest first; filters in the address."""
    rows, chosen = _chosen(request)
    listed = Paginator(rows, AT_ONCE).get_page(number(request, "page") or 1)
    units = subjects.visible_units(request.actor, timezone.localdate())
    return page(
        request,
        "desk/objections.html",
        section="objections",
        rows=listed,
        chosen=chosen,
        states=ObjectionState.choices,
        n=objections.objections(units, state="running").count(),
        counts=objections.copy_counts([row.pk for row in listed]),
        due=_due(listed),
        names=subjects.subject_names({row.unit_id for row in listed}),
        units=unit_choices() if units is None else [],
        today=timezone.localdate(),
        may_lodge=permissions.can_lodge(request.actor),
        may_chase=permissions.can_chase(request.actor),
    )


@at_desk(permissions.check_see_objections)
@require_safe
def table(request: DeskRequest) -> HttpResponseBase:
    """The chosen objections as CSV or XLSX; nobody's name is in it."""
    rows, _chosen_by = _chosen(request)
    listed = list(rows[:MOST_EXPORTED])
    names = subjects.subject_names({row.unit_id for row in listed})
    counts = objections.copy_counts([row.pk for row in listed])
    header = [_("编号"), _("记录编号"), _("报送单位"), _("异议人"), _("登记日期"), _("状态")]
    header += [_("决定日期"), _("决定"), _("办结日期"), _("副本"), _("已回执")]
    cells = (
        [
            row.pk,
            row.entry_id,
            names.get(row.unit_id),
            row.get_objector_kind_display(),
            row.lodged_on,
            row.get_state_display(),
            row.decided_on,
            row.get_ruling_display() if row.ruling else "",
            row.closed_on,
            *counts.get(row.pk, (0, 0)),
        ]
        for row in listed
    )
    return as_asked(request, f"{_('异议')}_{timezone.localdate()}", header, cells)


def seen_objection(request: DeskRequest, objection_id: int) -> Objection:
    """An objection that the actor may see. Raises NotYours."""
    try:
        row = objections.objection(objection_id)
        permissions.check_see_objection(
            request.actor,
            concerned=objections.units_of(row),
            units=subjects.visible_units(request.actor, timezone.localdate()),
        )
    except (UnknownObjection, NotAllowed):
        raise NotYours(
            _("没有找到这件异议。"),
            _("编号有误，或者它是其他单位的。"),
            _("请从异议列表里打开。"),
        ) from None
    return row


def is_party(request: DeskRequest, row: Objection) -> bool:
    """Whether the actor reads what is said in it, not only that a copy is to be corrected."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    return units is None or not units.isdisjoint(objections.parties_of(row))


def record_shown(row: Objection, actor: Actor) -> tuple[Record | None, dict[int, str]]:
    """The record objected to, and names; not what was sealed since, and no person's name to whoever may not open it."""
    names = subjects.subject_names(pk for pk in (row.unit_id, row.subject_id) if pk)
    if publication.sealed([row.entry_id]):
        return None, names
    person = row.subject_id and subjects.subject_card(row.subject_id).natural_person
    if person and not can_open_person(actor):
        return None, {row.unit_id: names.get(row.unit_id, "")}
    return record(row.entry_id), names


@at_desk(permissions.check_see_objections)
@require_safe
def objection(request: DeskRequest, objection_id: int) -> HttpResponse:
    """One objection: the record, what is said against it, what the unit answered, what was decided, who has corrected."""
    row = seen_objection(request, objection_id)
    actor, own = request.actor, own_units(request, timezone.localdate())
    party = is_party(request, row)
    held, names = record_shown(row, actor)
    looked_at(request, "objection.read", "objection", objection_id)
    copies = [
        each
        for each in objections.copies(row)
        if party or (each.kind == CopyKind.UNIT and int(each.ref) in own)
    ]
    code = request.session.get(CODE_KEY, ["", ""])
    if code[0] == objection_id and request.method == "GET":
        del request.session[CODE_KEY]
    state = row.state
    open_now = state in (ObjectionState.LODGED, ObjectionState.ADMITTED, ObjectionState.ANSWERED)
    # Heard, or the unit let its days go by.
    waits = Duty.objects.filter(pk=row.answer_duty_id or 0, due_on__lt=timezone.localdate())
    decidable = state == ObjectionState.ANSWERED or (
        state == ObjectionState.ADMITTED and waits.exists()
    )
    return page(
        request,
        "desk/objection.html",
        section="objections",
        row=row,
        party=party,
        record=held if party else None,
        names=names,
        copies=copies,
        confirmable={
            each.pk
            for each in copies
            if each.confirmed_on is None and permissions.can_confirm(actor, each, units=own)
        },
        left=sum(each.confirmed_on is None for each in copies),
        duties=Duty.objects.in_bulk(
            [
                pk
                for pk in (
                    row.check_duty_id,
                    row.answer_duty_id,
                    row.decide_duty_id,
                    row.correct_duty_id,
                )
                if pk
            ]
        ),
        code=code[1] if code[0] == objection_id else "",
        today=timezone.localdate(),
        visible=subjects.visible_units(actor, timezone.localdate()),
        may_check=state == ObjectionState.LODGED and permissions.can_check(actor),
        may_answer=state == ObjectionState.ADMITTED
        and permissions.can_answer(actor, row, units=own),
        may_decide=decidable
        and permissions.can_decide(actor, row, handled_by=handlers_of(row), units=own),
        may_withdraw=open_now and permissions.can_withdraw(actor, row, units=own),
        may_settle=state == ObjectionState.CORRECTING
        and permissions.can_settle(actor, row, units=own),
        may_release=state == ObjectionState.DISMISSED
        and bool(row.statement)
        and row.statement_entry_id is None
        and permissions.can_release_statement(actor, row),
        may_contact=permissions.can_see_contact(actor, row, units=own),
    )


@at_desk(permissions.check_see_objections)
@require_safe
def contact(request: DeskRequest, objection_id: int) -> HttpResponse:
    """Who objects and how to reach them; every look is logged."""
    row = seen_objection(request, objection_id)
    own = own_units(request, timezone.localdate())
    permissions.check_see_contact(request.actor, row, units=own)
    looked_at(request, "objection.contact", "objection", objection_id)
    return page(
        request,
        "desk/objection_contact.html",
        section="objections",
        row=row,
        objector=objections.objector_of(row),
    )


@at_desk(permissions.check_see_objections)
@require_safe
def piece(request: DeskRequest, objection_id: int, piece_id: int) -> HttpResponse:
    """A file that came with the objection or the answer."""
    row = seen_objection(request, objection_id)
    if not is_party(request, row):
        raise NotYours(
            _("没有找到这份材料。"),
            _("异议的材料只给报送单位、提出异议的单位和办理的人看。"),
            _("请从异议列表里打开。"),
        )
    held = {int(each["piece"]) for each in (*row.files, *row.answer_files)}
    return piece_answer(request, piece_id, held, "objection", objection_id)


@at_desk(permissions.check_chase)
@require_safe
def chase(request: DeskRequest) -> HttpResponse:
    """Every copy of every corrected record: who has confirmed and who has not."""
    only_open = request.GET.get("state", "open") != "all"
    listed = Paginator(objections.chase(only_open=only_open), AT_ONCE).get_page(
        number(request, "page") or 1
    )
    copies: list[Copy] = list(listed)
    return page(
        request,
        "desk/corrections.html",
        section="objections",
        rows=listed,
        only_open=only_open,
        n=objections.chase(only_open=True).count(),
        duties=Duty.objects.in_bulk([each.duty_id for each in copies if each.duty_id]),
        names=subjects.subject_names({each.objection.unit_id for each in copies}),
        today=timezone.localdate(),
        may_confirm=may(permissions.check_check, request.actor),
    )
