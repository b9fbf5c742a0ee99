"""What the program is measured beside: frictionless, DuckDB's own reading and writing, python-calamine.

frictionless gets the same columns, lengths, required fields, lists, dates and amounts in a schema, and the remaining rules
of sources/penalties/source.yaml in one custom check, as its documentation shows.
"""

import os
import re
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from zhengxin.console.bench.generate import COLUMNS
from zhengxin.kernel.leaks import find_id_numbers
from zhengxin.kernel.uscc import FILLER, CodeState, check_uscc
from zhengxin.lake.copying import copy_csv_to_parquet

REQUIRED = (
    "CF_XDR_MC", "CF_XDR_LB", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_JDRQ", "CF_CFJG", "CF_CFJGDM",
    "CF_SJLY", "CF_SJLYDM",
)  # fmt: skip
CODES = ("CF_XDR_SHXYM", "CF_CFJGDM", "CF_SJLYDM")
KINDS = {
    "警告", "通报批评", "罚款", "没收违法所得、没收非法财物", "责令停产停业", "暂扣许可证件", "吊销许可证件", "行政拘留", "其他",
}  # fmt: skip


TEXTS = ("CF_WSH", "CF_SY", "CF_NR", "BZ")
DATES = ("CF_JDRQ", "CF_YXQ", "CF_GSJZQ")
REFUSED = re.compile(
    r"简\s*易\s*程\s*序|当\s*场\s*(?:作出)?\s*(?:行政)?\s*处罚|涉密|国家秘密|(?:绝密|机密|秘密)[★级]"
)
ODD = re.compile(r"[\x00-\x08\x0b-\x1f]|^[=+@]")
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2099, 12, 31)


def _field(name: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": "string", "constraints": {}}
    if name in DATES:
        field["type"] = "date"
    elif name in ("CF_NR_FK", "CF_NR_WFFF"):
        field["type"] = "number"
    elif name in ("CF_XDR_MC", "CF_CFJG", "CF_SJLY"):
        field["constraints"]["maxLength"] = 200
    elif name == "CF_WSH":
        field["constraints"]["maxLength"] = 128
    elif name == "CF_XDR_LB":
        field["constraints"]["enum"] = ["法人及非法人组织", "个体工商户", "自然人"]
    if name in REQUIRED:
        field["constraints"]["required"] = True
    return field


def _broken(row: Any, seen: dict[tuple[str, str], int]) -> Iterator[tuple[str, str]]:
    """(field, rule) for everything wrong with one row; `seen` holds the natural keys of the rows before."""
    for name in CODES:
        if row[name] and check_uscc(row[name]).state == CodeState.BAD:
            yield name, "check digit"
    code, category = row["CF_XDR_SHXYM"] or "", row["CF_XDR_LB"] or ""
    if category == "自然人":
        if code:
            yield "CF_XDR_SHXYM", "a person has no code"
        if not row["CF_XDR_ZJHM"]:
            yield "CF_XDR_ZJHM", "required"
    elif not code or not row["CF_FRDB"]:
        yield "CF_XDR_SHXYM", "required"
    if code.startswith("92") != (category == "个体工商户"):
        yield "CF_XDR_LB", "prefix"
    if code == FILLER and not row["CF_XDR_GSZC"]:
        yield "CF_XDR_GSZC", "required"
    for kind in re.split("[;；、,，]", row["CF_CFLB"] or ""):
        if kind.strip() not in KINDS:
            yield "CF_CFLB", "kind"
    for name in TEXTS:
        text = row[name] or ""
        if REFUSED.search(text):
            yield name, "not reported"
        if name != "CF_WSH" and find_id_numbers(text):
            yield name, "identity number"
    for name in DATES:
        if row[name] and not FIRST_DAY <= row[name] <= LAST_DAY:
            yield name, "date"
    if row["CF_JDRQ"] and row["CF_JDRQ"] > date.today():
        yield "CF_JDRQ", "future"
    for name, most in (("CF_NR_FK", 1000), ("CF_NR_WFFF", 10000)):
        if row[name] is not None and not 0 <= row[name] <= most:
            yield name, "amount"
    for name in COLUMNS:
        if isinstance(row[name], str) and ODD.search(row[name]):
            yield name, "control characters"
    key = (row["CF_WSH"] or "", row["CF_XDR_MC"] or "")
    content = hash(tuple(row[name] for name in COLUMNS))
    if seen.setdefault(key, content) != content:
        yield "CF_WSH", "same number, other content"


def frictionless_rows_per_second(path: Path, count: int) -> float:
    """Rows a second that frictionless validates, on the first `count` rows of the same file."""
    from frictionless import Check, Checklist, Resource, Schema, errors

    class FieldRules(Check):
        """What the schema cannot say, rule for rule as sources/penalties/source.yaml has it."""

        type = "field-rules"
        Errors = [errors.CellError]

        def __init__(self) -> None:
            super().__init__()
            self.seen: dict[tuple[str, str], int] = {}

        def validate_row(self, row: Any) -> Iterator[Any]:
            for name, note in _broken(row, self.seen):
                yield errors.CellError.from_row(row, note=note, field_name=name)

    sample = path.with_name("frictionless.csv")
    with path.open(encoding="utf-8") as whole, sample.open("w", encoding="utf-8") as part:
        part.writelines(islice(whole, count + 1))
    schema = Schema.from_descriptor({"fields": [_field(name) for name in COLUMNS]})
    here = Path.cwd()
    os.chdir(sample.parent)
    try:
        started = time.perf_counter()
        Resource(path=sample.name, schema=schema).validate(
            Checklist(checks=[FieldRules()]), limit_errors=1_000_000_000
        )
        took = time.perf_counter() - started
    finally:
        os.chdir(here)
        sample.unlink()
    return count / took


def duckdb_seconds(path: Path) -> float:
    """Seconds DuckDB itself needs to read the file and write it as Parquet."""
    out = path.with_suffix(".duckdb.parquet")
    started = time.perf_counter()
    copy_csv_to_parquet(path, out)
    took = time.perf_counter() - started
    out.unlink()
    return took


def calamine_seconds(path: Path) -> float:
    """Seconds python-calamine needs only to read the workbook."""
    from python_calamine import CalamineWorkbook

    started = time.perf_counter()
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return time.perf_counter() - started
