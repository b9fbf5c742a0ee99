"""States of a plan, what a person may amend of its reading, and how a unit stands to a mandate."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanState(TextChoices):
    """Where a plan stands."""

    READ = "read", _("读出待核")
    CONFIRMED = "confirmed", _("已确认")
    DISCARDED = "discarded", _("已弃用")
    ENDED = "ended", _("已终止")


TRANSITIONS: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.READ: frozenset({PlanState.CONFIRMED, PlanState.DISCARDED}),
    PlanState.CONFIRMED: frozenset({PlanState.ENDED}),
    PlanState.DISCARDED: frozenset(),
    PlanState.ENDED: frozenset(),
}


class AmendmentKind(TextChoices):
    """What a person decided beside the reading; the first two are about a name, the rest about a task."""

    CHOOSE = "choose", _("选定单位")
    SUSPEND = "suspend", _("暂不落实")
    ADD_UNIT = "add_unit", _("增加单位")
    DROP_UNIT = "drop_unit", _("去掉单位")
    CHANGE_TERM = "change_term", _("改期限")
    DROP_TASK = "drop_task", _("不列为任务")


class UnitRole(TextChoices):
    """How a unit stands to a mandate; the values are those of `types.Role`."""

    LEAD = "lead", _("牵头")
    RESPONSIBLE = "responsible", _("责任")
    SUPPORTING = "supporting", _("配合")
