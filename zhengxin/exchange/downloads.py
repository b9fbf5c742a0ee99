"""The files of published, non-adverse entries that anybody may take."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"[a-z_]{1,40}\.(csv|parquet)")
FORMS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@dataclass(frozen=True, slots=True)
class Download:
    """One file: size in bytes, and when it was last replaced."""

    name: str
    path: Path
    size: int
    changed_at: datetime


def downloads(folder: Path) -> list[Download]:
    """The files of `folder` that are downloads, by name; none when the folder is not there yet."""
    if not folder.is_dir():
        return []
    found = (path for path in sorted(folder.iterdir()) if _NAME.fullmatch(path.name))
    return [_describe(path) for path in found if path.is_file()]


def download(folder: Path, name: str) -> Download | None:
    """The download of this name, or None; a name that is a path is no name."""
    path = folder / name
    return _describe(path) if _NAME.fullmatch(name) and path.is_file() else None


def _describe(path: Path) -> Download:
    facts = path.stat()
    return Download(path.name, path, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))
