"""May a person grade this record, let it be shown, or release this text? Asked before the act, with the reason when not."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import queries as ledger
from zhengxin.publication.enums import GIVEN_GROUNDS, Grade, NoticeState, WithholdReason
from zhengxin.publication.queries import notice, sealed, sealed_by_law

_OVER = (WithholdReason.SUPERSEDED, WithholdReason.WITHDRAWN, WithholdReason.ERASED)


class NotGradable(Refused):
    """The record needs no grade from a person, or the grade does not exist."""


class NotWithholdable(Refused):
    """The record does not stand, or the ground is none that a person may give."""


class NotSealed(Refused):
    """The record is not sealed by law, so that there is no seal to lift."""


class NotReleasable(Refused):
    """The text cannot be shown: no such text, or it holds a number of a person."""


def check_gradable(entry_id: int, grade: str) -> None:
    """Passes when the record waits for a grade or was graded by a person. Raises NotGradable."""
    if grade not in Grade.values:
        raise NotGradable(
            _("没有“%(grade)s”这个级别。") % {"grade": grade},
            _("级别只有轻微、一般、严重。"),
            _("请从列表中选择。"),
        )
    found = notice(entry_id)
    if found is None or not found.adverse or found.state == NoticeState.WITHHELD:
        raise NotGradable(
            _("这条记录不需要定级。"),
            _("只有会公示的失信类记录才定级；自然人的和封存的不公示。"),
            _("请核对记录编号。"),
        )


def check_withholdable(entry_id: int, reason: str, review_on: date | None, today: date) -> None:
    """Passes for a record that stands, a ground a person may give, and a day of review to come; without a ground
    where the record waits for a review. Raises NotWithholdable.
    """
    found = notice(entry_id)
    if not reason and (found is None or found.withheld != WithholdReason.REVIEW):
        raise NotWithholdable(
            _("这条记录没有在等复核。"),
            _("只有待复核的记录才由人认定可以公示。"),
            _("请选择不公开的理由。"),
        )
    if reason and reason not in GIVEN_GROUNDS:
        raise NotWithholdable(
            _("没有“%(reason)s”这个理由。") % {"reason": reason[:20]},
            _("由人决定不公开的理由只有国家秘密、商业秘密、个人隐私。"),
            _("请从列表中选择。"),
        )
    if review_on is not None and review_on < today:
        raise NotWithholdable(_("没有办理：复核日期已经过了。"), "", _("请填今天或以后的日期。"))
    if found is None or found.withheld in _OVER or entry_id in sealed([entry_id]):
        raise NotWithholdable(
            _("这一条现在不用办理。"),
            _("它已被更正、撤回、抹去，或者已经封存。"),
            _("请从列表里打开。"),
        )


def check_sealed(entry_id: int) -> None:
    """Passes for a record that the law seals by its own words or by those of its document. Raises NotSealed."""
    if notice(entry_id) is None or entry_id not in sealed_by_law([entry_id]):
        raise NotSealed(
            _("这条记录没有依治安管理处罚法封存。"),
            _("只有这样封存的记录，封存有误的才能解除。"),
            _("请从封存的记录列表里打开。"),
        )


def check_releasable(entry_id: int, fields: Sequence[str]) -> None:
    """Passes when every field is a free text of the record without numbers of persons. Raises NotReleasable."""
    text = ledger.payload(entry_id).text
    missing = [field for field in fields if field not in text]
    if missing or not fields:
        raise NotReleasable(
            _("没有可以公开的文字：%(fields)s。") % {"fields": "、".join(missing) or _("未选择")},
            _("只能公开记录中的文字栏目。"),
            _("请重新选择。"),
        )
    if kinds := kinds_found("\n".join(str(text[field]) for field in fields)):
        raise NotReleasable(
            _("文字中有%(kinds)s，不能公开。") % {"kinds": kinds},
            _("个人信息不得公开（个人信息保护法第二十五条）。"),
            _("请报送单位更正这段文字后重新报送。"),
        )
