"""The working tables of orders and issues. Two at once: the second is told who was first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.oversight.rectifying import rules
from zhengxin.oversight.rectifying.enums import IssueState
from zhengxin.oversight.rectifying.models import Explanation, Issue, Order
from zhengxin.oversight.rectifying.rules import NotThus
from zhengxin.oversight.rectifying.types import Asked, Question


def insist_order_sound(*, asked: Asked, at: datetime, actor: Actor) -> None:
    """Raises OrderUnsound, before anybody signs."""
    rules.check_order(asked, today=timezone.localdate(at))


def insist_decision_sound(
    *, issue: Issue, met_on: date, due_on: date, at: datetime, actor: Actor
) -> None:
    """Raises NotThus, before anybody signs."""
    if issue.state != IssueState.RAISED:
        raise _decided_already(issue)
    rules.check_decision(due_on, met_on=met_on, today=timezone.localdate(at))


def insist_explanation_asked(*, order: Order, at: datetime, actor: Actor) -> int:
    """The duty under which the order asks for an explanation. Raises NotThus when it does not."""
    if order.explain_duty_id is None:
        raise NotThus(
            say("没有收下：这一件没有要求书面说明。"),
            say("它只要求整改。"),
            say("整改情况请在整改职责里报告。"),
        )
    return order.explain_duty_id


def put_order(
    *,
    asked: Asked,
    entry_id: int,
    explain_duty_id: int | None,
    rectify_duty_id: int | None,
    at: datetime,
    actor: Actor,
) -> Order:
    """Enters an order with its duties."""
    return Order.objects.create(
        unit_id=asked.unit_id,
        orderer_id=asked.orderer_id,
        title=asked.title,
        cause=asked.cause,
        about_id=asked.about_id,
        basis=asked.basis,
        explain_duty_id=explain_duty_id,
        rectify_duty_id=rectify_duty_id,
        entry_id=entry_id,
        ordered_on=timezone.localdate(at),
        by_name=actor.name,
    )


def put_explanation(
    *,
    order: Order,
    why: str,
    plan: str,
    files: Sequence[dict[str, Any]],
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> Explanation:
    """Adds what the unit explained; an earlier one that was returned stays."""
    return Explanation.objects.create(
        order=order,
        why=why,
        plan=plan,
        files=list(files),
        entry_id=entry_id,
        filed_on=timezone.localdate(at),
        by_name=actor.name,
    )


def withhold(
    *, order: Order, reason: str, because: str, review_on: date, at: datetime, actor: Actor
) -> None:
    """The public is not shown this order. Raises NotThus when that was decided before."""
    shown = Order.objects.filter(pk=order.pk, withheld="")
    if not shown.update(withheld=reason, withheld_because=because, review_on=review_on):
        raise NotThus(
            say("没有办理：这一件已经不公开。"),
            say("别人先决定了。"),
            say("请重新打开核对。"),
        )


def review(
    *,
    order: Order,
    reason: str,
    because: str,
    review_on: date | None,
    at: datetime,
    actor: Actor,
) -> None:
    """What a second look at a withheld order, as it was read, made of it; without a reason it is public again.

    Raises NotThus.
    """
    rules.check_review(review_on, today=timezone.localdate(at))
    as_read = Order.objects.filter(pk=order.pk, withheld=order.withheld, review_on=order.review_on)
    if not order.withheld or not as_read.update(
        withheld=reason, withheld_because=because if reason else "", review_on=review_on
    ):
        raise NotThus(
            say("没有办理：这一件现在没有不公开，或者别人刚刚复核过。"),
            say("公开情况变了。"),
            say("请重新打开核对。"),
        )


def put_issue(*, question: Question, entry_id: int, at: datetime, actor: Actor) -> Issue:
    """Enters an issue; one that repeats an earlier one counts on from it."""
    first, nth = None, 1
    if question.repeats_id is not None:
        earlier = Issue.objects.select_for_update().get(pk=question.repeats_id)
        first = earlier.first_id or earlier.pk
        nth = Issue.objects.filter(first_id=first).count() + 2
    return Issue.objects.create(
        question=question.question,
        words=question.words,
        raised_by_id=question.raised_by_id,
        raised_on=timezone.localdate(at),
        raised_by_name=actor.name,
        first_id=first,
        nth=nth,
        state=IssueState.RAISED,
        entry_id=entry_id,
        by_name=actor.name,
    )


def put_issue_decision(
    *,
    issue: Issue,
    met_on: date,
    decision: str,
    lead_id: int,
    duty_id: int,
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> None:
    """What the leading group decided. Raises NotThus."""
    raised = Issue.objects.filter(pk=issue.pk, state=IssueState.RAISED)
    if not raised.update(
        state=IssueState.DECIDED,
        met_on=met_on,
        decision=decision,
        lead_id=lead_id,
        duty_id=duty_id,
        decision_entry_id=entry_id,
        by_name=actor.name,
    ):
        raise _decided_already(Issue.objects.get(pk=issue.pk))


def _decided_already(issue: Issue) -> NotThus:
    return NotThus(
        say("没有办理：这个议题已经议定。"),
        say("由{name}登记。", name=issue.by_name),
        say("请重新打开核对；又提出来的，另提一个议题并关联这一个。"),
    )
