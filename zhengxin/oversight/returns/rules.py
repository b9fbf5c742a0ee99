"""What may be signed, what looks odd, what stands after an act. Pure."""

from collections.abc import Iterable, Sequence

from zhengxin.kernel.digests import canonical_json, sha256_hex
from zhengxin.kernel.say import say
from zhengxin.oversight.returns.types import Taken, Verdict, Words

REPORT, ZERO = "report", "zero"
_LEAST = 2
# Figures that say something was done on the mandate in the quarter.
_WORK_DONE = ("duties_met", "duties_late", "duties_waiting", "evidence")


def ready(words: Words) -> Verdict:
    """Whether a draft can be signed."""
    if words.kind == REPORT:
        if len(words.work.strip()) < _LEAST:
            return Verdict(False, say("还没有写工作开展情况。"))
        return Verdict(True)
    if words.kind == ZERO:
        if len(words.zero_because.strip()) < _LEAST:
            return Verdict(False, say("确认为零要写明理由。"))
        return Verdict(True)
    return Verdict(False, say("还没有选择：报送工作开展情况，还是确认为零。"))


def zero_contradicts(kind: str, figures: Iterable[Taken]) -> str:
    """A sentence where nothing is said to be done though figures of the mandate say otherwise; "" else."""
    done = [each for each in figures if each.code in _WORK_DONE and each.n]
    if kind != ZERO or not done:
        return ""
    told = say("、").join(f"{each.label}{each.n}{each.unit}" for each in done)
    return say("确认为零，但本季度有{told}。请核对，或者在理由里说明。", told=told)


def listing_digest(ids: Sequence[int]) -> str:
    """SHA-256 of the list of rows behind a figure, 64 hexadecimal digits."""
    return sha256_hex(canonical_json(list(ids)))
