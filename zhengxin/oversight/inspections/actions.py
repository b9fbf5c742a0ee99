"""How far an inspection is: the working tables, moved only forward. Two at once: the second is told who was first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.oversight.inspections import rules
from zhengxin.oversight.inspections.enums import (
    CAMPAIGN_TRANSITIONS,
    TRANSITIONS,
    CampaignState,
    CaseState,
    Verdict,
)
from zhengxin.oversight.inspections.models import (
    Campaign,
    Case,
    Designation,
    Finding,
    Inspector,
    Item,
    Recheck,
    SetAside,
)
from zhengxin.oversight.inspections.rules import NotThus
from zhengxin.oversight.inspections.types import Drawn, Planned


def designate(
    *,
    unit_id: int,
    matter: str,
    scope: str,
    document: str,
    from_on: date,
    until_on: date,
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> Designation:
    """Enters a designation by the government."""
    return Designation.objects.create(
        unit_id=unit_id,
        matter=matter,
        scope=scope,
        document=document,
        from_on=from_on,
        until_on=until_on,
        entry_id=entry_id,
        by_name=actor.name,
    )


def end_designation(
    *,
    designation: Designation,
    ended_on: date,
    document: str,
    because: str,
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> None:
    """The government ended a designation early; once. Raises NotThus."""
    open_ones = Designation.objects.filter(pk=designation.pk, ended_on=None)
    if not open_ones.update(
        ended_on=ended_on, end_document=document, end_because=because, end_entry_id=entry_id
    ):
        designation.refresh_from_db()
        rules.check_end(
            ended_on,
            from_on=designation.from_on,
            until_on=designation.until_on,
            before=designation.ended_on,
        )


def plan(
    *, planned: Planned, designation: Designation, entry_id: int, at: datetime, actor: Actor
) -> Campaign:
    """Enters a campaign with its checklist and its frozen population."""
    campaign = Campaign.objects.create(
        unit_id=designation.unit_id,
        designation=designation,
        review_unit_id=planned.review_unit_id,
        title=planned.title,
        basis=planned.basis,
        from_on=planned.from_on,
        until_on=planned.until_on,
        state=CampaignState.PLANNED,
        population=[[m.unit_id, m.code, m.name, m.kind] for m in planned.population],
        n=planned.n,
        per_kind=planned.per_kind,
        seed_kind=planned.seed_kind,
        seed_named=planned.seed_named,
        seed_on=planned.seed_on,
        planned_on=timezone.localdate(at),
        plan_entry_id=entry_id,
        by_name=actor.name,
    )
    Item.objects.bulk_create(
        Item(campaign=campaign, number=number, words=words, basis=basis)
        for number, (words, basis) in enumerate(planned.items, start=1)
    )
    return campaign


def put_draw(
    *,
    campaign: Campaign,
    seed: str,
    seed_source: str,
    drawn: Sequence[Drawn],
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> None:
    """The units that were drawn; each gets its case. Raises NotThus."""
    _move_campaign(
        campaign,
        CampaignState.DRAWN,
        seed=seed,
        seed_source=seed_source,
        drawn_on=timezone.localdate(at),
        draw_entry_id=entry_id,
        by_name=actor.name,
    )
    _open_cases(campaign, drawn, actor)


def put_redraw(
    *,
    campaign: Campaign,
    seed: str,
    seed_source: str,
    drawn: Sequence[Drawn],
    because: str,
    set_aside_id: int,
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> None:
    """Sets the draw of `campaign` aside, as it was read, and puts another in its place. Raises NotThus.

    set_aside_id: the entry that says why; entry_id: that of the new draw.
    """
    now = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if (
        now.state != CampaignState.DRAWN
        or now.draw_entry_id != campaign.draw_entry_id
        or now.draw_entry_id is None
        or now.drawn_on is None
    ):
        raise _came_second(CampaignState(now.state).label, now.by_name)
    codes = {unit_id: code for unit_id, code, _name, _kind in now.population}
    cases = list(Case.objects.select_for_update().filter(campaign=now))
    found = Finding.objects.filter(case__in=cases).count()
    rules.check_redraw(found=found, by_itself=False, same=False)
    SetAside.objects.create(
        campaign=now,
        seed=now.seed,
        seed_source=now.seed_source,
        drawn_on=now.drawn_on,
        drawn=[[codes[case.unit_id], case.digest] for case in cases],
        because=because,
        on=timezone.localdate(at),
        draw_entry_id=now.draw_entry_id,
        entry_id=set_aside_id,
        by_name=actor.name,
    )
    Case.objects.filter(campaign=now).delete()
    Campaign.objects.filter(pk=now.pk).update(
        seed=seed,
        seed_source=seed_source,
        drawn_on=timezone.localdate(at),
        draw_entry_id=entry_id,
        by_name=actor.name,
    )
    _open_cases(now, drawn, actor)


def _open_cases(campaign: Campaign, drawn: Sequence[Drawn], actor: Actor) -> None:
    unit_ids = {code: unit_id for unit_id, code, _name, _kind in campaign.population}
    Case.objects.bulk_create(
        Case(
            campaign=campaign,
            unit_id=unit_ids[each.code],
            place=place,
            digest=each.digest,
            state=CaseState.OPEN,
            by_name=actor.name,
        )
        for place, each in enumerate(drawn, start=1)
    )


def take_turn(*, case: Case, at: datetime, actor: Actor) -> None:
    """Until the transaction ends nobody else records anything of this case."""
    Case.objects.select_for_update().filter(pk=case.pk).first()


def put_finding(
    *,
    case: Case,
    item: Item,
    verdict: str,
    words: str,
    files: Sequence[dict[str, Any]],
    duty_id: int | None,
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> Finding:
    """What was found of one item; anew as long as it was no problem. Raises NotThus."""
    insist_no_problem(case=case, item=item, at=at, actor=actor)
    finding, _ = Finding.objects.update_or_create(
        case=case,
        item=item,
        defaults={
            "verdict": verdict,
            "words": words,
            "files": list(files),
            "duty_id": duty_id,
            "entry_id": entry_id,
            "found_on": timezone.localdate(at),
            "by_name": actor.name,
        },
    )
    _took_part(case, actor)
    return finding


def insist_no_problem(*, case: Case, item: Item, at: datetime, actor: Actor) -> None:
    """The case is open, and no problem was found of this item yet. Raises NotThus."""
    now = Case.objects.select_for_update().filter(pk=case.pk).first()
    if now is None:
        raise NotThus(
            say("没有记下：这次抽取已作废重抽。"),
            say("现在不查这个单位，或者要重新打开。"),
            say("请从督查页面打开现在抽到的单位。"),
        )
    if now.state != CaseState.OPEN:
        raise _came_second(CaseState(now.state).label, now.by_name)
    earlier = Finding.objects.filter(case=case, item=item, verdict=Verdict.PROBLEM).first()
    if earlier is not None:
        raise NotThus(
            say("没有记下：第{n}项已记为有问题。", n=item.number),
            say("{name}已经记下，整改期限已开始计算。", name=earlier.by_name),
            say("整改到位的请复查；记错了的，在职责页依法变更并写明理由。"),
        )


def put_recheck(
    *,
    finding: Finding,
    resolved: bool,
    words: str,
    files: Sequence[dict[str, Any]],
    due_on: date | None,
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> Recheck:
    """What the inspectors saw when they looked again."""
    _took_part(finding.case, actor)
    return Recheck.objects.create(
        finding=finding,
        resolved=resolved,
        words=words,
        files=list(files),
        due_on=due_on,
        entry_id=entry_id,
        on=timezone.localdate(at),
        by_name=actor.name,
    )


def put_conclusion(
    *, case: Case, conclusion: str, entry_id: int, at: datetime, actor: Actor
) -> None:
    """The conclusion of one unit's case. Raises NotThus."""
    _took_part(case, actor)
    _move(
        case,
        CaseState.CONCLUDED,
        conclusion=conclusion,
        concluded_on=timezone.localdate(at),
        conclusion_entry_id=entry_id,
        by_name=actor.name,
    )


def put_receipt(*, case: Case, received_on: date, how: str, at: datetime, actor: Actor) -> None:
    """On which day and how the unit received the conclusion; once. Raises NotThus."""
    waiting = Case.objects.filter(pk=case.pk, state=CaseState.CONCLUDED, received_on=None)
    if not waiting.update(received_on=received_on, received_how=how, by_name=actor.name):
        now = Case.objects.get(pk=case.pk)
        raise _came_second(CaseState(now.state).label, now.by_name)


def put_application(
    *,
    case: Case,
    grounds: str,
    files: Sequence[dict[str, Any]],
    duty_id: int,
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> None:
    """The unit asked for a review. Raises NotThus."""
    today = timezone.localdate(at)
    # Whoever asks for a review has the conclusion.
    received = {} if case.received_on else {"received_on": today, "received_how": say("申请复核")}
    _move(
        case,
        CaseState.REVIEWING,
        grounds=grounds,
        application_files=list(files),
        applied_on=today,
        application_entry_id=entry_id,
        review_duty_id=duty_id,
        by_name=actor.name,
        **received,
    )


def put_decision(*, case: Case, outcome: str, decision: str, at: datetime, actor: Actor) -> None:
    """What the review decided. Raises NotThus."""
    _move(
        case,
        CaseState.REVIEWED,
        outcome=outcome,
        decision=decision,
        decided_on=timezone.localdate(at),
        by_name=actor.name,
    )


def close(*, campaign: Campaign, summary: str, entry_id: int, at: datetime, actor: Actor) -> None:
    """Ends a campaign. Raises NotThus."""
    _move_campaign(
        campaign,
        CampaignState.CLOSED,
        summary=summary,
        closed_on=timezone.localdate(at),
        close_entry_id=entry_id,
        by_name=actor.name,
    )


def _took_part(case: Case, actor: Actor) -> None:
    accounts = [actor.account_id, actor.on_behalf_of.account_id if actor.on_behalf_of else None]
    for account_id in (each for each in accounts if each is not None):
        Inspector.objects.get_or_create(case=case, account_id=account_id)


def _move(case: Case, to: CaseState, **values: Any) -> None:
    before = [state for state, allowed in TRANSITIONS.items() if to in allowed]
    if not Case.objects.filter(pk=case.pk, state__in=before).update(state=to, **values):
        now = Case.objects.get(pk=case.pk)
        raise _came_second(CaseState(now.state).label, now.by_name)


def _move_campaign(campaign: Campaign, to: CampaignState, **values: Any) -> None:
    before = [state for state, allowed in CAMPAIGN_TRANSITIONS.items() if to in allowed]
    if not Campaign.objects.filter(pk=campaign.pk, state__in=before).update(state=to, **values):
        now = Campaign.objects.get(pk=campaign.pk)
        raise _came_second(CampaignState(now.state).label, now.by_name)


def _came_second(state: object, name: str) -> NotThus:
    return NotThus(
        say("没有办理：现在是“{state}”。", state=state),
        say("上一步由{name}办理。", name=name),
        say("请重新打开核对。"),
    )
