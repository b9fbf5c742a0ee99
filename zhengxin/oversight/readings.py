"""A plan that was read, as JSON and back: the reading is kept as it was, whatever is decided beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Any

from zhengxin.oversight.types import (
    Finding,
    FindingKind,
    Plan,
    Rule,
    RuleKind,
    Section,
    Task,
    TaskDraft,
    Term,
    TermKind,
    TermUnit,
)


def to_json(plan: Plan) -> dict[str, Any]:
    """Every field of the plan by its name; the day as ISO text or None."""
    told = asdict(plan)
    told["dated"] = plan.dated.isoformat() if plan.dated else None
    return told


def from_json(told: Mapping[str, Any]) -> Plan:
    """The plan that `to_json` told."""
    return Plan(
        title=told["title"],
        dated=date.fromisoformat(told["dated"]) if told["dated"] else None,
        sections=tuple(Section(**each) for each in told["sections"]),
        tasks=tuple(_task(each) for each in told["tasks"]),
        rules=tuple(_rule(each) for each in told["rules"]),
        findings=tuple(
            Finding(FindingKind(each["kind"]), each["where"], each["message"])
            for each in told["findings"]
        ),
    )


def terms_json(terms: Sequence[Term]) -> list[dict[str, Any]]:
    """Terms without their empty fields, as the ledger and the tables keep them."""
    return [
        {key: _plain(value) for key, value in asdict(term).items() if value is not None}
        for term in terms
    ]


def terms_of(told: Sequence[Mapping[str, Any]]) -> tuple[Term, ...]:
    """The terms that were told."""
    return tuple(_term(each) for each in told)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def mandate_json(draft: TaskDraft) -> dict[str, Any]:
    """A mandate as its entry in the ledger says it."""
    return {
        "number": draft.task.number,
        "section": draft.task.section,
        "section_title": draft.section_title,
        "text": draft.task.text,
        "units": [
            {
                "id": each.unit_id,
                "name": each.unit,
                "role": each.role.value,
                "leads": each.leads,
                "as_written": each.as_written,
                "collective": each.collective,
            }
            for each in draft.units
        ],
        "standing_rules": [rule.text for rule in draft.task.rules],
        "terms": terms_json(draft.terms),
    }


def _term(told: Mapping[str, Any]) -> Term:
    unit = told.get("unit")
    return Term(
        **{**told, "kind": TermKind(told["kind"]), "unit": TermUnit(unit) if unit else None}
    )


def _rule(told: Mapping[str, Any]) -> Rule:
    return Rule(**{**told, "kind": RuleKind(told["kind"]), "units": tuple(told["units"])})


def _task(told: Mapping[str, Any]) -> Task:
    lists = ("lead_units", "supporting_units", "responsible_units")
    return Task(
        **{
            **told,
            **{name: tuple(told[name]) for name in lists},
            "rules": tuple(_rule(each) for each in told["rules"]),
            "terms": terms_of(told["terms"]),
        }
    )
