"""The worker's sign of life: a small file that any process of this home can read."""

import json
import os
from datetime import datetime
from pathlib import Path

from zhengxin.operations.types import Beat

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
    fresh.write_text(
        json.dumps(
            {
                "beat_at": beat.beat_at.isoformat(),
                "round_at": beat.round_at.isoformat(),
                "rounds": beat.rounds,
                "failures": beat.failures,
                "failed_at": beat.failed_at and beat.failed_at.isoformat(),
                "failed_with": beat.failed_with,
            }
        )
    )
    fresh.replace(place)


def read_beat(home: Path) -> Beat | None:
    """The last beat, None when there was none or the file is damaged."""
    try:
        found = json.loads((home / "run" / FILE).read_text())
        failed = found["failed_at"]
        return Beat(
            beat_at=datetime.fromisoformat(found["beat_at"]),
            round_at=datetime.fromisoformat(found["round_at"]),
            rounds=int(found["rounds"]),
            failures=int(found["failures"]),
            failed_at=datetime.fromisoformat(failed) if failed else None,
            failed_with=str(found["failed_with"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
