"""What leaves the accounts room besides Actor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class InventedAccount:
    """An account of the invented county, password and all: there is nothing real behind it."""

    username: str
    name: str
    password: str
    unit: str
    role: str
    role_label: str
    # The code its invented second factor takes now, empty when both that pass were used; None without one.
    code: str | None = None


@dataclass(frozen=True, slots=True)
class FactorLine:
    """A second factor as its owner sees it; `left` counts unused recovery codes."""

    id: int
    kind: str
    kind_label: str
    name: str
    since: datetime
    used_at: datetime | None
    left: int


@dataclass(frozen=True, slots=True)
class LockLine:
    """An account that is locked until a moment."""

    account_id: int
    username: str
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are used: the relying party's name and the origins its pages may have."""

    rp_id: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person gives as second factor: a code that was typed, or a passkey's answer (JSON text)."""

    code: str = ""
    assertion: str = ""
    site: Site = Site("", ())


@dataclass(frozen=True, slots=True)
class OnPaper:
    """Instead of a proof: the person will sign by hand, so the act only asks for a paper."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Which factor a proof was, with what is needed to verify a passkey's answer later."""

    factor_id: int
    kind: str
    assertion: dict[str, Any] | None = None
    public_key: bytes = b""
    rp_id: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """Instead of a proof: a second person compared the scan with this statement (a digest)."""

    statement: str
    proven: Proven


@dataclass(frozen=True, slots=True)
class Signed:
    """What a person signed: digest of what the page showed, the form's own random number, and the proof."""

    shown: str
    nonce: str
    proof: Proof | OnPaper | Compared
