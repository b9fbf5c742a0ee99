"""Values that cross the doorway of proposals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# So many characters at most.
MOST_TITLE, MOST_TEXT, MOST_NUMBER, MOST_SESSION, MOST_NAME = 120, 20_000, 20, 60, 60


@dataclass(frozen=True, slots=True)
class Name:
    """A person in public office as a list names one. delegation: 代表团 or 界别, empty where the list has none."""

    name: str
    delegation: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """One suggestion or proposal as it is registered. kind, consent: values of the enums; signers: the first leads."""

    kind: str
    session: str
    number: str
    title: str
    text: str
    received_on: date
    signers: tuple[Name, ...]
    difficult: bool = False
    consent: str = "unsaid"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a list: row as the file shows it (0: the whole file), column, what stood there, why, what to do."""

    row: int
    column: str
    value: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take: unit is working_days, days or months."""

    unit: str
    count: int


@dataclass(frozen=True, slots=True)
class Given:
    """To whom a proposal is assigned. units: one leads, several reply each for itself; cohandlers give the lead
    their opinion by the day."""

    units: tuple[int, ...]
    cohandlers: tuple[int, ...] = ()
    opinion_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as the unit's leader signs it. answer_class: a value of AnswerClass; promised_on with class B only."""

    answer_class: str
    text: str
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """A contact with who raised it, or why there was none (form none). on: the day; with_whom, outcome: words."""

    on: date
    form: str
    with_whom: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Rated:
    """What a signer says: of the contact and of the result. Values of Rating."""

    contact: str
    result: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit's replies: how many handled, by answer class, by rating of the result, and how many nobody rated."""

    unit_id: int
    handled: int
    waiting: int
    overdue: int
    classes: Mapping[str, int]
    ratings: Mapping[str, int]
    unrated: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait for one person: replies to rate, proposals to assign, returns to decide, replies to look
    over, opinions to give."""

    to_rate: int = 0
    unassigned: int = 0
    declined: int = 0
    replied: int = 0
    opinions: int = 0
