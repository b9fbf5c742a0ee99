"""States of a case, of its measures; what makes a decision lighter."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseState(TextChoices):
    """Where a case stands."""

    TO_LOOK_AT = "to_look_at", _("待研判")
    PROPOSED = "proposed", _("已提出，待告知")
    NOTICED = "noticed", _("已告知，可以陈述")
    REPLIED = "replied", _("已陈述，待听取")
    HEARD = "heard", _("已听取，待决定")
    DECIDED = "decided", _("已决定，待送达")
    IN_FORCE = "in_force", _("执行中")
    ENDED = "ended", _("已终止")
    NOT_IMPOSED = "not_imposed", _("决定不采取")
    DROPPED = "dropped", _("不再办理")


TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.TO_LOOK_AT: frozenset({CaseState.PROPOSED, CaseState.DROPPED}),
    CaseState.PROPOSED: frozenset({CaseState.NOTICED, CaseState.DROPPED}),
    CaseState.NOTICED: frozenset(
        {CaseState.REPLIED, CaseState.DECIDED, CaseState.NOT_IMPOSED, CaseState.DROPPED}
    ),
    CaseState.REPLIED: frozenset({CaseState.HEARD, CaseState.DROPPED}),
    CaseState.HEARD: frozenset(
        {CaseState.REPLIED, CaseState.DECIDED, CaseState.NOT_IMPOSED, CaseState.DROPPED}
    ),
    CaseState.DECIDED: frozenset({CaseState.IN_FORCE, CaseState.DROPPED}),
    CaseState.IN_FORCE: frozenset({CaseState.ENDED}),
    CaseState.ENDED: frozenset(),
    CaseState.NOT_IMPOSED: frozenset(),
    CaseState.DROPPED: frozenset(),
}


class StepState(TextChoices):
    """Where one measure of a case stands."""

    PROPOSED = "proposed", _("拟采取")
    LEFT_OUT = "left_out", _("决定不采取")
    DECIDED = "decided", _("决定采取，待送达")
    IN_FORCE = "in_force", _("执行中")
    ENDED = "ended", _("已终止")


class Factor(TextChoices):
    """What speaks for a lighter decision or none. No points: each with its proof and a sentence."""

    MADE_GOOD = "made_good", _("已经履行或者改正")
    EFFECT_REMOVED = "effect_removed", _("已经消除影响")
    HARM_STOPPED = "harm_stopped", _("主动停止、防止损失扩大")
