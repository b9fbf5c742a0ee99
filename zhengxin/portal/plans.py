"""Work plans as living pages: every clause, who leads it, what was reported, what is overdue."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhengxin.publication.board import queries

STANDINGS = ("evidence", "words", "nothing", "overdue")


def plans(request: HttpRequest) -> HttpResponse:
    """Every confirmed plan, with how far its clauses are."""
    found = [
        (plan, {what: plan.standing(what) for what in STANDINGS[:3]}) for plan in queries.plans()
    ]
    return render(request, "portal/plans.html", {"nav": "plans", "plans": found})


def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan, clause by clause; a filter in the address leaves those of one standing."""
    found = queries.plan(plan_id)
    if found is None:
        raise Http404(_("没有这份方案，或者它没有公布。"))
    only = request.GET.get("only", "")
    clauses = [
        clause
        for clause in found.clauses
        if only not in STANDINGS
        or clause.standing == only
        or (only == "overdue" and clause.overdue)
    ]
    context = {
        "nav": "plans",
        "plan": found,
        "clauses": clauses,
        "only": only if only in STANDINGS else "",
        "counts": {what: found.standing(what) for what in STANDINGS[:3]},
        "late_clauses": sum(1 for clause in found.clauses if clause.overdue),
    }
    return render(request, "portal/plan.html", context)
