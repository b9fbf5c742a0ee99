"""From an upload to a regular text table: one row a record, every cell text, rows numbered as shown.

A well-formed UTF-8 CSV is its own table and is read in place. Everything else (GB18030, XLSX, blank
or irregular lines) is first written out as `table.csv`, with two columns in front: row number and
number of cells. Two marks tell later checks what a cell was in the workbook.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from zhengxin.intake.headers import Match, match_headers
from zhengxin.intake.types import SPACES, ColumnType, Reading, Source
from zhengxin.intake.uploads import TextFile, UploadRefused, examine_text, kind_of
from zhengxin.intake.workbooks import DIGITS_LOST_MARK, ERROR_MARK, FORMULA_MARK, sheet_rows
from zhengxin.kernel.say import say
from zhengxin.kernel.uscc import CodeState, check_uscc

TABLE = "table.csv"
DELIMITERS = (",", "\t", ";")
# Characters of a row: what the engine reads as one line holds five bytes for each.
MAX_ROW = 400_000
_BEGINNING = 1 << 20
# Between the cells of a table written here: rarer than a comma, so that hardly a cell needs quotes.
APART = "\x1f"
_CONTROL = "\x03"
_MARKED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# What a cell may not begin with, for these marks are ours.
_OURS = str.maketrans(dict.fromkeys((FORMULA_MARK, DIGITS_LOST_MARK, ERROR_MARK, "\x02"), _CONTROL))


def read_upload(
    path: Path, folder: Path, source: Source, *, hasty: bool = False, kind: str = ""
) -> Reading:
    """Recognise, decode and lay out the upload at `path`; the table may be written into `folder`.

    kind: what uploads.kind_of said of it, where that was asked before. hasty: judge a text by its beginning; whether the rest is like it, `goes_on_so` tells.
    Raises UploadRefused or HeaderRefused, with nothing left half done.
    """
    if (kind or kind_of(path)) == "xlsx":
        return _read_workbook(path, folder, source)
    return _read_text(path, folder, source, most=_BEGINNING if hasty else None)


def goes_on_so(path: Path, reading: Reading) -> bool:
    """Whether all of a text that was read in haste is as its beginning let expect."""
    if reading.numbered:
        return True
    found = examine_text(path, whole=False)
    return not found.irregular and (found.tidy or not reading.tidy)


def reread_exactly(path: Path, folder: Path, source: Source) -> Reading:
    """Read a CSV once more by the slow, exact reader, after the engine met an irregular line."""
    return _read_text(path, folder, source, exact=True)


def _read_text(
    path: Path, folder: Path, source: Source, *, exact: bool = False, most: int | None = None
) -> Reading:
    found = examine_text(path, whole=exact, most=most)
    delimiter = _delimiter(path, found)
    head = _head(path, found, delimiter)
    # A sheet that was emptied and saved: separators alone.
    first = head[0] if head else []
    second = head[1] if len(head) > 1 else []
    match = match_headers(first, second, source)
    if found.encoding == "gb18030" or found.irregular or exact:
        table = folder / TABLE
        marked = _lay_out(table, len(first), _exact_rows(path, found, delimiter))
        reading = _reading(table, APART, first, match, numbered=True, encoding=found.encoding)
        return replace(reading, tidy=True, marked=marked, usual=_usual(match, second, source))
    reading = _reading(path, delimiter, first, match, numbered=False, encoding=found.encoding)
    return replace(reading, tidy=found.tidy, usual=_usual(match, second, source))


def _read_workbook(path: Path, folder: Path, source: Source) -> Reading:
    sheet, rows = sheet_rows(path, source)
    numbered = enumerate(rows, start=1)
    _, first = next(numbered)
    second = next(numbered, (2, []))
    width = len(first)
    while width and not first[width - 1].strip():
        width -= 1
    match = match_headers(first[:width], second[1], source)
    table = folder / TABLE
    marked = _lay_out(table, width, _sheet_cells(width, chain([second], numbered)))
    reading = _reading(
        table, APART, first[:width], match, numbered=True, encoding="xlsx", sheet=sheet
    )
    return replace(reading, tidy=True, marked=marked, usual=_usual(match, second[1], source))


def _usual(match: Match, row: Sequence[str], source: Source) -> str:
    """The code of an office in the first row, which most rows will repeat; "" when there is none."""
    for name, cell in zip(match.fields, row, strict=False):
        column = source.by_field.get(name)
        if column is not None and column.type is ColumnType.USCC and column.role != "party_code":
            found = check_uscc(cell)
            if found.state is CodeState.OK:
                return found.code
    return ""


def _sheet_cells(
    width: int, rows: Iterable[tuple[int, Sequence[str]]]
) -> Iterator[tuple[int, int, Sequence[str]]]:
    """A sheet's rows are padded to its widest one, so trailing empty cells are no cells."""
    for number, cells in rows:
        yield number, _filled(cells, width), cells


def _filled(cells: Sequence[str], width: int) -> int:
    count = len(cells)
    while count > width and not cells[count - 1].strip():
        count -= 1
    return max(count, width)


def _reading(
    table: Path,
    delimiter: str,
    headers: Sequence[str],
    match: Match,
    *,
    numbered: bool,
    encoding: str,
    sheet: str = "",
) -> Reading:
    return Reading(
        path=str(table),
        delimiter=delimiter,
        headers=tuple(header.strip() for header in headers),
        fields=match.fields,
        numbered=numbered,
        encoding=encoding,
        sheet=sheet,
        unread=match.unknown,
        ignored=match.ignored,
        absent=match.absent,
    )


def _encoding(found: TextFile) -> str:
    return "utf-8-sig" if found.encoding.startswith("utf-8") else found.encoding


def _delimiter(path: Path, found: TextFile) -> str:
    with path.open(encoding=_encoding(found), newline="") as stream:
        line = stream.readline(MAX_ROW)
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _head(path: Path, found: TextFile, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for _, cells in _csv_rows(path, found, delimiter):
        if any(cell.strip() for cell in cells):
            rows.append(cells)
        if len(rows) == 2:
            break
    return rows


def _csv_rows(path: Path, found: TextFile, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(MAX_ROW)
    with path.open(encoding=_encoding(found), newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "field limit" in str(error):
                    raise _too_long(number) from error
                raise UploadRefused(
                    say("第{row}行的引号没有成对。", row=number),
                    say("从这里起分不清单元格的边界，后面的行无法读取。"),
                    say("请在Excel中打开原表，重新导出为CSV UTF-8后上传。"),
                ) from error
            yield number, cells


def _exact_rows(
    path: Path, found: TextFile, delimiter: str
) -> Iterator[tuple[int, int, Sequence[str]]]:
    rows = _csv_rows(path, found, delimiter)
    for _, cells in rows:
        if any(cell.strip() for cell in cells):
            break
    for number, cells in rows:
        yield number, len(cells), [cell.translate(_OURS) for cell in cells]


def _too_long(row: int) -> UploadRefused:
    return UploadRefused(
        say("第{row}行太长，不能读取。", row=row),
        say("一行最多{n}字，各格合计。多半是少了一个引号或换行，把许多行连成了一格。", n=MAX_ROW),
        say("请打开原表核对这一行，重新导出为CSV UTF-8后上传。"),
    )


def _lay_out(table: Path, width: int, rows: Iterable[tuple[int, int, Sequence[str]]]) -> bool:
    """Write rows of exactly `width` trimmed cells; blank rows are left out, surplus cells dropped but counted.

    Returns whether any cell holds a mark or another control character.
    """
    scratch = table.with_name(table.name + ".part")
    blank = [""] * width
    marked = False
    with scratch.open("w", encoding="utf-8", newline="") as stream:
        # A lone carriage return ends a line for the engine, but is not what the writer would quote.
        writer = csv.writer(stream, delimiter=APART, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(["row_number", "cells", *(f"c{place}" for place in range(width))])
        for number, count, cells in rows:
            text = "".join(cells)
            if len(text) > MAX_ROW:
                raise _too_long(number)
            # Printable text without a blank has nothing to be trimmed and no mark: most rows are such.
            plain = text.isprintable()
            if " " in text or not plain:
                cells = [cell.strip(SPACES) for cell in cells]
                text = "".join(cells)
                marked = marked or _MARKED.search(text) is not None
            if not text:
                continue
            if len(cells) != width:
                cells = [*cells, *blank][:width]
            if plain and '"' not in text:
                stream.write(APART.join((str(number), str(count), *cells)) + "\n")
            else:
                writer.writerow([number, count, *cells])
    scratch.replace(table)
    return marked
