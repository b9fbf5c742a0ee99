"""Values that the archive hands to followers and pages."""

from dataclasses import dataclass
from datetime import date, datetime

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Act:
    """An act of the ledger: its id, its kind, and the entry or batch it is about."""

    id: int
    kind: str
    about_id: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Which records a stretch of the ledger concerns.

    spans: first and last id of the new entries, in ledger order, neighbours joined;
    recorded: True when some of them are records, not acts; corrected: when some correct earlier ones; withdrawn: spans of withdrawn batches and revoked entries;
    revivable: entries whose correction was withdrawn, so that they may stand again;
    reported_before: records that are now known to have come in earlier, while they waited for a person;
    acts: gradings, releases and withholdings, in ledger order.
    """

    spans: tuple[Span, ...]
    recorded: bool
    corrected: bool
    withdrawn: tuple[Span, ...]
    revivable: tuple[int, ...]
    reported_before: tuple[int, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One record of an integrity file as known on a day; `ending` is empty while it stands."""

    entry_id: int
    subject_id: int
    unit_id: int
    kind: str
    true_on: date | None
    known_at: datetime
    supersedes_id: int | None
    ending: str
    ended_at: datetime | None
    ended_by: int | None
