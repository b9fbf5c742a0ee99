"""The number of a row is its place in the file, whichever way the engine numbers it."""

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from zhengxin.intake import ground
from zhengxin.intake.checking import check_upload
from zhengxin.intake.contents import CONTENTS, write_contents
from zhengxin.intake.ground import Ground
from zhengxin.intake.sources import read_source
from zhengxin.intake.tables import checked_rows, numbered
from zhengxin.lake.engine import connect
from zhengxin.lake.queries import OrderLost, write_in_order

PENALTIES = Path(__file__).parents[2] / "sources" / "penalties"


@pytest.mark.parametrize(("small", "many"), [(0, 60_000), (1 << 30, 9_000)])
def test_every_row_keeps_its_number_in_what_is_checked_and_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int, many: int
) -> None:
    monkeypatch.setattr(ground, "SMALL", small)
    text = (PENALTIES / "sample.csv").read_text(encoding="utf-8")
    header, row = list(csv.reader(text.splitlines()))[:2]
    number = header.index("行政处罚决定书文号")
    upload = tmp_path / "upload"
    with upload.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for at in range(2, many + 2):
            writer.writerow([*row[:number], f"示市监罚〔2026〕{at}号", *row[number + 1 :]])
    source = read_source(PENALTIES / "source.yaml")
    folder = tmp_path / "1"
    folder.mkdir()
    ours = Ground(upload, folder, source, 1, date(2026, 11, 23), b"x" * 32)
    reading, checked = check_upload(ours)
    assert checked.rows == many
    found = duckdb.sql(f"SELECT row_number, title FROM {checked_rows(folder)}").fetchall()
    assert [at for at, title in found if title != f"示市监罚〔2026〕{at}号"] == []
    write_contents(ours, reading)
    kept = duckdb.sql(f"SELECT row_number, open_json FROM {numbered(folder / CONTENTS)}").fetchall()
    assert len(kept) == many
    assert [at for at, content in kept if f"〔2026〕{at}号" not in content] == []


def test_a_statement_that_may_mix_rows_up_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with connect(scratch=tmp_path / "scratch") as engine, pytest.raises(OrderLost):
        write_in_order(engine, "SELECT * FROM range(9) AS a JOIN range(9) AS b USING (range)", path)
    assert not path.exists()
