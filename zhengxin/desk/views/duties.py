"""What units owe: mine today, my unit's, overdue by whom and how long, and one duty with its history."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxin.desk.asked import number
from zhengxin.desk.downloads import attachment_name
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.origins import origin
from zhengxin.duties import lists, permissions, standing
from zhengxin.duties.enums import DutyState
from zhengxin.duties.models import Duty
from zhengxin.duties.types import DutyAct, Step
from zhengxin.evidence import queries as evidence
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger.enums import Act
from zhengxin.oversight.proposals.queries import of_duty
from zhengxin.oversight.returns.figures import RETURN
from zhengxin.rulebook.queries import duty_kinds
from zhengxin.subjects import queries as subjects

# So many lines of each group on the first page, which is one of a phone; the whole list has pages.
FEW, AT_ONCE = 5, 50
SOON_DAYS = 30
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}
# Duties that are done on the page of their proposal.
_OF_PROPOSALS = ("proposal_reply", "proposal_opinion")


def own_units(request: DeskRequest, today: date) -> frozenset[int]:
    """The actor's own unit and those it followed."""
    unit_id = request.actor.unit_id
    return subjects.lineage(unit_id, today) if unit_id is not None else frozenset()


def names_for(duties: Collection[Duty], *more: int) -> dict[int, str]:
    """Names of the units these duties speak of."""
    return subjects.subject_names(
        {pk for duty in duties for pk in (duty.bearer_id, duty.to_id) if pk} | set(more)
    )


def kind_names() -> dict[str, str]:
    """Names of the kinds of duties, by code."""
    return {kind.code: kind.name for kind in duty_kinds()}


@at_desk(permissions.check_see_duties)
@require_safe
def mine(request: DeskRequest) -> HttpResponse:
    """What my unit owes today: late first, then today, what waits for my verifying, then the next thirty days."""
    today = timezone.localdate()
    own = own_units(request, today)
    units = subjects.visible_units(request.actor, today)
    verifying = lists.to_verify(None if units is None else own)
    figures = lists.standing(own, today, SOON_DAYS)
    groups = [
        ("over", _("逾期的"), list(lists.overdue(own, today)[:FEW])),
        ("today", _("今天到期的"), list(lists.due_between(own, today, today)[:FEW])),
        ("verify", _("等您核实的"), _not_own(verifying, own)),
        (
            "soon",
            _("30天内到期的"),
            list(
                lists.due_between(
                    own, today + timedelta(days=1), today + timedelta(days=SOON_DAYS)
                )[:FEW]
            ),
        ),
        ("open", _("期限待定的"), list(lists.without_day(own)[:FEW])),
        ("reported", _("已报、等交办单位核实的"), _reported(own)),
        ("support", _("我们配合的"), list(lists.supported(own)[:FEW])),
    ]
    shown = [duty for _group, _label, rows in groups for duty in rows]
    return page(
        request,
        "desk/duties_mine.html",
        section="oversight",
        tab="duties",
        groups=[group for group in groups if group[2]],
        figures=figures,
        names=names_for(shown),
        kinds=kind_names(),
        today=today,
        few=FEW,
    )


def _not_own(rows: QuerySet[Duty], own: Collection[int]) -> list[Duty]:
    # Nobody verifies what the own unit owes.
    return [duty for duty in rows[: FEW * 8] if duty.bearer_id not in own][:FEW]


def _reported(own: Collection[int]) -> list[Duty]:
    return list(lists.running(own).filter(state=DutyState.REPORTED)[:FEW])


CHOICES = ("overdue", "soon", "open", "reported", "ended")


@at_desk(permissions.check_see_duties)
@require_safe
def duties(request: DeskRequest) -> HttpResponse:
    """Duties of the units one sees, by state, unit and kind; the filters stand in the address."""
    today = timezone.localdate()
    units = subjects.visible_units(request.actor, today)
    chosen = {
        "state": request.GET.get("state", "overdue"),
        "kind": request.GET.get("kind", ""),
        "unit": number(request, "unit"),
    }
    if chosen["state"] not in CHOICES:
        chosen["state"] = "overdue"
    asked = chosen["unit"]
    among: Collection[int] | None = units
    if isinstance(asked, int):
        line = subjects.lineage(asked, today)
        among = line if units is None else line & units
    rows = lists.chosen(str(chosen["state"]), among, today)
    if chosen["kind"] in kind_names():
        rows = rows.filter(kind=chosen["kind"])
    start = max(number(request, "from") or 0, 0)
    found = list(rows[start : start + AT_ONCE + 1])
    return page(
        request,
        "desk/duties_list.html",
        section="oversight",
        tab="list",
        rows=found[:AT_ONCE],
        start=start,
        after=start + AT_ONCE if len(found) > AT_ONCE else None,
        before=max(start - AT_ONCE, 0) if start else None,
        chosen=chosen,
        kinds=kind_names(),
        many_units=units is None,
        units=subjects.units() if units is None else [],
        names=names_for(found),
        today=today,
    )


@at_desk(permissions.check_see_duties)
@require_safe
def overdue(request: DeskRequest) -> HttpResponse:
    """Overdue by whom and how long: a line a unit, the longest overdue first. Units merged since stand with their successor."""
    today = timezone.localdate()
    units = subjects.visible_units(request.actor, today)
    after = subjects.bearers_now(today)
    kind = request.GET.get("kind", "")
    sums: dict[int, list[Any]] = {}
    for row in lists.overdue_by_unit(today, kind if kind in kind_names() else ""):
        if units is not None and row.unit_id not in units:
            continue
        line = sums.setdefault(after.get(row.unit_id, row.unit_id), [0, row.oldest])
        line[0] += row.n
        line[1] = min(line[1], row.oldest)
    rows = [(unit, n, oldest, (today - oldest).days) for unit, (n, oldest) in sums.items()]
    rows.sort(key=lambda row: (row[2], -row[1]))
    return page(
        request,
        "desk/duties_overdue.html",
        section="oversight",
        tab="overdue",
        rows=rows,
        n=sum(row[1] for row in rows),
        names=subjects.subject_names(sums),
        kinds=kind_names(),
        kind=kind,
        today=today,
    )


def seen_duty(request: DeskRequest, duty_id: int) -> Duty:
    """A duty that the actor may see. Raises NotYours."""
    today = timezone.localdate()
    try:
        duty = standing.duty(duty_id)
        permissions.check_see_duty(
            request.actor,
            duty,
            units=subjects.visible_units(request.actor, today),
            supporters=lists.supporters_of(duty_id),
        )
    except (standing.UnknownDuty, NotAllowed):
        raise NotYours(
            _("没有找到这项职责。"),
            _("编号有误，或者它是其他单位的。"),
            _("请从职责列表里打开。"),
        ) from None
    return duty


@at_desk(permissions.check_see_duties)
@require_safe
def duty(request: DeskRequest, duty_id: int) -> HttpResponse:
    """One duty: who owes what to whom by when and why then, and what was done about it."""
    today = timezone.localdate()
    shown = seen_duty(request, duty_id)
    steps = standing.history(duty_id)
    supporters = lists.supporters_of(duty_id)
    own = own_units(request, today)
    running = shown.state in (DutyState.OPEN, DutyState.REPORTED)
    over = shown.due_on is not None and shown.due_on < today
    settled = standing.SETTLED_IN_CASES.get(shown.kind, frozenset())
    may_settle = permissions.can_settle(request.actor, shown, units=own)
    came_from = origin(shown, request.actor, subjects.visible_units(request.actor, today))
    looked_at(request, "duty.read", "duty", duty_id)
    return page(
        request,
        "desk/duty.html",
        section="oversight",
        tab="list",
        duty=shown,
        kind=kind_names().get(shown.kind, shown.kind),
        steps=[(step, Act(step.act).label) for step in steps],
        opening=steps[0].content,
        supporters=supporters,
        names=names_for([shown], *supporters, *_handed(steps)),
        today=today,
        days=(today - shown.due_on).days if shown.due_on else None,
        over=over and shown.state == DutyState.OPEN,
        case_page=case_page(shown, came_from) if running else "",
        origin=came_from,
        may_report=shown.kind not in standing.OF_CASES
        and shown.state == DutyState.OPEN
        and permissions.can_report(request.actor, shown, units=own),
        settled=settled,
        may_settle=running and may_settle and DutyAct.EXTENDED not in settled,
        may_breach=over
        and may_settle
        and shown.state == DutyState.OPEN
        and DutyAct.BREACHED not in settled,
    )


def case_page(shown: Duty, came_from: str) -> str:
    """Where a duty of a case of its own is done; empty for the others. came_from: the page of its case."""
    if shown.kind == standing.TAKEOVER:
        return reverse("desk:takeover", args=[shown.pk])
    if shown.kind == RETURN:
        return reverse("desk:unit-returns", args=[shown.bearer_id, shown.period])
    if shown.kind in _OF_PROPOSALS and (proposal_id := of_duty(shown.pk)):
        return reverse("desk:proposal", args=[proposal_id])
    return came_from if shown.kind in standing.OF_CASES else ""


def _handed(steps: Sequence[Step]) -> list[int]:
    return [int(step.content["unit_id"]) for step in steps if "unit_id" in step.content]


@at_desk(permissions.check_see_duties)
@require_safe
def piece(request: DeskRequest, duty_id: int, piece_id: int) -> HttpResponse:
    """A file that came with an act of a duty one may see, always as a download."""
    seen_duty(request, duty_id)
    held = {
        int(each["piece"])
        for step in standing.history(duty_id)
        for each in step.content.get("files", ())
    }
    found = evidence.pieces([piece_id]).get(piece_id) if piece_id in held else None
    if found is None:
        raise NotYours(
            _("没有找到这份材料。"), _("它不是这项职责的。"), _("请从职责的办理经过里打开。")
        )
    looked_at(request, "duty.evidence", "duty", duty_id)
    answer = HttpResponse(
        evidence.content(piece_id), content_type=TYPES.get(found.kind, "application/octet-stream")
    )
    answer["Content-Disposition"] = attachment_name(found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
