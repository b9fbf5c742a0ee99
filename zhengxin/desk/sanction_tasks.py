"""What waits for the reader of today's page in cases of measures."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengxin.desk.templatetags.desk import day
from zhengxin.desk.waiting import Task, Urgency
from zhengxin.kernel.actor import Actor, Role
from zhengxin.sanctions import permissions
from zhengxin.sanctions import queries as sanctions
from zhengxin.sanctions.enums import CaseState
from zhengxin.sanctions.models import Case
from zhengxin.subjects import queries as subjects

FEW = 5


def sanction_tasks(actor: Actor, today: date) -> list[Task]:
    """Cases to look at, replies to hear, decisions to take, notices to answer."""
    office = subjects.credit_office(today)
    office_id = office.id if office else None
    found: list[Case] = []
    if permissions.can_propose(actor, office_id=office_id):
        for state in (CaseState.TO_LOOK_AT, CaseState.REPLIED, CaseState.DECIDED):
            found += sanctions.cases(None, state=state)[:FEW]
    if permissions.can_decide(actor, office_id=office_id):
        found += sanctions.to_decide(today)[:FEW]
    if actor.has(Role.CLERK, Role.LEADER) and actor.unit_id is not None:
        found += sanctions.to_answer(subjects.lineage(actor.unit_id, today), today)[:FEW]
    names = subjects.subject_names(row.unit_id for row in found)
    return [
        Task(
            urgency=Urgency.TODAY,
            before=_("惩戒"),
            figure=_("第{n}件").format(n=row.pk),
            after="",
            title=_("{unit}：{state}").format(
                unit=names.get(row.unit_id, ""), state=row.get_state_display()
            ),
            url=reverse("desk:sanction", args=[row.pk]),
            what=_("陈述期到{day}。").format(day=day(row.reply_by)) if row.reply_by else "",
            basis=row.entry_title,
            action=_("去办"),
        )
        for row in found
    ]
