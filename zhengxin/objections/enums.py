"""Who objects, where an objection stands, how it ended, and who holds a copy."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ObjectorKind(TextChoices):
    """Who objects."""

    PERSON = "person", _("个人")
    ORGANISATION = "organisation", _("企业或者其他组织")
    UNIT = "unit", _("记录所指的单位")


class ObjectionState(TextChoices):
    """Where an objection stands."""

    LODGED = "lodged", _("待审查")
    ADMITTED = "admitted", _("待报送单位答复")
    ANSWERED = "answered", _("待决定")
    CORRECTING = "correcting", _("支持，等更正")
    UPHELD = "upheld", _("支持，已更正")
    DISMISSED = "dismissed", _("不支持")
    REFUSED = "refused", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")


TRANSITIONS: dict[ObjectionState, frozenset[ObjectionState]] = {
    ObjectionState.LODGED: frozenset(
        {ObjectionState.ADMITTED, ObjectionState.REFUSED, ObjectionState.WITHDRAWN}
    ),
    ObjectionState.ADMITTED: frozenset(
        {
            ObjectionState.ANSWERED,
            ObjectionState.CORRECTING,
            ObjectionState.UPHELD,
            ObjectionState.DISMISSED,
            ObjectionState.WITHDRAWN,
        }
    ),
    ObjectionState.ANSWERED: frozenset(
        {
            ObjectionState.CORRECTING,
            ObjectionState.UPHELD,
            ObjectionState.DISMISSED,
            ObjectionState.WITHDRAWN,
        }
    ),
    ObjectionState.CORRECTING: frozenset({ObjectionState.UPHELD}),
    ObjectionState.UPHELD: frozenset(),
    ObjectionState.DISMISSED: frozenset(),
    ObjectionState.REFUSED: frozenset(),
    ObjectionState.WITHDRAWN: frozenset(),
}


class Ruling(TextChoices):
    """What was decided."""

    FULL = "full", _("全部支持：撤销这条记录")
    PART = "part", _("部分支持：由报送单位更正")
    DISMISSED = "dismissed", _("不支持：记录不变")


class CopyKind(TextChoices):
    """Who holds a copy of a record."""

    UNIT = "unit", _("单位")
    PEER = "peer", _("上报对象")
    RECIPIENT = "recipient", _("取用人")
