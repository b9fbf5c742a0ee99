"""Which files of a home are backed up, and in which of the two archives."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from zhengxin.kernel.refused import Refused

# Where copies lie while they are made or tried; closed to the portal's process.
WORK = "safekeeping"
# Made anew from the stores, of this machine alone, or of no use elsewhere. All else is backed up.
_LEFT_OUT = {"run", "papers", "downloads", "mirror", "arriving", "keys", WORK}
_LOCKS = {"claim", "readers"}
# The master key is in no backup, ever; sessions end with the machine.
_NEVER = {"master.key", "master.key.next", "session.key"}
STORES, FILES, KEY_FILES = "stores", "files", "keys"
JOURNAL = "erasures.jsonl"


def work_folder(home: Path) -> Path:
    """Where copies lie; made private if it is not there."""
    folder = home / WORK
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def alone(lock: Path, otherwise: Refused) -> Iterator[IO[str]]:
    """One at a time; the kernel drops the lock of a dead process. Raises `otherwise` when another holds it."""
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise otherwise from None
        yield held


def home_files(home: Path, never: Path | None = None) -> Iterator[Path]:
    """Everything but stores, keys and what is made again. never: a key that lies within the home."""
    for place in sorted(home.iterdir()):
        if place.name in _LEFT_OUT or place.name.startswith((".", "turn-")) or place == never:
            continue
        if place.is_dir():
            yield from _within(place)
        elif ".sqlite3" not in place.name and place.suffix != ".lock":
            yield place


def key_files(home: Path, never: Path | None = None) -> Iterator[Path]:
    """Keys of other uses (for offices above): kept with the key store."""
    for path in sorted((home / "keys").glob("*")):
        hidden = path.name.startswith(".") or path.name in _NEVER or path == never
        if path.is_file() and not hidden:
            yield path


def _within(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name not in _LOCKS and not name.startswith(".") and (Path(place) / name).is_file():
                yield Path(place) / name


def link(source: Path, target: Path) -> None:
    """The file as it is now, also when another takes its place; what still grows is copied."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        if source.name == JOURNAL:
            shutil.copy2(source, target)
        else:
            os.link(source, target)
    except FileNotFoundError:
        # Removed while we came: it is not part of this moment.
        return
    except OSError:
        shutil.copy2(source, target)
