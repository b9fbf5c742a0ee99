"""Reads of cases, their measures, referrals, and of what was confirmed in the law folder."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengxin.duties.models import Duty
from zhengxin.kernel.refused import Refused
from zhengxin.rulebook import queries as rulebook
from zhengxin.rulebook import values as law_values
from zhengxin.rulebook.types import Citation
from zhengxin.rulebook.values import LawValue
from zhengxin.sanctions.enums import CaseState, StepState
from zhengxin.sanctions.models import Case, Confirmation, Execution, Measure, Referral
from zhengxin.sanctions.rules import check_confirmed
from zhengxin.sanctions.types import CREDIT_OFFICE, Step

MOST_COMPARABLE = 10


class UnknownCase(Refused):
    """No case, measure or referral has this number."""


@dataclass(frozen=True, slots=True)
class Confirmable:
    """A value that nobody read in the document, and who confirmed it as it stands now (None: nobody)."""

    value: LawValue
    confirmation: Confirmation | None


def steps_on(day: date) -> list[Step]:
    """What may be proposed that day: every measure with each of its bases in force."""
    found = [
        (measure, basis, law_values.of_basis(measure, basis))
        for measure in rulebook.measures(day)
        for basis in measure.bases
    ]
    done = confirmed(value for _measure, _basis, value in found)
    return [
        Step(
            measure=measure.code,
            name=measure.name,
            target=measure.target.value,
            imposed_by=tuple(body.value for body in measure.imposed_by),
            ends=measure.ends.value,
            address=f"{measure.code}|{value.address}",
            basis=_told(basis.citation, done.get(value.address)),
            from_memory=basis.citation.from_memory,
            confirmed=value.address in done,
        )
        for measure, basis, value in found
    ]


def own_steps_on(day: date) -> list[Step]:
    """Those of them that the credit office may put on a unit."""
    return [
        each for each in steps_on(day) if each.target == "unit" and CREDIT_OFFICE in each.imposed_by
    ]


def confirmed(values: Iterable[LawValue]) -> dict[str, Confirmation]:
    """Of these values those that an official confirmed as they stand now, by address."""
    wanted = {each.address: each.digest for each in values}
    rows = Confirmation.objects.filter(address__in=list(wanted))
    return {row.address: row for row in rows if wanted[row.address] == row.digest}


def confirmables(on: date) -> list[Confirmable]:
    """Every value in force that day that nobody read in the document; those from memory first."""
    found = law_values.unread(on)
    done = confirmed(found)
    rows = [Confirmable(each, done.get(each.address)) for each in found]
    return sorted(
        rows, key=lambda row: (not row.value.citation.from_memory, row.confirmation is not None)
    )


def confirmable(address: str) -> Confirmable:
    """One of them. Raises UnknownCase."""
    value = law_values.values().get(address)
    if value is None or not value.citation.needs_confirmation:
        raise UnknownCase(_("没有找到这个法律值。"), "", _("请从法律值列表中打开。"))
    return Confirmable(value, confirmed([value]).get(address))


def reply_period(day: date) -> tuple[int, str]:
    """Working days the unit has to reply, and on which rule. Raises NoRule, Unlawful while nobody confirmed it."""
    parameter = rulebook.parameter("sanction_reply_days", day)
    value = law_values.of_parameter(parameter)
    done = confirmed([value]).get(value.address)
    check_confirmed(
        parameter.meaning,
        parameter.citation.text,
        from_memory=parameter.citation.from_memory,
        done=done is not None,
    )
    return int(str(parameter.value)), _told(parameter.citation, done)


def _told(citation: Citation, done: Confirmation | None) -> str:
    """Document and article; what an official confirmed says who did, instead of 待核实."""
    if done is None:
        return citation.text
    return _("{document}，{article}（{name}已对照原文确认）").format(
        document=citation.document, article=citation.article, name=done.by_name
    )


def case(case_id: int) -> Case:
    """One case. Raises UnknownCase."""
    found = Case.objects.filter(pk=case_id).first()
    if found is None:
        raise UnknownCase(_("没有找到这件惩戒。"), "", _("请从惩戒列表中打开。"))
    return found


def measure(measure_id: int) -> Measure:
    """One measure with its case. Raises UnknownCase."""
    found = Measure.objects.select_related("case").filter(pk=measure_id).first()
    if found is None:
        raise UnknownCase(_("没有找到这项措施。"), "", _("请从惩戒列表中打开。"))
    return found


def referral(referral_id: int) -> Referral:
    """One referral. Raises UnknownCase."""
    found = Referral.objects.filter(pk=referral_id).first()
    if found is None:
        raise UnknownCase(_("没有找到这件移送。"), "", _("请从移送列表中打开。"))
    return found


def cases(units: Collection[int] | None, *, state: str = "") -> QuerySet[Case]:
    """Cases newest first: of these units once they had notice, and those they carry out; None: all."""
    rows = Case.objects.order_by("-id")
    if units is not None:
        carried = Execution.objects.filter(unit_id__in=list(units)).values("measure__case_id")
        own = Q(unit_id__in=list(units), noticed_on__isnull=False)
        rows = rows.filter(own | Q(pk__in=carried))
    return rows.filter(state=state) if state else rows


def to_decide(today: date) -> QuerySet[Case]:
    """Cases whose period is over and whose replies were heard."""
    ready = (CaseState.NOTICED, CaseState.HEARD)
    return Case.objects.filter(state__in=ready, reply_by__lt=today).order_by("reply_by", "id")


def to_answer(units: Collection[int], today: date) -> QuerySet[Case]:
    """Cases of these units in which they may still reply and did not."""
    rows = Case.objects.filter(unit_id__in=list(units), state=CaseState.NOTICED)
    return rows.filter(reply_by__gte=today).order_by("reply_by", "id")


def referrals() -> QuerySet[Referral]:
    """Referrals newest first."""
    return Referral.objects.order_by("-id")


def executing(case: Case) -> set[int]:
    """The units that carry its measures out."""
    rows = Execution.objects.filter(measure__case=case)
    return set(rows.values_list("unit_id", flat=True))


def executions(case: Case) -> list[tuple[Execution, Duty | None, Duty | None]]:
    """Who carries out what, with the duties to confirm applying and lifting."""
    rows = list(
        Execution.objects.filter(measure__case=case).select_related("measure").order_by("id")
    )
    ids = [pk for row in rows for pk in (row.apply_duty_id, row.lift_duty_id) if pk]
    duties = Duty.objects.in_bulk(ids)
    return [(row, duties.get(row.apply_duty_id), duties.get(row.lift_duty_id or 0)) for row in rows]


def tasks(measures: Iterable[Measure]) -> dict[int, Duty]:
    """By measure, what the unit owes of it."""
    wanted = {row.duty_id: row.pk for row in measures if row.duty_id}
    return {wanted[pk]: duty for pk, duty in Duty.objects.in_bulk(list(wanted)).items()}


def case_of_duty(duty: Duty) -> Case | None:
    """The case that opened this duty, if one did."""
    if duty.kind in ("measure_explanation", "rectification"):
        row = Measure.objects.filter(duty_id=duty.pk).select_related("case").first()
        return row.case if row else None
    if duty.kind not in ("measure_applied", "measure_lifted"):
        return None
    column = {"measure_applied": "apply_duty_id", "measure_lifted": "lift_duty_id"}[duty.kind]
    found = Execution.objects.filter(**{column: duty.pk}).select_related("measure__case").first()
    return found.measure.case if found else None


def in_force_on(entry_id: int) -> list[Measure]:
    """The measures in force that rest on this record."""
    rows = Measure.objects.filter(case__entry_id=entry_id, state=StepState.IN_FORCE)
    return list(rows.select_related("case").order_by("id"))


def open_on(entry_id: int) -> Case | None:
    """The case on this record in which nothing is in force yet and nothing was settled."""
    over = (CaseState.IN_FORCE, CaseState.ENDED, CaseState.NOT_IMPOSED, CaseState.DROPPED)
    return Case.objects.filter(entry_id=entry_id).exclude(state__in=over).first()


def over_on(today: date) -> list[Measure]:
    """Measures in force whose last day is past, whose task was found done, or which everybody applied.

    What is shown to the public goes on up to its last day.
    """
    running = Measure.objects.filter(state=StepState.IN_FORCE).select_related("case")
    past = running.filter(until_on__lt=today)
    done = running.filter(
        duty_id__in=Duty.objects.filter(running=False, met_on__isnull=False).values("id")
    )
    unmet = Duty.objects.filter(kind="measure_applied", met_on__isnull=True)
    applied = (
        running.filter(ends="done", duty_id=None)
        .exclude(executions__apply_duty_id__in=unmet.values("id"))
        .exclude(circulation__until_on__gte=today)
    )
    return [row for rows in (past, done, applied) for row in rows.order_by("id")]


def persons_of(entry_id: int) -> set[int]:
    """The accounts that proposed or decided measures by this record."""
    rows = Case.objects.filter(entry_id=entry_id).values_list("proposer_id", "decider_id")
    return {pk for row in rows for pk in row if pk is not None}


def running_entries() -> list[int]:
    """The records on which a case rests that is not over."""
    over = (CaseState.ENDED, CaseState.NOT_IMPOSED, CaseState.DROPPED)
    rows = Case.objects.exclude(state__in=over).order_by("id")
    return list(rows.values_list("entry_id", flat=True))


def known_entries(ids: Collection[int]) -> set[int]:
    """Those of these records about which there is or was a case."""
    rows = Case.objects.filter(entry_id__in=list(ids))
    return set(rows.values_list("entry_id", flat=True))


def comparable(case: Case) -> list[Case]:
    """Decided cases on the same kind of record, newest first: what was done before, one by one."""
    decided = Case.objects.filter(entry_kind=case.entry_kind, decided_on__isnull=False)
    rows = decided.exclude(pk=case.pk).prefetch_related("measures")
    return list(rows.order_by("-decided_on", "-id")[:MOST_COMPARABLE])
