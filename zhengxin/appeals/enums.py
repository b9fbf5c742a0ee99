"""Where an appeal stands, and how it ended."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhengxin.ledger.enums import Act

# Decisions that somebody concerned may appeal against.
APPEALABLE = (
    Act.GRADING,
    Act.OBJECTION_REFUSED,
    Act.OBJECTION_DISMISSED,
    Act.REPAIR_DECLINED,
    Act.REPAIR_REFUSED,
    Act.REPAIR_REVOKED,
)


class AppealState(TextChoices):
    """Where an appeal stands."""

    LODGED = "lodged", _("待复核决定")
    KEPT = "kept", _("维持原决定")
    SET_ASIDE = "set_aside", _("撤销原决定，重新办理")
    WITHDRAWN = "withdrawn", _("已撤回申诉")


TRANSITIONS: dict[AppealState, frozenset[AppealState]] = {
    AppealState.LODGED: frozenset({AppealState.KEPT, AppealState.SET_ASIDE, AppealState.WITHDRAWN}),
    AppealState.KEPT: frozenset(),
    AppealState.SET_ASIDE: frozenset(),
    AppealState.WITHDRAWN: frozenset(),
}
