"""A plan of the county on the command line: what is in the way of it, or what it became."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from zhengxin.oversight import queries
from zhengxin.oversight.enums import PlanState, UnitRole
from zhengxin.oversight.models import Plan
from zhengxin.oversight.readings import terms_json
from zhengxin.oversight.types import Allotted, Term


def as_json(number: int, on: date) -> dict[str, Any]:
    """{"number", "title", "state", "sha256", "hindrances", "mandates"}; while it is being checked the mandates it would become.

    Raises NoSuchPlan.
    """
    row = queries.plan(number)
    hindrances = []
    if row.state in (PlanState.READ, PlanState.DISCARDED):
        draft = queries.draft(row, on)
        hindrances = [{"where": each.where, "because": each.because} for each in draft.hindrances]
        mandates = [
            _mandate(each.task.number, each.task.section, each.task.text, each.units, each.terms)
            for each in draft.mandates
        ]
    else:
        mandates = [
            {
                **_mandate(each.number, each.section, each.text, each.units, each.terms),
                "entry": each.entry_id,
            }
            for each in queries.mandates(number)
        ]
    return {
        "number": row.pk,
        "title": row.title,
        "dated": row.dated.isoformat() if row.dated else None,
        "state": row.state,
        "sha256": row.document.sha256,
        "entry": row.entry_id,
        "hindrances": hindrances,
        "mandates": mandates,
    }


def _mandate(
    number: int, section: str, text: str, units: Sequence[Allotted], terms: Sequence[Term]
) -> dict[str, Any]:
    return {
        "number": number,
        "section": section,
        "text": text,
        "units": [
            {
                "id": each.unit_id,
                "name": each.unit,
                "role": each.role,
                "leads": each.leads,
                "as_written": each.as_written,
                "collective": each.collective,
            }
            for each in units
        ],
        "terms": terms_json(terms),
    }


def as_text(number: int, on: date) -> Iterator[str]:
    """The same for people. Raises NoSuchPlan."""
    row = queries.plan(number)
    yield f"方案第{row.pk}号　{row.get_state_display()}　{row.title}"
    if row.state in (PlanState.READ, PlanState.DISCARDED):
        yield from _draft(row, on)
        return
    for line in queries.mandates(number):
        yield f"任务{line.number}（方案{line.section}，登记簿第{line.entry_id}条）"
        yield from _units(line.units)
        yield from _terms(line.terms)


def _draft(row: Plan, on: date) -> Iterator[str]:
    draft = queries.draft(row, on)
    yield f"任务{len(draft.mandates)}项，单位写法{len(draft.names)}种。"
    if row.state == PlanState.DISCARDED:
        return
    if not draft.hindrances:
        yield "没有要办的了，请上传人以外的同事在工作台上确认。"
        return
    yield f"还有{len(draft.hindrances)}处要办（在工作台上办）："
    yield from (f"  {each.where}：{each.because}" for each in draft.hindrances)


def _units(units: Sequence[Allotted]) -> Iterator[str]:
    for role in UnitRole:
        names = [each.unit for each in units if each.role.value == role.value]
        if names:
            yield f"  {role.label}：{'、'.join(names)}"


def _terms(terms: Sequence[Term]) -> Iterator[str]:
    for term in terms:
        due = term.due_on(None)
        told = f"（{due.isoformat()}）" if due else "（没有写年份）" if term.lacks_year else ""
        yield f"  期限：{term.text}{told}"
