"""Kinds of entries that are acts; kinds of records are data (law/records)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Act(TextChoices):
    """What was done about a record (about_id = entry), for a withdrawal about a batch, or about the audit log (none)."""

    WITHDRAWAL = "withdrawal", _("撤回报送")
    GRADING = "grading", _("认定失信等级")
    TEXT_RELEASE = "text_release", _("准予公开文字内容")
    WITHHOLDING = "withholding", _("不予公开")
    REVOCATION = "revocation", _("撤销入账")
    EARLIER_REPORT = "earlier_report", _("在先报送")
    AUDIT_SEAL = "audit_seal", _("封存审计记录")
    AUDIT_DISPOSAL = "audit_disposal", _("清除到期审计内容")
    ERASURE = "erasure", _("抹去内容")
    HOLD = "hold", _("依法保全")
    HOLD_LIFT = "hold_lift", _("解除保全")
