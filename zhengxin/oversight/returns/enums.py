"""What a quarterly return says, where it stands on its way, and what was done about it."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReturnState(TextChoices):
    """What stands of a return. The three are never mixed: missing is not zero."""

    REPORTED = "reported", _("已报")
    ZERO = "zero", _("确认为零")
    MISSING = "missing", _("未报")


class Stage(TextChoices):
    """Where a return stands on its way between the unit and the office."""

    OPEN = "open", _("待填报")
    SIGNED = "signed", _("待受理")
    RETURNED = "returned", _("退回重报")
    ACCEPTED = "accepted", _("已受理")
    REOPENED = "reopened", _("重开待报")


TRANSITIONS: Mapping[Stage, frozenset[Stage]] = {
    Stage.OPEN: frozenset({Stage.SIGNED}),
    Stage.SIGNED: frozenset({Stage.ACCEPTED, Stage.RETURNED}),
    Stage.RETURNED: frozenset({Stage.SIGNED}),
    Stage.ACCEPTED: frozenset({Stage.REOPENED}),
    Stage.REOPENED: frozenset({Stage.SIGNED}),
}
# The unit may write.
EDITABLE = (Stage.OPEN, Stage.RETURNED, Stage.REOPENED)


class ReturnKind(TextChoices):
    """What a draft is to become when it is signed."""

    REPORT = "report", _("报送工作开展情况")
    ZERO = "zero", _("本季度确无工作开展")


class StepAct(TextChoices):
    """What was done about a return."""

    SIGNED = "signed", _("签署报送")
    ZERO_SIGNED = "zero_signed", _("签署确认为零")
    RETURNED = "returned", _("退回重报")
    ACCEPTED = "accepted", _("受理并锁定")
    REOPENED = "reopened", _("重新打开")


SIGNINGS = (StepAct.SIGNED, StepAct.ZERO_SIGNED)
