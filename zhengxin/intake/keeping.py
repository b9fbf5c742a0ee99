"""What stays of a settled submission: its upload and its receipt, sealed; everything else is removed.

While work is going on, files lie in clear in the submission's folder. Once it is settled they are sealed under one
key, listed in kept.json, and only opened for a moment, in a folder of their own that goes when the reading ends.
places.parquet says in digests alone which row became which entry, so that the rows of an erased one are found.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from zhengxin.intake.checking import fault_files
from zhengxin.intake.drafting import ORDERED, RECORDED, WAITING
from zhengxin.intake.enums import SubmissionState
from zhengxin.intake.folders import READING, folder_of, ground_of, reading_in
from zhengxin.intake.ground import Ground
from zhengxin.intake.models import Submission
from zhengxin.intake.sealing import seal, unseal
from zhengxin.intake.striking import strike
from zhengxin.intake.tables import ROWS, digest63, folded, records_sql
from zhengxin.lake.queries import rows
from zhengxin.lake.sql import copy_to_parquet, parquet
from zhengxin.ledger.chains import readable
from zhengxin.ledger.filekeys import destroy_file_keys, file_key, make_file_key

KEPT, PLACES = "kept.json", "places.parquet"
CLAIM, READERS = "claim", "readers"
OPEN = ".open-"
_LOCK = "lock"


def put_away(submission: Submission, *, at: datetime) -> None:
    """Seal what is kept of a settled submission and remove the rest. The caller holds its claim; again is harmless.

    Of a file that no row was read from nothing is kept but what the database says of it.
    """
    folder = folder_of(submission.pk)
    if not (folder / KEPT).exists():
        legible = (folder / ROWS).exists() and submission.state != SubmissionState.REFUSED
        # Struck already when a first attempt was broken off: then the upload is gone.
        if legible and (folder / "upload").exists():
            ground = ground_of(submission)
            _write_places(ground)
            _strike_repeats(ground)
        seal_anew(submission.pk, folder, _lasting(folder) if legible else (), at=at)
    tidy(submission.pk, at=at)


def _lasting(folder: Path) -> Iterator[str]:
    """The names of the files that are kept."""
    # Both, where the upload was laid out anew as a table: the one is the evidence, the other is read.
    names = (READING, Path(reading_in(folder).path).name, "upload")
    yield from (name for name in dict.fromkeys(names) if (folder / name).exists())
    yield from (path.name for path in fault_files(folder))
    if (folder / WAITING).exists():
        yield WAITING


def _write_places(ground: Ground) -> None:
    """row_number, part, seq and certain (of the draft), mark (the natural key's digest, or else the whole
    content's), document (the digest of the number without its party) and party (of its name) of every record.
    """
    mark = digest63(ground.pepper, "coalesce(r.whole_key, 'w' || CAST(r.whole AS VARCHAR))")
    document = f"CASE WHEN r.key_text IS NOT NULL THEN {digest63(ground.pepper, 'r.key_text')} END"
    party = f"CASE WHEN r.name IS NOT NULL THEN {digest63(ground.pepper, folded('r.name'))} END"
    ordered = (
        "(SELECT 0 AS row_number, 0 AS part, 0 AS seq, false AS certain, 0 AS key WHERE false)"
    )
    if (ground.folder / ORDERED).exists():
        ordered = parquet(ground.folder / ORDERED)
    select = (
        "SELECT r.row_number, r.part, o.seq, o.certain, "
        f"CASE WHEN o.key IS NOT NULL THEN o.key ELSE {mark} END AS mark, {document} AS document, "
        f"{party} AS party "
        f"FROM ({records_sql(ground)}) AS r LEFT JOIN {ordered} AS o "
        "ON o.row_number = r.row_number AND o.part = r.part"
    )
    with ground.engine() as engine:
        engine.execute(copy_to_parquet(select, ground.folder / PLACES, lasting=True))


def _strike_repeats(ground: Ground) -> None:
    """Rows that repeat, word for word, an entry whose content was erased: they must not bring it back."""
    folder = ground.folder
    if not (folder / RECORDED).exists():
        return
    repeated = f"SELECT row_number, about_id FROM {parquet(folder / RECORDED)}"
    about = {number: entry_id for batch in rows(repeated) for number, entry_id in batch}
    kept = readable(about.values())
    numbers = {number for number, entry_id in about.items() if entry_id not in kept}
    if numbers:
        strike(folder, reading_in(folder), numbers=numbers, seqs=())


def seal_anew(submission_id: int, source: Path, names: Iterable[str], *, at: datetime) -> None:
    """Seal these files of `source` under a fresh key; from one moment to the next they take the place of those kept so far."""
    folder = folder_of(submission_id)
    key_id, key = make_file_key(submission_id)
    files = {name: f"{name}.{key_id}.sealed" for name in names}
    for name, sealed in files.items():
        seal(source / name, folder / sealed, key=key, name=name)
    scratch = folder / f"{KEPT}.part"
    with scratch.open("w", encoding="utf-8") as stream:
        json.dump({"key": key_id, "files": files}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    scratch.replace(folder / KEPT)
    tidy(submission_id, at=at)


def tidy(submission_id: int, *, at: datetime) -> None:
    """Remove whatever is not kept, and the keys of what was kept before."""
    folder = folder_of(submission_id)
    kept = _kept(folder)
    staying = {KEPT, PLACES, CLAIM, READERS, *kept["files"].values()}
    with _reading(folder, fcntl.LOCK_EX):
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name not in staying:
                path.unlink()
    destroy_file_keys(submission_id, keep=kept["key"], at=at)


def _kept(folder: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / KEPT).read_text(encoding="utf-8"))
    return found


@contextmanager
def opened(submission_id: int, *names: str) -> Iterator[Path]:
    """The folder where a submission's files can be read; of sealed ones those whose names begin so (none: all).

    What was sealed is gone again when the block ends, or swept when its process did not see the end.
    """
    folder = folder_of(submission_id)
    with _reading(folder, fcntl.LOCK_SH):
        if not (folder / KEPT).exists():
            yield folder
            return
    with _for_a_moment() as place:
        with _reading(folder, fcntl.LOCK_SH):
            kept = _kept(folder)
            key = file_key(kept["key"]) if kept["files"] else b""
            for name, sealed in kept["files"].items():
                if not names or name.startswith(names):
                    unseal(folder / sealed, place / name, key=key, name=name)
        yield place


@contextmanager
def _reading(folder: Path, how: int) -> Iterator[None]:
    """Nothing is removed from the folder while others read it."""
    with (folder / READERS).open("w") as lock:
        fcntl.flock(lock, how)
        yield


@contextmanager
def _for_a_moment() -> Iterator[Path]:
    with (
        tempfile.TemporaryDirectory(dir=settings.SUBMISSIONS_DIR, prefix=OPEN) as name,
        (Path(name) / _LOCK).open("w") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Path(name)


def sweep(*, before: datetime) -> None:
    """Remove what killed processes left: opened files nobody reads any more, uploads that never arrived whole."""
    store = Path(settings.SUBMISSIONS_DIR)
    for place in store.glob(f"{OPEN}*"):
        if not _held(place / _LOCK, before):
            shutil.rmtree(place, ignore_errors=True)
    arriving = [*store.glob(".incoming-*"), *Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*")]
    for path in arriving:
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def _held(lock: Path, before: datetime) -> bool:
    """Whether somebody reads there; a folder without a lock was made this moment, or left long ago."""
    try:
        with lock.open() as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        with suppress(FileNotFoundError):
            return lock.parent.stat().st_mtime >= before.timestamp()
    return False
