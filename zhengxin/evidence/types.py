"""Values that cross the doorway of evidence."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it arrives: the name it had, its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A piece in a list: kind is a value of PieceKind, size in bytes, digest SHA-256 in hexadecimal."""

    id: int
    name: str
    kind: str
    size: int
    digest: str
    unit_id: int | None
    kept_at: datetime
