"""What waits at the first page of inspections and of the leading group's issues; duties have a page of their own."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengxin.desk.templatetags.desk import day
from zhengxin.desk.waiting import Task, Urgency
from zhengxin.duties.permissions import can_see_duties
from zhengxin.kernel.actor import Actor
from zhengxin.oversight.inspections import permissions as inspecting
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.rectifying import permissions as rectifying
from zhengxin.oversight.rectifying import queries as orders
from zhengxin.oversight.rectifying.enums import IssueState
from zhengxin.subjects import queries as subjects

FEW = 5


def oversight_tasks(actor: Actor, today: date) -> list[Task]:
    """Conclusions to receive, units to draw, issues to be decided."""
    if not can_see_duties(actor) or actor.unit_id is None:
        return []
    own = subjects.lineage(actor.unit_id, today)
    found = [
        Task(
            urgency=Urgency.TODAY,
            before=_("督查"),
            figure=_("结论"),
            after="",
            title=_("签收“{title}”的结论").format(title=case.campaign.title),
            url=reverse("desk:inspection-case", args=[case.pk]),
            what=_("签收的次日起30日内可以申请复核。"),
            basis=_("{day}作出。").format(day=day(case.concluded_on)),
            action=_("去签收"),
        )
        for case in inspections.to_receive(own).select_related("campaign")[:FEW]
        if inspecting.can_receive(actor, case, units=own)
    ]
    if inspecting.can_plan(actor):
        found += [
            Task(
                urgency=Urgency.TODAY,
                before=_("督查"),
                figure=_("抽取"),
                after="",
                title=_("抽取“{title}”的单位").format(title=campaign.title),
                url=reverse("desk:inspection", args=[campaign.pk]),
                what=_("约定的随机数已经产生：{named}。").format(named=campaign.seed_named),
                basis="",
                action=_("去抽取"),
            )
            for campaign in inspections.to_draw(own, today)[:FEW]
        ]
    if rectifying.can_withhold(actor):
        found += [
            Task(
                urgency=Urgency.TODAY,
                before=_("整改"),
                figure=_("不公开"),
                after="",
                title=_("再看一次“{title}”是否仍不公开").format(title=order.title),
                url=reverse("desk:review-withheld-order", args=[order.pk]),
                what=_("不公开时写明到{day}再看一次。").format(day=day(order.review_on)),
                basis="",
                action=_("去复核"),
            )
            for order in orders.to_review(today)[:FEW]
        ]
    if rectifying.can_decide_issue(actor):
        n = orders.issues(None, state=IssueState.RAISED).count()
        if n:
            found.append(
                Task(
                    urgency=Urgency.LATER,
                    before=_("待议定"),
                    figure=f"{n:,}",
                    after=_("个"),
                    title=_("登记领导小组议定的事"),
                    url=reverse("desk:issues"),
                    what=_("开过会的，凭会议纪要登记牵头单位和期限。"),
                    basis="",
                    action=_("看议题"),
                    n=n,
                )
            )
    return found
