"""Parquet in and out, and JSON that equals the kernel's byte for byte."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengxin.kernel.digests import canonical_json
from zhengxin.lake.engine import IrregularText, connect, quoted
from zhengxin.lake.queries import batches, count, one, rows, write_parquet
from zhengxin.lake.sql import TextTable, json_key, json_object, json_text, text_table

COLUMNS = {"seq": "BIGINT", "text": "VARCHAR", "day": "DATE"}
TEXT = st.text(
    st.characters(
        exclude_categories=["Cs"],
        exclude_characters=[chr(n) for n in range(32) if n not in (9, 10, 13)],
    )
)


def test_rows_come_back_as_they_went_in(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    records = [(0, None, date(2026, 1, 5)), (1, "", None), (2, 'a"b\r\n，', None), (3, "\\N", None)]
    assert write_parquet(path, COLUMNS, records) == 4
    assert count(path) == 4
    assert list(batches(path, list(COLUMNS), size=3)) == [records[:3], records[3:]]
    assert list(batches(path, ["seq"], 1, 3)) == [[(1,), (2,)]]
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_to_write_is_an_empty_table(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    assert write_parquet(path, COLUMNS, []) == 0
    assert list(batches(path, ["seq"])) == []
    with pytest.raises(LookupError):
        one("SELECT 1 WHERE false")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["A", "B_1", "a"]), st.none() | TEXT))
def test_json_is_canonical(members: dict[str, str | None]) -> None:
    made = json_object({name: json_text(_literal(value)) for name, value in members.items()})
    expected = canonical_json({k: v for k, v in members.items() if v is not None})
    assert one(f"SELECT {made}")[0].encode() == expected


def _literal(value: str | None) -> str:
    if value is None:
        return "CAST(NULL AS VARCHAR)"
    return f"CAST({quoted(json.dumps(value))}::JSON->>'$' AS VARCHAR)"


def test_a_key_is_a_plain_field_code() -> None:
    with pytest.raises(ValueError, match="not a field code"):
        json_key('a"b')


def test_an_irregular_line_fails_loudly(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n3\n", encoding="utf-8")
    with pytest.raises(IrregularText):
        list(rows(f"SELECT * FROM {text_table(TextTable(path, ('a', 'b')))}"))


def test_the_engine_fetches_no_extension() -> None:
    with connect() as engine:
        found = engine.execute("SELECT current_setting('autoinstall_known_extensions')").fetchone()
    assert found == (False,)
