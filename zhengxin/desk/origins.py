"""Which inspection, order or issue a duty comes from, for whoever may see that."""

from collections.abc import Collection

from django.urls import reverse

from zhengxin.duties.models import Duty
from zhengxin.kernel.actor import Actor
from zhengxin.oversight.inspections import permissions as inspecting
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.rectifying import permissions as rectifying
from zhengxin.oversight.rectifying import queries as orders
from zhengxin.sanctions import permissions as sanctioning
from zhengxin.sanctions import queries as sanctions


def origin(duty: Duty, actor: Actor, units: Collection[int] | None) -> str:
    """The address of its page, or empty. units: whose records the actor sees (None: all)."""
    order = orders.order_of_duty(duty)
    if order is not None:
        seen = rectifying.can_see_order(actor, order, units=units)
        return reverse("desk:order", args=[order.pk]) if seen else ""
    issue = orders.issue_of_duty(duty)
    if issue is not None:
        seen = rectifying.can_see_issue(actor, issue, units=units)
        return reverse("desk:issue", args=[issue.pk]) if seen else ""
    sanction = sanctions.case_of_duty(duty)
    if sanction is not None:
        carried = sanctions.executing(sanction)
        seen = sanctioning.can_see_case(actor, sanction, units=units, executing=carried)
        return reverse("desk:sanction", args=[sanction.pk]) if seen else ""
    case = inspections.case_of_duty(duty)
    if case is not None and inspecting.can_see_case(actor, case, units=units):
        return reverse("desk:inspection-case", args=[case.pk])
    return ""
