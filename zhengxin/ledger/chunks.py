"""One chunk of a batch: built and stored, whatever an interrupted attempt left behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhengxin.ledger.building import build
from zhengxin.ledger.keys import pepper
from zhengxin.ledger.storing import present, store
from zhengxin.ledger.vault.wrapping import COLUMNS, Opener

# Draft rows in the order of building.Row, sequence numbers ascending.
Chunk = Sequence[Sequence[Any]]
# First draft and the one behind the last.
Stretch = tuple[int, int]


class StagingStopped(RuntimeError):
    """A worker process ended before its work; staging can be resumed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which batch the chunks belong to."""

    batch_id: int
    first_id: int
    known_at: datetime


def stage_chunk(place: Place, chunk: Chunk) -> None:
    """Build and store the rows of `chunk` that are not there yet."""
    first, last = place.first_id + chunk[0][0], place.first_id + chunk[-1][0]
    there = {row[0] for row in present("ledger_entry", "default", "batch_id", first, last)}
    if len(there) == len(chunk):
        return
    found = present("vault_secret", "keys", COLUMNS, first, last)
    if any(row[1] is None for row in found):
        raise StagingStopped(f"batch {place.batch_id} was abandoned")
    opener = Opener()
    store(
        build(
            (row for row in chunk if place.first_id + row[0] not in there),
            batch_id=place.batch_id,
            first_id=place.first_id,
            known_at=place.known_at,
            sealing=opener.newest(),
            known_secrets={
                entry_id: (opener.secret(entry_id, secret, epoch), opener.sealing(origin))
                for entry_id, secret, epoch, origin in found
            },
            pepper=pepper(),
        )
    )
