"""Work plans as living pages (every clause, who leads it, what was reported, what is overdue), and what else oversight shows."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.publication.board import queries

STANDINGS = ("evidence", "words", "zero", "nothing")


def plans(request: HttpRequest) -> HttpResponse:
    """Every confirmed plan, with how far its clauses are."""
    found = [(plan, {what: plan.standing(what) for what in STANDINGS}) for plan in queries.plans()]
    return render(request, "portal/plans.html", {"nav": "plans", "tab": "plans", "plans": found})


def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan, clause by clause; a filter in the address leaves those of one standing."""
    found = queries.plan(plan_id)
    if found is None:
        raise Http404(_("没有这份方案，或者它没有公布。"))
    only = request.GET.get("only", "")
    clauses = found.clauses
    if only == "overdue":
        clauses = tuple(clause for clause in clauses if clause.overdue)
    elif only in STANDINGS:
        clauses = tuple(clause for clause in clauses if clause.standing == only)
    context = {
        "nav": "plans",
        "tab": "plans",
        "plan": found,
        "clauses": clauses,
        "only": only if only in (*STANDINGS, "overdue") else "",
        "counts": {what: found.standing(what) for what in STANDINGS},
        "late_clauses": sum(1 for clause in found.clauses if clause.overdue),
    }
    return render(request, "portal/plan.html", context)


def inspections(request: HttpRequest) -> HttpResponse:
    """Every inspection, newest first."""
    rows = queries.story("inspections")
    return render(
        request, "portal/inspections.html", {"nav": "plans", "tab": "inspections", "rows": rows}
    )


def inspection(request: HttpRequest, number: int) -> HttpResponse:
    """One inspection: its checklist, how its units were drawn, what was found."""
    found = next((row for row in queries.story("inspections") if row["number"] == number), None)
    if found is None:
        raise Http404(_("没有这次督查，或者它没有公布。"))
    return render(
        request, "portal/inspection.html", {"nav": "plans", "tab": "inspections", "row": found}
    )


def orders(request: HttpRequest) -> HttpResponse:
    """Which units were told to explain or to rectify, by when, and what came of it."""
    # What the worker has not taken off yet is not shown past its day.
    today = timezone.localdate()
    told = [row for row in queries.story("criticisms") if row["until_on"] >= today]
    shown = {"rows": queries.story("orders"), "criticisms": told}
    return render(request, "portal/orders.html", {"nav": "plans", "tab": "orders", **shown})


def replies(request: HttpRequest) -> HttpResponse:
    """Replies to suggestions and proposals that may be public; by unit, where one is asked for."""
    rows = queries.story("replies")
    units = sorted({row["unit"] for row in rows})
    unit = request.GET.get("unit", "")
    if unit in units:
        rows = [row for row in rows if row["unit"] == unit]
    context = {"nav": "plans", "tab": "replies", "rows": rows, "units": units, "unit": unit}
    return render(request, "portal/replies.html", context)
