"""What the public may see of plans: every clause, who leads it, what was reported and by when. No words of officials."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from zhengxin.duties.enums import DutyState
from zhengxin.duties.lists import of_sources
from zhengxin.duties.models import Duty
from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.say import say
from zhengxin.oversight import queries
from zhengxin.oversight.enums import PlanState
from zhengxin.oversight.models import Plan
from zhengxin.oversight.returns.queries import zero_duties
from zhengxin.oversight.types import MandateLine
from zhengxin.publication.board.plan_types import PlanClause, PlanDuty, PlanPage
from zhengxin.rulebook.queries import duty_kinds
from zhengxin.subjects import queries as subjects

# A clause keeps so many duties on its public page, the newest; the rest are counted.
MOST_DUTIES = 200


def published(on: date) -> list[PlanPage]:
    """Confirmed plans, newest first, as they stand on that day; ended ones say since when."""
    rows = Plan.objects.filter(entry_id__isnull=False).exclude(state=PlanState.DISCARDED)
    kinds = {kind.code: kind.name for kind in duty_kinds()}
    return [_page(row, on, kinds) for row in rows.order_by("-id")]


def shown_title(title: str) -> str:
    """A heading, unless it holds a number of a person: one confirmed before that was looked for."""
    return title if not kinds_found(title) else say("（标题里有个人号码，不公开）")


def _page(row: Plan, on: date, kinds: dict[str, str]) -> PlanPage:
    lines = queries.mandates(row.pk)
    owed = of_sources([line.entry_id for line in lines])
    bearers = {duty.bearer_id for duties in owed.values() for duty in duties}
    names = subjects.subject_names(bearers)
    zeros = zero_duties(row.pk)
    return PlanPage(
        id=row.pk,
        title=shown_title(row.title),
        dated=row.dated,
        confirmed_on=timezone.localdate(row.confirmed_at) if row.confirmed_at else None,
        ended_on=timezone.localdate(row.closed_at) if row.closed_at else None,
        clauses=tuple(
            _clause(line, owed.get(line.entry_id, []), on, kinds, names, zeros) for line in lines
        ),
    )


def _clause(
    line: MandateLine,
    duties: Sequence[Duty],
    on: date,
    kinds: dict[str, str],
    names: dict[int, str],
    zeros: frozenset[int],
) -> PlanClause:
    leads = dict.fromkeys((each.unit_id, each.unit) for each in line.units if each.leads)
    others = dict.fromkeys((each.unit_id, each.unit) for each in line.units if not each.leads)
    shown = [_duty(duty, on, kinds, names, zero=duty.pk in zeros) for duty in duties[-MOST_DUTIES:]]
    return PlanClause(
        number=line.number,
        section=line.section,
        section_title=shown_title(line.section_title),
        text=line.text if not kinds_found(line.text) else say("这一条的文字里有个人号码，不公开。"),
        leads=tuple(leads),
        others=tuple(each for each in others if each not in leads),
        terms=tuple(dict.fromkeys(term.text for term in line.terms)),
        duties=tuple(shown),
        left_out=len(duties) - len(shown),
    )


def _duty(
    duty: Duty, on: date, kinds: dict[str, str], names: dict[int, str], *, zero: bool
) -> PlanDuty:
    late = duty.state == DutyState.OPEN and duty.due_on is not None and duty.due_on < on
    return PlanDuty(
        kind=kinds.get(duty.kind, ""),
        period=duty.period,
        unit=names.get(duty.bearer_id, ""),
        due_on=duty.due_on,
        state=duty.state,
        state_label=str(duty.get_state_display()),
        overdue_days=(on - duty.due_on).days if late and duty.due_on else 0,
        reported_on=duty.met_on or duty.reported_on,
        files=duty.files,
        zero=zero,
    )
