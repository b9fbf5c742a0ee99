"""Files for free download: what is published and not adverse, one CSV and one Parquet a kind."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from zhengxin.lake.queries import write_parquet
from zhengxin.publication.board.models import BoardItem
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
    "fields": "VARCHAR",
}
# A cell that begins so would be read as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_downloads(*, at: datetime) -> tuple[Path, ...]:
    """Write the files of every kind that is not adverse; a file is replaced as a whole.

    fields: the shown fields as a JSON object, code to value. Adverse entries are given by key
    only, so that corrections can follow. Returns the files written; `at` stands in none of them.
    """
    return tuple(path for kind in record_kinds() if not kind.adverse for path in _write(kind.code))


def rewrite_download(kind: str) -> None:
    """Write the files of one kind anew, if there are any."""
    if any(path.exists() for path in _paths(kind)):
        _write(kind)


def _paths(kind: str) -> tuple[Path, Path]:
    folder = Path(settings.DOWNLOADS_DIR)
    return folder / f"{kind}.csv", folder / f"{kind}.parquet"


def _write(kind: str) -> tuple[Path, Path]:
    plain, columnar = _paths(kind)
    plain.parent.mkdir(parents=True, exist_ok=True)
    scratch = plain.with_name(f".{plain.name}")
    with scratch.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([_cell(value) for value in row] for row in _rows(kind))
    scratch.replace(plain)
    scratch = columnar.with_name(f".{columnar.name}")
    write_parquet(scratch, COLUMNS, _rows(kind))
    scratch.replace(columnar)
    return plain, columnar


def _rows(kind: str) -> Iterator[tuple[object, ...]]:
    found = BoardItem.objects.using("board").filter(kind=kind, adverse=False).order_by("entry_id")
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
            json.dumps(fields, ensure_ascii=False, sort_keys=True),
        )


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
