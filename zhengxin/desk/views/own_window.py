"""What is recorded about oneself: a unit's own window, and the same for whoever asks at the counter."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.appeals import permissions as appealing
from zhengxin.archive.enums import Ending
from zhengxin.desk.asked import number
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.views.files import known_on_asked
from zhengxin.journey.own_window import OwnWindow
from zhengxin.journey.records import kind_labels, shown_fields
from zhengxin.objections import permissions as objecting
from zhengxin.publication import queries as publication
from zhengxin.publication.board import queries as board
from zhengxin.publication.enums import NoticeState
from zhengxin.repair.permissions import check_see_repairs
from zhengxin.rulebook.queries import record_kinds
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.permissions import check_own_window

AT_ONCE = 20


@at_desk(check_own_window)
@require_safe
def own(request: DeskRequest) -> HttpResponse:
    """Every entry about the own unit, how it stands towards the public, and who read it when and why."""
    form, known_on = known_on_asked(request)
    opened = journey.open_own_window(
        before=number(request, "before"),
        known_on=known_on,
        at=timezone.now(),
        actor=request.actor,
    )
    return _window(request, opened, form=form, known_on=known_on, own=True)


@at_desk(permissions.check_grade)
@require_safe
def of(request: DeskRequest, subject_id: int) -> HttpResponse:
    """The same for a firm or a unit that asks at the counter, to be printed and handed over."""
    form, known_on = known_on_asked(request)
    opened = journey.open_window_of(
        subject_id=subject_id, known_on=known_on, at=timezone.now(), actor=request.actor
    )
    return _window(request, opened, form=form, known_on=known_on, own=False)


def _window(
    request: DeskRequest, opened: OwnWindow, *, known_on: date | None, **context: Any
) -> HttpResponse:
    rows = Paginator(opened.lines, AT_ONCE).get_page(request.GET.get("page"))
    shown = [line.entry_id for line in rows]
    notices = {line.entry_id: opened.notices.get(line.entry_id) for line in rows}
    return page(
        request,
        "desk/own_window.html",
        section="files",
        card=subjects.subject_card(opened.unit_id),
        rows=rows,
        notices=notices,
        articles={
            pk: board.article_of(notice.rule)
            for pk, notice in notices.items()
            if notice is not None
        },
        standing=sum(not line.ending for line in opened.lines),
        open_now=(NoticeState.SHOWN, NoticeState.SCHEDULED),
        fields=shown_fields({line.entry_id: None for line in rows}),
        kinds=kind_labels(),
        known_on=known_on,
        endings=dict(Ending.choices),
        marks=publication.marks_on(shown, known_on),
        repaired=publication.repaired(shown, known_on=known_on),
        adverse={kind.code for kind in record_kinds() if kind.adverse},
        may_object=objecting.can_lodge(request.actor),
        may_appeal=appealing.can_lodge(request.actor),
        may_check=may(check_see_repairs, request.actor),
        readings=opened.readings,
        older=opened.older,
        names=subjects.subject_names(
            {line.unit_id for line in rows}
            | {each.unit_id for each in opened.readings if each.unit_id is not None}
        ),
        **context,
    )
