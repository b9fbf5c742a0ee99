"""Which inspection, order, issue, objection, application or appeal a duty comes from, for whoever may see that."""

from collections.abc import Collection

from django.urls import reverse

from zhengxin.appeals import permissions as appealing
from zhengxin.appeals import queries as appeals
from zhengxin.duties.models import Duty
from zhengxin.kernel.actor import Actor
from zhengxin.objections import permissions as objecting
from zhengxin.objections import queries as objections
from zhengxin.oversight.inspections import permissions as inspecting
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.rectifying import permissions as rectifying
from zhengxin.oversight.rectifying import queries as orders
from zhengxin.repair import permissions as repairing
from zhengxin.repair import queries as repairs
from zhengxin.sanctions import permissions as sanctioning
from zhengxin.sanctions import queries as sanctions


def origin(duty: Duty, actor: Actor, units: Collection[int] | None) -> str:
    """The address of its page, or empty. units: whose records the actor sees (None: all)."""
    order = orders.order_of_duty(duty)
    if order is not None:
        seen = rectifying.can_see_order(actor, parties=orders.order_parties(order), units=units)
        return reverse("desk:order", args=[order.pk]) if seen else ""
    application = repairs.of_duty(duty)
    if application is not None:
        seen = repairing.can_see_repair(actor, application, units=units)
        return reverse("desk:repair", args=[application.pk]) if seen else ""
    issue = orders.issue_of_duty(duty)
    if issue is not None:
        seen = rectifying.can_see_issue(actor, parties=orders.issue_parties(issue), units=units)
        return reverse("desk:issue", args=[issue.pk]) if seen else ""
    objection = objections.objection_of_duty(duty)
    if objection is not None:
        concerned = objections.units_of(objection)
        seen = objecting.can_see_objection(actor, concerned=concerned, units=units)
        return reverse("desk:objection", args=[objection.pk]) if seen else ""
    appeal = appeals.appeal_of_duty(duty)
    if appeal is not None:
        seen = appealing.can_see_appeal(actor, appeal, units=units)
        return reverse("desk:appeal", args=[appeal.pk]) if seen else ""
    sanction = sanctions.case_of_duty(duty)
    if sanction is not None:
        carried = sanctions.executing(sanction)
        seen = sanctioning.can_see_case(actor, sanction, units=units, executing=carried)
        return reverse("desk:sanction", args=[sanction.pk]) if seen else ""
    case = inspections.case_of_duty(duty)
    if case is not None and inspecting.can_see_case(actor, case, units=units):
        return reverse("desk:inspection-case", args=[case.pk])
    return ""
