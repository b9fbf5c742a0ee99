"""What anybody may see of quarterly returns: states, days, figures and counts; no words of a unit, no person."""

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from zhengxin.oversight.returns.enums import SIGNINGS, ReturnState, StepAct
from zhengxin.oversight.returns.models import QuarterlyReturn, Step
from zhengxin.oversight.returns.queries import returns, with_lateness
from zhengxin.oversight.returns.readings import figures_of
from zhengxin.oversight.returns.types import PublishedReturn


def published(entry_ids: Collection[int], on: date) -> dict[int, PublishedReturn]:
    """The returns on these mandates (their entries), by the duty to report: the first, and one since it was reopened."""
    rows = list(with_lateness(returns().filter(mandate__entry_id__in=list(entry_ids)), on))
    steps: dict[int, list[Step]] = {}
    about = Step.objects.filter(quarterly_return__mandate__entry_id__in=list(entry_ids))
    for step in about.order_by("id"):
        steps.setdefault(step.quarterly_return_id, []).append(step)
    found: dict[int, PublishedReturn] = {}
    for row in rows:
        shown = _shown(row, steps.get(row.pk, []))
        found |= {duty_id: shown for duty_id in (row.duty_id, row.again_id) if duty_id}
    return found


def _shown(row: QuarterlyReturn, steps: list[Step]) -> PublishedReturn:
    """Of the version that stands: signed last and not sent back. Its figures once the office accepted it."""
    back = {step.version for step in steps if step.act == StepAct.RETURNED}
    standing = [step for step in steps if step.act in SIGNINGS and step.version not in back]
    last = standing[-1] if standing and row.state != ReturnState.MISSING else None
    accepted = last is not None and any(
        step.act == StepAct.ACCEPTED and step.version == last.version for step in steps
    )
    kept = figures_of(last.figures) if last and accepted else ()
    return PublishedReturn(
        quarter=row.quarter,
        state=row.state,
        state_label=str(row.get_state_display()),
        late=row.late,
        accepted=accepted,
        signed_on=timezone.localdate(last.at) if last else None,
        evidence=len(last.pieces) if last else 0,
        figures=tuple((each.label, each.n, each.unit) for each in kept if each.of_mandate),
    )
