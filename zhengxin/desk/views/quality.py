"""How well each source arrives: compliance, lateness, silence."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengxin.accounts import permissions
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.waiting import QUARTER_DAYS, quality_of
from zhengxin.duties import queries as duties
from zhengxin.duties.types import Totals
from zhengxin.subjects import queries as subjects

# Below this many rows a rate is not shown: it would say more than is known.
FEW = 20


@at_desk(permissions.check_see_submissions)
@require_safe
def quality(request: DeskRequest) -> HttpResponse:
    """Silent sources first, then every source of every unit the actor may see."""
    today = timezone.localdate()
    units = subjects.visible_units(request.actor, today)
    found = quality_of(request.actor, today, units)
    since = today - timedelta(days=QUARTER_DAYS)
    figures = duties.unit_figures(since=since)
    seen = {q.unit_id for q in found}
    names = subjects.subject_names(seen)
    return page(
        request,
        "desk/quality.html",
        section="quality",
        rows=found,
        silent=[
            (q, (today - q.expected_by).days if q.expected_by else None) for q in found if q.silent
        ],
        timeliness=sorted(
            (
                (names.get(unit_id, ""), totals, totals.on_time + totals.late)
                for unit_id, totals in figures.items()
                if units is None or unit_id in units
            ),
            key=_by_lateness,
        ),
        lacking=duties.lacking_years(units),
        names=names,
        few=FEW,
        since=since,
    )


def _by_lateness(row: tuple[str, Totals, int]) -> tuple[int, str]:
    name, totals, _whole = row
    return (-totals.late, name)
