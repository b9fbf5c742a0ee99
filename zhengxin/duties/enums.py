"""States of a duty, and how those that an act opened go from one to the next."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DutyState(TextChoices):
    """Where a duty stands."""

    ON_TIME = "on_time", _("按时")
    LATE = "late", _("迟报")
    MISSING = "missing", _("缺日期，无法计算")
    NO_CALENDAR = "no_calendar", _("缺放假安排，期限待定")
    VOID = "void", _("已撤回，不计")
    OPEN = "open", _("待办")
    REPORTED = "reported", _("已报待核")
    BREACHED = "breached", _("未履行")
    CHANGED = "changed", _("依法变更")


# Of duties that an act opened. What a record implies is met or late from the beginning.
TRANSITIONS: dict[DutyState, frozenset[DutyState]] = {
    DutyState.OPEN: frozenset({DutyState.REPORTED, DutyState.BREACHED, DutyState.CHANGED}),
    DutyState.REPORTED: frozenset(
        {DutyState.OPEN, DutyState.ON_TIME, DutyState.LATE, DutyState.CHANGED}
    ),
    DutyState.ON_TIME: frozenset(),
    DutyState.LATE: frozenset(),
    DutyState.BREACHED: frozenset(),
    DutyState.CHANGED: frozenset(),
}
# Somebody still owes something.
RUNNING = (DutyState.OPEN, DutyState.REPORTED)
