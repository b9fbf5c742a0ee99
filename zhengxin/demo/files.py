"""Rows written as the files that clerks send: CSV in two encodings, or XLSX, with Chinese headers."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import xlsxwriter

Row = dict[str, str]


class Form(StrEnum):
    """How a unit's own system exports."""

    CSV = "csv"
    CSV_GB18030 = "gb18030"
    XLSX = "xlsx"

    @property
    def suffix(self) -> str:
        """The ending of the file name."""
        return "xlsx" if self is Form.XLSX else "csv"


def write(
    rows: Sequence[Mapping[str, str]], headers: Mapping[str, str], form: Form, made_at: datetime
) -> bytes:
    """The bytes of a file with one column for each of `headers` (field code to header); same input, same bytes."""
    table = [list(headers.values()), *[[row.get(code, "") for code in headers] for row in rows]]
    if form is Form.XLSX:
        return _workbook(table, made_at)
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode("gb18030" if form is Form.CSV_GB18030 else "utf-8-sig")


def _workbook(table: list[list[str]], made_at: datetime) -> bytes:
    upload = io.BytesIO()
    book = xlsxwriter.Workbook(upload, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet("报送")
    for place, row in enumerate(table):
        for column, value in enumerate(row):
            sheet.write_string(place, column, value)
    book.close()
    return upload.getvalue()
