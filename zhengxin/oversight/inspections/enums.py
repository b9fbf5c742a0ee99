"""States of a campaign and of a unit's case, what is found, where a seed comes from."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CampaignState(TextChoices):
    """Where a campaign stands."""

    PLANNED = "planned", _("待抽取")
    DRAWN = "drawn", _("正在督查")
    CLOSED = "closed", _("督查结束")


CAMPAIGN_TRANSITIONS: dict[CampaignState, frozenset[CampaignState]] = {
    CampaignState.PLANNED: frozenset({CampaignState.DRAWN, CampaignState.CLOSED}),
    CampaignState.DRAWN: frozenset({CampaignState.CLOSED}),
    CampaignState.CLOSED: frozenset(),
}


class CaseState(TextChoices):
    """Where the case of one unit stands. What is still to be done while it is open follows from its findings."""

    OPEN = "open", _("督查办理中")
    CONCLUDED = "concluded", _("已出结论")
    REVIEWING = "reviewing", _("正在复核")
    REVIEWED = "reviewed", _("复核已决定")


TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.CONCLUDED}),
    CaseState.CONCLUDED: frozenset({CaseState.REVIEWING}),
    CaseState.REVIEWING: frozenset({CaseState.REVIEWED}),
    CaseState.REVIEWED: frozenset(),
}


class Verdict(TextChoices):
    """What was found of one item. Not applicable and not inspected are no way of conforming."""

    CONFORM = "conform", _("符合")
    PROBLEM = "problem", _("有问题")
    NOT_APPLICABLE = "not_applicable", _("不适用")
    NOT_INSPECTED = "not_inspected", _("没有检查")


class SeedKind(TextChoices):
    """Where the seed of the draw comes from."""

    PUBLIC = "public", _("公开的随机数")
    CHECKPOINT = "checkpoint", _("登记簿的检查点")


class ReviewOutcome(TextChoices):
    """What the review made of a conclusion."""

    UPHELD = "upheld", _("维持结论")
    CHANGED = "changed", _("变更结论")
    REVOKED = "revoked", _("撤销结论")
