"""Quarterly returns: all units against the quarters, a unit's sheet, one return with its versions, what is behind a figure."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxin import journey
from zhengxin.desk.asked import number
from zhengxin.desk.downloads import XLSX, attachment_name
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.evidence import queries as evidence
from zhengxin.journey.accepting import office_units
from zhengxin.journey.returning import own_units
from zhengxin.kernel.refused import NotAllowed
from zhengxin.oversight.returns import permissions, queries
from zhengxin.oversight.returns.enums import EDITABLE, ReturnState, Stage
from zhengxin.oversight.returns.matrix import latest, matrix
from zhengxin.oversight.returns.models import QuarterlyReturn
from zhengxin.oversight.returns.types import Counts, Matrix, MatrixRow, Quarter, Taken
from zhengxin.subjects import queries as subjects

AT_ONCE = 50
# So many quarters back a matrix may end.
BACK = 20
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STATES = [*ReturnState.choices, ("late", _("迟报或逾期未报"))]


def seen_units(request: DeskRequest) -> frozenset[int] | None:
    """Whose returns somebody sees; None: everybody's."""
    today = timezone.localdate()
    if permissions.sees_all(request.actor, office_units=office_units(today)):
        return None
    return subjects.visible_units(request.actor, today) or frozenset()


def may_settle(request: DeskRequest) -> Callable[[int], bool]:
    """Of which units the office's acts are this person's."""
    now = timezone.now()
    own, office = own_units(now, request.actor), office_units(timezone.localdate(now))
    return lambda unit_id: permissions.can_settle(
        request.actor, unit_id=unit_id, units=own, office_units=office
    )


def sheet_at(request: DeskRequest, unit_id: int, quarter: str) -> list[QuarterlyReturn]:
    """A unit's sheet that somebody may see. Raises NotYours."""
    units, asked = seen_units(request), Quarter.read(quarter)
    rows = []
    if asked is not None and (units is None or unit_id in units):
        rows = queries.sheet(unit_id, asked, on=timezone.localdate())
    if not rows:
        raise NotYours(
            _("没有找到这一季度的报送。"),
            _("地址有误，季度报送还没有建立，或者它是其他单位的。"),
            _("请从季度报送里打开。"),
        )
    return rows


def return_at(request: DeskRequest, return_id: int) -> QuarterlyReturn:
    """One return that somebody may see. Raises NoSuchReturn, NotYours."""
    units = seen_units(request)
    try:
        row = queries.one(return_id)
    except queries.NoSuchReturn as refused:
        raise NotYours(refused.what, refused.why, refused.remedy) from None
    if units is not None and row.unit_id not in units:
        raise NotYours(
            _("没有找到这份季度报送。"), _("它是其他单位的。"), _("请从季度报送里打开。")
        )
    return row


def _chosen(request: DeskRequest) -> dict[str, Any]:
    """The filters of the address."""
    newest = latest(timezone.localdate())
    until = Quarter.read(request.GET.get("until", "")) or newest
    state = request.GET.get("state", "")
    return {
        "until": min(max(until, newest.after(-BACK)), newest),
        "unit_id": number(request, "unit"),
        "state": state if state in dict(STATES) else "",
    }


@at_desk(permissions.check_see_returns)
@require_safe
def returns(request: DeskRequest) -> HttpResponse:
    """All units against the last quarters; filters live in the address. First what waits for whoever looks."""
    today, units, chosen = timezone.localdate(), seen_units(request), _chosen(request)
    own = own_units(timezone.now(), request.actor)
    found = matrix(on=today, units=units, **chosen)
    settles = may_settle(request)
    signed = queries.sheets(Stage.SIGNED) if units is None else []
    to_settle = [each for each in signed if settles(each[0])]
    to_write = queries.sheets(*EDITABLE, units=own)
    shown = {unit for unit, _quarter, _n in (*to_settle, *to_write)}
    newest = latest(today)
    return page(
        request,
        "desk/returns.html",
        section="oversight",
        tab="returns",
        matrix=found,
        drawn=_drawn(found),
        totals=list(zip(found.quarters, found.columns, strict=True)),
        chosen=chosen,
        filtered=bool(chosen["unit_id"] or chosen["state"] or chosen["until"] != newest),
        quarters=[newest.after(-n) for n in range(BACK)],
        units=subjects.units(today) if units is None else [],
        many_units=units is None,
        states=STATES,
        names=subjects.subject_names(shown),
        to_settle=to_settle[:AT_ONCE],
        to_write=to_write[:AT_ONCE],
    )


def _drawn(found: Matrix) -> list[tuple[MatrixRow, list[tuple[Quarter, Counts | None, bool]]]]:
    """The rows of a matrix, each with quarter, counts and whether that quarter was opened."""
    return [
        (
            row,
            [
                (quarter, cell, quarter in found.opened)
                for quarter, cell in zip(found.quarters, row.cells, strict=True)
            ],
        )
        for row in found.rows
    ]


@at_desk(permissions.check_see_returns)
@require_safe
def workbook(request: DeskRequest) -> HttpResponse:
    """The matrix as a workbook, filtered as on the page."""
    chosen, units = _chosen(request), seen_units(request)
    made = journey.returns_workbook(
        until=str(chosen["until"]),
        units=None if units is None else sorted(units),
        unit_id=chosen["unit_id"],
        state=chosen["state"],
        at=timezone.now(),
        actor=request.actor,
    )
    return _file(made, XLSX, _("季度报送_至{until}.xlsx").format(until=chosen["until"]))


@at_desk(permissions.check_see_returns)
@require_safe
def summary(request: DeskRequest, quarter: str) -> HttpResponse:
    """The county's summary of a quarter as a paper."""
    if seen_units(request) is not None:
        raise NotAllowed(
            _("您不能导出全县通报。"),
            _("通报由政务公开办公室、信用办印发。"),
            _("请导出本单位的报送。"),
        )
    asked = Quarter.read(quarter)
    if asked is None or asked > latest(timezone.localdate()):
        raise NotYours(
            _("没有找到这个季度。"), _("它还没有结束，或者地址有误。"), _("请从季度报送里打开。")
        )
    made = journey.returns_summary(
        quarter=quarter,
        number=request.GET.get("number", "")[:40],
        at=timezone.now(),
        actor=request.actor,
    )
    return _file(made, DOCX, _("季度报送通报_{quarter}.docx").format(quarter=quarter))


@at_desk(permissions.check_see_returns)
@require_safe
def paper(request: DeskRequest, unit_id: int, quarter: str) -> HttpResponse:
    """A unit's returns as a paper."""
    sheet_at(request, unit_id, quarter)
    made = journey.return_paper(
        unit_id=unit_id,
        quarter=quarter,
        number=request.GET.get("number", "")[:40],
        at=timezone.now(),
        actor=request.actor,
    )
    name = _("{unit}_{quarter}_季度报送.docx").format(
        unit=subjects.unit(unit_id).name, quarter=quarter
    )
    return _file(made, DOCX, name)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = attachment_name(name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def shown_of(rows: list[QuarterlyReturn]) -> dict[str, Any]:
    """What a page shows of a sheet: of each return its newest version or its draft, its figures, its evidence."""
    signed, compared = queries.versions(rows), queries.compared(rows)
    pieces = evidence.pieces(
        piece
        for row in rows
        for piece in (*row.pieces, *(each for v in signed[row.pk] for each in v.pieces))
    )
    lines = [
        {
            "row": row,
            "version": signed[row.pk][0] if signed[row.pk] else None,
            "editable": row.stage in EDITABLE,
            "ready": queries.ready(row),
            "odd": queries.looks_odd(row),
            "figures": [each for each in compared[row.pk] if each.taken.of_mandate],
            "pieces": [pieces[piece] for piece in row.pieces if piece in pieces],
        }
        for row in rows
    ]
    # Taken for the whole unit at once; a return that was signed earlier keeps its own.
    newest = max(rows, key=lambda row: row.as_of)
    return {
        "lines": lines,
        "of_unit": [each for each in compared[newest.pk] if not each.taken.of_mandate],
        "newest": newest,
    }


@at_desk(permissions.check_see_returns)
@require_safe
def unit_returns(request: DeskRequest, unit_id: int, quarter: str) -> HttpResponse:
    """One unit's sheet of one quarter: every mandate it leads with state, words, figures and evidence."""
    rows, now = sheet_at(request, unit_id, quarter), timezone.now()
    states = [row.state for row in rows]
    own = own_units(now, request.actor)
    editable = [row for row in rows if row.stage in EDITABLE]
    return page(
        request,
        "desk/returns_unit.html",
        section="oversight",
        unit=subjects.unit(unit_id),
        quarter=Quarter.read(quarter),
        counts=Counts(
            states.count(ReturnState.REPORTED),
            states.count(ReturnState.ZERO),
            states.count(ReturnState.MISSING),
            sum(row.late for row in rows),
        ),
        writing=bool(editable) and permissions.can_write(request.actor, unit_id=unit_id, units=own),
        signing_now=bool(queries.to_sign(rows))
        and permissions.can_sign(request.actor, unit_id=unit_id, units=own),
        n_ready=len(queries.to_sign(rows)),
        n_editable=len(editable),
        settling=may_settle(request)(unit_id),
        n_waiting=len(queries.waiting(rows)),
        **shown_of(rows),
    )


@at_desk(permissions.check_see_returns)
@require_safe
def one_return(request: DeskRequest, return_id: int) -> HttpResponse:
    """Every version of one return, newest first, with what the office did about it."""
    row = return_at(request, return_id)
    versions = queries.versions([row])[row.pk]
    kept = evidence.pieces(piece for version in versions for piece in version.pieces)
    return page(
        request,
        "desk/returns_one.html",
        section="oversight",
        row=row,
        unit=subjects.unit(row.unit_id),
        quarter=Quarter.read(row.quarter),
        versions=[
            (version, [kept[piece] for piece in version.pieces if piece in kept])
            for version in versions
        ],
        settling=may_settle(request)(row.unit_id),
    )


@at_desk(permissions.check_see_returns)
@require_safe
def figure(request: DeskRequest, return_id: int, code: str) -> HttpResponse:
    """The rows behind a figure, exactly those that were counted: of the draft, or of a version (?version=)."""
    row = return_at(request, return_id)
    taken, as_of = _taken(row, code, number(request, "version"))
    ids = Paginator(queries.figure_ids(taken), AT_ONCE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/returns_figure.html",
        section="oversight",
        row=row,
        unit=subjects.unit(row.unit_id),
        quarter=Quarter.read(row.quarter),
        taken=taken,
        as_of=as_of,
        rows=ids,
        listed=queries.figure_rows(code, list(ids)),
    )


def _taken(row: QuarterlyReturn, code: str, version: int | None) -> tuple[Taken, Any]:
    """A figure of the draft or of a version, and when it was taken. Raises NotYours."""
    for taken, as_of in queries.kept_figures(row, version):
        if taken.code == code:
            return taken, as_of
    raise NotYours(
        _("没有找到这个数字。"), _("地址有误，或者当时没有统计。"), _("请从季度报送里打开。")
    )


@at_desk(permissions.check_see_returns)
@require_safe
def piece(request: DeskRequest, return_id: int, piece_id: int) -> HttpResponse:
    """A file that belongs to a return."""
    row = return_at(request, return_id)
    line = evidence.pieces([piece_id]).get(piece_id)
    if line is None or not queries.holds_piece(row, piece_id):
        raise NotYours(_("没有找到这份佐证。"), _("它不属于这份报送。"), _("请从季度报送里打开。"))
    looked_at(request, "return.evidence", "return", return_id, purpose=line.name)
    return _file(evidence.content(piece_id), "application/octet-stream", line.name)
