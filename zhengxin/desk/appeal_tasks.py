"""What waits at the first page of appeals: to be reviewed."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengxin.appeals import queries as appeals
from zhengxin.appeals.enums import AppealState
from zhengxin.desk.templatetags.desk import day
from zhengxin.desk.waiting import Task, Urgency
from zhengxin.duties.models import Duty
from zhengxin.journey.appealing import county_governments
from zhengxin.kernel.actor import Actor, Role


def appeal_tasks(actor: Actor, today: date, now: datetime) -> list[Task]:
    """One line for whoever may review, with the eldest due day."""
    leads = actor.has(Role.LEADER) and actor.unit_id in county_governments(now)
    if not (leads or actor.has(Role.REVIEWER)):
        return []
    rows = appeals.appeals(None, state=AppealState.LODGED)
    n = rows.count()
    if not n:
        return []
    due = Duty.objects.filter(pk__in=rows.values("duty_id"), due_on__isnull=False)
    first = due.order_by("due_on").values_list("due_on", flat=True).first()
    late = first is not None and first < today
    return [
        Task(
            urgency=Urgency.OVER if late else Urgency.TODAY if first == today else Urgency.PLAIN,
            before=_("申诉"),
            figure=f"{n:,}",
            after=_("件"),
            title=_("复核申诉"),
            url=f"{reverse('desk:appeals')}?state={AppealState.LODGED.value}",
            what=_("最早的{day}到期。").format(day=day(first)) if first else _("期限待定。"),
            basis=_("作出原决定的人、登记申诉的人不能复核。"),
            action=_("去办理"),
            n=n,
        )
    ]
