"""States of a duty."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DutyState(TextChoices):
    """Where a duty stands."""

    ON_TIME = "on_time", _("按时")
    LATE = "late", _("迟报")
    MISSING = "missing", _("缺日期，无法计算")
    NO_CALENDAR = "no_calendar", _("缺放假安排，期限待定")
    VOID = "void", _("已撤回，不计")
