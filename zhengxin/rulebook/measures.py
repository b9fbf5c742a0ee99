"""The list of measures of a law folder: what may be imposed, and on which basis."""

from collections.abc import Iterable

from zhengxin.kernel.say import say
from zhengxin.rulebook.blocks import Block
from zhengxin.rulebook.enums import MeasureBody, MeasureEnd, MeasureTarget
from zhengxin.rulebook.types import Measure, MeasureBasis


def read_measures(files: Iterable[Block]) -> dict[str, Measure]:
    """Every measure by its code. Raises LawUnreadable: a measure without article, basis or body is refused."""
    found: dict[str, Measure] = {}
    for file in files:
        for block in file.blocks("measures"):
            measure = _measure(block)
            if found.setdefault(measure.code, measure) is not measure:
                raise block.wrong("measure", say("“{name}”写了两次。", name=measure.code))
        file.close()
    return found


def _measure(block: Block) -> Measure:
    ends = block.one_of("ends", MeasureEnd)
    bodies = block.words("imposed_by")
    for body in bodies:
        if body not in set(MeasureBody):
            allowed = say("、").join(MeasureBody)
            why = say("“{key}”只能填：{allowed}。", key="imposed_by", allowed=allowed)
            raise block.wrong("imposed_by", why)
    if not bodies:
        raise block.wrong("imposed_by", say("没有写明由谁决定。"))
    bases = tuple(_basis(each, ends) for each in block.blocks("bases"))
    if not bases:
        raise block.wrong("bases", say("没有依据的措施不能列入。"))
    measure = Measure(
        code=block.text("measure"),
        name=block.text("name"),
        target=block.one_of("target", MeasureTarget),
        does=block.text("does"),
        imposed_by=tuple(MeasureBody(body) for body in bodies),
        ends=ends,
        bases=bases,
    )
    block.close()
    return measure


def _basis(block: Block, ends: MeasureEnd) -> MeasureBasis:
    months = block.number("months") if block.has("months") else None
    if (ends is MeasureEnd.PERIOD) is (not months):
        raise block.wrong("months", say("满期终止的写明几个月，其余的不写。"))
    basis = MeasureBasis(
        case=str(block.plain("case") or ""),
        months=months,
        rule=block.text("rule"),
        citation=block.citation(),
    )
    block.close()
    return basis
