"""What crosses the vault's doorway."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch: since when, its ciphers, whether its wrapping key still exists, and secrets under it."""

    number: int
    opened_at: datetime
    wrapping_suite: str
    content_suite: str
    held: bool
    secrets: int


@dataclass(frozen=True, slots=True)
class Status:
    """How the keys are kept. keeper: the one set now; wrapped_by, wrapped_at: by whom the keys are wrapped.

    bare: secrets from before that are not wrapped yet.
    """

    keeper: str
    wrapped_by: str
    wrapped_at: datetime
    epochs: tuple[Epoch, ...]
    bare: int


@dataclass(frozen=True, slots=True)
class Rotated:
    """A master key's rotation: the old and the new in words, how many keys were wrapped anew."""

    before: str
    after: str
    keys: int
