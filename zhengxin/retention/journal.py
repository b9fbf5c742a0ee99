"""The journal of erasures: one line of JSON an entry, in a file that only grows. No content stands in it.

It outlives the databases: whoever restores an older backup erases again what the newest journal lists.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry whose erasure was decided; digest: SHA-256 of its commitment, which tells it from any other of that number."""

    entry_id: int
    digest: str


def digest_of(commitment: bytes) -> str:
    """What the journal says of an entry's commitment."""
    return hashlib.sha256(commitment).hexdigest()


def note(path: Path, entries: Sequence[Noted], at: datetime) -> None:
    """Add what is not there yet; on the disk when this returns."""
    known = set(read(path))
    fresh = [each for each in entries if each not in known]
    if not fresh:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(place, "rb+") as stream:
        # A line that a crash cut off ends here, and counts as none.
        size = stream.seek(0, os.SEEK_END)
        torn = size > 0 and os.pread(stream.fileno(), 1, size - 1) != b"\n"
        stream.write(b"\n" if torn else b"")
        for each in fresh:
            line = {"entry": each.entry_id, "at": at.isoformat(), "commitment": each.digest}
            stream.write(json.dumps(line).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(path: Path) -> Iterable[Noted]:
    """Every whole line, oldest first; nothing where there is no file."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            try:
                found = json.loads(line)
                yield Noted(int(found["entry"]), str(found["commitment"]))
            except (ValueError, KeyError, TypeError):
                continue
