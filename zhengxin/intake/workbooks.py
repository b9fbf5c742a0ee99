"""Reading one sheet of an XLSX workbook as text, and seeing what a cell really was."""

import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from zhengxin.intake.headers import recognised
from zhengxin.intake.types import Source
from zhengxin.intake.uploads import UploadRefused, column_place
from zhengxin.kernel.say import say

FORMULA_MARK, DIGITS_LOST_MARK, ERROR_MARK = "\x01", "\x04", "\x05"
# A spreadsheet number holds 15 digits; a longer one has lost its tail.
_EXACT = 10**15
_CHUNK = 1 << 22
_OVERLAP = 4096
_FORMULA = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w+:)?f[ >/]')
# An error value: #N/A, #REF!. The reader gives such a cell as an empty one.
_ERROR = re.compile(
    rb"<(?:\w+:)?c ([^>]*?\bt=[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]+)<",
    re.DOTALL,
)
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d+)[\"']")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z0-9:]+)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ENOUGH = 3
_TAKEN = re.compile("[\x01\x02\x04\x05]")
_OURS = str.maketrans(dict.fromkeys("\x01\x02\x04\x05", "\x03"))


def sheet_rows(path: Path, source: Source) -> tuple[str, Iterator[list[str]]]:
    """The name of the one sheet that holds the rows, and all of its rows as text.

    Formula cells begin with FORMULA_MARK, error values with ERROR_MARK, numbers too long for a
    spreadsheet with DIGITS_LOST_MARK. Raises UploadRefused: no sheet or several, merged cells, damaged file.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        with ThreadPoolExecutor(1) as beside:
            # The reader leaves the interpreter free, so a single sheet is looked into meanwhile.
            looking = beside.submit(_look_inside, path, names[0]) if len(names) == 1 else None
            name, sheet = _the_sheet(book, names, source)
            rows = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise _unreadable() from error
    if not rows:
        raise UploadRefused(say("工作表“{name}”是空的。", name=name), "", say("请核对后重新上传。"))
    marks = looking.result() if looking else _look_inside(path, name)
    return name, _texts(rows, marks)


def _unreadable() -> UploadRefused:
    return UploadRefused(
        say("XLSX文件已损坏，打不开。"),
        say("工作簿的内部结构不完整。"),
        say("请用Excel重新打开并“另存为”XLSX后上传。"),
    )


def _the_sheet(
    book: CalamineWorkbook, sheets: list[str], source: Source
) -> tuple[str, CalamineSheet]:
    if len(sheets) == 1:
        return sheets[0], book.get_sheet_by_name(sheets[0])
    filled: list[tuple[str, CalamineSheet]] = []
    fitting: list[tuple[str, CalamineSheet]] = []
    for name in sheets:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is None:
            continue
        filled.append((name, sheet))
        head = sheet.to_python(skip_empty_area=False, nrows=2)
        if any(recognised([str(c) for c in row], source) >= _ENOUGH for row in head):
            fitting.append((name, sheet))
    if len(fitting) == 1:
        return fitting[0]
    if not fitting and len(filled) == 1:
        return filled[0]
    names = "、".join(name for name, _ in fitting or filled)
    raise UploadRefused(
        say("工作簿里有{n}个有内容的工作表。", n=len(fitting or filled)),
        say("它们是：{names}，无法确定收哪一个。", names=names),
        say("请只留一个工作表，或分成几个文件上传。"),
    )


def _look_inside(path: Path, name: str) -> dict[int, dict[int, str]]:
    """What to put before the text of a cell, by row number (from 1) and column (from 0).

    Raises UploadRefused if cells are merged.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_part(archive, name)) as stream:
            return _scan(stream)
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile) as error:
        raise _unreadable() from error


def _part(archive: zipfile.ZipFile, name: str) -> str:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relation = next(
        node.attrib[_RELATION]
        for node in book.iter()
        if node.tag.endswith("}sheet") and node.attrib.get("name") == name
    )
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(node.attrib["Target"] for node in links if node.attrib["Id"] == relation)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _scan(stream: Any) -> dict[int, dict[int, str]]:
    marks: dict[int, dict[int, str]] = {}
    merged: dict[str, None] = {}
    tail = b""
    while chunk := stream.read(_CHUNK):
        text = tail + chunk
        if b"<f" in text or b":f" in text:
            for letters, row in _FORMULA.findall(text):
                marks.setdefault(int(row), {})[column_place(letters)] = FORMULA_MARK
        if b'="e"' in text or b"='e'" in text:
            for written, value in _ERROR.findall(text):
                if place := _PLACE.search(written):
                    told = marks.setdefault(int(place[2]), {})
                    told[column_place(place[1])] = ERROR_MARK + value.decode("utf-8", "replace")
        if b"ergeCell" in text:
            merged.update(dict.fromkeys(ref.decode() for ref in _MERGED.findall(text)))
        tail = text[-_OVERLAP:]
    if merged:
        some = "、".join(list(merged)[:_ENOUGH])
        raise UploadRefused(
            say("工作表里有合并的单元格。"),
            say("共{n}处，如{some}；合并后只有左上角有值，其余是空的。", n=len(merged), some=some),
            say("请取消合并，把列名放在第1行、每格各填各的值，再上传。"),
        )
    return marks


def _texts(rows: list[list[Any]], marks: dict[int, dict[int, str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows, start=1):
        texts = row
        try:
            whole = "".join(row)
        except TypeError:
            texts = [cell if type(cell) is str else _text(cell) for cell in row]
            whole = "".join(cell for cell in row if type(cell) is str)
        # Printable text holds none of our marks: asking that first is quick.
        if not whole.isprintable() and _TAKEN.search(whole):
            texts = [
                text if type(cell) is not str else text.translate(_OURS)
                for cell, text in zip(row, texts, strict=True)
            ]
        for place, mark in marks.get(number, {}).items():
            if place < len(texts):
                texts[place] = mark + texts[place]
        yield texts


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _number(cell: float) -> str:
    if abs(cell) >= _EXACT:
        return DIGITS_LOST_MARK + (f"{cell:.0f}" if abs(cell) < 1e30 else repr(cell))
    if cell == int(cell):
        return str(int(cell))
    return f"{cell:.15g}"
