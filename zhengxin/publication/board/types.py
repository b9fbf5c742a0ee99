"""What the portal and the exchange receive from the board. All of it is public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field on a page. `value` is text, or a list of texts shown joined by 、."""

    code: str
    label: str
    value: str | list[str]
    group: str


@dataclass(frozen=True, slots=True)
class HiddenField:
    """A field that exists but is not shown: on which ground and article, looked at again when."""

    code: str
    label: str
    reason: str
    reason_label: str
    article: str
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An entry's shown and hidden fields, and what a proof of them needs.

    proof: the object of ledger.queries.disclosure_proof (leaf fields, salts of shown groups and
    digests of hidden ones in hexadecimal) together with "open" and "text": the exact values of the
    groups shown, from which the commitment is recomputed.
    """

    shown: tuple[ShownField, ...]
    hidden: tuple[HiddenField, ...]
    proof: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ItemBrief:
    """One published entry as a line of a list."""

    entry_id: int
    kind: str
    kind_label: str
    adverse: bool
    grade: str
    grade_label: str
    title: str
    subject_id: int
    subject_name: str
    unit_id: int
    unit_name: str
    document_number: str
    true_on: date | None
    known_at: datetime
    due_on: date | None
    timeliness: str
    timeliness_label: str
    shown_from: date
    shown_to: date | None
    disputed: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One published entry with everything its page shows.

    rule: the address of the display rule; article: its document and article in Chinese;
    rule_text: the rule in one sentence; objection: where to object; statement: what whoever objected in vain says.
    """

    brief: ItemBrief
    position: int
    repair_from: date | None
    rule: str
    rule_text: str
    article: str
    objection: str
    disclosure: Disclosure
    supersedes_id: int | None
    statement: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything needed to check one entry away from this site.

    path: audit path, hexadecimal, leaf to root; note: the signed checkpoint; verifier: its key.
    """

    entry_id: int
    position: int
    size: int
    root: str
    path: tuple[str, ...]
    note: str
    verifier: str
    disclosure: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Week:
    """Decisions of one unit (or all) whose publication was due in the week from `monday`."""

    monday: date
    on_time: int
    late: int


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Twelve weeks and their sums. rate: tenths of a percent (976 = 97.6 %), None under 10 due."""

    weeks: tuple[Week, ...]
    on_time: int
    late: int
    missing: int
    waiting_calendar: int
    rate: int | None


@dataclass(frozen=True, slots=True)
class DayDue:
    """Decisions whose publication was due on one working day."""

    on: date
    on_time: int
    late: int


@dataclass(frozen=True, slots=True)
class UnitBrief:
    """A unit in the list, with its timeliness of the last twelve weeks."""

    id: int
    name: str
    kind: str
    kind_label: str
    closed_on: date | None
    published: int
    timeliness: Timeliness


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name and its days. kind: official, short, former, alias."""

    text: str
    kind: str
    kind_label: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Successor:
    """A predecessor or successor of a unit; `confirmed` is False until a person confirmed it."""

    kind: str
    kind_label: str
    direction: str
    on: date | None
    other_id: int | None
    other_name: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """A unit or organisation on the board."""

    id: int
    name: str
    kind: str
    kind_label: str
    uscc: str
    is_unit: bool
    names: tuple[NameSpan, ...]
    successions: tuple[Successor, ...]
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Home:
    """The home page. week_*: the last full week; before_*: the week before it."""

    week_from: date | None
    week_to: date | None
    due: int
    on_time: int
    late: int
    late_units: int
    days: tuple[DayDue, ...]
    before_due: int
    before_on_time: int
    published: int
    newest: tuple[ItemBrief, ...]
    units: tuple[UnitBrief, ...]
    entries: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit's page: its card, figures, one page of what it sent, and of what concerns it.

    next_before: pass as `before` for the following page; None on the last one.
    withheld: this unit's entries that are not shown, by ground (numbers only).
    counted_at: when the board was filled and these numbers were counted.
    """

    card: SubjectCard
    timeliness: Timeliness
    items: tuple[ItemBrief, ...]
    next_before: int | None
    about: tuple[ItemBrief, ...]
    counts: Mapping[str, int]
    counted_at: datetime | None
    withheld: tuple["UnitWithheld", ...]


@dataclass(frozen=True, slots=True)
class UnitWithheld:
    """A unit's entries not shown on one ground, and the earliest day one of them is looked at again."""

    label: str
    n: int
    review_on: date | None


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """An organisation's card and one page of what is published about it."""

    card: SubjectCard
    items: tuple[ItemBrief, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, newest first; next_before as in UnitPage."""

    items: tuple[ItemBrief, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Newest matches. complete is False where only the newest part was looked through."""

    text: str
    subjects: tuple[SubjectCard, ...]
    items: tuple[ItemBrief, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """An item left the board, was replaced, or an objection to it began or ended. id: the feed's keyset."""

    id: int
    at: datetime
    entry_id: int
    reason: str
    reason_label: str
    replaced_by: int | None


@dataclass(frozen=True, slots=True)
class WithheldCount:
    """How many entries are not shown, on one ground; the earliest day one is looked at again."""

    reason: str
    label: str
    article: str
    n: int
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class RuleText:
    """One publication rule in force, for the page on bases and periods."""

    kind_label: str
    grade_label: str
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The signed checkpoint that the board's proofs lead to."""

    size: int
    root: str
    note: str
    verifier: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class WitnessSeen:
    """How far a witness has seen the tree. size, signed_at: None as long as nothing came from it.

    standing: a value of enums.Standing; days: whole days since it last co-signed.
    """

    office: str
    name: str
    verifier: str
    size: int | None
    signed_at: datetime | None
    standing: str
    standing_label: str
    days: int | None


@dataclass(frozen=True, slots=True)
class County:
    """Whose board this is; `invented` puts the demonstration notice on every page."""

    name: str
    invented: bool
