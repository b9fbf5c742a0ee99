"""Reads of oversight: the register's names, plans with what was decided beside them, mandates, who filed what."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, QuerySet
from django.utils import timezone

from zhengxin.duties.types import Owed
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.oversight import rules
from zhengxin.oversight.enums import PlanState
from zhengxin.oversight.models import (
    Amendment,
    Document,
    ImplementingPlan,
    Mandate,
    MandateUnit,
    Plan,
)
from zhengxin.oversight.periods import period_of
from zhengxin.oversight.readings import from_json, terms_of
from zhengxin.oversight.rules import brief as brief
from zhengxin.oversight.types import (
    Allotted,
    Change,
    FiledBy,
    Filing,
    MandateLine,
    PlanDraft,
    Recurring,
    Registered,
    Role,
    TermKind,
    TermUnit,
)
from zhengxin.subjects import queries as subjects


class NoSuchPlan(Refused):
    """No plan, or nothing in it, has this number."""


def register(on: date) -> tuple[Registered, ...]:
    """Every unit with all names it bears or bore, in the county's own order; those closed by the day say so."""
    lines = subjects.units()
    names = subjects.names_of(line.id for line in lines)
    return tuple(
        Registered(
            id=line.id,
            name=line.name,
            kind=line.kind,
            names=frozenset(names.get(line.id, ())),
            closed_on=line.closed_on if line.closed_on and line.closed_on < on else None,
        )
        for line in lines
    )


def plans(*, compiling: bool) -> QuerySet[Plan]:
    """Plans newest first; without `compiling` only those that were confirmed."""
    rows = Plan.objects.defer("reading").order_by("-id")
    return rows if compiling else rows.filter(state__in=(PlanState.CONFIRMED, PlanState.ENDED))


def count_read() -> int:
    """How many plans wait to be checked and confirmed."""
    return Plan.objects.filter(state=PlanState.READ).count()


def mandate_counts(plan_ids: Iterable[int]) -> dict[int, int]:
    """How many mandates each of these plans has; none where it has none."""
    rows = Mandate.objects.filter(plan__in=list(plan_ids)).values_list("plan_id")
    return dict(rows.annotate(n=Count("id")).order_by())


def plan(plan_id: int) -> Plan:
    """One plan, without the bytes of its file. Raises NoSuchPlan."""
    rows = Plan.objects.select_related("document", "replaces").defer("document__content")
    found = rows.filter(pk=plan_id).first()
    if found is None:
        raise NoSuchPlan(say("没有找到这份方案。"), say("编号有误。"), say("请从方案列表里打开。"))
    return found


def amendments(plan_id: int) -> list[Amendment]:
    """Everything that was decided beside the reading, undone or not, in order."""
    return list(Amendment.objects.filter(plan_id=plan_id).order_by("id"))


def draft(row: Plan, on: date) -> PlanDraft:
    """The reading, the register of that day and what was decided, together."""
    changes = [change_of(each) for each in amendments(row.pk) if each.undone_at is None]
    return rules.amended(from_json(row.reading), register(on), changes)


def change_of(row: Amendment) -> Change:
    """An amendment as the rules take it."""
    return Change(
        kind=row.kind,
        because=row.because,
        name=row.name,
        task=row.task,
        unit_ids=tuple(row.unit_ids),
        role=row.role,
        terms=terms_of(row.terms),
    )


def document(document_id: int) -> Document:
    """A file with its bytes. Raises NoSuchPlan."""
    found = Document.objects.filter(pk=document_id).first()
    if found is None:
        raise NoSuchPlan(say("没有找到这份文件。"), say("编号有误。"), say("请从方案里打开。"))
    return found


def _lines(rows: QuerySet[Mandate]) -> list[MandateLine]:
    found = list(rows.order_by("plan_id", "number"))
    units: dict[int, list[Allotted]] = defaultdict(list)
    for each in (
        MandateUnit.objects.filter(mandate__in=[row.pk for row in found])
        .select_related("unit__subject")
        .order_by("id")
    ):
        units[each.mandate_id].append(
            Allotted(
                unit_id=each.unit_id,
                unit=each.unit.subject.name,
                role=Role(each.role),
                leads=each.leads,
                as_written=each.as_written,
                collective=bool(each.collective),
            )
        )
    return [
        MandateLine(
            id=row.pk,
            number=row.number,
            section=row.section,
            section_title=row.section_title,
            text=row.text,
            entry_id=row.entry_id,
            units=tuple(units[row.pk]),
            terms=terms_of(row.terms),
        )
        for row in found
    ]


def mandates(plan_id: int) -> list[MandateLine]:
    """The mandates of a plan by number, with their units in the plan's order."""
    return _lines(Mandate.objects.filter(plan_id=plan_id))


def mandate(plan_id: int, number: int) -> MandateLine:
    """One mandate by its number in the plan. Raises NoSuchPlan."""
    found = _lines(Mandate.objects.filter(plan_id=plan_id, number=number))
    if not found:
        raise NoSuchPlan(say("没有找到这项任务。"), say("编号有误。"), say("请从方案里打开。"))
    return found[0]


def owed(plan_id: int, *, opened_on: date, to_id: int | None) -> tuple[Owed, ...]:
    """What the mandates of a plan make their leading units owe by a day that it names. to_id: to whom."""
    return rules.terms_owed(mandates(plan_id), opened_on=opened_on, to_id=to_id)


def recurring(on: date) -> list[Recurring]:
    """What comes back in every period but the quarter (quarters have returns of their own), of plans in force.

    Borne by the leading units of that day: a unit that was followed by another does not bear it, the other does; one
    that was closed by then and that nobody followed bears nothing any more.
    """
    now, gone = subjects.bearers_now(on), subjects.closed_by(on)
    rows = Mandate.objects.filter(plan__state=PlanState.CONFIRMED)
    of_plan = {
        pk: (plan_id, at)
        for pk, plan_id, at in rows.values_list("id", "plan_id", "plan__confirmed_at")
    }
    return [
        Recurring(
            plan_id=of_plan[line.id][0],
            mandate=line,
            bearer_ids=tuple(
                bearer
                for bearer in dict.fromkeys(
                    now.get(each.unit_id, each.unit_id) for each in line.units if each.leads
                )
                if bearer not in gone
            ),
            term=term,
            confirmed_on=timezone.localdate(of_plan[line.id][1]),
        )
        for line in _lines(rows)
        for term in line.terms
        if term.kind is TermKind.EVERY and term.unit is not TermUnit.QUARTERS
    ]


def opens_by_the_clock(each: Recurring) -> bool:
    """Whether each of its periods makes somebody owe; every week, day or two months does not."""
    return period_of(each.term, each.confirmed_on) is not None


def own_parts(plan_id: int, unit_ids: Iterable[int]) -> list[MandateUnit]:
    """The parts of these units in a plan, by number of the task."""
    rows = MandateUnit.objects.filter(mandate__plan_id=plan_id, unit_id__in=list(unit_ids))
    return list(rows.select_related("mandate", "unit__subject").order_by("mandate__number", "id"))


def filed(plan_id: int) -> dict[int, list[FiledBy]]:
    """Of every mandate (by its id) its units, each with the implementing plans it filed, newest first."""
    filings: dict[int, list[Filing]] = defaultdict(list)
    rows = ImplementingPlan.objects.filter(plan_id=plan_id).order_by("-id")
    for row in rows.prefetch_related("covers"):
        told = Filing(row.pk, row.title, row.piece_id, row.filed_at, row.filed_by_name)
        for part in row.covers.all():
            filings[part.pk].append(told)
    found: dict[int, list[FiledBy]] = defaultdict(list)
    parts = MandateUnit.objects.filter(mandate__plan_id=plan_id).select_related("unit__subject")
    for part in parts.order_by("id"):
        found[part.mandate_id].append(
            FiledBy(
                mandate_unit_id=part.pk,
                unit_id=part.unit_id,
                unit=part.unit.subject.name,
                role=part.role,
                leads=part.leads,
                filings=tuple(filings[part.pk]),
            )
        )
    return found


def implementing(implementing_id: int) -> ImplementingPlan:
    """One implementing plan. Raises NoSuchPlan."""
    found = ImplementingPlan.objects.filter(pk=implementing_id).first()
    if found is None:
        raise NoSuchPlan(
            say("没有找到这份实施方案。"), say("编号有误。"), say("请从工作方案里打开。")
        )
    return found
