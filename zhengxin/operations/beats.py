"""The worker's sign of life: a small file that any process of this home can read."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from zhengxin.operations.types import Beat, ErrandBeat

FILE = "worker.json"


def run_folder(home: Path) -> Path:
    """Where processes leave what others of this home may read; made private."""
    folder = home / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_beat(home: Path, beat: Beat) -> None:
    """Puts the beat in place of the last one, whole or not at all."""
    place = run_folder(home) / FILE
    fresh = place.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(asdict(beat), default=datetime.isoformat))
    fresh.replace(place)


def read_beat(home: Path) -> Beat | None:
    """The last beat, None when there was none or the file is damaged."""
    try:
        found = json.loads((home / "run" / FILE).read_text())
        return Beat(
            beat_at=datetime.fromisoformat(found["beat_at"]),
            round_at=datetime.fromisoformat(found["round_at"]),
            rounds=int(found["rounds"]),
            failures=int(found["failures"]),
            failed_at=_moment(found["failed_at"]),
            failed_with=str(found["failed_with"]),
            # A worker from before an upgrade tells of none.
            errands=tuple(
                ErrandBeat(
                    name=str(each["name"]),
                    turns=int(each["turns"]),
                    busy_since=_moment(each["busy_since"]),
                    failures=int(each["failures"]),
                    failed_at=_moment(each["failed_at"]),
                    failed_with=str(each["failed_with"]),
                )
                for each in found.get("errands", ())
            ),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
