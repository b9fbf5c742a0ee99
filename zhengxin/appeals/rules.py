"""Who may appeal until when, and who may review. Values in, refusals with their reason out."""

from collections.abc import Collection
from datetime import date, timedelta

from zhengxin.appeals.types import Decision
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.kernel.say import say


class NoSuchDecision(Refused):
    """No decision of this number may be appealed against: none there is, or none that may be known of."""

    def __init__(self) -> None:
        super().__init__(
            say("没有找到可以申诉的决定。"),
            say("编号有误，或者这个编号不是一项决定。"),
            say("可以申诉的，是定级、异议和信用修复的决定；编号写在决定里。"),
        )


class NotThus(Refused):
    """The appeal cannot be lodged or decided as it stands."""


def last_day(decided_on: date, days: int) -> date:
    """The last day on which an appeal may be lodged: `days` calendar days after the day of the decision."""
    return decided_on + timedelta(days=days)


def check_in_time(decision: Decision, *, today: date, days: int, article: str) -> None:
    """Raises NotThus when the time to appeal is over, with the last day and where it is written."""
    last = last_day(decision.decided_on, days)
    if today > last:
        raise NotThus(
            say("没有受理：已经过了申诉期。"),
            say(
                "决定作出之日是{decided}，申诉期{days}天，到{last}为止（{article}）。",
                decided=decision.decided_on,
                days=days,
                last=last,
                article=article,
            ),
            say("记录有误的，仍可以提出异议。"),
        )


def check_reviewer(actor: Actor, *, decided_by: Collection[int], lodged_by: int) -> None:
    """Whoever decided, and whoever took the appeal in, does not review it. Raises NotAllowed."""
    what = say("您不能复核这件申诉。")
    if any(actor.is_or_acts_for(each) for each in decided_by):
        raise NotAllowed(
            what,
            say("原决定是您作出的，申诉由没有参与的人复核。"),
            say("请由另一名复核人员，或者县政府的负责人办理。"),
        )
    if actor.is_or_acts_for(lodged_by):
        raise NotAllowed(
            what, say("这件申诉是您登记的。"), say("请由另一名复核人员，或者县政府的负责人办理。")
        )
