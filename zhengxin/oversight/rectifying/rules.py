"""What makes an order and a decision of the leading group sound. Pure."""

from datetime import date

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.oversight.rectifying.types import Asked


class OrderUnsound(Refused):
    """An order that could not be carried out."""


class NotThus(Refused):
    """The act does not fit where the order or the issue stands now."""


def check_order(asked: Asked, *, today: date) -> None:
    """Something must be asked for, by a day to come, of another unit. Raises OrderUnsound."""
    days = [day for day in (asked.explain_by, asked.rectify_by) if day is not None]
    if not days:
        raise _unsound(say("既没有要求书面说明，也没有要求整改。"), say("请至少填写一个期限。"))
    if min(days) <= today:
        raise _unsound(say("期限要在今天以后。"), say("请改成以后的日期。"))
    if asked.unit_id == asked.orderer_id:
        raise _unsound(say("不能责令本单位。"), say("请由别的单位或者信用办办理。"))


def check_decision(due_on: date, *, met_on: date, today: date) -> None:
    """The meeting was held, and the action is due after today. Raises NotThus."""
    if met_on > today:
        raise NotThus(
            say("没有记下：会议日期在今天以后。"),
            say("开过会才能登记议定事项。"),
            say("请核对会议日期。"),
        )
    if due_on <= today:
        raise NotThus(
            say("没有记下：办结期限不在今天以后。"),
            say("承办单位要有时间办理。"),
            say("请填以后的日期。"),
        )


def check_review(review_on: date | None, *, today: date) -> None:
    """What stays withheld is looked at again on a day to come. Raises NotThus."""
    if review_on is not None and review_on <= today:
        raise NotThus(
            say("没有记下：复核日期不在今天以后。"),
            say("不公开的，到那一天再看一次。"),
            say("请填以后的日期。"),
        )


def _unsound(why: str, remedy: str) -> OrderUnsound:
    return OrderUnsound(say("没有发出。"), why, remedy)
