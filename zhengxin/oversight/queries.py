"""Reads of oversight: the register's names, as the resolving of a plan needs them."""

from datetime import date

from zhengxin.oversight.types import Registered
from zhengxin.subjects import queries as subjects


def register(on: date) -> tuple[Registered, ...]:
    """Every unit with all names it bears or bore, in the county's own order; those closed by the day say so."""
    lines = subjects.units()
    names = subjects.names_of(line.id for line in lines)
    return tuple(
        Registered(
            id=line.id,
            name=line.name,
            kind=line.kind,
            names=frozenset(names.get(line.id, ())),
            closed_on=line.closed_on if line.closed_on and line.closed_on < on else None,
        )
        for line in lines
    )
