"""What the pages of inspections show before a signature, each as one value with a digest."""

from collections.abc import Mapping
from typing import Any

from zhengxin.accounts.signatures import last_signature
from zhengxin.journey.showing import Sheet
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.models import Case
from zhengxin.subjects import queries as subjects


def _sheet(act: str, object_kind: str, object_id: object, content: Mapping[str, Any]) -> Sheet:
    kept = str(object_id)
    return Sheet(act, object_kind, kept, content, last_signature(object_kind, kept))


def new_designation_sheet(nonce: str) -> Sheet:
    """An empty form: all that is signed of a new designation is what the form says."""
    return _sheet("inspection_designated", "designation", nonce, {})


def designation_end_sheet(designation_id: int) -> Sheet:
    """A designation as it was registered, before it is ended."""
    given = inspections.designation(designation_id)
    content = {
        "unit": subjects.subject_names({given.unit_id}).get(given.unit_id, ""),
        "document": given.document,
        "matter": given.matter,
        "scope": given.scope,
        "from_on": given.from_on.isoformat(),
        "until_on": given.until_on.isoformat(),
        "ended_on": given.ended_on.isoformat() if given.ended_on else "",
    }
    return _sheet("inspection_designation_ended", "designation", designation_id, content)


def new_inspection_sheet(nonce: str) -> Sheet:
    """An empty form: all that is signed of a new plan is what the form says."""
    return _sheet("inspection_planned", "inspection", nonce, {})


def findings_shown(case: Case) -> list[dict[str, Any]]:
    """Every item of the checklist with what was found of it, and how its rectification stands."""
    findings = inspections.findings_of(case.pk)
    duties = inspections.duties_of(findings.values())
    shown = []
    for item in case.campaign.items.all():
        found = findings.get(item.pk)
        duty = duties.get(found.pk) if found else None
        shown.append(
            {
                "number": item.number,
                "words": item.words,
                "verdict": found.verdict if found else "",
                "found": found.words if found else "",
                "files": [each["digest"] for each in found.files] if found else [],
                "duty": duty.state if duty else "",
            }
        )
    return shown


def _case(case: Case) -> dict[str, Any]:
    names = subjects.subject_names({case.unit_id, case.campaign.unit_id})
    return {
        "campaign": case.campaign.title,
        "basis": case.campaign.basis,
        "inspecting": names.get(case.campaign.unit_id, ""),
        "unit": names.get(case.unit_id, ""),
        "state": case.state,
        "findings": findings_shown(case),
    }


def conclusion_sheet(case_id: int) -> Sheet:
    """One unit: every item, what was found, how it was rectified."""
    case = inspections.case(case_id)
    return _sheet("inspection_concluded", "inspection_case", case_id, _case(case))


def review_sheet(case_id: int) -> Sheet:
    """The same, with the conclusion and what the unit says against it."""
    case = inspections.case(case_id)
    content = _case(case) | {
        "conclusion": case.conclusion,
        "concluded_on": case.concluded_on.isoformat() if case.concluded_on else "",
        "grounds": case.grounds,
        "application_files": [each["digest"] for each in case.application_files],
    }
    return _sheet("inspection_review_decided", "inspection_case", case_id, content)


def closing_sheet(campaign_id: int) -> Sheet:
    """A campaign with every drawn unit, where it stands and what was found in numbers."""
    campaign = inspections.campaign(campaign_id)
    cases = inspections.cases_of(campaign_id)
    counts = inspections.counts(cases, campaign.items.count())
    names = subjects.subject_names(each.unit_id for each in cases)
    content = {
        "title": campaign.title,
        "basis": campaign.basis,
        "units": [
            {
                "unit": names.get(each.unit_id, ""),
                "state": each.state,
                "outcome": each.outcome,
                "found": dict(counts[each.pk].by_verdict),
            }
            for each in cases
        ],
    }
    return _sheet("inspection_closed", "inspection", campaign_id, content)
