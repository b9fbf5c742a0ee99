"""Rows of a template as a file: XLSX, CSV, XML or JSON, written row by row in bounded memory."""

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from zhengxin.handover.types import FileForm, Template


class RowFile(ABC):
    """A file that rows are added to; close() ends it. rows: how many so far."""

    def __init__(self, path: Path, template: Template, headers: Sequence[str], number: str) -> None:
        self.path, self.template, self.headers, self.number = path, template, headers, number
        self.rows = 0

    def add(self, values: Mapping[str, str]) -> int:
        """Write one record; its number within the file, from 1."""
        self.rows += 1
        self.write([values.get(field.code, "") for field in self.template.fields])
        return self.rows

    @abstractmethod
    def write(self, cells: Sequence[str]) -> None:
        """Write the cells of one record in the template's order."""

    @abstractmethod
    def close(self) -> None:
        """End the file."""


class _Csv(RowFile):
    def __init__(self, path: Path, template: Template, headers: Sequence[str], number: str) -> None:
        super().__init__(path, template, headers, number)
        # The mark at the beginning lets spreadsheets know that this is UTF-8.
        self._stream = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(headers)

    def write(self, cells: Sequence[str]) -> None:
        self._writer.writerow(cells)

    def close(self) -> None:
        self._stream.close()


class _Json(RowFile):
    def __init__(self, path: Path, template: Template, headers: Sequence[str], number: str) -> None:
        super().__init__(path, template, headers, number)
        self._stream = path.open("w", encoding="utf-8")
        head = json.dumps({"number": number, "kind": template.kind}, ensure_ascii=False)
        self._stream.write(f'{head[:-1]}, "records": [')

    def write(self, cells: Sequence[str]) -> None:
        record = {f.code: cell for f, cell in zip(self.template.fields, cells, strict=True)}
        start = "\n" if self.rows == 1 else ",\n"
        self._stream.write(start + json.dumps(record, ensure_ascii=False))

    def close(self) -> None:
        self._stream.write("\n]}\n")
        self._stream.close()


class _Xml(RowFile):
    """The envelope seen between platforms: ExchangeMessage, Header, Body, and fields for each record."""

    def __init__(self, path: Path, template: Template, headers: Sequence[str], number: str) -> None:
        super().__init__(path, template, headers, number)
        self._stream = path.open("w", encoding="utf-8")
        self._stream.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<ExchangeMessage><Header>'
            f"<Number>{escape(number)}</Number><Kind>{escape(template.kind)}</Kind></Header><Body>\n"
        )

    def write(self, cells: Sequence[str]) -> None:
        parts = "".join(
            f"<{field.code}>{escape(cell)}</{field.code}>"
            for field, cell in zip(self.template.fields, cells, strict=True)
        )
        self._stream.write(f"<fields>{parts}</fields>\n")

    def close(self) -> None:
        self._stream.write("</Body></ExchangeMessage>\n")
        self._stream.close()


class _Xlsx(RowFile):
    def __init__(self, path: Path, template: Template, headers: Sequence[str], number: str) -> None:
        super().__init__(path, template, headers, number)
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(str(path), options)
        self._sheet = self._book.add_worksheet(template.title[:31])
        for place, header in enumerate(headers):
            self._sheet.write_string(0, place, header)

    def write(self, cells: Sequence[str]) -> None:
        for place, cell in enumerate(cells):
            if cell:
                self._sheet.write_string(self.rows, place, cell)

    def close(self) -> None:
        self._book.close()


_FORMS: Mapping[FileForm, type[RowFile]] = {
    FileForm.CSV: _Csv,
    FileForm.JSON: _Json,
    FileForm.XML: _Xml,
    FileForm.XLSX: _Xlsx,
}


def row_file(
    form: FileForm, path: Path, template: Template, headers: Sequence[str], number: str
) -> RowFile:
    """A new file of this form at `path`, its header written."""
    return _FORMS[form](path, template, headers, number)
