"""What messages are about, the ways out of the house, and where a delivery stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageKind(TextChoices):
    """What a message is about. `notice` is all that leaves the house of it."""

    SUBMISSION_RETURNED = "submission_returned", _("报送有退回或待核的行")
    SOURCE_SILENT = "source_silent", _("来源逾期没有报送")
    WORK_STOPPED = "work_stopped", _("后台办理停住")
    ACCOUNT_CHANGED = "account_changed", _("账号的密码或第二因子有变动")
    PAPER_SCANNED = "paper_scanned", _("签署单等待比对")
    DUTY_OPENED = "duty_opened", _("有新的职责")
    DUTY_ACTED = "duty_acted", _("职责有了新的办理情况")
    DUTY_DUE = "duty_due", _("职责快到期或者已逾期")
    REPORTED_FOR = "reported_for", _("别的单位代报了本单位的记录")
    INSPECTION_SERVED = "inspection_served", _("送达督查结论或者复核决定")
    PROPOSAL_REPLIED = "proposal_replied", _("建议提案有了答复，可以评价")
    SANCTION_SERVED = "sanction_served", _("送达惩戒告知或者决定")

    @property
    def notice(self) -> str:
        """The fixed sentence for outside: it names nobody and repeats nothing of a record."""
        return str(_NOTICES[self.value])


_NOTICES = {
    "submission_returned": _("有一批报送需要您处理。"),
    "source_silent": _("有来源逾期没有报送。"),
    "work_stopped": _("后台办理停住了，需要系统管理员处理。"),
    "account_changed": _(
        "有账号的密码或第二因子变动了。不是您本人办的，请马上告诉安全保密管理员。"
    ),
    "paper_scanned": _("有一份签署单等您比对。"),
    "duty_opened": _("有新的职责需要您办理。"),
    "duty_acted": _("有职责需要您核实，或者有了新的办理情况。"),
    "duty_due": _("有职责快到期或者已经逾期。"),
    "reported_for": _("有别的单位代报了您单位的记录。"),
    "inspection_served": _("有督查结论或者复核决定送达。"),
    "proposal_replied": _("有一件建议提案的答复等您评价。"),
    "sanction_served": _("有惩戒告知或者决定送达。"),
}


class Channel(TextChoices):
    """A way out of the house."""

    SMTP = "smtp", _("电子邮件")
    SMS = "sms", _("短信")
    CHAT = "chat", _("群消息")


class DeliveryState(TextChoices):
    """Where one delivery stands."""

    WAITING = "waiting", _("待发")
    SENT = "sent", _("已发出")
    DROPPED = "dropped", _("地址已从设置中删去，不再发")
