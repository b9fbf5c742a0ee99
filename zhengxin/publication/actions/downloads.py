"""Files for free download: what is published and not adverse, one CSV and one Parquet a kind."""

import csv
import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.lake.queries import write_parquet
from zhengxin.publication.board.queries.items import shown
from zhengxin.publication.enums import FeedMark
from zhengxin.rulebook.queries import record_kinds

COLUMNS = {
    "entry_id": "BIGINT",
    "kind": "VARCHAR",
    "title": "VARCHAR",
    "document_number": "VARCHAR",
    "subject_id": "BIGINT",
    "subject_name": "VARCHAR",
    "unit_id": "BIGINT",
    "unit_name": "VARCHAR",
    "true_on": "DATE",
    "known_at": "VARCHAR",
    "shown_from": "DATE",
    "shown_to": "DATE",
    "disputed": "VARCHAR",
    "statement": "VARCHAR",
    "fields": "VARCHAR",
}
# A cell that begins so would be read as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_downloads(*, at: datetime) -> tuple[Path, ...]:
    """Write the files of every kind that is not adverse; a file is replaced as a whole.

    fields: the shown fields as a JSON object, code to value. Adverse entries are given by key
    only, so that corrections can follow. disputed: 异议处理中 while an objection is open. What is over on the county's day of `at` is in none of them.
    Returns the files written; they bear the time `at`.
    """
    on = timezone.localdate(at)
    written = [
        path for kind in record_kinds() if not kind.adverse for path in _write(kind.code, on)
    ]
    for path in written:
        os.utime(path, (at.timestamp(), at.timestamp()))
    return tuple(written)


def rewrite_download(kind: str, *, at: datetime) -> None:
    """Write the files of one kind anew, if there are any."""
    if any(path.exists() for path in _paths(kind)):
        _write(kind, timezone.localdate(at))


def sweep_downloads(*, at: datetime, actor: Actor) -> None:
    """Remove what a killed process left half written. The worker's, beside which nobody writes them."""
    for path in Path(settings.DOWNLOADS_DIR).glob(".*"):
        path.unlink(missing_ok=True)


def _paths(kind: str) -> tuple[Path, Path]:
    folder = Path(settings.DOWNLOADS_DIR)
    return folder / f"{kind}.csv", folder / f"{kind}.parquet"


def _write(kind: str, on: date) -> tuple[Path, Path]:
    plain, columnar = _paths(kind)
    plain.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for each process: two may publish at once.
    scratch = plain.with_name(f".{os.getpid()}-{plain.name}")
    with scratch.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([_cell(value) for value in row] for row in _rows(kind, on))
    scratch.replace(plain)
    scratch = columnar.with_name(f".{os.getpid()}-{columnar.name}")
    write_parquet(scratch, COLUMNS, _rows(kind, on))
    scratch.replace(columnar)
    return plain, columnar


def _rows(kind: str, on: date) -> Iterator[tuple[object, ...]]:
    found = shown(on).filter(kind=kind, adverse=False).order_by("entry_id")
    for row in found.iterator(chunk_size=2000):
        proof = row.disclosure["proof"]
        fields = {**proof["open"], **proof["text"]}
        yield (
            row.entry_id,
            row.kind,
            row.title,
            row.document_number,
            row.subject_id,
            row.subject_name,
            row.unit_id,
            row.unit_name,
            row.true_on,
            row.known_at.isoformat(timespec="seconds"),
            row.shown_from,
            row.shown_to,
            str(FeedMark.DISPUTED.label) if row.disputed else "",
            row.statement,
            json.dumps(fields, ensure_ascii=False, sort_keys=True),
        )


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
