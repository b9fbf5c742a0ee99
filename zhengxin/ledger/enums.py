"""Kinds of entries that are acts; kinds of records are data (law/records)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Act(TextChoices):
    """What was done about a record (about_id = entry), for a withdrawal about a batch, or about the audit log (none).

    A duty is opened about the entry it comes from; the later acts of a duty are about the entry that opened it.
    A plan's confirmation is about nothing; its mandates and its end are about the confirmation.
    Quarterly returns are about their mandate.
    """

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
    DUTY_OPENED = "duty_opened", _("产生职责")
    DUTY_REPORTED = "duty_reported", _("报告办理情况")
    DUTY_RETURNED = "duty_returned", _("退回补充")
    DUTY_VERIFIED = "duty_verified", _("核实办结")
    DUTY_EXTENDED = "duty_extended", _("延长期限")
    DUTY_BREACHED = "duty_breached", _("认定未履行")
    DUTY_CHANGED = "duty_changed", _("依法变更")
    DUTY_HANDED_OVER = "duty_handed_over", _("移交承接")
    LEADER_CHANGED = "leader_changed", _("负责人更替")
    TAKEOVER = "takeover", _("接收接任清单")
    INSPECTION_DESIGNATED = "inspection_designated", _("登记督查指定")
    INSPECTION_PLANNED = "inspection_planned", _("制定督查")
    INSPECTION_DRAWN = "inspection_drawn", _("抽取督查单位")
    INSPECTION_SET_ASIDE = "inspection_set_aside", _("作废抽取结果")
    INSPECTION_FOUND = "inspection_found", _("记下检查结果")
    INSPECTION_RECHECKED = "inspection_rechecked", _("复查整改")
    INSPECTION_CONCLUDED = "inspection_concluded", _("作出督查结论")
    INSPECTION_RECEIVED = "inspection_received", _("收到督查结论")
    INSPECTION_CLOSED = "inspection_closed", _("结束督查")
    REVIEW_APPLIED = "inspection_review_applied", _("申请复核督查结论")
    REVIEW_DECIDED = "inspection_review_decided", _("决定复核")
    RECTIFICATION_ORDERED = "rectification_ordered", _("责令说明整改")
    EXPLANATION_FILED = "explanation_filed", _("提交书面说明")
    RECTIFICATION_WITHHELD = "rectification_withheld", _("整改情况不公开")
    ISSUE_RAISED = "issue_raised", _("提出议题")
    ISSUE_DECIDED = "issue_decided", _("议定议题")
    PROPOSAL_OFFICE = "proposal_office", _("登记交办单位")
    PROPOSAL_REGISTERED = "proposal_registered", _("登记建议提案")
    PROPOSAL_CONSENT = "proposal_consent", _("记下是否同意公开")
    PROPOSAL_ASSIGNED = "proposal_assigned", _("交办")
    PROPOSAL_DECLINED = "proposal_declined", _("申请退办")
    PROPOSAL_UPHELD = "proposal_upheld", _("不准退办")
    PROPOSAL_REASSIGNED = "proposal_reassigned", _("改交其他单位")
    PROPOSAL_CONTACTED = "proposal_contacted", _("与代表委员沟通")
    PROPOSAL_OPINION = "proposal_opinion", _("会办意见")
    PROPOSAL_EXTENDED = "proposal_extended", _("延长答复期限")
    PROPOSAL_REPLIED = "proposal_replied", _("签署答复")
    PROPOSAL_SENT_BACK = "proposal_sent_back", _("退回重写答复")
    PROPOSAL_SENT = "proposal_sent", _("发出答复")
    PROPOSAL_RATED = "proposal_rated", _("代表委员评价")
    PROPOSAL_RELEASED = "proposal_released", _("准予公开答复")
    PLAN_CONFIRMED = "plan_confirmed", _("确认工作方案")
    MANDATE = "mandate", _("下达任务")
    PLAN_ENDED = "plan_ended", _("终止工作方案")
    RETURN_SIGNED = "return_signed", _("签署季度报送")
    ZERO_SIGNED = "zero_signed", _("签署季度确认为零")
    RETURN_ACCEPTED = "return_accepted", _("受理季度报送")
    RETURN_SENT_BACK = "return_sent_back", _("退回季度报送")
    RETURN_REOPENED = "return_reopened", _("重开季度报送")
