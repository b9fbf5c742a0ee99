"""What the public may see of inspections: the plan, the draw and all it was computed from, figures, no words about persons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhengxin.oversight.inspections import queries
from zhengxin.oversight.inspections.enums import CaseState, Verdict
from zhengxin.oversight.inspections.models import Campaign, Case
from zhengxin.oversight.inspections.types import Counts, Sampling
from zhengxin.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class PublicCase:
    """One drawn unit. found: how many items by verdict, only once it has a conclusion that no review holds up."""

    unit: str
    code: str
    digest: str
    state: str
    concluded_on: date | None
    found: Mapping[str, int]
    rectified: int
    state_label: str = ""
    # (label, number) of what was found.
    told: tuple[tuple[str, int], ...] = ()
    # What a review decided, in words.
    outcome_label: str = ""


@dataclass(frozen=True, slots=True)
class PublicInspection:
    """One campaign. sampling and seed_source: everything anyone needs to draw again."""

    number: int
    title: str
    unit: str
    basis: str
    designation: str
    from_on: date
    until_on: date
    state: str
    items: tuple[tuple[int, str, str], ...]
    sampling: Sampling
    seed_named: str
    seed_on: date
    seed_source: str
    cases: tuple[PublicCase, ...]
    state_label: str = ""
    # Draws that were set aside, with their seeds and why.
    set_aside: tuple[Mapping[str, Any], ...] = ()
    # From when on the designation was ended early, if it was.
    designation_ended_on: date | None = None


def published(on: date) -> list[PublicInspection]:
    """Every campaign planned up to the day, newest first."""
    rows = Campaign.objects.select_related("designation").filter(planned_on__lte=on)
    return [_campaign(row) for row in rows.order_by("-id")]


def _campaign(row: Campaign) -> PublicInspection:
    cases = queries.cases_of(row.pk)
    items = [(item.number, item.words, item.basis) for item in row.items.all()]
    counts = queries.counts(cases, len(items))
    codes = {unit_id: (name, code) for unit_id, code, name, _kind in row.population}
    return PublicInspection(
        number=row.pk,
        title=row.title,
        unit=subjects.subject_names([row.unit_id]).get(row.unit_id, ""),
        basis=row.basis,
        designation=row.designation.document,
        from_on=row.from_on,
        until_on=row.until_on,
        state=row.state,
        items=tuple(items),
        sampling=queries.sampling(row),
        seed_named=row.seed_named,
        seed_on=row.seed_on,
        seed_source=row.seed_source,
        cases=tuple(_case(each, counts[each.pk], *codes[each.unit_id]) for each in cases),
        state_label=str(row.get_state_display()),
        set_aside=tuple(queries.set_aside_in_full(row)),
        designation_ended_on=row.designation.ended_on,
    )


def _case(case: Case, counts: Counts, name: str, code: str) -> PublicCase:
    told = case.state == CaseState.CONCLUDED or (
        case.state == CaseState.REVIEWED and case.outcome == "upheld"
    )
    return PublicCase(
        unit=name,
        code=code,
        digest=case.digest,
        state=case.state,
        concluded_on=case.concluded_on,
        found=counts.by_verdict if told else {},
        rectified=counts.settled if told else 0,
        state_label=str(case.get_state_display()),
        told=tuple((str(Verdict(v).label), n) for v, n in counts.by_verdict.items())
        if told
        else (),
        outcome_label=str(case.get_outcome_display()),
    )
