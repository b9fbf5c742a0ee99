"""The reason of a decision: there must be one, and it names nobody's identity number."""

from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say


class NoReason(Refused):
    """A decision about somebody's record needs a reason."""


class NumberInReason(Refused):
    """A reason is read by others than its writer, so no number of a person stands in it."""


def insist_on_reason(because: str) -> None:
    """Raises NoReason when there is none, NumberInReason when a number of a person stands in it."""
    if len(because.strip()) < 2:
        raise NoReason(
            say("没有办理：缺少理由。"), say("决定要能向当事人解释。"), say("请写明理由再提交。")
        )
    if kinds := kinds_found(because):
        raise NumberInReason(
            say("没有办理：理由里有{kinds}。", kinds=kinds),
            say("理由会写进记录，别的单位和当事人也看得到。"),
            say("请删去号码再提交；要指明是谁，写文书号。"),
        )
