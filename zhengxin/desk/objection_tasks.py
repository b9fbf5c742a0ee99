"""What waits at the first page of objections: to look at, to answer, to decide, to put right, to confirm."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengxin.desk.templatetags.desk import day
from zhengxin.desk.waiting import Task, Urgency
from zhengxin.duties.models import Duty
from zhengxin.kernel.actor import Actor, Role
from zhengxin.objections import permissions
from zhengxin.objections import queries as objections
from zhengxin.objections.enums import ObjectionState
from zhengxin.subjects import queries as subjects


def objection_tasks(actor: Actor, today: date) -> list[Task]:
    """One line for each thing that this actor does about objections, with the eldest due day."""
    if not permissions.can_see_objections(actor) or actor.unit_id is None:
        return []
    own = subjects.lineage(actor.unit_id, today)
    found: list[tuple[ObjectionState, str, str, frozenset[int] | None]] = []
    if permissions.can_check(actor):
        found.append((ObjectionState.LODGED, "check_duty_id", _("审查异议是否受理"), None))
    if actor.has(Role.REVIEWER):
        found.append((ObjectionState.ANSWERED, "decide_duty_id", _("决定异议"), None))
    if actor.has(Role.CLERK, Role.LEADER):
        found.append((ObjectionState.ADMITTED, "answer_duty_id", _("答复异议"), own))
        found.append((ObjectionState.CORRECTING, "correct_duty_id", _("按异议决定更正"), own))
    told = []
    for state, duty, title, units in found:
        rows = objections.objections(None, state=state)
        if units is not None:
            rows = rows.filter(unit_id__in=units)
        if n := rows.count():
            due = Duty.objects.filter(pk__in=rows.values(duty), due_on__isnull=False)
            first = due.order_by("due_on").values_list("due_on", flat=True).first()
            told.append(_task(title, state, n, first, today))
    return told


def _task(title: str, state: ObjectionState, n: int, first: date | None, today: date) -> Task:
    late = first is not None and first < today
    return Task(
        urgency=Urgency.OVER if late else Urgency.TODAY if first == today else Urgency.PLAIN,
        before=_("异议"),
        figure=f"{n:,}",
        after=_("件"),
        title=title,
        url=f"{reverse('desk:objections')}?state={state.value}",
        what=_("最早的{day}到期。").format(day=day(first)) if first else _("期限待定。"),
        basis=_("记录已经标注“异议处理中”。"),
        action=_("去办理"),
        n=n,
    )
