"""What crosses the doorway of the witnesses."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Witness:
    """A supervisor outside. name: that of its key; channel and address: where checkpoints go
    (mail address, folder, or address of `witness serve`); silent_after: days without a cosignature."""

    office: str
    name: str
    verifier: str
    channel: str
    address: str
    silent_after: int


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a witness has seen the tree. size, signed_at: its newest cosignature, None without any.

    sent_at: last delivered; failed_at, failure: the last attempt, where it failed after that.
    """

    witness: Witness
    size: int | None
    signed_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    failure: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt: what came of it, said how, and the cosigned lines the answer held."""

    witness: Witness
    delivery: str
    said: str
    cosigned: int = 0
