"""What the public may see of plans: every clause, who leads it, what was reported and by when. No words of officials."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from zhengxin.oversight.returns import public as returns
from zhengxin.oversight.returns.types import PublishedReturn
from zhengxin.oversight.types import MandateLine
from zhengxin.publication.board.plan_types import PlanClause, PlanDuty, PlanPage
from zhengxin.rulebook.queries import duty_kinds
from zhengxin.subjects import queries as subjects

# A clause keeps so many duties on its public page, the newest, and whatever is overdue; the rest are counted.
MOST_DUTIES = 200


def published(on: date) -> list[PlanPage]:
    """Confirmed plans, newest first, as they stand on that day; ended ones say since when."""
    rows = Plan.objects.filter(entry_id__isnull=False).exclude(state=PlanState.DISCARDED)
    kinds = {kind.code: kind.name for kind in duty_kinds()}
    return [_page(row, on, kinds) for row in rows.order_by("-id")]


def _page(row: Plan, on: date, kinds: dict[str, str]) -> PlanPage:
    lines = queries.mandates(row.pk)
    entry_ids = [line.entry_id for line in lines]
    owed, came = of_sources(entry_ids), returns.published(entry_ids, on)
    bearers = {duty.bearer_id for duties in owed.values() for duty in duties}
    names = subjects.subject_names(bearers)
    return PlanPage(
        id=row.pk,
        title=free_of_numbers(row.title),
        dated=row.dated,
        confirmed_on=timezone.localdate(row.confirmed_at) if row.confirmed_at else None,
        ended_on=timezone.localdate(row.closed_at) if row.closed_at else None,
        clauses=tuple(
            _clause(line, owed.get(line.entry_id, []), came, on, kinds, names) for line in lines
        ),
    )


def _clause(
    line: MandateLine,
    duties: Sequence[Duty],
    came: Mapping[int, PublishedReturn],
    on: date,
    kinds: dict[str, str],
    names: dict[int, str],
) -> PlanClause:
    leads = dict.fromkeys((each.unit_id, each.unit) for each in line.units if each.leads)
    others = dict.fromkeys((each.unit_id, each.unit) for each in line.units if not each.leads)
    told = [_duty(duty, came.get(duty.pk), on, kinds, names) for duty in duties]
    shown = [each for each in told[:-MOST_DUTIES] if each.overdue_days] + told[-MOST_DUTIES:]
    return PlanClause(
        number=line.number,
        section=line.section,
        section_title=free_of_numbers(line.section_title),
        text=free_of_numbers(line.text),
        leads=tuple(leads),
        others=tuple(each for each in others if each not in leads),
        terms=tuple(dict.fromkeys(term.text for term in line.terms)),
        duties=tuple(shown),
        left_out=len(duties) - len(shown),
    )


def free_of_numbers(text: str) -> str:
    """A text as it stands, unless it holds a number of a person: what was confirmed before that was looked for."""
    return text if not kinds_found(text) else say("这里的文字里有个人号码，不公开。")


def _duty(
    duty: Duty,
    came: PublishedReturn | None,
    on: date,
    kinds: dict[str, str],
    names: dict[int, str],
) -> PlanDuty:
    late = duty.state == DutyState.OPEN and duty.due_on is not None and duty.due_on < on
    shown = PlanDuty(
        kind=kinds.get(duty.kind, ""),
        period=duty.period,
        unit=names.get(duty.bearer_id, ""),
        due_on=duty.due_on,
        state=duty.state,
        state_label=str(duty.get_state_display()),
        overdue_days=(on - duty.due_on).days if late and duty.due_on else 0,
        reported_on=duty.met_on or duty.reported_on,
        files=duty.files,
    )
    if came is None:
        return shown
    # Of a return, what stands of it: that the duty to report was met does not say that anything was done.
    return replace(
        shown,
        said=came.state,
        said_label=came.state_label,
        accepted=came.accepted,
        late=came.late and came.signed_on is not None,
        reported_on=came.signed_on,
        files=came.evidence,
        figures=came.figures,
    )
