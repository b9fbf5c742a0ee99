"""States of a notice and grounds for withholding."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Grade(TextChoices):
    """Grades of a breach."""

    MINOR = "minor", _("轻微")
    GENERAL = "general", _("一般")
    SERIOUS = "serious", _("严重")


class NoticeState(TextChoices):
    """Where a notice stands between the ledger and the board."""

    UNGRADED = "ungraded", _("待定级")
    SCHEDULED = "scheduled", _("待公示")
    SHOWN = "shown", _("公示中")
    ENDED = "ended", _("已终止公示")
    WITHHELD = "withheld", _("不公开")


class WithholdReason(TextChoices):
    """Why something is not shown."""

    NATURAL_PERSON = "natural_person", _("自然人的记录不公开")
    PUBLIC_ORDER = "public_order", _("治安管理处罚记录封存")
    MINOR = "minor", _("轻微失信原则上不公示")
    PERIOD_OVER = "period_over", _("公示期已满")
    SUPERSEDED = "superseded", _("已更正")
    WITHDRAWN = "withdrawn", _("已撤回")
    NO_DATE = "no_date", _("没有决定日期，无法计算公示期")
    NO_RULE = "no_rule", _("没有公示依据")
    NEVER = "never", _("依规定不在本平台公示")
    NOT_RELEASED = "not_released", _("文字内容尚未经人工审核")
    STATE_SECRET = "state_secret", _("国家秘密")
    TRADE_SECRET = "trade_secret", _("商业秘密")
    PRIVACY = "privacy", _("个人隐私")
    ID_NUMBER = "id_number", _("公开字段中发现个人的号码或姓名")
    ERASED = "erased", _("内容已依法删除")
    UNGRADED = "ungraded", _("待认定单位定级")
    REVIEW = "review", _("待复核")
    REPAIRED = "repaired", _("已修复")


# Grounds that a person may give; the others are the program's own findings.
GIVEN_GROUNDS = (
    WithholdReason.STATE_SECRET,
    WithholdReason.TRADE_SECRET,
    WithholdReason.PRIVACY,
)


class FeedMark(TextChoices):
    """What the feed of corrections tells beside why something left the board."""

    DISPUTED = "disputed", _("异议处理中")
    UNDISPUTED = "undisputed", _("异议处理完毕")


class Standing(TextChoices):
    """Whether a witness of the ledger is heard from."""

    CURRENT = "current", _("见证正常")
    SILENT = "silent", _("太久没有见证")
    NEVER = "never", _("还没有见证过")


class Asked(TextChoices):
    """What a recipient asked for when adverse entries were given out, or that the key was refused."""

    ENTRIES = "entries", _("记录列表")
    ENTRY = "entry", _("一条记录")
    PROOF = "proof", _("核验凭证")
    SUBJECT = "subject", _("一个主体的记录")
    SEARCH = "search", _("查找")
    REFUSED = "refused", _("密钥被拒绝")
