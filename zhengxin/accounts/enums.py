"""Roles as the database and the forms know them."""

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


class FactorKind(TextChoices):
    """What a second factor is."""

    TOTP = "totp", _("动态验证码")
    PASSKEY = "passkey", _("通行密钥")
    RECOVERY = "recovery", _("恢复码")
