"""What crosses the doorway of the handover room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Operation(StrEnum):
    """What a line asks the peer to do with a record it knows by document number and party."""

    NEW = "new"
    CORRECT = "correct"
    REVOKE = "revoke"
    REPAIR = "repair"


class Standing(StrEnum):
    """How one record stands towards one peer."""

    DUE = "due"
    HELD = "held"
    PACKED = "packed"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONTRADICTED = "contradicted"
    EXEMPT = "exempt"


class Told(StrEnum):
    """What came of an attempt to deliver. ALREADY: the peer has this number with this very digest."""

    DELIVERED = "delivered"
    ALREADY = "already"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


class Carrier(StrEnum):
    """How files reach a peer."""

    DROP = "drop"
    SFTP = "sftp"
    HTTP = "http"


class FileForm(StrEnum):
    """In which form rows are written; the value is the end of the file's name."""

    XLSX = "xlsx"
    CSV = "csv"
    XML = "xml"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where files are put or fetched. folder: for drop on this machine, for SFTP on the peer's.

    host_keys: lines of the peer's public host keys, the only ones accepted. Secrets are named, not
    written: password_env, key_file and token_env / token_file say where they lie. ca_file: a
    certificate authority of the peer's own, beside those of the system.
    """

    carrier: Carrier
    folder: str = ""
    host: str = ""
    port: int = 22
    user: str = ""
    host_keys: tuple[str, ...] = ()
    key_file: str = ""
    password_env: str = ""
    url: str = ""
    token_env: str = ""
    token_file: str = ""
    ca_file: str = ""
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class Inward:
    """How records come in from a peer: as which unit, from which folder, whether batches must be signed.

    key_digest: SHA-256 (hex) of the key for pushes over HTTP, "" when none may push.
    """

    unit: str = ""
    folder: str = ""
    signed: bool = True
    key_digest: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """One office above, as described by peers/<code>.yaml.

    sources: names of the sources whose templates it takes; every_minutes: 0 when only by hand;
    verifier: the peer's public key line, "" when it signs nothing; values: per field, our value to
    the peer's; headers: "chinese" or "codes".
    """

    code: str
    title: str
    sources: tuple[str, ...]
    form: FileForm
    most_rows: int
    every_minutes: int
    alarm_hours: int
    answer_days: int
    headers: str
    delivery: Place
    answers: Place | None
    inward: Inward | None
    verifier: str
    signing_key: str
    values: Mapping[str, Mapping[str, str]]
    path: Path


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One column of a template. choices: the only values allowed, empty when any is; when: (field, values)
    under which it must be filled; length: most characters, 0 when not limited."""

    code: str
    header: str
    length: int = 0
    required: bool = False
    when: tuple[str, tuple[str, ...]] | None = None
    choices: tuple[str, ...] = ()
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """The columns of one kind of record in the order of the standard; number and party name its key."""

    source: str
    kind: str
    title: str
    fields: tuple[TemplateField, ...]
    number_field: str
    party_field: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record in its line of corrections, oldest first.

    sealed: why it may be given to nobody, "" when it may; over: its display has ended; came: this
    very peer sent it; disputed: an objection to it is open; repaired: its display ended by repair, so that nobody
    gets it who has it not.
    """

    entry_id: int
    unit_id: int
    kind: str
    stands: bool
    must_report: bool
    sealed: str = ""
    over: bool = False
    came: bool = False
    disputed: bool = False
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the peer was told of a record last. entry_id: the version it holds or may hold, None when none.

    over: it was told that the display ended; disputed: it was told that an objection is open.
    """

    entry_id: int | None = None
    over: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be told next: nothing (operation None) with the reason, or an operation on a version."""

    entry_id: int
    unit_id: int
    kind: str
    operation: Operation | None
    because: str = ""
    # Nothing of it goes up and nothing of it is there.
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended, in a word and a sentence."""

    told: Told
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line of a return file. row: the number of the record within its file, from 1, None when the
    line names the record by number and party, or (everything) speaks of all others."""

    place: int
    number: str
    file: str
    row: int | None
    document: str
    party: str
    accepted: bool
    reason: str
    everything: bool = False


@dataclass(frozen=True, slots=True)
class AnswersTaken:
    """What reading a return file did, in numbers of lines, and a sentence for each that could not be used."""

    filename: str
    rows: int
    accepted: int = 0
    rejected: int = 0
    repeated: int = 0
    contradicting: int = 0
    unknown: int = 0
    known_file: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file from above, checked and ready to become a submission.

    source: of our templates, "" for the manifest itself; number: of the batch it came in, "" when it
    came alone; held: why a person must see to it instead; gap: the batch before it never came.
    """

    path: Path
    filename: str
    sha256: str
    source: str
    number: str = ""
    held: str = ""
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Packed:
    """A dispatch that was written: its number, how many lines of each operation, how many rows were held."""

    dispatch_id: int
    number: str
    lines: int
    held: int
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something at a peer that a person must look at. code: for programs; since: from when."""

    peer: str
    code: str
    what: str
    remedy: str
    since: datetime | None = None
    n: int = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """How a peer's records stand. states: by value of Standing; unconfirmed: of the sent ones, those whose
    answer is overdue; versions: of the records taken together; entries: of these kinds in the archive."""

    peer: str
    states: Mapping[str, int]
    unconfirmed: int
    records: int
    versions: int
    entries: int

    @property
    def reconciles(self) -> bool:
        """True when states add up to the records, and their versions to the entries on the ledger."""
        return sum(self.states.values()) == self.records and self.versions == self.entries
