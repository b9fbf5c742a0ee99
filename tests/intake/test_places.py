"""Which row became which entry, also as it was noted by earlier versions."""

from pathlib import Path

import duckdb

from zhengxin.intake.forgetting import _read

OLD = "SELECT 2 AS row_number, 0 AS part, NULL::BIGINT AS seq, false AS certain, 5 AS mark, 6 AS document"


def test_places_from_before_names_were_noted_are_read(tmp_path: Path) -> None:
    old, new = tmp_path / "1" / "places.parquet", tmp_path / "2" / "places.parquet"
    for path, sql in ((old, OLD), (new, f"{OLD}, 7 AS party")):
        path.parent.mkdir()
        duckdb.sql(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    assert [place.party for place in _read([old], "mark = 5")] == [None]
    assert {place.submission_id: place.party for place in _read([old, new], "mark = 5")} == {
        1: None,
        2: 7,
    }
    assert [place.submission_id for place in _read([old, new], "party IN (7)")] == [2]
