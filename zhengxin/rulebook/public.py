"""The list of measures as the public sees it: plain values for the board."""

from dataclasses import dataclass
from datetime import date

from zhengxin.kernel.say import say
from zhengxin.rulebook.queries import measures
from zhengxin.rulebook.types import MeasureBasis


@dataclass(frozen=True, slots=True)
class PublicMeasure:
    """One measure: on whom, what it does, who decides, how it ends, and the addresses of its bases."""

    name: str
    target: str
    does: str
    imposed_by: str
    ends: str
    bases: tuple[str, ...]


def published(on: date) -> list[PublicMeasure]:
    """The measures that may be imposed on that day."""
    return [
        PublicMeasure(
            name=each.name,
            target=each.target.label,
            does=each.does,
            imposed_by=say("、").join(body.label for body in each.imposed_by),
            ends=each.ends.label,
            bases=tuple(_told(basis) for basis in each.bases),
        )
        for each in measures(on)
    ]


def _told(basis: MeasureBasis) -> str:
    if basis.months is None:
        return basis.citation.text
    return say(
        "{case}，{n}个月：{article}", case=basis.case, n=basis.months, article=basis.citation.text
    )
