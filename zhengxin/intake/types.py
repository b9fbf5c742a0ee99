"""What a source is, what a fault is, what a receipt carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from zhengxin.kernel.say import say

# Columns with typed values beside a clean text, and with whether a text is worth a closer look.
DATE_SUFFIX, AMOUNT_SUFFIX, ODD_SUFFIX = "__date", "__amount", "__odd"
# So many checks share a column of masks.
BITS = 60
# Statements are compiled once a layout, for a day that no file bears and a code that no party has; the day asked
# for and a code known to be sound take their places.
ANY_DAY, ANY_CODE = date(4321, 12, 31), "00000000USUAL00000"
# What may stand around a value without being part of it: spaces of every kind, and marks nobody sees.
SPACES = " \t\r\n\u3000\u00a0\u0085\ufeff\u1680\u202f\u205f\u2060" + "".join(
    map(chr, range(0x2000, 0x2010))
)


# Shorter texts are codes with rules of their own.
_LONG_TEXT = 64


class ColumnType(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    DATE = "date"
    AMOUNT = "amount_wan"
    USCC = "uscc"
    ID_NUMBER = "id_number"
    ENUM = "enum"
    PENALTY_KINDS = "penalty_kinds"


class Disclosure(StrEnum):
    """What may happen to a value. IGNORED values are thrown away unread."""

    OPEN = "open"
    TEXT = "text"
    CLOSED = "closed"
    IGNORED = "ignored"


class Severity(StrEnum):
    """REFUSE: the row is handed back. WAIT: a person decides. WARN: admitted all the same."""

    REFUSE = "refuse"
    WAIT = "wait"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a code table and the other ways of writing it."""

    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """True for a row whose `field` holds one of `values`."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a source. field: the code under which a record keeps the value.

    length: most characters; separator: a cell may hold several, one record each;
    words: spellings of this source and the usual word for each; memory: the rule is remembered, not read.
    """

    field: str
    header: str
    aliases: tuple[str, ...] = ()
    type: ColumnType = ColumnType.TEXT
    length: int = 0
    required: bool = False
    required_when: Condition | None = None
    disclosure: Disclosure = Disclosure.OPEN
    role: str = ""
    choices: tuple[Choice, ...] = ()
    separator: str = ""
    words: Mapping[str, str] = attribute(default_factory=dict)
    note: str = ""
    example: str = ""
    memory: bool = False

    @property
    def may_be_shown(self) -> bool:
        """True for texts and unchecked codes that the public may see, in which a person's number may hide."""
        shown = self.disclosure in (Disclosure.OPEN, Disclosure.TEXT)
        return self.type is ColumnType.TEXT and shown

    @property
    def looked_through(self) -> bool:
        """True for those of them that are closed by themselves when an identity number hides in them."""
        return self.may_be_shown and (self.length == 0 or self.length >= _LONG_TEXT)


@dataclass(frozen=True, slots=True)
class RowRule:
    """A named check over one row; `options` are its fields and limits."""

    rule: str
    severity: Severity = Severity.REFUSE
    because: str = ""
    remedy: str = ""
    options: Mapping[str, Any] = attribute(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TraitRule:
    """A row whose `field` matches `pattern` carries `trait`."""

    field: str
    pattern: str
    trait: str


@dataclass(frozen=True)
class Source:
    """One kind of file that units send, as described by sources/<name>/source.yaml."""

    name: str
    title: str
    record_kind: str
    edition: str
    basis: str
    purpose: str
    status: str
    rhythm_days: int
    fewest_rows: int
    most_rows: int
    columns: tuple[Column, ...]
    rules: tuple[RowRule, ...]
    traits: tuple[TraitRule, ...]
    natural_key: tuple[str, ...]
    path: Path

    @cached_property
    def by_field(self) -> dict[str, Column]:
        """Columns by field code."""
        return {column.field: column for column in self.columns}

    @cached_property
    def by_role(self) -> dict[str, Column]:
        """Columns by role; each role stands once."""
        return {column.role: column for column in self.columns if column.role}

    @cached_property
    def kept(self) -> tuple[Column, ...]:
        """The columns whose values are kept."""
        return tuple(c for c in self.columns if c.disclosure is not Disclosure.IGNORED)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one cell (or one row: column 0). Rows as the file shows them, header = 1."""

    row_number: int
    column: int
    header: str
    value: str
    code: str
    because: str
    remedy: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class FaultKind:
    """How often one kind of fault occurred."""

    code: str
    label: str
    severity: Severity
    count: int


@dataclass(frozen=True, slots=True)
class Suspicion:
    """code: what may be wrong; field: in which column; place: that of a row rule in the source, else -1."""

    code: str
    field: str
    severity: Severity
    place: int


@dataclass(frozen=True, slots=True)
class Compiled:
    """The engine's statements for one layout: `texts` over raw, `clean` over texts, `judged` over clean.

    doubted: those of the codes of parties (`codes`) that may be wrong.
    checks: what each bit of the masks of `judged` suspects, in their order.
    """

    texts: str
    clean: str
    judged: str
    doubted: str
    checks: tuple[Suspicion, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How an upload was read: the regular text table, its header and what the columns became.

    fields: for each column of the file the field it feeds, "" when it is not read.
    numbered: the table carries row number and cell count of its own. tidy: around a cell stand
    no spaces. usual: a sound code that many rows may bear, or "". marked: some cell holds a control character (or one of our marks).
    """

    path: str
    delimiter: str
    headers: tuple[str, ...]
    fields: tuple[str, ...]
    numbered: bool
    encoding: str
    tidy: bool = False
    usual: str = ""
    marked: bool = False
    sheet: str = ""
    unread: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking found. Counts in records; rows: rows of the file that are not blank."""

    rows: int
    records: int
    refused: int
    kinds: tuple[FaultKind, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked submission made ready for the ledger. digest names its batch, 64 hexadecimal digits.

    sealed: how many of the admitted and the waiting the law seals.
    """

    admitted: int
    waiting: int
    refused: int
    superseding: int
    sealed: int
    digest: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a whole file was handed back, in three sentences."""

    what: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything the sender is told about one submission."""

    submission_id: int
    number: str
    source: str
    source_title: str
    edition: str
    unit_id: int
    sender: str
    filename: str
    size: int
    sha256: str
    received_at: datetime
    state: str
    state_label: str
    progress: int
    rows: int
    records: int
    admitted: int
    waiting: int
    refused: int
    superseding: int
    kinds: tuple[FaultKind, ...]
    fault_count: int
    warnings: tuple[str, ...]
    columns_in_file: int
    columns_expected: int
    columns_read: tuple[str, ...]
    columns_ignored: tuple[str, ...]
    columns_unknown: tuple[str, ...]
    columns_absent: tuple[str, ...]
    refusal: Refusal | None
    mends: str
    withdrawn_because: str
    batch_id: int | None

    @property
    def read(self) -> str:
        """How many rows were read, and into how many records they were split by party."""
        if self.records <= self.rows:
            return say("读到{n}行", n=f"{self.rows:,}")
        return say(
            "读到{rows}行，按当事人拆成{records}条",
            rows=f"{self.rows:,}",
            records=f"{self.records:,}",
        )


@dataclass(frozen=True, slots=True)
class FaultPage:
    """One page of faults, in row order. total counts all of the asked kind."""

    faults: tuple[Fault, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Quality:
    """How good and how punctual one unit's sending of one source was since a day.

    sound: records that passed the checks; rate is None when nothing was sent (missing is not zero).
    """

    source: str
    source_title: str
    unit_id: int
    submissions: int
    records: int
    sound: int
    rate: float | None
    last_received_at: datetime | None
    expected_by: date | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Interruption:
    """The work on a submission was broken off: when last, and how many times at this step."""

    at: datetime
    times: int
