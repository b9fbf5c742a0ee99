"""The first page: what waits for me, late first."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengxin.accounts import permissions
from zhengxin.audit import queries as audit
from zhengxin.desk.appeal_tasks import appeal_tasks
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.objection_tasks import objection_tasks
from zhengxin.desk.oversight_tasks import oversight_tasks
from zhengxin.desk.sanction_tasks import sanction_tasks
from zhengxin.desk.waiting import Urgency, by_urgency, finding, quality_of, tasks
from zhengxin.duties import queries as duties
from zhengxin.intake import queries as intake
from zhengxin.intake.models import Submission
from zhengxin.rulebook.queries import calendar
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.permissions import check_own_window

LAST_SUBMISSIONS = 5
READERS = 5


def _quarter(today: date) -> date:
    """The first day of the quarter."""
    return date(today.year, (today.month - 1) // 3 * 3 + 1, 1)


@at_desk()
@require_safe
def today(request: DeskRequest) -> HttpResponse:
    """Tasks, how well the own unit reports, who looked at its file, its last submissions."""
    day = timezone.localdate()
    actor = request.actor
    waiting = [*tasks(actor, day), *oversight_tasks(actor, day)]
    waiting += [*objection_tasks(actor, day), *sanction_tasks(actor, day)]
    waiting += appeal_tasks(actor, day, timezone.now())
    found = by_urgency(waiting)
    late = [task for task in found if task.urgency is Urgency.OVER]
    sees = may(permissions.check_see_submissions, actor)
    units = subjects.visible_units(actor, day)
    shown = Submission.objects.order_by("-id")
    if units is not None:
        shown = shown.filter(unit_id__in=units)
    last = list(shown[:LAST_SUBMISSIONS]) if sees else []
    own = actor.unit_id if sees else None
    readings = audit.readers_of([own], limit=READERS) if own is not None else []
    context: dict[str, Any] = {
        "title": finding(found),
        "late": late,
        "rest": [task for task in found if task.urgency is not Urgency.OVER],
        "tasks": found,
        "calendar_known": calendar().covers(day.year),
        "working_day": calendar().covers(day.year) and calendar().is_working_day(day),
        "sees": sees,
        "submissions": last,
        "titles": {source.name: source.title for source in intake.sources()} if sees else {},
        "many_units": units is None,
        "readings": readings,
        "unit_names": subjects.subject_names(
            {row.unit_id for row in last}
            | {reading.unit_id for reading in readings if reading.unit_id is not None}
        ),
        "own_window": may(check_own_window, actor),
        "may_submit": may(permissions.check_submit, actor),
    }
    if own is not None:
        since = _quarter(day)
        before = since - timedelta(days=1)
        context["timeliness"] = duties.timeliness(own, since=since)
        context["timeliness_before"] = duties.timeliness(own, since=_quarter(before), until=before)
        context["qualities"] = quality_of(actor, day, frozenset({own}))
    return page(request, "desk/today.html", section="today", **context)
