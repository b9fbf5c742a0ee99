"""What every carrier may meet on the way."""

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

# A return file larger than this is not taken into memory.
LARGEST = 50 * 1024 * 1024
READ, PART = "read", ".part"


class Unreachable(Refused):
    """A peer's place cannot be reached or read now; it is tried again later."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            say("现在取不到“{where}”的文件。", where=where),
            say("原因：{why}。", why=why[:200].rstrip("。.")),
            say("过后会再试；一直不行的，请核对对象说明里的地址和密钥，再联系对方。"),
        )


def wanted_name(name: str) -> bool:
    """Whether a name is that of a file to be read: no hidden, half-written or other files."""
    return not name.startswith(".") and name.lower().endswith((".csv", ".xlsx", ".json", ".sig"))


def reason(error: BaseException) -> str:
    """An error of the network in a few words."""
    return f"{type(error).__name__} {error}".strip()[:250]


def other_there() -> str:
    """Two dispatches of one number: never overwritten, a person looks."""
    return say("对方已有同一批号、内容不同的批次")
