"""Reading a return file: CSV, XLSX or JSON, however the peer names its columns. No database."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from zhengxin.handover.types import AnswerRow
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

_NAMES = {
    "number": ("批次号", "上报批次", "批次", "number", "batch"),
    "file": ("文件", "文件名", "file"),
    "row": ("行号", "记录号", "序号", "row", "line"),
    "document": (
        "文书号",
        "决定文书号",
        "行政许可决定文书号",
        "行政处罚决定书文号",
        "document",
        "XK_WSH",
        "CF_WSH",
    ),
    "party": ("相对人名称", "行政相对人名称", "名称", "party", "XK_XDR_MC", "CF_XDR_MC"),
    "verdict": ("结果", "处理结果", "状态", "result", "verdict", "status"),
    "reason": ("原因", "退回原因", "错误原因", "说明", "reason", "message"),
}
_ACCEPTED = {
    "接收",
    "已接收",
    "成功",
    "通过",
    "入库",
    "合格",
    "accepted",
    "accept",
    "ok",
    "true",
    "1",
}
_REJECTED = {
    "退回",
    "被退回",
    "失败",
    "不通过",
    "拒绝",
    "不合格",
    "rejected",
    "reject",
    "error",
    "false",
    "0",
}
_EVERYTHING = {"全部", "其余", "all", "*"}
_HEADER_WITHIN = 10


class ReturnUnreadable(Refused):
    """A return file that cannot be read at all."""

    def __init__(self, filename: str, why: str) -> None:
        super().__init__(
            say("回执文件“{filename}”读不懂。", filename=filename),
            why,
            say("文件原样留着；请核对是不是这份，或请对方重新出具CSV、XLSX或JSON的回执。"),
        )


def read_return(filename: str, content: bytes) -> tuple[list[AnswerRow], list[str]]:
    """The lines of a return file, and a sentence for each line that cannot be used.

    Raises ReturnUnreadable.
    """
    end = Path(filename).suffix.lower()
    if end == ".json":
        table = _from_json(filename, content)
    elif end == ".xlsx":
        table = _from_workbook(filename, content)
    else:
        table = _from_text(filename, content)
    rows, problems = [], []
    for place, cells in table:
        row, problem = _row(place, cells)
        if row is not None:
            rows.append(row)
        if problem:
            problems.append(problem)
    if not rows and not problems:
        raise ReturnUnreadable(filename, say("里面一行也没有。"))
    return rows, problems


def _row(place: int, cells: Mapping[str, str]) -> tuple[AnswerRow | None, str]:
    verdict = cells.get("verdict", "").casefold()
    if verdict not in _ACCEPTED | _REJECTED:
        told = {"place": place, "verdict": verdict[:20] or say("空")}
        return None, say("第{place}行：结果“{verdict}”看不出是接收还是退回。", **told)
    number = cells.get("number", "")
    if not number:
        return None, say("第{place}行：没有批次号。", place=place)
    text = cells.get("row", "")
    everything = text.casefold() in _EVERYTHING
    digits = text.removesuffix(".0")
    row = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None
    named = cells.get("document") or row is not None or everything
    if not named:
        return None, say("第{place}行：没有行号，也没有文书号。", place=place)
    return (
        AnswerRow(
            place=place,
            number=number[:60],
            file=cells.get("file", "")[:255],
            row=row,
            document=cells.get("document", "")[:200],
            party=cells.get("party", "")[:200],
            accepted=verdict in _ACCEPTED,
            reason=cells.get("reason", "")[:300],
            everything=everything,
        ),
        "",
    )


def _from_json(filename: str, content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        told = json.loads(content)
        number = str(told.get("number", told.get("批次号", ""))) if isinstance(told, dict) else ""
        rows = told["rows"] if isinstance(told, dict) else told
        named = [{str(k): _text(v) for k, v in each.items()} for each in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReturnUnreadable(filename, say("不是合格的JSON回执。")) from error
    for place, each in enumerate(named, start=1):
        fields = _fields(list(each))
        cells = {field: each[name] for field, name in zip(fields, each, strict=True) if field}
        yield place, {"number": number, **{k: v for k, v in cells.items() if v}}


def _from_workbook(filename: str, content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except CalamineError as error:
        raise ReturnUnreadable(filename, say("工作簿打不开。")) from error
    return _from_rows(filename, rows)


def _from_text(filename: str, content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ReturnUnreadable(filename, say("编码既不是UTF-8，也不是GB18030。"))
    head = text[:2000]
    delimiter = max(",\t;", key=head.count)
    try:
        rows = [
            [cell.strip() for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise ReturnUnreadable(filename, say("不是合格的CSV。")) from error
    return _from_rows(filename, rows)


def _from_rows(
    filename: str, rows: Sequence[Sequence[str]]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    named = [_fields(row) for row in rows[:_HEADER_WITHIN]]
    headers = [place for place, found in enumerate(named) if {"verdict", "number"} <= set(found)]
    if not headers:
        raise ReturnUnreadable(filename, say("没有找到“批次号”和“结果”两列。"))
    start = headers[0]
    fields = named[start]
    return (
        (place, {field: cell for field, cell in zip(fields, cells, strict=False) if field})
        for place, cells in enumerate(rows[start + 1 :], start=start + 2)
        if any(cells)
    )


def _fields(names: Sequence[str]) -> list[str]:
    """What each column means, "" for one that is not read."""
    known = {_folded(name): field for field, given in _NAMES.items() for name in given}
    return [known.get(_folded(name), "") for name in names]


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
