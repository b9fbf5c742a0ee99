"""When backups and drills were done, and with what result: a file of this home that only grows."""

import json
import os
from datetime import datetime
from pathlib import Path

from zhengxin.safekeeping.types import Done

FILE = "safekeeping.jsonl"


def note(home: Path, done: Done) -> None:
    """Add a line; on the disk when this returns."""
    line = {
        "what": done.what, "at": done.at.isoformat(), "run": done.run, "ok": done.ok, "told": done.told,
    }  # fmt: skip
    place = os.open(home / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(place, "ab") as stream:
        stream.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def last(home: Path, what: str, *, ok: bool | None = None) -> Done | None:
    """The newest line of a kind (with ok: of that outcome), None when there is none."""
    path = home / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in reversed(lines):
        try:
            found = json.loads(line)
            done = Done(
                found["what"], datetime.fromisoformat(found["at"]), found["run"], found["ok"],
                found["told"],
            )  # fmt: skip
        except (ValueError, KeyError, TypeError):
            continue
        if done.what == what and ok in (None, done.ok):
            return done
    return None
