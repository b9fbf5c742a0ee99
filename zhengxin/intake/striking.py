"""Rows struck out of a submission's files: the table without them, their faults without words, no drafts."""

import csv
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from zhengxin.intake.checking import fault_files
from zhengxin.intake.drafting import WAITING
from zhengxin.intake.folders import keep_reading
from zhengxin.intake.reading import APART, TABLE
from zhengxin.intake.tables import raw_sql
from zhengxin.intake.types import Reading
from zhengxin.kernel.say import say
from zhengxin.lake.engine import connect, quoted
from zhengxin.lake.queries import one, rows
from zhengxin.lake.sql import copy_to_parquet, parquet


def strike(
    place: Path, reading: Reading, *, numbers: Collection[int], seqs: Collection[int]
) -> None:
    """Strike rows by their number, and waiting drafts by theirs. Again is harmless.

    The upload itself, whatever its form, is replaced by a table of the other rows under their old numbers.
    """
    if numbers:
        _strike_table(place, reading, numbers)
        for path in fault_files(place):
            _strike_faults(path, numbers)
    if seqs and (place / WAITING).exists():
        rewrite(place / WAITING, f"seq NOT IN ({_listed(seqs)})")


def rewrite(path: Path, where: str) -> None:
    """Keep only the rows of a Parquet file for which `where` holds."""
    _replace(path, f"SELECT * FROM {parquet(path)} WHERE {where}")


def _listed(values: Collection[int]) -> str:
    return ", ".join(str(int(value)) for value in sorted(values))


def _strike_table(place: Path, reading: Reading, numbers: Collection[int]) -> None:
    scratch = place / f"{TABLE}.part"
    width = len(reading.headers)
    with scratch.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=APART, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(["row_number", "cells", *(f"c{n}" for n in range(width))])
        left = f"SELECT * FROM ({raw_sql(reading, counted=True)}) WHERE row_number NOT IN ({_listed(numbers)})"
        for batch in rows(left):
            writer.writerows(batch)
    scratch.replace(place / TABLE)
    struck = replace(
        reading, path=str(place / TABLE), delimiter=APART, numbered=True, tidy=False, sheet=""
    )
    keep_reading(place, struck)
    (place / "upload").unlink(missing_ok=True)


def _strike_faults(path: Path, numbers: Collection[int]) -> None:
    where = f"row_number IN ({_listed(numbers)})"
    if not one(f"SELECT count(*) FROM {parquet(path)} WHERE {where}")[0]:
        return
    gone = quoted(say("这一行的内容已依法删除。"))
    _replace(
        path,
        f"SELECT * REPLACE (CASE WHEN {where} THEN '' ELSE value END AS value, "
        f"CASE WHEN {where} THEN {gone} ELSE because END AS because, "
        f"CASE WHEN {where} THEN '' ELSE remedy END AS remedy) FROM {parquet(path)}",
    )


def _replace(path: Path, select: str) -> None:
    scratch = path.with_name(f"{path.name}.part")
    with connect() as engine:
        engine.execute(copy_to_parquet(select, scratch, lasting=True))
    scratch.replace(path)
