"""Roles as the database and the forms know them; why a session ended."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoleChoice(TextChoices):
    """The roles of zhengxin.kernel.actor.Role that a post can carry."""

    CLERK = "clerk", _("报送经办人")
    LEADER = "leader", _("单位负责人")
    CREDIT_OFFICER = "credit_officer", _("信用办工作人员")
    REVIEWER = "reviewer", _("复核人员")
    SUPERVISOR = "supervisor", _("监督人员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全保密管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")
    DELEGATE = "delegate", _("人大代表、政协委员")


class SessionEnd(TextChoices):
    """Why somebody is signed in no longer, as the person is told at the next page."""

    IDLE = "idle", _("离开太久")
    OVER = "over", _("登录满时限")
    ELSEWHERE = "elsewhere", _("在别处登录")
    BY_PERSON = "by_person", _("本人结束")
    PASSWORD = "password", _("密码已更换")
    CLOSED = "closed", _("账号已停用")
    RESET = "reset", _("密码已重设")


class FactorKind(TextChoices):
    """What a second factor is."""

    TOTP = "totp", _("动态验证码")
    PASSKEY = "passkey", _("通行密钥")
    RECOVERY = "recovery", _("恢复码")
    PAPER = "paper", _("纸质签署")


class ScanKind(TextChoices):
    """What a scan is."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPG"
    PNG = "png", "PNG"


class PaperState(TextChoices):
    """How far a paper is."""

    PRINTED = "printed", _("待签字上传")
    SCANNED = "scanned", _("待比对")
    COMPARING = "comparing", _("正在办理")
    DONE = "done", _("已办")
    REFUSED = "refused", _("比对不符")
    WITHDRAWN = "withdrawn", _("已撤回")
    STALE = "stale", _("内容已变，作废")
    EXPIRED = "expired", _("过期作废")
