"""States of an application for repair."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RepairState(TextChoices):
    """Where an application for repair stands."""

    FILED = "filed", _("待受理")
    INCOMPLETE = "incomplete", _("待补正")
    ACCEPTED = "accepted", _("已受理")
    DECLINED = "declined", _("不予受理")
    GRANTED = "granted", _("准予修复")
    REFUSED = "refused", _("不予修复")
    WITHDRAWN = "withdrawn", _("申请人撤回")
    REVOKED = "revoked", _("修复已撤销")


RUNNING = frozenset({RepairState.FILED, RepairState.INCOMPLETE, RepairState.ACCEPTED})

TRANSITIONS: dict[RepairState, frozenset[RepairState]] = {
    RepairState.FILED: frozenset(
        {
            RepairState.INCOMPLETE,
            RepairState.ACCEPTED,
            RepairState.DECLINED,
            RepairState.WITHDRAWN,
        }
    ),
    RepairState.INCOMPLETE: frozenset({RepairState.FILED, RepairState.WITHDRAWN}),
    RepairState.ACCEPTED: frozenset(
        {RepairState.GRANTED, RepairState.REFUSED, RepairState.WITHDRAWN}
    ),
    RepairState.DECLINED: frozenset(),
    RepairState.GRANTED: frozenset({RepairState.REVOKED}),
    RepairState.REFUSED: frozenset(),
    RepairState.WITHDRAWN: frozenset(),
    RepairState.REVOKED: frozenset(),
}
