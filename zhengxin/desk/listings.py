"""Tables handed out as CSV, line by line, or as XLSX; safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from zhengxin.desk.downloads import attachment_name, workbook


class _Echo:
    """A file that hands every line straight on."""

    def write(self, text: str) -> str:
        return text


def plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([plain(cell) for cell in header])
    for row in rows:
        yield writer.writerow([plain(cell) for cell in row])


def as_csv(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """The rows as a download."""
    return StreamingHttpResponse(
        _lines(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": attachment_name(filename)},
    )


def book_of(lines: Iterable[Sequence[object]]) -> io.BytesIO:
    """A workbook of one sheet, its first line in view; every cell is text, so none is a formula."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write_string(place, column, "" if cell is None else str(cell))
    made.seek(0)
    return made


def as_asked(
    request: HttpRequest, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponseBase:
    """The rows as the address asks for them: XLSX where it says so (form=xlsx), else CSV."""
    if request.GET.get("form") == "xlsx":
        return workbook(book_of([header, *rows]), f"{name}.xlsx")
    return as_csv(f"{name}.csv", header, rows)
