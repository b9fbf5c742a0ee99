"""What the public may see: circulated criticism of a unit that a second person approved. Nothing else."""

from dataclasses import dataclass
from datetime import date

from zhengxin.sanctions.models import Circulation
from zhengxin.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class PublicCriticism:
    """One criticism: of which unit, for what, on which basis, shown up to which day."""

    number: int
    unit: str
    words: str
    basis: str
    decided_on: date | None
    until_on: date


def published(on: date) -> list[PublicCriticism]:
    """Those shown on that day, newest first. One that was lifted, or whose record fell, is gone with it."""
    rows = list(
        Circulation.objects.filter(from_on__lte=on, until_on__gte=on, measure__state="in_force")
        .select_related("measure__case")
        .order_by("-measure_id")
    )
    names = subjects.subject_names(row.measure.case.unit_id for row in rows)
    return [
        PublicCriticism(
            number=row.measure.case_id,
            unit=names.get(row.measure.case.unit_id, ""),
            words=row.words,
            basis=row.measure.basis,
            decided_on=row.measure.case.decided_on,
            until_on=row.until_on,
        )
        for row in rows
    ]
