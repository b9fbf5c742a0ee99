"""A folder that both sides see: a share, a gatekeeper's exchange disk, a memory stick."""

import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from zhengxin.handover.carrying.reaching import (
    LARGEST,
    PART,
    READ,
    Unreachable,
    other_there,
    reason,
    wanted_name,
)
from zhengxin.handover.ground import local
from zhengxin.handover.types import Outcome, Place, Told
from zhengxin.kernel.digests import file_digest


def deliver(place: Place, files: Sequence[Path], *, number: str, digest: str) -> Outcome:
    """Copy the files under temporary names, sync, rename; the manifest last."""
    folder = local(place.folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest = folder / files[-1].name
        if manifest.exists():
            if file_digest(manifest) == digest:
                return Outcome(Told.ALREADY)
            return Outcome(Told.REFUSED, other_there())
        for path in files:
            _put(path, folder / path.name)
    except OSError as error:
        return Outcome(Told.UNREACHABLE, reason(error))
    return Outcome(Told.DELIVERED)


def _put(path: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}{PART}")
    with path.open("rb") as source, part.open("wb") as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        os.fsync(copy.fileno())
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def fetch(place: Place, seen: Collection[str]) -> list[tuple[str, bytes]]:
    """Files that wait in the folder; one that was read lies in its folder `read`. Raises Unreachable."""
    folder = local(place.folder)
    try:
        if not folder.is_dir():
            return []
        paths = sorted(path for path in folder.iterdir() if wanted_name(path.name))
        return [
            (path.name, path.read_bytes())
            for path in paths
            if path.is_file() and path.stat().st_size <= LARGEST
        ]
    except OSError as error:
        raise Unreachable(place.folder, reason(error)) from error


def withdraw(place: Place, digests: Collection[str]) -> None:
    """Remove files with these bytes (SHA-256) from the folder, and from its folder of what was read, whatever they
    are called. Raises OSError."""
    folder = local(place.folder)
    for path in [*folder.glob("*"), *(folder / READ).glob("*")]:
        if path.is_file() and file_digest(path) in digests:
            path.unlink(missing_ok=True)


def settle(place: Place, name: str) -> None:
    """Move a file that was read aside; an older one of that name gives way."""
    folder = local(place.folder)
    try:
        (folder / READ).mkdir(exist_ok=True)
        (folder / name).replace(folder / READ / name)
    except OSError:
        # A folder that may only be read: the same bytes are recognised next time.
        return
