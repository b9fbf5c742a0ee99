"""How a check ended."""

from enum import StrEnum

from zhengxin.kernel.say import say


class Verdict(StrEnum):
    """OK, worth a look, or not fit to serve."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return say(_LABELS[self])


_LABELS = {Verdict.OK: "正常", Verdict.WARN: "留意", Verdict.FAIL: "不行"}
