"""Suggestions and proposals: the list of a session, one with its history, figures, exports."""

import csv
import io
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxin.desk.asked import number
from zhengxin.desk.downloads import XLSX, attachment_name
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.listings import book_of
from zhengxin.desk.proposal_parts import parts_of
from zhengxin.evidence import queries as evidence
from zhengxin.kernel.actor import Role
from zhengxin.ledger.enums import Act
from zhengxin.oversight.proposals import permissions, queries, raisers
from zhengxin.oversight.proposals.enums import (
    AnswerClass,
    HandlingState,
    ProposalKind,
    Rating,
)
from zhengxin.oversight.proposals.models import Handling, Proposal
from zhengxin.oversight.proposals.queries import UnknownProposal
from zhengxin.oversight.proposals.reading import COLUMNS
from zhengxin.subjects import queries as subjects

AT_ONCE = 30
_FILTERS = ("session", "kind", "class", "state", "words", "overdue")
# What begins like this a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def seen(request: DeskRequest, proposal_id: int) -> Proposal:
    """A proposal that the reader may see. Raises NotYours."""
    try:
        return queries.seen(request.actor, timezone.localdate(), proposal_id)
    except UnknownProposal as unknown:
        raise NotYours(unknown.what, unknown.why, unknown.remedy) from unknown


def seen_part(request: DeskRequest, handling_id: int) -> tuple[Proposal, Handling]:
    """A part of a proposal that the reader may see, with its proposal. Raises NotYours."""
    try:
        part = queries.handling(handling_id)
    except UnknownProposal as unknown:
        raise NotYours(unknown.what, unknown.why, unknown.remedy) from unknown
    return seen(request, part.proposal_id), part


def _chosen(request: DeskRequest) -> tuple[QuerySet[Proposal], dict[str, Any]]:
    """The proposals that the address asks for, of those one may see, and what it asks for."""
    today = timezone.localdate()
    asked: dict[str, Any] = {key: request.GET.get(key, "").strip() for key in _FILTERS}
    asked["unit"] = number(request, "unit")
    rows = queries.chosen(
        queries.visible(request.actor, today),
        session=asked["session"],
        kind=asked["kind"],
        unit_id=asked["unit"],
        answer_class=asked["class"],
        state=asked["state"],
        words=asked["words"],
        overdue_on=today if asked["overdue"] else None,
    )
    return rows, asked


def _keeps(request: DeskRequest) -> bool:
    """Whether the reader works at an office that assigns some kind."""
    today = timezone.localdate()
    units = queries.own_units(request.actor, today)
    return any(
        permissions.can_keep_register(
            request.actor, offices=queries.offices(kind, today), units=units
        )
        for kind in ProposalKind.values
    )


@at_desk(permissions.check_see_proposals)
@require_safe
def proposals(request: DeskRequest) -> HttpResponse:
    """Those one may see, by session and number; filters live in the address."""
    rows, asked = _chosen(request)
    today = timezone.localdate()
    shown = Paginator(queries.with_parts(rows), AT_ONCE).get_page(request.GET.get("page"))
    parts = [part for row in shown for part in row.handlings.all()]
    everything = queries.visible(request.actor, today)
    return page(
        request,
        "desk/proposals.html",
        section="oversight",
        tab="proposals",
        rows=shown,
        asked=asked,
        narrowed=any(asked.values()),
        duties=queries.duties(parts),
        names=subjects.subject_names({part.unit_id for part in parts}),
        sessions=queries.sessions(everything),
        kinds=ProposalKind.choices,
        classes=AnswerClass.choices,
        states=[(queries.UNASSIGNED, _("待交办")), *HandlingState.choices],
        units=subjects.units(today) if may(permissions.check_see_figures, request.actor) else [],
        today=today,
        query=request.GET.urlencode(),
        keeps=_keeps(request),
        assigns=queries.kinds_assigned(request.actor, today),
        sees_figures=may(permissions.check_see_figures, request.actor),
        names_office=may(permissions.check_name_office, request.actor),
        delegate=request.actor.has(Role.DELEGATE),
    )


@at_desk(permissions.check_see_proposals)
@require_safe
def proposal(request: DeskRequest, proposal_id: int) -> HttpResponse:
    """One proposal: its words, who raised it, every unit's part, and all that was done, in order."""
    row = seen(request, proposal_id)
    today = timezone.localdate()
    parts = parts_of(row, request.actor, today)
    offices, units = queries.offices(row.kind, today), queries.own_units(request.actor, today)
    named = {
        pk
        for part in parts
        for pk in (
            part.row.unit_id,
            *(each.unit_id for each in part.cohandlers),
            *(each.proposed_id for each in part.declined),
        )
        if pk
    }
    looked_at(request, "proposal.read", "proposal", proposal_id)
    steps = queries.history(row.entry_id)
    raiser = raisers.raiser(request.actor)
    if raiser is not None:
        own = [each.delegate for each in row.signers.all() if each.delegate.account_id == raiser]
        steps = raisers.told_to_raiser(steps, [each.name for each in own])
    return page(
        request,
        "desk/proposal.html",
        section="oversight",
        tab="proposals",
        row=row,
        parts=parts,
        steps=[(step, Act(step.act).label) for step in steps],
        names=subjects.subject_names(named | {row.office_id or 0}),
        may_assign=row.assigned_on is None
        and permissions.can_assign(request.actor, offices=offices, units=units),
        may_consent=permissions.can_say_consent(
            request.actor,
            account_id=queries.leading_account(row),
            offices=offices,
            units=units,
        ),
        today=today,
    )


@at_desk(permissions.check_see_proposals)
@require_safe
def piece(request: DeskRequest, proposal_id: int, piece_id: int) -> HttpResponse:
    """The scan of a paper form, or a file of a contact, always as a download."""
    row = seen(request, proposal_id)
    held = raisers.files_shown(row, request.actor)
    found = evidence.pieces([piece_id]).get(piece_id) if piece_id in held else None
    if found is None:
        raise NotYours(_("没有找到这份材料。"), _("它不是这一件的。"), _("请从办理经过里打开。"))
    looked_at(request, "proposal.evidence", "proposal", proposal_id)
    answer = HttpResponse(evidence.content(piece_id), content_type="application/octet-stream")
    answer["Content-Disposition"] = attachment_name(found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@at_desk(permissions.check_see_figures)
@require_safe
def figures(request: DeskRequest) -> HttpResponse:
    """Of one session or all: replies by unit and class, and how they were received; nobody asked is not satisfied."""
    today = timezone.localdate()
    everything = queries.visible(request.actor, today)
    sessions = queries.sessions(everything)
    session = request.GET.get("session", "")
    rows = everything.filter(session=session) if session else everything
    lines = queries.figures(rows, today)
    return page(
        request,
        "desk/proposal_figures.html",
        section="oversight",
        tab="proposals",
        lines=lines,
        names=subjects.subject_names({line.unit_id for line in lines}),
        sessions=sessions,
        session=session,
        classes=AnswerClass.choices,
        ratings=Rating.choices,
        total=rows.count(),
        unassigned=rows.filter(assigned_on=None).count(),
    )


def _table(rows: QuerySet[Proposal]) -> list[list[str]]:
    """A row for each unit's part (one for a proposal that nobody has), with a head."""
    head = [_("类别"), _("届次"), _("编号"), _("标题"), _("领衔人"), _("联名人"), _("承办单位")]
    head += [_("第几次办理"), _("状态"), _("交办日期"), _("答复期限"), _("答复日期"), _("答复类别")]
    head += [_("对沟通的评价"), _("对结果的评价"), _("是否公开")]
    found = list(rows.prefetch_related("signers__delegate", "handlings__opinions__signer"))
    parts = [part for row in found for part in row.handlings.all()]
    duties = queries.duties(parts)
    names = subjects.subject_names({part.unit_id for part in parts})
    table = [head]
    for row in found:
        signers = [each.delegate.name for each in row.signers.all()]
        about = [str(row.get_kind_display()), row.session, row.number, row.title]
        about += [signers[0] if signers else "", "、".join(signers[1:])]
        consent = str(row.get_consent_display())
        if not row.handlings.all():
            table.append([*about, "", "", _("待交办"), "", "", "", "", "", "", consent])
        for part in row.handlings.all():
            duty = duties.get(part.duty_id)
            led = next((each for each in part.opinions.all() if each.signer.place == 0), None)
            cells = [names.get(part.unit_id, ""), str(part.nth), str(part.get_state_display())]
            cells += [part.assigned_on.isoformat(), str(duty.due_on or "") if duty else ""]
            cells += [str(part.sent_on or ""), str(part.get_answer_class_display())]
            cells += [str(led.get_contact_display()) if led else ""]
            cells += [str(led.get_result_display()) if led else ""]
            table.append([*about, *cells, consent])
    return table


@at_desk(permissions.check_see_figures)
@require_safe
def export(request: DeskRequest, form: str) -> HttpResponse:
    """The list as the filters show it, as a table to take away: csv or xlsx."""
    rows, _asked = _chosen(request)
    return _file(_table(rows), form, _("建议提案"))


@at_desk(permissions.check_see_figures)
@require_safe
def template(request: DeskRequest) -> HttpResponse:
    """An empty list to be filled in and imported."""
    return _file([[names[0] for names in COLUMNS.values()]], "xlsx", _("建议提案名单模板"))


def _file(table: list[list[str]], form: str, name: str) -> HttpResponse:
    if form == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([[_plain(cell) for cell in line] for line in table])
        body, kind = ("\ufeff" + text.getvalue()).encode(), "text/csv; charset=utf-8"
    elif form == "xlsx":
        body, kind = book_of(table).getvalue(), XLSX
    else:
        raise NotYours(_("没有这种格式。"), "", _("可以下载CSV或XLSX。"))
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = attachment_name(f"{name}.{form}")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
