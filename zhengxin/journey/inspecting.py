"""Inspections: designated by the government, planned, drawn by anyone's computation, carried out, closed."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.duties.types import Owed
from zhengxin.evidence.types import Sent
from zhengxin.journey.facts import insist_free_of_numbers, keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.inspecting_sheets import (
    closing_sheet,
    new_inspection_sheet,
)
from zhengxin.journey.owing import extend_with, open_duties, return_with, verify_with
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.enums import Act
from zhengxin.oversight.inspections import actions, checks, permissions
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.enums import Verdict
from zhengxin.oversight.inspections.models import Item
from zhengxin.oversight.inspections.types import Member, Planned
from zhengxin.subjects import queries as subjects


@signable
def plan_inspection(
    *,
    designation_id: int,
    title: str,
    basis: str,
    from_on: date,
    until_on: date,
    items: list[list[str]],
    kinds: list[str],
    n: int,
    per_kind: bool,
    seed_kind: str,
    seed_named: str,
    seed_on: date,
    review_unit_id: int,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Plans a campaign of the actor's unit and freezes what its units are drawn from; returns its number.

    items: words and basis of each. kinds: of which kinds all units open today are the population, without
    the inspecting and the reviewing unit. Raises NotAllowed, NotDesignated, PlanUnsound.
    """
    permissions.check_plan(actor)
    insist_free_of_numbers(title, basis, seed_named, *(text for item in items for text in item))
    today = timezone.localdate(at)
    own = subjects.lineage(actor.unit_id or 0, today)
    designation = checks.the_designation(
        designation_id, own, unit_name=_name(actor.unit_id), today=today
    )
    planned = Planned(
        title=title,
        basis=basis,
        from_on=from_on,
        until_on=until_on,
        items=tuple((words, ground) for words, ground in items),
        population=_population(kinds, own | {review_unit_id}, today),
        n=n,
        per_kind=per_kind,
        seed_kind=seed_kind,
        seed_named=seed_named,
        seed_on=seed_on,
        review_unit_id=review_unit_id,
    )
    checks.check_designated(planned, designation, unit_name=_name(actor.unit_id), today=today)
    said = {
        "designation_id": designation_id,
        "title": title,
        "basis": basis,
        "from_on": from_on,
        "until_on": until_on,
        "items": items,
        "kinds": kinds,
        "n": n,
        "per_kind": per_kind,
        "seed_kind": seed_kind,
        "seed_named": seed_named,
        "seed_on": seed_on,
        "review_unit_id": review_unit_id,
    }
    nonce = signed.nonce
    pen = take_pen(
        showing=partial(new_inspection_sheet, nonce), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        content = {
            **said,
            "from_on": from_on.isoformat(),
            "until_on": until_on.isoformat(),
            "seed_on": seed_on.isoformat(),
            "population": [each.code for each in planned.population],
            **traces(pen.sign()),
        }
        kept = keep_fact(
            kind=Act.INSPECTION_PLANNED,
            unit_id=designation.unit_id,
            content=content,
            about_id=designation.entry_id,
            at=at,
            actor=actor,
        )
        campaign = actions.plan(
            planned=planned, designation=designation, entry_id=kept.entry_id, at=at, actor=actor
        )
    follow(at=at, at_most=PATIENCE)
    return campaign.pk


def _population(kinds: Sequence[str], without: frozenset[int], today: date) -> tuple[Member, ...]:
    """The open units of these kinds in the order of their codes."""
    members = [
        Member(unit.id, unit.code, unit.name, unit.kind)
        for unit in subjects.units(today)
        if unit.kind in kinds and unit.id not in without
    ]
    return tuple(sorted(members, key=lambda each: each.code))


def record_finding(
    *,
    case_id: int,
    number: int,
    verdict: str,
    words: str,
    due_on: date | None,
    files: Sequence[Sent],
    at: datetime,
    actor: Actor,
) -> int:
    """What the inspectors found of one item at one unit; a problem is to be rectified by due_on. The finding's number.

    Raises NotAllowed, NotDesignated, NotThus, NoReason, EvidenceRefused.
    """
    case = inspections.case(case_id)
    campaign, today = case.campaign, timezone.localdate(at)
    permissions.check_inspect(actor, campaign, units=own_units(actor, at))
    item = Item.objects.get(campaign=campaign, number=number)
    # What nobody inspected is said also after the designation ended, so that the case can be concluded.
    if verdict != Verdict.NOT_INSPECTED or item.pk in inspections.findings_of(case_id):
        checks.check_finding(campaign, unit_name=_name(campaign.unit_id), today=today)
    insist_on_reason(words)
    problem = verdict == Verdict.PROBLEM
    until = checks.check_new_day(due_on, today=today) if problem else None
    with transaction.atomic():
        actions.insist_no_problem(case=case, item=item, at=at, actor=actor)
        content = {
            "inspection": campaign.title,
            "item": item.words,
            "basis": item.basis,
            "verdict": verdict,
            "words": words,
        }
        kept = keep_fact(
            kind=Act.INSPECTION_FOUND,
            unit_id=case.unit_id,
            content=content,
            about_id=campaign.draw_entry_id,
            files=files,
            at=at,
            actor=actor,
        )
        duty_id = None
        if until is not None:
            owed = Owed(
                kind="rectification",
                bearer_id=case.unit_id,
                what=f"{campaign.title}：{item.words}",
                source_id=kept.entry_id,
                opened_on=today,
                due_on=until,
                to_id=campaign.unit_id,
            )
            [duty_id] = open_duties(owed=[owed], at=at, actor=actor)
        finding = actions.put_finding(
            case=case,
            item=item,
            verdict=verdict,
            words=words,
            files=kept.files,
            duty_id=duty_id,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return finding.pk


def recheck_finding(
    *,
    finding_id: int,
    resolved: bool,
    words: str,
    due_on: date | None,
    files: Sequence[Sent],
    at: datetime,
    actor: Actor,
) -> int:
    """The inspectors look again at what the unit reported: resolved, or owed again by a later day. The entry's number.

    Raises NotAllowed, NotThus, DutyNotThus where nothing was reported.
    """
    finding = inspections.finding(finding_id)
    permissions.check_inspect(actor, finding.case.campaign, units=own_units(actor, at))
    insist_on_reason(words)
    duty = inspections.duties_of([finding])[finding.pk]
    until = None
    if not resolved:
        until = checks.check_new_day(due_on, today=timezone.localdate(at), before=duty.due_on)
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.INSPECTION_RECHECKED,
            unit_id=finding.case.unit_id,
            content={"resolved": resolved, "words": words},
            about_id=finding.entry_id,
            files=files,
            at=at,
            actor=actor,
        )
        said = {"because": words, "entry": kept.entry_id, "files": kept.files}
        if until is None:
            verify_with(duty_id=duty.pk, content=said, at=at, actor=actor)
        else:
            return_with(duty_id=duty.pk, content=said, at=at, actor=actor)
            said = {"because": words, "due_on": until.isoformat(), "entry": kept.entry_id}
            extend_with(duty_id=duty.pk, due_on=until, content=said, at=at, actor=actor)
        actions.put_recheck(
            finding=finding,
            resolved=resolved,
            words=words,
            files=kept.files,
            due_on=until,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id


@signable
def close_inspection(
    *, campaign_id: int, summary: str, signed: Signed, at: datetime, actor: Actor
) -> int:
    """Ends a campaign all of whose units have their conclusion, or that is called off before its draw; the entry's number."""
    campaign = inspections.campaign(campaign_id)
    permissions.check_lead(actor, campaign, units=own_units(actor, at))
    insist_on_reason(summary)
    checks.check_close(campaign)
    pen = take_pen(
        showing=partial(closing_sheet, campaign_id),
        said={"summary": summary},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.INSPECTION_CLOSED,
            unit_id=campaign.unit_id,
            content={"summary": summary, **traces(pen.sign())},
            about_id=campaign.draw_entry_id or campaign.plan_entry_id,
            at=at,
            actor=actor,
        )
        actions.close(
            campaign=campaign, summary=summary, entry_id=kept.entry_id, at=at, actor=actor
        )
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id


def _name(unit_id: int | None) -> str:
    return subjects.unit(unit_id).name if unit_id is not None else ""
