"""What crosses the doorway of subjects. No Django: rules work on these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from zhengxin.kernel.names import fold_name
from zhengxin.kernel.personal import find_personal_numbers
from zhengxin.kernel.uscc import FILLER, check_uscc, normalise_code

# The three degrees of an attribution, the values of enums.Certainty.
CERTAIN, UNSURE, NONE = "certain", "unsure", "none"
# Characters of a digest that tell two names apart.
_KEPT = 16


@dataclass(frozen=True)
class Mention:
    """Somebody as one record names them.

    code: unified social credit code as written, empty when none; id_hash: keyed hash of an identity
    number, empty when none; unit_id: the unit that sent the record; natural_person_hint: what the
    record says of the party's category, None when it says nothing; on: the record's day, where it
    differs from the day of the question.
    """

    name: str
    code: str = ""
    id_hash: str = ""
    unit_id: int | None = None
    natural_person_hint: bool | None = None
    on: date | None = None

    @cached_property
    def folded(self) -> str:
        """The name as it is compared."""
        return fold_name(self.name)

    @cached_property
    def identifier(self) -> str:
        """The ID hash, else the normalised code; empty for the filler code and when there is none."""
        if self.id_hash:
            return self.id_hash
        code = normalise_code(self.code)
        return "" if code == FILLER else code

    @cached_property
    def key(self) -> str:
        """Folded name, a bar, identifier: under this key people's judgements are kept.

        Of a name with a person's number in it, whole or masked, only a digest stands there: folding hides some
        spellings of digits and shows others, so that nothing can be cut out of it for certain.
        """
        if find_personal_numbers(self.name) or find_personal_numbers(self.folded):
            return f"{_digest(self.folded)}|{self.identifier}"
        return f"{self.folded}|{self.identifier}"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name (folded) or a code under which the unit named `unit` stands in records, on the days it did so.

    unit_id: who answers for it now: that unit or, where it is closed, the one that followed it; None where nobody or
    several did. own: it is the asking unit's own, or that of one it follows or is followed by.
    """

    written: str
    unit: str
    unit_id: int | None
    own: bool
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the unit stood under it on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def without_number(key: str) -> str:
    """A mention key of before (a number in its name as written, or masked beside its digest) as it is made now."""
    folded, bar, identifier = key.rpartition("|")
    masked, mark, told = folded.rpartition("#")
    if mark and "*" in masked and len(told) == _KEPT:
        return f"#{told}|{identifier}"
    return f"{_digest(folded)}|{identifier}" if bar and find_personal_numbers(folded) else key


def _digest(folded: str) -> str:
    return "#" + sha256(folded.encode()).hexdigest()[:_KEPT]


_HASH_LENGTH = 64
# Leaves room for the row's number in a key of 300 characters.
_LONGEST_OF_OWN = 270


def is_id_hash(identifier: str) -> bool:
    """True for the keyed hash of an identity number, False for a credit code or nothing."""
    return len(identifier) == _HASH_LENGTH


def identifies(identifier: str) -> bool:
    """True when it tells one subject from all others: a valid credit code or the hash of an identity number."""
    return is_id_hash(identifier) or check_uscc(identifier).ok


def own_key(mention: str, row: int) -> str:
    """The key of a judgement on one waiting row alone. No mention has it: codes are in upper case."""
    return f"{mention[:_LONGEST_OF_OWN]}#row{row}"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose a mention is: CERTAIN, UNSURE or NONE, why, and who else it could be."""

    certainty: str
    subject_id: int | None
    because: str
    candidates: tuple[int, ...] = ()


# From mentions to the subjects made for them, by mention key.
Establish = Callable[[Sequence[Mention]], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class DatedName:
    """One name with its days (both included, None is open) and its NameKind value."""

    text: str
    folded: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """True when the name was in use on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Follower:
    """A unit that follows or precedes another, and whether a person confirmed it."""

    subject_id: int
    name: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A subject of the register with all that attribution may look at."""

    subject_id: int
    name: str
    uscc: str
    names: tuple[DatedName, ...]
    is_unit: bool = False
    is_person: bool = False
    opened_on: date | None = None
    closed_on: date | None = None
    successors: tuple[Follower, ...] = ()
    predecessors: tuple[Follower, ...] = ()

    def open_on(self, day: date) -> bool:
        """True when the body existed on `day`."""
        return (self.opened_on is None or self.opened_on <= day) and (
            self.closed_on is None or day <= self.closed_on
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A person's standing decision on a mention; subject_id None means: nobody in the register.

    is_person: the subject is a natural person.
    """

    subject_id: int | None
    because: str
    by: str
    on: date
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Everything the register holds that bears on one mention."""

    by_code: Known | None = None
    by_hash: Known | None = None
    by_name: tuple[Known, ...] = ()
    judged: Judged | None = None


class Allowed(NamedTuple):
    """A yes or no with its reason; true when allowed."""

    allowed: bool
    because: str

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit as lists and other rooms need it."""

    id: int
    name: str
    short_name: str
    kind: str
    kind_label: str
    code: str
    region_code: str
    uscc: str
    opened_on: date | None
    closed_on: date | None
    traits: frozenset[str]
    position: int

    @property
    def pk(self) -> int:
        """The key of the unit's row."""
        return self.id


@dataclass(frozen=True, slots=True)
class NameLine:
    """One name of a subject for display."""

    text: str
    kind: str
    kind_label: str
    valid_from: date | None
    valid_to: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class SuccessionLine:
    """Which unit followed which; other_id and other_name are the far end, None when unknown."""

    id: int
    kind: str
    kind_label: str
    other_id: int | None
    other_name: str
    on: date | None
    basis: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """One hit of a subject search."""

    id: int
    kind: str
    kind_label: str
    name: str
    uscc: str
    natural_person: bool


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """Who a subject is: identity, names over time, and, for a unit, what came before and after."""

    id: int
    kind: str
    kind_label: str
    name: str
    uscc: str
    natural_person: bool
    names: tuple[NameLine, ...]
    unit: UnitLine | None
    successors: tuple[SuccessionLine, ...]
    predecessors: tuple[SuccessionLine, ...]


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """A sharing agreement: officials of `reader` may look up these fields of subjects of `owner`."""

    id: int
    owner_id: int
    owner_name: str
    reader_id: int
    reader_name: str
    fields: frozenset[str]
    basis: str
    purpose: str
    valid_from: date
    expires_on: date
    ended_at: datetime | None

    def in_force(self, day: date) -> bool:
        """True when the agreement covers `day` and nobody ended it."""
        return self.ended_at is None and self.valid_from <= day <= self.expires_on


@dataclass(frozen=True, slots=True)
class Scope:
    """What a reader may see of a file: lines of these units, these fields of them (None: all).

    shared: of further units' lines, by unit id, the fields that agreements in force name.
    """

    units: frozenset[int] | None
    fields: frozenset[str] | None
    closed_fields: bool
    shared: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JudgementLine:
    """One decision in the history of a mention, newest first. own_row: on one waiting row, not on the mention."""

    id: int
    mention: str
    mention_text: str
    subject_id: int | None
    subject_name: str
    natural_person: bool
    certainty: str
    because: str
    decided_by_name: str
    decided_at: datetime
    superseded: bool
    own_row: bool = False
