"""What the program is measured beside: frictionless, DuckDB's own reading and writing, python-calamine.

frictionless gets the same columns, lengths, required fields, lists, dates, amounts, patterns and check digits; rules it
cannot say in a schema are one custom check, as its documentation shows.
"""

import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from zhengxin.console.bench.generate import COLUMNS
from zhengxin.kernel.uscc import CodeState, check_uscc
from zhengxin.lake.copying import copy_csv_to_parquet

REQUIRED = (
    "CF_XDR_MC", "CF_XDR_LB", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_JDRQ", "CF_CFJG", "CF_CFJGDM",
    "CF_SJLY", "CF_SJLYDM",
)  # fmt: skip
CODES = ("CF_XDR_SHXYM", "CF_CFJGDM", "CF_SJLYDM")
KINDS = {
    "警告", "通报批评", "罚款", "没收违法所得、没收非法财物", "责令停产停业", "暂扣许可证件", "吊销许可证件", "行政拘留", "其他",
}  # fmt: skip


def _field(name: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": "string", "constraints": {}}
    if name in ("CF_JDRQ", "CF_YXQ", "CF_GSJZQ"):
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


def frictionless_rows_per_second(path: Path, count: int) -> float:
    """Rows a second that frictionless validates, on the first `count` rows of the same file."""
    from frictionless import Check, Checklist, Resource, Schema, errors

    class FieldRules(Check):
        """Check digits, kinds of penalty, prefixes, and the two patterns that refuse a row."""

        type = "field-rules"
        Errors = [errors.CellError]

        def validate_row(self, row: Any) -> Iterator[Any]:
            for name in CODES:
                if row[name] and check_uscc(row[name]).state == CodeState.BAD:
                    yield errors.CellError.from_row(row, note="check digit", field_name=name)
            for kind in (row["CF_CFLB"] or "").split(";"):
                if kind not in KINDS:
                    yield errors.CellError.from_row(row, note="kind", field_name="CF_CFLB")
            for name in ("CF_WSH", "CF_SY", "CF_NR", "BZ"):
                if row[name] and ("简易程序" in row[name] or "涉密" in row[name]):
                    yield errors.CellError.from_row(row, note="not reported", field_name=name)

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
