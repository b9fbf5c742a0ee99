"""Orders to explain in writing and to rectify: given, answered, kept from the public on a stated ground."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts.types import Signed
from zhengxin.desk.asked import number
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.fitting import only_while
from zhengxin.desk.forms import ReviewForm, WithholdForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.listings import as_asked
from zhengxin.desk.once import once
from zhengxin.desk.pieces import piece_answer
from zhengxin.desk.rectifying_forms import ExplanationForm, OrderForm
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.duties import own_units
from zhengxin.desk.views.inspections import unit_choices
from zhengxin.duties import permissions as duties
from zhengxin.duties.enums import DutyState
from zhengxin.journey.rectifying import new_order_sheet, order_review_sheet, order_sheet
from zhengxin.kernel.refused import NotAllowed
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.rectifying import permissions
from zhengxin.oversight.rectifying import queries as rectifying
from zhengxin.oversight.rectifying.models import Order
from zhengxin.oversight.rectifying.queries import UnknownOrder
from zhengxin.subjects import queries as subjects

AT_ONCE = 20
MOST_EXPORTED = 5_000
STATES = {"running": False, "over": True}


def _chosen(request: DeskRequest) -> tuple[QuerySet[Order], dict[str, Any]]:
    """The orders that the address asks for, of those the actor sees."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    chosen = {"state": request.GET.get("state", ""), "unit": number(request, "unit")}
    rows = rectifying.orders(units, unit_id=chosen["unit"])  # type: ignore[arg-type]  # a number or None
    if chosen["state"] in STATES:
        rows = rectifying.running(rows, over=STATES[str(chosen["state"])])
    return rows, chosen


def _may_order(request: DeskRequest) -> bool:
    today = timezone.localdate()
    designated = inspections.designated(own_units(request, today), today)
    return permissions.can_order(request.actor, designated=designated)


@at_desk(permissions.check_see_orders)
@require_safe
def orders(request: DeskRequest) -> HttpResponse:
    """Orders that one's unit gave or got (or all), newest first; the filters stand in the address."""
    rows, chosen = _chosen(request)
    listed = Paginator(rows, AT_ONCE).get_page(number(request, "page") or 1)
    stands = rectifying.stands(listed)
    today = timezone.localdate()
    units = subjects.visible_units(request.actor, today)
    return page(
        request,
        "desk/orders.html",
        section="oversight",
        tab="orders",
        rows=listed,
        stands=stands,
        chosen=chosen,
        n=rectifying.running(rectifying.orders(units), over=False).count(),
        names=subjects.subject_names(
            pk for each in stands for pk in (each.order.unit_id, each.order.orderer_id)
        ),
        units=unit_choices() if units is None else [],
        visible=units,
        today=today,
        may_order=_may_order(request),
    )


def seen_order(request: DeskRequest, order_id: int) -> Order:
    """An order that the actor may see. Raises NotYours."""
    try:
        found = rectifying.order(order_id)
        units = subjects.visible_units(request.actor, timezone.localdate())
        parties = rectifying.order_parties(found)
        permissions.check_see_order(request.actor, parties=parties, units=units)
    except (UnknownOrder, NotAllowed):
        raise NotYours(
            _("没有找到这件整改。"),
            _("编号有误，或者它是其他单位的。"),
            _("请从整改列表里打开。"),
        ) from None
    return found


def _only_while(request: DeskRequest, order: Order, fits: bool, stands: str) -> None:
    only_while(request, fits, stands=stands, back=reverse("desk:order", args=[order.pk]))


def _names(order: Order) -> dict[int, str]:
    return subjects.subject_names({order.unit_id, order.orderer_id})


@at_desk(permissions.check_see_orders)
@require_safe
def order(request: DeskRequest, order_id: int) -> HttpResponse:
    """One order: what was asked, what was explained, how it stands, what the public sees."""
    shown = seen_order(request, order_id)
    [stand] = rectifying.stands([shown])
    own = own_units(request, timezone.localdate())
    looked_at(request, "order.read", "order", order_id)
    return page(
        request,
        "desk/order.html",
        section="oversight",
        tab="orders",
        order=shown,
        stand=stand,
        explanations=list(shown.explanations.order_by("id")),
        names=_names(shown),
        today=timezone.localdate(),
        visible=subjects.visible_units(request.actor, timezone.localdate()),
        may_explain=stand.explain is not None
        and stand.explain.state == DutyState.OPEN
        and permissions.can_explain(request.actor, shown, units=own),
        may_report=stand.rectify is not None
        and stand.rectify.state == DutyState.OPEN
        and duties.can_report(request.actor, stand.rectify, units=own),
        may_withhold=permissions.can_withhold(request.actor),
    )


@at_desk(permissions.check_see_orders)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_order(request: DeskRequest) -> HttpResponse:
    """A unit is ordered to explain or to rectify."""
    today = timezone.localdate()
    designated = inspections.designated(own_units(request, today), today)
    permissions.check_order(request.actor, designated=designated)
    others = [each for each in unit_choices() if each[0] != request.actor.unit_id]
    form = OrderForm(request.POST if request.method == "POST" else None, units=others)
    signing = SigningBlock(request, new_order_sheet)
    made: list[int] = []

    def do(signed: Signed) -> None:
        made.append(
            journey.order_rectification(
                **form.cleaned_data, signed=signed, at=timezone.now(), actor=request.actor
            )
        )

    done = signing.done(form, lambda: form.cleaned_data, do)
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已发出，期限记入该单位的职责。"))
        return redirect("desk:order", made[0])
    return page(
        request,
        "desk/order_form.html",
        section="oversight",
        tab="orders",
        status=signing.status(form),
        form=form,
        signing=signing,
        title=_("责令说明、整改"),
        verb=_("发出"),
    )


@at_desk(permissions.check_see_orders)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def explain(request: DeskRequest, order_id: int) -> HttpResponse:
    """The unit explains."""
    shown = seen_order(request, order_id)
    own = own_units(request, timezone.localdate())
    permissions.check_explain(request.actor, shown, units=own)
    [stand] = rectifying.stands([shown])
    stands = stand.explain.get_state_display() if stand.explain else _("没有要求书面说明")
    asked = stand.explain is not None and stand.explain.state == DutyState.OPEN
    _only_while(request, shown, asked, stands)
    form = ExplanationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        journey.explain(
            order_id=order_id,
            why=said["why"],
            plan=said["plan"],
            files=sent(said["evidence"]),
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("书面说明已提交，等责令单位核实。"))
        return redirect("desk:order", order_id)
    return page(
        request,
        "desk/order_form.html",
        section="oversight",
        tab="orders",
        status=422 if form.errors else 200,
        form=form,
        order=shown,
        names=_names(shown),
        title=_("提交书面说明"),
        verb=_("提交"),
    )


@at_desk(permissions.check_withhold)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withhold(request: DeskRequest, order_id: int) -> HttpResponse:
    """The public is not shown an order."""
    shown = seen_order(request, order_id)
    _only_while(request, shown, not shown.withheld, _("已经不公开"))
    form = WithholdForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: order_sheet(order_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.withhold_order(
            order_id=order_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已改为不公开。"))
        return redirect("desk:order", order_id)
    return page(
        request,
        "desk/order_form.html",
        section="oversight",
        tab="orders",
        status=signing.status(form),
        form=form,
        signing=signing,
        order=shown,
        names=_names(shown),
        title=_("整改情况不公开"),
        verb=_("不公开"),
        note=_("公开站只显示单位、日期和不公开的理由。"),
    )


@at_desk(permissions.check_withhold)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def review(request: DeskRequest, order_id: int) -> HttpResponse:
    """The day has come on which keeping an order from the public is looked at again."""
    shown = seen_order(request, order_id)
    _only_while(request, shown, bool(shown.withheld), _("已经公开"))
    form = ReviewForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: order_review_sheet(order_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.review_withheld_order(
            order_id=order_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("复核结论已记下。"))
        return redirect("desk:order", order_id)
    return page(
        request,
        "desk/order_form.html",
        section="oversight",
        tab="orders",
        status=signing.status(form),
        form=form,
        signing=signing,
        order=shown,
        names=_names(shown),
        title=_("再看一次：是否仍不公开"),
        verb=_("记下"),
        note=_("选“可以公示”的，公开站恢复显示事由、期限和办结情况。"),
    )


@at_desk(permissions.check_see_orders)
@require_safe
def evidence(request: DeskRequest, order_id: int, piece_id: int) -> HttpResponse:
    """A file that came with an explanation."""
    shown = seen_order(request, order_id)
    held = {int(file["piece"]) for each in shown.explanations.all() for file in each.files}
    return piece_answer(request, piece_id, held, "order", order_id)


@at_desk(permissions.check_see_orders)
@require_safe
def listing(request: DeskRequest) -> HttpResponseBase:
    """The chosen orders as CSV or XLSX."""
    rows, _chosen_by = _chosen(request)
    stands = rectifying.stands(rows[:MOST_EXPORTED])
    names = subjects.subject_names(
        pk for each in stands for pk in (each.order.unit_id, each.order.orderer_id)
    )
    header = [_("编号"), _("单位"), _("责令单位"), _("日期"), _("事由"), _("依据")]
    header += [_("书面说明期限"), _("书面说明"), _("整改期限"), _("整改"), _("整改报告日期")]
    header += [_("首次逾期")]

    def cells(stand: rectifying.Stand) -> list[object]:
        row, explain, rectify = stand.order, stand.explain, stand.rectify
        told: list[object] = [row.pk, names.get(row.unit_id), names.get(row.orderer_id)]
        told += [row.ordered_on, row.title, row.basis]
        told += [explain.due_on, explain.get_state_display()] if explain else ["", ""]
        told += [rectify.due_on, rectify.get_state_display()] if rectify else ["", ""]
        return [*told, rectify.met_on, rectify.late_on] if rectify else [*told, "", ""]

    name = f"{_('整改')}_{timezone.localdate()}"
    return as_asked(request, name, header, (cells(each) for each in stands))
