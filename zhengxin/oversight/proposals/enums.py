"""Kinds and states of suggestions and proposals."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProposalKind(TextChoices):
    """What was raised: by a deputy of the people's congress, or by a member of the CPPCC."""

    SUGGESTION = "suggestion", _("人大代表建议")
    PROPOSAL = "proposal", _("政协提案")


class Consent(TextChoices):
    """Whether who raised it agrees that the public sees it. Unsaid is neither."""

    UNSAID = "unsaid", _("没有说明是否公开")
    YES = "yes", _("同意公开")
    NO = "no", _("不同意公开")


class HandlingState(TextChoices):
    """How far one unit is with one proposal."""

    ASSIGNED = "assigned", _("办理中")
    DECLINED = "declined", _("申请退办，待定")
    REASSIGNED = "reassigned", _("已改交其他单位")
    REPLIED = "replied", _("已签答复，待审核")
    SENT = "sent", _("已答复，待评价")
    AGAIN = "again", _("不满意，再次办理")
    RATED = "rated", _("已评价")


# One unit's part. A second handling after "again" is a part of its own.
TRANSITIONS: dict[HandlingState, frozenset[HandlingState]] = {
    HandlingState.ASSIGNED: frozenset({HandlingState.DECLINED, HandlingState.REPLIED}),
    HandlingState.DECLINED: frozenset({HandlingState.ASSIGNED, HandlingState.REASSIGNED}),
    HandlingState.REASSIGNED: frozenset(),
    HandlingState.REPLIED: frozenset({HandlingState.ASSIGNED, HandlingState.SENT}),
    HandlingState.SENT: frozenset({HandlingState.AGAIN, HandlingState.RATED}),
    HandlingState.AGAIN: frozenset(),
    HandlingState.RATED: frozenset(),
}


class AnswerClass(TextChoices):
    """What a reply comes to."""

    SOLVED = "A", _("A类：已解决")
    PLANNED = "B", _("B类：列入计划")
    NOT_NOW = "C", _("C类：暂不能解决")
    REFERENCE = "D", _("D类：留作参考")


class ContactForm(TextChoices):
    """How a unit spoke with who raised it before it replied."""

    VISIT = "visit", _("上门走访")
    MEETING = "meeting", _("座谈面商")
    PHONE = "phone", _("电话")
    WRITTEN = "written", _("书面或网络")
    NONE = "none", _("没能沟通")


class Rating(TextChoices):
    """How it was received. No answer is no row, never one of these."""

    SATISFIED = "satisfied", _("满意")
    MOSTLY = "mostly", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")


class RatingSource(TextChoices):
    """How a rating came."""

    OWN = "own", _("本人填写")
    PAPER = "paper", _("按纸质意见表录入")
