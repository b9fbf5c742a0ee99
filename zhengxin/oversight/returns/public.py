"""What anybody may see of quarterly returns: states, days, figures and counts; no words of a unit, no person."""

from datetime import date

from django.utils import timezone

from zhengxin.oversight.public import shown_title
from zhengxin.oversight.returns.enums import ReturnState, Stage
from zhengxin.oversight.returns.matrix import QUARTERS, latest
from zhengxin.oversight.returns.models import Step
from zhengxin.oversight.returns.queries import returns, standing_signings, with_lateness
from zhengxin.oversight.returns.readings import figures_of
from zhengxin.oversight.returns.types import PublishedReturn
from zhengxin.subjects import queries as subjects


def published(on: date) -> list[PublishedReturn]:
    """The returns of the last quarters, by plan, mandate, unit and quarter."""
    quarters = [str(latest(on).after(-n)) for n in range(QUARTERS)]
    rows = list(
        with_lateness(returns().filter(quarter__in=quarters), on).order_by(
            "mandate__plan_id", "mandate__number", "unit__position", "unit_id", "quarter"
        )
    )
    signed = standing_signings(Step.objects.filter(quarterly_return__quarter__in=quarters))
    names = subjects.subject_names({row.unit_id for row in rows})
    found = []
    for row in rows:
        step = signed.get(row.pk) if row.state != ReturnState.MISSING else None
        kept = figures_of(step.figures) if step else ()
        found.append(
            PublishedReturn(
                plan=shown_title(row.mandate.plan.title),
                mandate_entry_id=row.mandate.entry_id,
                mandate=row.mandate.number,
                unit=names[row.unit_id],
                quarter=row.quarter,
                state=row.state,
                late=row.late,
                # What stands although its last version was given back is the one accepted before.
                accepted=row.stage in (Stage.ACCEPTED, Stage.REOPENED)
                or (row.stage == Stage.RETURNED and step is not None),
                signed_on=timezone.localdate(step.at) if step else None,
                evidence=len(step.pieces) if step else 0,
                figures={each.label: each.n for each in kept if each.of_mandate},
            )
        )
    return found
