"""Exchange with the offices above: what stands where, dispatches on their way, answers, one record's story."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.desk.asked import number
from zhengxin.desk.downloads import attachment_name
from zhengxin.desk.forms import BecauseForm, ReturnFileForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.handover import queries as handover
from zhengxin.handover.enums import DispatchState, StandingState
from zhengxin.handover.models import RecordStanding
from zhengxin.handover.permissions import can_exchange, check_exchange, check_see_exchange
from zhengxin.handover.types import Peer
from zhengxin.journey.records import kind_labels
from zhengxin.ledger.queries import payloads
from zhengxin.publication import queries as publication
from zhengxin.subjects import queries as subjects

AT_ONCE = 50
FEW = 10
AGAIN = ("rejected", "contradicted", "sent", "accepted", "held")


def _peer(code: str) -> Peer:
    found = handover.peers().get(code)
    if found is None:
        raise NotYours(_("没有这个上报对象。"), "", _("请从上报页面打开。"))
    return found


@at_desk(check_see_exchange)
@require_safe
def exchange(request: DeskRequest) -> HttpResponse:
    """The offices above; with one, its page at once."""
    peers = handover.peers()
    if len(peers) == 1:
        return redirect("desk:exchange-peer", code=next(iter(peers)))
    alarms = handover.alarms(at=timezone.now())
    return page(
        request,
        "desk/exchange.html",
        section="exchange",
        peers=[(p, [a for a in alarms if a.peer == code]) for code, p in peers.items()],
    )


@at_desk(check_see_exchange)
@require_safe
def peer(request: DeskRequest, code: str) -> HttpResponse:
    """How everything stands towards one office; the filters live in the address."""
    here, at = _peer(code), timezone.now()
    chosen = _chosen(request)
    unit, before = number(request, "unit"), number(request, "before")
    found = handover.standings(here, at=at, unit_id=unit, **chosen)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: AT_ONCE + 1])
    shown = rows[:AT_ONCE]
    counts = handover.counts(here, at=at, unit_id=unit)
    unconfirmed = counts.pop(handover.UNCONFIRMED)
    dispatches = handover.dispatches(here, FEW)
    units = subjects.units()
    return page(
        request,
        "desk/exchange_peer.html",
        section="exchange",
        peer=here,
        alarms=handover.alarms(at=at, peer=here),
        counts=[(value, label, counts.get(value, 0)) for value, label in StandingState.choices],
        total=sum(counts.values()),
        unconfirmed=unconfirmed,
        told=handover.told(shown),
        documents=_documents(here, shown),
        older=shown[-1].id if len(rows) > AT_ONCE else None,
        at_start=before is None,
        chosen={**chosen, "unit": unit},
        units=units,
        names={each.id: each.name for each in units},
        kinds=kind_labels(),
        dispatches=dispatches,
        attempts=handover.attempt_counts([each.id for each in dispatches]),
        waiting=DispatchState.WAITING,
        answers=handover.answer_files(here, FEW),
        arrivals=handover.arrivals(here, FEW),
        may_act=can_exchange(request.actor),
        cursor=handover.cursor(here),
    )


def _chosen(request: DeskRequest) -> dict[str, str]:
    state = request.GET.get("state", "")
    known = (*StandingState.values, handover.UNCONFIRMED)
    kind = request.GET.get("kind", "")
    return {
        "state": state if state in known else "",
        "kind": kind if kind in kind_labels() else "",
    }


def _documents(here: Peer, rows: Sequence[RecordStanding]) -> Mapping[int, str]:
    """Document numbers by entry, for people to find the paper; names stay in the files."""
    fields = {t.kind: t.number_field for t in journey.templates_of(peer=here)}
    ids = [row.entry_id for row in rows]
    contents = payloads(set(ids) - publication.sealed(ids))
    return {
        row.entry_id: str(contents[row.entry_id].open.get(fields.get(row.kind, ""), ""))
        for row in rows
        if row.entry_id in contents
    }


@at_desk(check_exchange)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def export(request: DeskRequest, code: str) -> HttpResponse:
    """Packs what is due, after a page that says what will happen."""
    here, at = _peer(code), timezone.now()
    if request.method != "POST":
        counts = handover.counts(here, at=at)
        return page(
            request,
            "desk/exchange_export.html",
            section="exchange",
            peer=here,
            due=counts.get(StandingState.DUE, 0),
            held=counts.get(StandingState.HELD, 0),
            behind=handover.behind(here),
        )
    packed = journey.ask_export(to=code, at=at, actor=request.actor)
    if packed is None:
        messages.success(request, _("记录较多，已交后台编批；过一会儿刷新这一页。"))
    elif not packed:
        messages.info(request, _("没有要上报的。"))
    for each in packed or ():
        if each.number:
            told = {"number": each.number, "n": each.lines}
            messages.success(request, _("批次%(number)s编好，%(n)s条，后台随即送出。") % told)
        if each.held:
            messages.warning(
                request, _("%(n)s条不合模板，暂缓上报，原因见下表。") % {"n": each.held}
            )
    return redirect("desk:exchange-peer", code=code)


@at_desk(check_exchange)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def answers(request: DeskRequest, code: str) -> HttpResponse:
    """Reads a return file that came by hand, or fetches what waits at the agreed place."""
    here = _peer(code)
    if request.method == "POST" and "fetch" in request.POST:
        at = timezone.now()
        taken = journey.fetch_answers(peer_code=code, at=at, actor=request.actor)
        arrived, faults = journey.take_in(peer_code=code, at=at, actor=request.actor)
        _say_answers(request, taken)
        for sentence in (*arrived, *faults):
            messages.warning(request, sentence)
        if not (taken or arrived or faults):
            messages.info(request, handover.cursor(here).fetch_fault or _("没有新的回执和来件。"))
        return redirect("desk:exchange-peer", code=code)
    form = ReturnFileForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, note = form.cleaned_data["file"], form.cleaned_data["signature"]
        taken_one = journey.read_answers(
            peer_code=code,
            filename=file.name,
            content=file.read(),
            signature=note.read().decode("utf-8", errors="replace") if note else "",
            at=timezone.now(),
            actor=request.actor,
        )
        _say_answers(request, [taken_one])
        return redirect("desk:exchange-peer", code=code)
    return page(
        request,
        "desk/exchange_answers.html",
        section="exchange",
        status=422 if form.errors else 200,
        peer=here,
        form=form,
    )


def _say_answers(request: DeskRequest, taken: Iterable[Any]) -> None:
    for each in taken:
        if each.known_file:
            messages.info(request, _("%(name)s：以前读过，没有变化。") % {"name": each.filename})
            continue
        told = _(
            "%(name)s：接收%(a)s条，退回%(r)s条，重复%(s)s条，矛盾%(c)s条，对不上%(u)s条。"
        ) % {
            "name": each.filename,
            "a": each.accepted,
            "r": each.rejected,
            "s": each.repeated,
            "c": each.contradicting,
            "u": each.unknown,
        }
        messages.success(request, told)
        for problem in each.problems[:FEW]:
            messages.warning(request, problem)


@at_desk(check_see_exchange)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def dispatch(request: DeskRequest, code: str, dispatch_id: int) -> HttpResponse:
    """One dispatch: its files and every attempt; POST delivers what waits now."""
    here = _peer(code)
    found = handover.dispatch(dispatch_id)
    if found is None or found.peer != code:
        raise NotYours(_("没有这个批次。"), "", _("请从上报页面打开。"))
    if request.method == "POST":
        journey.send(to=code, at=timezone.now(), actor=request.actor)
        return redirect("desk:dispatch", code=code, dispatch_id=dispatch_id)
    return page(
        request,
        "desk/dispatch.html",
        section="exchange",
        peer=here,
        dispatch=found,
        attempts=handover.attempts(dispatch_id),
        kinds=kind_labels(),
        may_act=can_exchange(request.actor) and found.state == DispatchState.WAITING,
    )


@at_desk(check_see_exchange)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def record(request: DeskRequest, code: str, entry_id: int) -> HttpResponse:
    """Everything sent and answered of one record; POST has it sent again, for a reason."""
    here = _peer(code)
    row = handover.standing(here, entry_id)
    if row is None:
        raise NotYours(
            _("这条记录不在对账里。"),
            _("它不是这个上报对象收的种类，或者还没有核对到。"),
            _("请核对编号。"),
        )
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        journey.send_again(
            peer_code=code,
            entry_id=entry_id,
            because=form.cleaned_data["because"],
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("已列入待上报，下次编批时送出。"))
        return redirect("desk:exchange-record", code=code, entry_id=entry_id)
    return page(
        request,
        "desk/exchange_record.html",
        section="exchange",
        status=422 if form.errors else 200,
        peer=here,
        row=row,
        kind_label=kind_labels()[row.kind],
        document=_documents(here, [row]).get(row.entry_id, ""),
        names=subjects.subject_names({row.unit_id}),
        chapters=handover.story(row),
        form=form,
        may_act=can_exchange(request.actor) and row.state in AGAIN,
    )


class _Echo:
    """A file that hands every line straight on."""

    def write(self, text: str) -> str:
        return text


def _csv(told: Iterable[handover.Told], names: Mapping[int, str]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    kinds = kind_labels()
    header = [_("记录编号"), _("种类"), _("单位"), _("操作"), _("状态"), _("说明")]
    header += [_("批次"), _("文件"), _("行号"), _("自何时")]
    yield "\ufeff" + writer.writerow(header)
    for each in told:
        row = each.standing
        cells = [row.entry_id, kinds.get(row.kind, row.kind), names.get(row.unit_id, "")]
        cells += [row.get_operation_display(), row.get_state_display(), row.because]
        cells += [each.number, each.file, each.row or ""]
        cells.append(timezone.localtime(row.since).isoformat(timespec="seconds"))
        yield writer.writerow([_plain(cell) for cell in cells])


def _plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (reasons are the peer's words)."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@at_desk(check_see_exchange)
@require_safe
def listing(request: DeskRequest, code: str) -> HttpResponseBase:
    """The chosen records as CSV, all of them."""
    here, at = _peer(code), timezone.now()
    unit = number(request, "unit")
    found = handover.standings(here, at=at, unit_id=unit, **_chosen(request))
    names = {each.id: each.name for each in subjects.units()}
    filename = str(_("对账_{peer}_{day}.csv")).format(peer=code, day=timezone.localdate())
    return StreamingHttpResponse(
        _csv(handover.every_standing(found), names),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": attachment_name(filename)},
    )
