"""Issues of the leading group: raised, decided, owed by a day, raised again."""

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
from zhengxin.desk.asked import number
from zhengxin.desk.fitting import only_while
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.listings import as_asked
from zhengxin.desk.once import once
from zhengxin.desk.rectifying_forms import IssueDecisionForm, IssueForm
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.inspections import unit_choices
from zhengxin.journey.rectifying import issue_sheet
from zhengxin.kernel.refused import NotAllowed
from zhengxin.oversight.rectifying import permissions
from zhengxin.oversight.rectifying import queries as rectifying
from zhengxin.oversight.rectifying.enums import IssueState
from zhengxin.oversight.rectifying.models import Issue
from zhengxin.oversight.rectifying.queries import UnknownIssue
from zhengxin.subjects import queries as subjects

AT_ONCE = 20
MOST_EXPORTED = 5_000
# So many earlier issues are offered as the same question.
EARLIER = 200


def _chosen(request: DeskRequest) -> tuple[QuerySet[Issue], str]:
    units = subjects.visible_units(request.actor, timezone.localdate())
    state = request.GET.get("state", "")
    return rectifying.issues(units, state=state if state in IssueState.values else ""), state


def _names(rows: list[Issue]) -> dict[int, str]:
    return subjects.subject_names(
        pk for row in rows for pk in (row.raised_by_id, row.lead_id) if pk
    )


@at_desk(permissions.check_see_orders)
@require_safe
def issues(request: DeskRequest) -> HttpResponse:
    """Issues one's unit raised or leads (or all), newest first."""
    rows, state = _chosen(request)
    listed = Paginator(rows, AT_ONCE).get_page(number(request, "page") or 1)
    shown = list(listed)
    units = subjects.visible_units(request.actor, timezone.localdate())
    return page(
        request,
        "desk/issues.html",
        section="oversight",
        tab="issues",
        rows=listed,
        duties=rectifying.duties_of(shown),
        names=_names(shown),
        n=rectifying.issues(units, state=IssueState.RAISED).count(),
        states=IssueState.choices,
        state=state,
        visible=units,
        today=timezone.localdate(),
        may_raise=permissions.can_raise(request.actor),
    )


def seen_issue(request: DeskRequest, issue_id: int) -> Issue:
    """An issue that the actor may see. Raises NotYours."""
    try:
        found = rectifying.issue(issue_id)
        units = subjects.visible_units(request.actor, timezone.localdate())
        parties = rectifying.issue_parties(found)
        permissions.check_see_issue(request.actor, parties=parties, units=units)
    except (UnknownIssue, NotAllowed):
        raise NotYours(
            _("没有找到这个议题。"),
            _("编号有误，或者它是其他单位的。"),
            _("请从议题列表里打开。"),
        ) from None
    return found


@at_desk(permissions.check_see_orders)
@require_safe
def issue(request: DeskRequest, issue_id: int) -> HttpResponse:
    """One issue, what was decided, and every time it was raised."""
    shown = seen_issue(request, issue_id)
    units = subjects.visible_units(request.actor, timezone.localdate())
    times = rectifying.times(shown)
    ids = [each.pk for each in times]
    seen = set(rectifying.issues(units).filter(pk__in=ids).values_list("pk", flat=True))
    looked_at(request, "issue.read", "issue", issue_id)
    return page(
        request,
        "desk/issue.html",
        section="oversight",
        tab="issues",
        issue=shown,
        duty=rectifying.duties_of([shown]).get(issue_id),
        times=[(each, each.pk in seen) for each in times],
        names=_names(times),
        visible=units,
        today=timezone.localdate(),
        may_decide=shown.state == IssueState.RAISED and permissions.can_decide_issue(request.actor),
    )


def _drawn(request: DeskRequest, form: Any, title: str, verb: str, **more: Any) -> HttpResponse:
    signing = more.get("signing")
    return page(
        request,
        "desk/issue_form.html",
        section="oversight",
        tab="issues",
        status=signing.status(form) if signing else (422 if form.errors else 200),
        form=form,
        title=title,
        verb=verb,
        **more,
    )


@at_desk(permissions.check_raise)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def raise_issue(request: DeskRequest) -> HttpResponse:
    """A question for the leading group."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    earlier = [
        (each.pk, _("{question}（{day}）").format(question=each.question, day=each.raised_on))
        for each in rectifying.issues(units)[:EARLIER]
    ]
    form = IssueForm(request.POST if request.method == "POST" else None, earlier=earlier)
    if request.method == "POST" and form.is_valid():
        made = journey.raise_issue(**form.cleaned_data, at=timezone.now(), actor=request.actor)
        messages.success(request, _("议题已提出，等领导小组议定。"))
        return redirect("desk:issue", made)
    return _drawn(request, form, _("提出议题"), _("提出"))


@at_desk(permissions.check_decide_issue)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: DeskRequest, issue_id: int) -> HttpResponse:
    """What the leading group decided is written down."""
    shown = seen_issue(request, issue_id)
    back = reverse("desk:issue", args=[issue_id])
    raised = shown.state == IssueState.RAISED
    only_while(request, raised, stands=IssueState(shown.state).label, back=back)
    form = IssueDecisionForm(
        request.POST if request.method == "POST" else None, units=unit_choices()
    )
    signing = SigningBlock(request, lambda _nonce: issue_sheet(issue_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.decide_issue(
            issue_id=issue_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("议定事项已登记，期限记入牵头单位的职责。"))
        return redirect("desk:issue", issue_id)
    return _drawn(
        request,
        form,
        _("登记议定事项"),
        _("登记"),
        issue=shown,
        names=_names([shown]),
        signing=signing,
    )


@at_desk(permissions.check_see_orders)
@require_safe
def listing(request: DeskRequest) -> HttpResponseBase:
    """The chosen issues as CSV or XLSX."""
    rows, _state = _chosen(request)
    shown = list(rows[:MOST_EXPORTED])
    names, duties = _names(shown), rectifying.duties_of(shown)
    header = [_("编号"), _("议题"), _("提出单位"), _("提出日期"), _("第几次提出"), _("状态")]
    header += [_("会议日期"), _("议定的事"), _("牵头单位"), _("办结期限"), _("办理状态")]
    lines = []
    for row in shown:
        duty = duties.get(row.pk)
        line: list[object] = [row.pk, row.question, names.get(row.raised_by_id), row.raised_on]
        line += [row.nth, row.get_state_display(), row.met_on, row.decision]
        line += [names.get(row.lead_id or 0), duty.due_on if duty else ""]
        lines.append([*line, duty.get_state_display() if duty else ""])
    return as_asked(request, f"{_('议题')}_{timezone.localdate()}", header, lines)
