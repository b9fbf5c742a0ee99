"""How a checkpoint goes out, and what came of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """The road of a checkpoint to a witness."""

    MAIL = "mail", _("邮件")
    FILE = "file", _("文件交换")
    HTTP = "http", _("网络接口")


class Delivery(TextChoices):
    """What came of one sending. Refused: the witness answered that it cannot sign this tree."""

    SENT = "sent", _("已送出")
    FAILED = "failed", _("没有送到")
    REFUSED = "refused", _("见证人拒绝签名")
