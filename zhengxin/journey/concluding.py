"""The conclusion of an inspection of one unit: signed and served, received, reviewed by others."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.duties.types import Owed
from zhengxin.evidence.types import Sent
from zhengxin.journey.facts import keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.inspecting_sheets import conclusion_sheet, findings_shown, review_sheet
from zhengxin.journey.owing import open_duties, report_with, verify_with
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.journey.telling_duties import tell_of_served
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.oversight.inspections import actions, checks, permissions
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.enums import ReviewOutcome
from zhengxin.subjects import queries as subjects


class ReceiptWrong(Refused):
    """A day of receipt that cannot be."""


@signable
def conclude_inspection(
    *, case_id: int, conclusion: str, signed: Signed, at: datetime, actor: Actor
) -> int:
    """The conclusion on one unit, signed by the inspecting unit and served with this entry; its number.

    Raises NotAllowed, NotThus while an item or a problem is open.
    """
    case = inspections.case(case_id)
    permissions.check_lead(actor, case.campaign, units=own_units(actor, at))
    insist_on_reason(conclusion)
    checks.check_conclude(case)
    pen = take_pen(
        showing=partial(conclusion_sheet, case_id),
        said={"conclusion": conclusion},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        # What was found meanwhile, by somebody else, counts.
        actions.take_turn(case=case, at=at, actor=actor)
        checks.check_conclude(case)
        content = {
            "inspection": case.campaign.title,
            "conclusion": conclusion,
            "findings": findings_shown(case),
            **traces(pen.sign()),
        }
        kept = keep_fact(
            kind=Act.INSPECTION_CONCLUDED,
            unit_id=case.unit_id,
            content=content,
            about_id=case.campaign.draw_entry_id,
            at=at,
            actor=actor,
        )
        actions.put_conclusion(
            case=case, conclusion=conclusion, entry_id=kept.entry_id, at=at, actor=actor
        )
        tell_of_served(
            case_id=case_id,
            unit_id=case.unit_id,
            entry_id=kept.entry_id,
            review=False,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id


def receive_conclusion(
    *, case_id: int, received_on: date, how: str, at: datetime, actor: Actor
) -> int:
    """On which day the unit received its conclusion: the unit says so, or the inspectors say how it was served.

    From that day on the window for a review is counted. Raises NotAllowed, ReceiptWrong, NotThus.
    """
    case = inspections.case(case_id)
    permissions.check_receive(actor, case, units=own_units(actor, at))
    insist_on_reason(how)
    today = timezone.localdate(at)
    if received_on > today or (case.concluded_on and received_on < case.concluded_on):
        raise ReceiptWrong(
            say("没有记下：收到的日期不对。"),
            say("它在作出结论以前，或者在今天以后。"),
            say("请照送达回证填写。"),
        )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.INSPECTION_RECEIVED,
            unit_id=case.unit_id,
            content={"received_on": received_on.isoformat(), "how": how},
            about_id=case.conclusion_entry_id,
            at=at,
            actor=actor,
        )
        actions.put_receipt(case=case, received_on=received_on, how=how, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id


def apply_for_review(
    *, case_id: int, grounds: str, files: Sequence[Sent], at: datetime, actor: Actor
) -> int:
    """The unit's leader asks for a review; deciding it is a duty of the reviewing unit. Returns the duty's number.

    Raises NotAllowed, TooLate, NotThus, EvidenceRefused.
    """
    case = inspections.case(case_id)
    permissions.check_apply(actor, case, units=own_units(actor, at))
    insist_on_reason(grounds)
    today = timezone.localdate(at)
    checks.check_apply(case, today=today)
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.REVIEW_APPLIED,
            unit_id=case.unit_id,
            content={"grounds": grounds},
            about_id=case.conclusion_entry_id,
            files=files,
            at=at,
            actor=actor,
        )
        name = subjects.unit(case.unit_id).name
        owed = Owed(
            kind="inspection_review",
            bearer_id=case.campaign.review_unit_id,
            what=say("{unit}申请复核“{title}”的结论", unit=name, title=case.campaign.title),
            source_id=kept.entry_id,
            opened_on=today,
        )
        [duty_id] = open_duties(owed=[owed], at=at, actor=actor)
        actions.put_application(
            case=case,
            grounds=grounds,
            files=kept.files,
            duty_id=duty_id,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return duty_id


@signable
def decide_review(
    *, case_id: int, outcome: str, decision: str, signed: Signed, at: datetime, actor: Actor
) -> int:
    """Others than the inspectors decide on a conclusion; returns the entry's number. Raises NotAllowed, NotThus.

    outcome: a value of ReviewOutcome.
    """
    case = inspections.case(case_id)
    inspectors = inspections.inspectors(case_id)
    permissions.check_decide(actor, case, units=own_units(actor, at), inspectors=inspectors)
    insist_on_reason(decision)
    found = ReviewOutcome(outcome)
    pen = take_pen(
        showing=partial(review_sheet, case_id),
        said={"outcome": outcome, "decision": decision},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content = {"outcome": found.value, "decision": decision, **traces(pen.sign())}
        kept = keep_fact(
            kind=Act.REVIEW_DECIDED,
            unit_id=case.unit_id,
            content=content,
            about_id=case.conclusion_entry_id,
            at=at,
            actor=actor,
        )
        actions.put_decision(case=case, outcome=found.value, decision=decision, at=at, actor=actor)
        duty_id = case.review_duty_id or 0
        said = {"words": f"{found.label}：{decision}", "entry": kept.entry_id}
        report_with(duty_id=duty_id, content=said, at=at, actor=actor)
        verify_with(duty_id=duty_id, content={"because": said["words"]}, at=at, actor=actor)
        tell_of_served(
            case_id=case_id,
            unit_id=case.unit_id,
            entry_id=kept.entry_id,
            review=True,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id
