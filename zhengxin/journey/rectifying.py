"""A unit is ordered to explain or to rectify, and answers; the leading group's issues are raised and decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.signatures import last_signature
from zhengxin.accounts.types import Signed
from zhengxin.duties.types import Owed
from zhengxin.evidence.types import Sent
from zhengxin.journey.facts import insist_free_of_numbers, keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.owing import open_duties, report_with
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import Sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.enums import Act
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.rectifying import actions, permissions
from zhengxin.oversight.rectifying import queries as rectifying
from zhengxin.oversight.rectifying.types import Asked, Question
from zhengxin.subjects import queries as subjects


def new_order_sheet(nonce: str) -> Sheet:
    """An empty form: all that is signed of a new order is what the form says."""
    return Sheet("rectification_ordered", "order", nonce, {}, last_signature("order", nonce))


def order_sheet(order_id: int) -> Sheet:
    """One order as the public reads it, with where its duties stand."""
    [stand] = rectifying.stands([rectifying.order(order_id)])
    order = stand.order
    content = {
        "title": order.title,
        "basis": order.basis,
        "unit": subjects.subject_names([order.unit_id]).get(order.unit_id, ""),
        "ordered_on": order.ordered_on.isoformat(),
        "withheld": order.withheld,
        "duties": [[each.kind, each.state] for each in stand.duties],
    }
    after = last_signature("order", str(order_id))
    return Sheet("rectification_withheld", "order", str(order_id), content, after)


def order_review_sheet(order_id: int) -> Sheet:
    """The same, with the day on which keeping it from the public is looked at again."""
    sheet = order_sheet(order_id)
    review_on = rectifying.order(order_id).review_on
    day = review_on.isoformat() if review_on else ""
    return replace(sheet, act="rectification_reviewed", content={**sheet.content, "review_on": day})


def issue_sheet(issue_id: int) -> Sheet:
    """One issue, and how often the same question was raised."""
    issue = rectifying.issue(issue_id)
    content = {
        "question": issue.question,
        "words": issue.words,
        "raised_by": subjects.subject_names([issue.raised_by_id]).get(issue.raised_by_id, ""),
        "raised_on": issue.raised_on.isoformat(),
        "state": issue.state,
        "times": [[each.pk, each.decision] for each in rectifying.times(issue)],
    }
    after = last_signature("issue", str(issue_id))
    return Sheet("issue_decided", "issue", str(issue_id), content, after)


@signable
def order_rectification(
    *,
    unit_id: int,
    title: str,
    cause: str,
    about_id: int | None,
    basis: str,
    explain_by: date | None,
    rectify_by: date | None,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Orders a unit to explain in writing and to rectify, each by its day; returns the order's number.

    about_id: the entry of the ledger it is about, if any. Raises NotAllowed, OrderUnsound, EntryMissing.
    """
    today = timezone.localdate(at)
    designated = inspections.designated(own_units(actor, at), today)
    permissions.check_order(actor, designated=designated)
    insist_on_reason(cause)
    insist_free_of_numbers(title, basis)
    asked = Asked(
        actor.unit_id or 0, unit_id, title, cause, about_id, basis, explain_by, rectify_by
    )
    actions.insist_order_sound(asked=asked, at=at, actor=actor)
    if about_id is not None:
        ledger.entry(about_id)
    said = {
        "unit_id": unit_id,
        "title": title,
        "cause": cause,
        "about_id": about_id,
        "basis": basis,
        "explain_by": explain_by,
        "rectify_by": rectify_by,
    }
    nonce = signed.nonce
    pen = take_pen(
        showing=partial(new_order_sheet, nonce), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        content = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in said.items()
        }
        kept = keep_fact(
            kind=Act.RECTIFICATION_ORDERED,
            unit_id=unit_id,
            content={**content, **traces(pen.sign())},
            about_id=about_id,
            at=at,
            actor=actor,
        )
        days = {"written_explanation": explain_by, "rectification": rectify_by}
        owed = [
            Owed(
                kind=kind,
                bearer_id=unit_id,
                what=title,
                source_id=kept.entry_id,
                opened_on=today,
                due_on=day,
                to_id=actor.unit_id,
            )
            for kind, day in days.items()
            if day is not None
        ]
        opened = open_duties(owed=owed, at=at, actor=actor)
        by_kind = {each.kind: duty_id for each, duty_id in zip(owed, opened, strict=True)}
        order = actions.put_order(
            asked=asked,
            entry_id=kept.entry_id,
            explain_duty_id=by_kind.get("written_explanation"),
            rectify_duty_id=by_kind.get("rectification"),
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return order.pk


def explain(
    *, order_id: int, why: str, plan: str, files: Sequence[Sent], at: datetime, actor: Actor
) -> int:
    """The unit explains why it came so and what it will do; its duty is reported. Returns the entry's number.

    Raises NotAllowed, NoReason, EvidenceRefused, NotThus when none was asked for, DutyNotThus when it was filed.
    """
    order = rectifying.order(order_id)
    permissions.check_explain(actor, order, units=own_units(actor, at))
    duty_id = actions.insist_explanation_asked(order=order, at=at, actor=actor)
    insist_on_reason(why)
    insist_on_reason(plan)
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.EXPLANATION_FILED,
            unit_id=order.unit_id,
            content={"why": why, "plan": plan},
            about_id=order.entry_id,
            files=files,
            at=at,
            actor=actor,
        )
        said: dict[str, Any] = {"words": f"{why}\n{plan}", "entry": kept.entry_id}
        report_with(
            duty_id=duty_id,
            content={**said, "files": kept.files},
            files=len(kept.files),
            at=at,
            actor=actor,
        )
        actions.put_explanation(
            order=order,
            why=why,
            plan=plan,
            files=kept.files,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id


@signable
def withhold_order(
    *,
    order_id: int,
    reason: str,
    because: str,
    review_on: date,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """The public is not shown an order, on a stated ground; returns the entry's number. Raises NotAllowed, NotThus.

    reason: a value of WithholdReason. review_on: when it is looked at again.
    """
    permissions.check_withhold(actor)
    insist_on_reason(because)
    order = rectifying.order(order_id)
    said = {"reason": reason, "because": because, "review_on": review_on}
    pen = take_pen(
        showing=partial(order_sheet, order_id), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        content = {**said, "review_on": review_on.isoformat(), **traces(pen.sign())}
        kept = keep_fact(
            kind=Act.RECTIFICATION_WITHHELD,
            unit_id=order.unit_id,
            content=content,
            about_id=order.entry_id,
            at=at,
            actor=actor,
        )
        actions.withhold(
            order=order, reason=reason, because=because, review_on=review_on, at=at, actor=actor
        )
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id


@signable
def review_withheld_order(
    *,
    order_id: int,
    reason: str,
    because: str,
    review_on: date | None,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """A second look at an order that the public is not shown: shown again (no reason), or withheld until another day.

    Returns the entry's number. Raises NotAllowed, NotThus.
    """
    permissions.check_withhold(actor)
    insist_on_reason(because)
    order = rectifying.order(order_id)
    said = {"reason": reason, "because": because, "review_on": review_on}
    pen = take_pen(
        showing=partial(order_review_sheet, order_id),
        said=said,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        day = review_on.isoformat() if review_on else ""
        kept = keep_fact(
            kind=Act.RECTIFICATION_REVIEWED,
            unit_id=order.unit_id,
            content={**said, "review_on": day, **traces(pen.sign())},
            about_id=order.entry_id,
            at=at,
            actor=actor,
        )
        actions.review(
            order=order, reason=reason, because=because, review_on=review_on, at=at, actor=actor
        )
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id


def raise_issue(
    *, question: str, words: str, repeats_id: int | None, at: datetime, actor: Actor
) -> int:
    """A question for the leading group, perhaps not the first time; returns the issue's number."""
    permissions.check_raise(actor)
    insist_on_reason(words)
    insist_free_of_numbers(question)
    earlier = rectifying.issue(repeats_id) if repeats_id is not None else None
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.ISSUE_RAISED,
            unit_id=actor.unit_id or 0,
            content={"question": question, "words": words},
            about_id=earlier.entry_id if earlier else None,
            at=at,
            actor=actor,
        )
        issue = actions.put_issue(
            question=Question(actor.unit_id or 0, question, words, repeats_id),
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return issue.pk


@signable
def decide_issue(
    *,
    issue_id: int,
    met_on: date,
    decision: str,
    lead_id: int,
    supporter_ids: list[int],
    due_on: date,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """What the leading group decided, who leads, by when it is to be done; returns the duty's number.

    Raises NotAllowed, NotThus.
    """
    permissions.check_decide_issue(actor)
    insist_on_reason(decision)
    issue = rectifying.issue(issue_id)
    actions.insist_decision_sound(issue=issue, met_on=met_on, due_on=due_on, at=at, actor=actor)
    said = {
        "met_on": met_on,
        "decision": decision,
        "lead_id": lead_id,
        "supporter_ids": supporter_ids,
        "due_on": due_on,
    }
    pen = take_pen(
        showing=partial(issue_sheet, issue_id), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        content = {
            **said,
            "met_on": met_on.isoformat(),
            "due_on": due_on.isoformat(),
            **traces(pen.sign()),
        }
        kept = keep_fact(
            kind=Act.ISSUE_DECIDED,
            unit_id=lead_id,
            content=content,
            about_id=issue.entry_id,
            at=at,
            actor=actor,
        )
        owed = Owed(
            kind="issue_action",
            bearer_id=lead_id,
            what=issue.question,
            source_id=kept.entry_id,
            opened_on=met_on,
            due_on=due_on,
            supporter_ids=tuple(each for each in supporter_ids if each != lead_id),
        )
        [duty_id] = open_duties(owed=[owed], at=at, actor=actor)
        actions.put_issue_decision(
            issue=issue,
            met_on=met_on,
            decision=decision,
            lead_id=lead_id,
            duty_id=duty_id,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return duty_id
