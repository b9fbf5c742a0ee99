"""The workbook handed back: the sender's own faulty rows, with every fault in its cell."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhengxin.intake.tables import raw_sql
from zhengxin.intake.types import Reading, Severity, Source
from zhengxin.kernel.say import say
from zhengxin.lake.queries import rows
from zhengxin.lake.sql import parquet

# What a sheet and a reader can bear; the rest stays in the list on the receipt.
MOST_ROWS = 200_000
MOST_COMMENTS = 20_000
_CELL_LIMIT = 32_000
_MARKS = "\x01\x04\x05"
_COLOURS = {Severity.REFUSE: "#F8D7D3", Severity.WAIT: "#FCEFC7", Severity.WARN: "#E3ECF7"}


def write_marked_workbook(
    path: Path, source: Source, reading: Reading, faults: list[Path], number: str
) -> None:
    """Write the rows that have faults, columns in the sender's order, faulty cells coloured and explained.

    The second sheet carries the rows under the sender's own header, so the file can be sent again.
    Every cell is written as text: nothing in it is ever a formula.
    """
    # Loaded where it is used: most commands mark nothing, and each would wait for it.
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    text = book.add_format({"num_format": "@"})
    styles = {
        severity: book.add_format({"num_format": "@", "bg_color": colour, "border": 1})
        for severity, colour in _COLOURS.items()
    }
    _write_guide(book.add_worksheet(say("改正说明")), book, number)
    sheet = book.add_worksheet(say("需改正的行"))
    sheet.freeze_panes(1, 0)
    head = book.add_format({"bold": True, "border": 1})
    for place, header in enumerate(reading.headers):
        sheet.write_string(0, place, header[:_CELL_LIMIT], head)
        sheet.set_column(place, place, 20, text)
    comments = 0
    for line, (cells, found) in enumerate(_faulty_rows(reading, faults), start=1):
        notes: dict[int, tuple[Severity, list[str]]] = {}
        for place, severity, reason in found:
            at = max(place - 1, 0)
            worst, reasons = notes.setdefault(at, (Severity(severity), []))
            notes[at] = (_worse(worst, Severity(severity)), [*reasons, reason])
        for place, cell in enumerate(cells):
            shown = (cell or "").lstrip(_MARKS)[:_CELL_LIMIT]
            style = styles[notes[place][0]] if place in notes else text
            if shown:
                sheet.write_string(line, place, shown, style)
            elif place in notes:
                sheet.write_blank(line, place, None, style)
        for place, (_severity, reasons) in notes.items():
            if comments < MOST_COMMENTS:
                sheet.write_comment(
                    line, place, "\n".join(reasons), {"x_scale": 2.5, "y_scale": 1.2}
                )
                comments += 1
    book.close()


def _worse(one: Severity, other: Severity) -> Severity:
    order = list(Severity)
    return min(one, other, key=order.index)


def _write_guide(sheet: Any, book: Any, number: str) -> None:
    sheet.set_column(0, 0, 90, book.add_format({"text_wrap": True}))
    lines = (
        say("批次{number}需改正的行", number=number),
        say("“需改正的行”里只有有问题的行，列和您的表一样；红底是退回，黄底是待核，蓝底是提醒。"),
        say("批注写明原因和怎么改。改好后保存，在这一批的回执上“上传改好的文件”。"),
        say("没有列在这里的行已经收下，不必重报。待核的行不改也可以，等工作人员判断。"),
        say("请不要改动第1行列名，不要合并单元格。"),
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)


def _faulty_rows(
    reading: Reading, faults: list[Path]
) -> Iterator[tuple[list[str | None], list[tuple[int, str, str]]]]:
    """The cells of each faulty row and its faults (column from 1, severity, reason), in row order."""
    width = len(reading.headers)
    cells = ", ".join(f"r.c{place}" for place in range(width))
    sql = (
        f"WITH raw AS ({raw_sql(reading, counted=True)}), "
        "bad AS (SELECT row_number, list(place ORDER BY place) AS places, "
        "list(severity ORDER BY place) AS severities, "
        "list(because || remedy ORDER BY place) AS reasons "
        f"FROM {parquet(faults)} GROUP BY row_number ORDER BY row_number LIMIT {MOST_ROWS}) "
        f"SELECT b.places, b.severities, b.reasons, {cells} FROM raw AS r "
        "JOIN bad AS b USING (row_number) ORDER BY row_number"
    )
    for batch in rows(sql):
        for places, severities, reasons, *values in batch:
            yield values, list(zip(places, severities, reasons, strict=True))
