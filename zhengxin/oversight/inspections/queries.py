"""Reads of inspections."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.duties.enums import RUNNING, DutyState
from zhengxin.duties.lists import of_sources
from zhengxin.duties.models import Duty
from zhengxin.duties.types import DutyAct
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.workdays import CalendarMissing
from zhengxin.ledger import queries as ledger
from zhengxin.oversight.inspections import rules
from zhengxin.oversight.inspections.enums import CampaignState, CaseState, SeedKind
from zhengxin.oversight.inspections.models import (
    Campaign,
    Case,
    Designation,
    Finding,
    Inspector,
    SetAside,
)
from zhengxin.oversight.inspections.types import Counts, Drawn, Member, Sampling, Window
from zhengxin.rulebook.queries import calendar, parameter

WINDOW = "inspection_review_window"
MOST_LISTED = 200


class UnknownInspection(Refused):
    """No campaign, case or finding has this number."""


def _unknown() -> UnknownInspection:
    return UnknownInspection(_("没有找到这次督查。"), "", _("请从督查列表中打开。"))


def designations() -> QuerySet[Designation]:
    """All of them, newest first."""
    return Designation.objects.order_by("-id")


def designations_of(units: Collection[int], on: date) -> QuerySet[Designation]:
    """In force for these units on the day or later, the nearest end first."""
    rows = Designation.objects.filter(_not_ended(on), unit_id__in=list(units), until_on__gte=on)
    return rows.order_by("until_on", "id")


def _not_ended(on: date, path: str = "") -> Q:
    return Q(**{f"{path}ended_on": None}) | Q(**{f"{path}ended_on__gt": on})


def designation(designation_id: int) -> Designation:
    """One designation. Raises UnknownInspection."""
    found = Designation.objects.filter(pk=designation_id).first()
    if found is None:
        raise UnknownInspection(_("没有找到这项指定。"), "", _("请从督查指定的列表中打开。"))
    return found


def last_day(of: Designation) -> date:
    """The last day on which it is in force, also where it was ended early."""
    return rules.last_day(of.until_on, of.ended_on)


def in_force(of: Designation, on: date) -> bool:
    """Whether the unit may inspect under it on that day."""
    return of.from_on <= on <= last_day(of)


def designated(units: Collection[int], on: date) -> bool:
    """Whether one of these units may inspect on that day."""
    return designations_of(units, on).filter(from_on__lte=on).exists()


def campaigns() -> QuerySet[Campaign]:
    """All campaigns, newest first."""
    return Campaign.objects.order_by("-id")


def campaign(campaign_id: int) -> Campaign:
    """One campaign. Raises UnknownInspection."""
    found = Campaign.objects.select_related("designation").filter(pk=campaign_id).first()
    if found is None:
        raise _unknown()
    return found


def case(case_id: int) -> Case:
    """The case of one unit, with its campaign. Raises UnknownInspection."""
    found = Case.objects.select_related("campaign__designation").filter(pk=case_id).first()
    if found is None:
        raise _unknown()
    return found


def finding(finding_id: int) -> Finding:
    """One finding, with its case, campaign and item. Raises UnknownInspection."""
    rows = Finding.objects.select_related("case__campaign", "item")
    found = rows.filter(pk=finding_id).first()
    if found is None:
        raise _unknown()
    return found


def case_of_duty(duty: Duty) -> Case | None:
    """The case in which this duty arose: by a problem found, or by a review asked for."""
    rows = Case.objects.select_related("campaign")
    if duty.kind == "inspection_review":
        return rows.filter(review_duty_id=duty.pk).first()
    if duty.kind == "rectification":
        return rows.filter(findings__duty_id=duty.pk).first()
    return None


def cases_of(campaign_id: int) -> list[Case]:
    """The drawn units of a campaign, in line."""
    return list(Case.objects.filter(campaign_id=campaign_id).order_by("place")[:MOST_LISTED])


def cases_for(units: Collection[int]) -> list[Case]:
    """The cases of these units, newest first."""
    rows = Case.objects.select_related("campaign").filter(unit_id__in=list(units))
    return list(rows.order_by("-id")[:MOST_LISTED])


def to_draw(units: Collection[int], on: date) -> QuerySet[Campaign]:
    """Campaigns of these units, still designated, whose seed is known by that day and whose units are not drawn."""
    rows = Campaign.objects.filter(
        _not_ended(on, "designation__"),
        unit_id__in=list(units),
        state=CampaignState.PLANNED,
        seed_on__lte=on,
        designation__until_on__gte=on,
    )
    return rows.order_by("seed_on", "id")


def to_receive(units: Collection[int]) -> QuerySet[Case]:
    """Conclusions that these units have not received."""
    return Case.objects.filter(
        unit_id__in=list(units), state=CaseState.CONCLUDED, received_on__isnull=True
    )


def findings_of(case_id: int) -> dict[int, Finding]:
    """By item id, with their re-checks."""
    rows = Finding.objects.filter(case_id=case_id).prefetch_related("rechecks")
    return {row.item_id: row for row in rows}


def findings_by_case(case_ids: Collection[int]) -> dict[tuple[int, int], Finding]:
    """By case and item id."""
    rows = Finding.objects.filter(case__in=list(case_ids))
    return {(row.case_id, row.item_id): row for row in rows}


def duties_of(findings: Iterable[Finding]) -> dict[int, Duty]:
    """The duty of each problem, by finding id."""
    problems = {each.entry_id: each.pk for each in findings if each.duty_id is not None}
    found = of_sources(problems)
    return {problems[entry_id]: duties[0] for entry_id, duties in found.items() if duties}


def counts(cases: Collection[Case], items: int) -> dict[int, Counts]:
    """How far each of these cases of one campaign is; items: how many its checklist has."""
    rows = list(Finding.objects.filter(case__in=[each.pk for each in cases]))
    duties = duties_of(rows)
    found = {}
    for each in cases:
        own = [row for row in rows if row.case_id == each.pk]
        states = [duties[row.pk].state for row in own if row.pk in duties]
        found[each.pk] = Counts(
            by_verdict=dict(Counter(row.verdict for row in own)),
            open=items - len(own),
            running=sum(state in RUNNING for state in states),
            settled=sum(state in (DutyState.ON_TIME, DutyState.LATE) for state in states),
        )
    return found


def inspectors(case_id: int) -> frozenset[int]:
    """Accounts that took part: who found, looked again, concluded, and who verified or returned a report elsewhere."""
    own = set(Inspector.objects.filter(case_id=case_id).values_list("account_id", flat=True))
    duties = duties_of(Finding.objects.filter(case_id=case_id)).values()
    acts = [act for duty in duties for act in ledger.entries_about(duty.entry_id)]
    settling = (DutyAct.VERIFIED, DutyAct.RETURNED)
    settled = [entry.id for entry in ledger.entries(acts) if entry.kind in settling]
    for payload in ledger.payloads(settled).values():
        for name in ("account", "on_behalf_of_account"):
            if payload.closed.get(name):
                own.add(int(payload.closed[name]))
    return frozenset(own)


def sampling(of: Campaign) -> Sampling:
    """What the draw is computed from, as it was frozen; the seed is empty before the draw."""
    members = tuple(Member(*each) for each in of.population)
    return Sampling(members, of.n, of.per_kind, of.seed)


def drawn(of: Campaign) -> tuple[Drawn, ...]:
    """The draw of a campaign, computed anew."""
    return rules.draw(sampling(of))


def would_draw(of: Campaign, seed: str) -> list[tuple[Drawn, str]]:
    """Whom this seed would draw, with their names; nothing is written."""
    names = {code: name for _id, code, name, _kind in of.population}
    line = rules.draw(replace(sampling(of), seed=seed))
    return [(each, names[each.code]) for each in line]


def set_aside(of: Campaign) -> list[SetAside]:
    """The draws of a campaign that were set aside, the first first."""
    return list(of.set_aside.all())


def set_aside_in_full(of: Campaign) -> list[dict[str, Any]]:
    """The same with all that anyone needs to compute them again, as plain values."""
    return [
        {
            "seed": each.seed,
            "seed_source": each.seed_source,
            "drawn_on": each.drawn_on.isoformat(),
            "drawn": [{"code": code, "sha256": digest} for code, digest in each.drawn],
            "set_aside_on": each.on.isoformat(),
            "because": each.because,
        }
        for each in of.set_aside.all()
    ]


def findings_in(campaign_id: int) -> int:
    """How many findings a campaign has."""
    return Finding.objects.filter(case__campaign=campaign_id).count()


def may_redraw(of: Campaign) -> bool:
    """Whether its draw can still be set aside."""
    drawn_now = of.state == CampaignState.DRAWN and of.seed_kind != SeedKind.CHECKPOINT
    return drawn_now and not findings_in(of.pk)


def public_seed(of: Campaign) -> tuple[str, str] | None:
    """The root of the first checkpoint of the stated day, and in words which one; None when there is none yet."""
    if of.seed_kind != SeedKind.CHECKPOINT:
        return None
    begins = timezone.make_aware(datetime.combine(of.seed_on, time.min))
    first = ledger.first_checkpoint_since(begins)
    if first is None:
        return None
    at = timezone.localtime(first.signed_at).isoformat(timespec="seconds")
    words = _("登记簿{log}第{n}条处的检查点，{at}签署").format(
        log=ledger.log_name(), n=first.size, at=at
    )
    return bytes(first.root).hex(), words


def review_window(of: Case) -> Window | None:
    """Until when the unit may ask for a review; None before it received the conclusion."""
    if of.received_on is None:
        return None
    days = int(str(parameter(WINDOW, of.received_on).value))
    return rules.window(of.received_on, days, _rolled)


def _rolled(day: date) -> date | None:
    try:
        return calendar().roll_forward(day)
    except CalendarMissing:
        return None


def open_cases(campaign_id: int) -> int:
    """How many units have no conclusion yet, or a review that is not decided."""
    unsettled = Q(state__in=(CaseState.OPEN, CaseState.REVIEWING))
    return Case.objects.filter(unsettled, campaign_id=campaign_id).count()
