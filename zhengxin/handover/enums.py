"""States and kinds of what is handed over."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhengxin.handover.types import Carrier, FileForm, Operation, Standing, Told


class OperationChoice(TextChoices):
    """What a line of a dispatch asks the peer to do with a record."""

    NEW = Operation.NEW, _("新增")
    CORRECT = Operation.CORRECT, _("更正")
    REVOKE = Operation.REVOKE, _("撤销")
    REPAIR = Operation.REPAIR, _("终止公示（含信用修复）")


class StandingState(TextChoices):
    """How one record stands towards one peer."""

    DUE = Standing.DUE, _("待上报")
    HELD = Standing.HELD, _("暂缓上报")
    PACKED = Standing.PACKED, _("已编批，待送达")
    SENT = Standing.SENT, _("已送达，待回执")
    ACCEPTED = Standing.ACCEPTED, _("已接收")
    REJECTED = Standing.REJECTED, _("被退回")
    CONTRADICTED = Standing.CONTRADICTED, _("回执矛盾")
    EXEMPT = Standing.EXEMPT, _("不上报")


class DispatchState(TextChoices):
    """Where a dispatch is on its way. A void one keeps its number and carries nothing."""

    WAITING = "waiting", _("待送达")
    DELIVERED = "delivered", _("已送达")
    VOID = "void", _("已作废")


class AttemptOutcome(TextChoices):
    """What came of one attempt to deliver."""

    DELIVERED = Told.DELIVERED, _("对方收下")
    ALREADY = Told.ALREADY, _("对方早已收下")
    UNREACHABLE = Told.UNREACHABLE, _("没有送到")
    REFUSED = Told.REFUSED, _("对方拒收")


class AnswerVerdict(TextChoices):
    """What the peer said of one line."""

    ACCEPTED = "accepted", _("接收")
    REJECTED = "rejected", _("退回")


class CarrierChoice(TextChoices):
    """How files reach a peer."""

    DROP = Carrier.DROP, _("文件夹")
    SFTP = Carrier.SFTP, _("SFTP")
    HTTP = Carrier.HTTP, _("HTTP接口")


class FormChoice(TextChoices):
    """In which form a dispatch's rows are written."""

    XLSX = FileForm.XLSX, _("Excel工作簿")
    CSV = FileForm.CSV, _("CSV文本")
    XML = FileForm.XML, _("XML")
    JSON = FileForm.JSON, _("JSON")


class ArrivalState(TextChoices):
    """What became of a file from above."""

    TAKEN = "taken", _("已作为报送收下")
    HELD = "held", _("待人工办理")
