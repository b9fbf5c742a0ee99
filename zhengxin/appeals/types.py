"""What an appeal is about."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that may be appealed against.

    entry_id: of the act; kind: a value of Act; record_id: the record it is about in the end; subject_id: whose record;
    person: a natural person's; unit_id: the unit the act concerns; decided_on: the day of the act; decided_by: the
    accounts that decided, in their own or another's post.
    """

    entry_id: int
    kind: str
    record_id: int
    subject_id: int | None
    person: bool
    unit_id: int
    decided_on: date
    decided_by: frozenset[int]
