"""The Excel template of a source: drop-downs, notes, an example row, and how to fill it in."""

import io
from typing import Any

import xlsxwriter

from zhengxin.intake.types import Column, ColumnType, Disclosure, Source
from zhengxin.kernel.say import say

GUIDE_SHEET = "填写说明"
ROWS = 5_000
_WIDTH = {ColumnType.DATE: 14, ColumnType.USCC: 24, ColumnType.ID_NUMBER: 24}
# Excel keeps at most this many characters in a drop-down list written into the sheet.
_LIST_LIMIT = 255


def template_bytes(source: Source) -> bytes:
    """An XLSX workbook whose first sheet is filled in and sent, the second explains every column."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    styles = {
        "required": book.add_format({"bold": True, "bg_color": "#F3E9D2", "border": 1}),
        "optional": book.add_format({"bold": True, "border": 1}),
        "text": book.add_format({"num_format": "@"}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        "head": book.add_format({"bold": True}),
    }
    columns = [c for c in source.columns if c.disclosure is not Disclosure.IGNORED]
    _rows_sheet(book.add_worksheet(_sheet_name(source.title)), columns, styles)
    _guide_sheet(book.add_worksheet(say(GUIDE_SHEET)), source, columns, styles)
    book.close()
    return made.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(char for char in title if char not in r"[]:*?/\\")[:31]


def _rows_sheet(sheet: Any, columns: list[Column], styles: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        style = styles["required" if column.required else "optional"]
        sheet.write_string(0, place, column.header, style)
        sheet.set_column(place, place, _WIDTH.get(column.type, 22), styles["text"])
        if note := note_of(column):
            sheet.write_comment(0, place, note, {"x_scale": 2})
        choices = [choice.label for choice in column.choices]
        if choices and len(",".join(choices)) <= _LIST_LIMIT:
            sheet.data_validation(
                1,
                place,
                ROWS,
                place,
                {
                    "validate": "list",
                    "source": choices,
                    "error_title": say("代码表里没有这个值"),
                    "error_message": say("请从下拉列表中选择。"),
                },
            )


def _guide_sheet(sheet: Any, source: Source, columns: list[Column], styles: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 3, 60, styles["wrapped"])
    lines = (
        say("{title}，{edition}", title=source.title, edition=source.edition),
        say("依据：{basis}", basis=source.basis),
        say("目的：{purpose}", purpose=source.purpose),
        say("第1行是列名，请勿改动或合并；从第2行起每行一条。日期写成2026-10-02。"),
        say("不要报送法定代表人的证件号码；文字说明里不要写身份证件号码。"),
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    start = len(lines) + 1
    for place, title in enumerate((say("列名"), say("是否必填"), say("怎么填"), say("例如"))):
        sheet.write_string(start, place, title, styles["head"])
    for row, column in enumerate(columns, start=start + 1):
        sheet.write_string(row, 0, column.header)
        sheet.write_string(row, 1, need_of(column))
        sheet.write_string(row, 2, note_of(column))
        sheet.write_string(row, 3, column.example)


def need_of(column: Column) -> str:
    """Whether a column must be filled in."""
    if column.required:
        return say("必填")
    return say("有条件必填") if column.required_when else say("选填")


def note_of(column: Column) -> str:
    """How a column is filled in, in one or two sentences."""
    parts = [column.note]
    if column.required_when is not None:
        values = "、".join(column.required_when.values)
        parts.append(say("类别是{values}时必填", values=values))
    if column.choices:
        labels = "、".join(choice.label for choice in column.choices)
        parts.append(say("只能填：{labels}", labels=labels))
    if column.type is ColumnType.DATE:
        parts.append(say("日期，写成2026-10-02"))
    if column.length and column.type is ColumnType.TEXT:
        parts.append(say("最多{n}个字", n=column.length))
    return "；".join(part for part in parts if part)
