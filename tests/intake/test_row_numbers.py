"""The number of a row is its place in the file, however the engine orders what it writes."""

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from zhengxin.intake.reading import read_upload
from zhengxin.intake.sources import read_source
from zhengxin.intake.tables import ROWS, checked_rows, rows_sql
from zhengxin.lake.engine import connect, connect_for_few
from zhengxin.lake.sql import copy_to_parquet

PENALTIES = Path(__file__).parents[2] / "sources" / "penalties"


@pytest.mark.parametrize("few", [True, False])
def test_every_row_keeps_its_number_beyond_one_vector_of_the_engine(
    tmp_path: Path, few: bool
) -> None:
    text = (PENALTIES / "sample.csv").read_text(encoding="utf-8")
    header, row = list(csv.reader(text.splitlines()))[:2]
    number = header.index("行政处罚决定书文号")
    upload = tmp_path / "upload"
    with upload.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for at in range(2, 9_002):
            writer.writerow([*row[:number], f"示市监罚〔2026〕{at}号", *row[number + 1 :]])
    source = read_source(PENALTIES / "source.yaml")
    reading = read_upload(upload, tmp_path, source)
    sql, _, _ = rows_sql(source, reading, date(2026, 11, 23), 1, b"x" * 32)
    with connect_for_few() if few else connect(scratch=tmp_path / "scratch") as engine:
        engine.execute(copy_to_parquet(sql, tmp_path / ROWS))
    found = duckdb.sql(f"SELECT row_number, title FROM {checked_rows(tmp_path)}").fetchall()
    assert len(found) == 9_000
    assert [at for at, title in found if title != f"示市监罚〔2026〕{at}号"] == []
