"""Values that publication hands to its callers."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the law says of showing one record. `because` is a finished Chinese sentence.

    state and withheld are values of NoticeState and WithholdReason; rule is the address in law/.
    """

    adverse: bool
    must_report: bool
    may_publish: bool
    grade: str
    state: str
    withheld: str
    display_from: date | None
    display_to: date | None
    repair_from: date | None
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Published:
    """What one run of publish_due did, in numbers of entries.

    leaks: entries withheld because a person's number stood in a field to be shown.
    """

    day: date
    shown: int = 0
    ended: int = 0
    left: int = 0
    leaks: tuple[int, ...] = field(default_factory=tuple)
    waiting_for_checkpoint: int = 0


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """A record at the desk that waits for a person: a grade, or the release of its free text."""

    entry_id: int
    kind: str
    kind_label: str
    subject_id: int
    unit_id: int
    true_on: date | None
    known_at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """A recipient of adverse entries: who, and how often how many entries were taken, last when."""

    id: int
    name: str
    contact: str
    purpose: str
    registered_at: datetime
    ended_at: datetime | None
    takings: int
    entries: int
    last_taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class TakingLine:
    """One time that adverse entries were given out: to whom, on which question, from which id to which."""

    at: datetime
    recipient_name: str
    asked_label: str
    first_id: int
    last_id: int
    n: int
