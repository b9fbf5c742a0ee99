"""How well each source arrives: compliance, lateness, silence."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxin.accounts import permissions
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.waiting import QUARTER_DAYS, quality_of
from zhengxin.duties import queries as duties
from zhengxin.duties.enums import DutyState
from zhengxin.duties.types import Totals
from zhengxin.intake import queries as intake
from zhengxin.journey.records import kind_labels
from zhengxin.subjects import queries as subjects

# Below this many rows a rate is not shown: it would say more than is known.
FEW = 20
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A unit's line in the table of terms; late_before: late ones corrected or withdrawn since."""

    unit_id: int
    name: str
    totals: Totals
    whole: int
    late_before: int


@at_desk(permissions.check_see_submissions)
@require_safe
def quality(request: DeskRequest) -> HttpResponse:
    """Silent sources first, then every source of every unit the actor may see."""
    today = timezone.localdate()
    units = subjects.visible_units(request.actor, today)
    found = quality_of(request.actor, today, units)
    since = today - timedelta(days=QUARTER_DAYS)
    figures = duties.unit_figures(units, since)
    late_before = duties.late_before_counts(units, since)
    # Also a unit whose every record was withdrawn.
    figures = {unit_id: Totals() for unit_id in late_before} | dict(figures)
    seen = {q.unit_id for q in found} | set(figures)
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
                Row(
                    unit_id,
                    names.get(unit_id, ""),
                    totals,
                    totals.on_time + totals.late,
                    late_before.get(unit_id, 0),
                )
                for unit_id, totals in figures.items()
            ),
            key=_by_lateness,
        ),
        lacking=duties.lacking_years(units),
        names=names,
        few=FEW,
        since=since,
    )


def _by_lateness(row: Row) -> tuple[int, str]:
    return (-row.totals.late, row.name)


@at_desk(permissions.check_see_submissions)
@require_safe
def late_before(request: DeskRequest, unit_id: int) -> HttpResponse:
    """One unit's late reports that were corrected or withdrawn since, beside what stands now."""
    today = timezone.localdate()
    units = subjects.visible_units(request.actor, today)
    name = subjects.subject_names({unit_id}).get(unit_id)
    if name is None or (units is not None and unit_id not in units):
        raise NotYours(_("没有这个单位的报送情况。"), "", _("请从数据质量里打开。"))
    since = today - timedelta(days=QUARTER_DAYS)
    found = duties.late_before([unit_id], since).order_by("-id")
    rows = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    instead = duties.standing_instead(list(rows))
    senders = intake.senders([was.entry_id for was in rows])
    others = subjects.subject_names(set(senders.values()) - {unit_id})
    return page(
        request,
        "desk/late_before.html",
        section="quality",
        rows=rows,
        pairs=[
            (was, instead.get(was.entry_id), others.get(senders.get(was.entry_id, 0), ""))
            for was in rows
        ],
        on_time=DutyState.ON_TIME,
        kinds=kind_labels(),
        name=name,
        since=since,
    )
