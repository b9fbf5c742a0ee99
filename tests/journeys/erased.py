"""Rows of the record that is erased, and of others beside it, as departments would send them."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl

from tests.rows import licence_file
from zhengxin.demo.parties import id_number
from zhengxin.kernel.uscc import FILLER, uscc_check_character

UNTIL = date(2026, 11, 20)
# Of the firm's record alone: its name, code, number, text, the person behind it.
FIRM, TEXT, NUMBER, LEADER = "示例鲲鹏石材有限公司", "准予采琅玕石", "示琅许", "欧阳鲲琅"
CODE = "91999901MA0009999" + uscc_check_character("91999901MA0009999")
CORRECTED = "准予采琼瑶石"
# Of the person's record alone.
PERSON, ID_NUMBER, PERSON_TEXT = "慕容琳琅", id_number(date(1990, 3, 7), 831), "准予售琥珀"
# Of a trader's without a code: it waits until a person has decided whose it is.
TRADER, TRADER_TEXT = "示例镇璎珞奇石店", "准予雕玛瑙"
OTHER = "准予运玳瑁"


def records(place: Path, count: int, first: int = 1) -> list[dict[str, str]]:
    """Sound rows of invented licences."""
    path = licence_file(
        place / "raw.csv",
        count,
        unit_name="示例县市场监督管理局",
        unit_code="11990121310031515F",
        until=UNTIL,
        first=first,
    )
    text = path.read_text(encoding="utf-8-sig")
    path.unlink()
    return list(csv.DictReader(io.StringIO(text)))


def firm(row: dict[str, str], **changes: str) -> dict[str, str]:
    return {
        **row,
        "XK_XDR_MC": FIRM,
        "XK_XDR_SHXYM": CODE,
        "XK_FRDB": LEADER,
        "XK_WSH": f"{NUMBER}〔2026〕7号",
        "XK_NR": TEXT,
        **changes,
    }


def person(row: dict[str, str]) -> dict[str, str]:
    return {
        **row,
        "XK_XDR_MC": PERSON,
        "XK_XDR_LB": "自然人",
        "XK_XDR_SHXYM": "",
        "XK_XDR_ZJLX": "身份证",
        "XK_XDR_ZJHM": ID_NUMBER,
        "XK_FRDB": "",
        "XK_WSH": "示珀许〔2026〕3号",
        "XK_NR": PERSON_TEXT,
    }


def trader(row: dict[str, str]) -> dict[str, str]:
    return {
        **row,
        "XK_XDR_MC": TRADER,
        "XK_XDR_LB": "个体工商户",
        "XK_XDR_SHXYM": FILLER,
        "XK_XDR_GSZC": "9901",
        "XK_FRDB": "司徒璎珞",
        "XK_WSH": "示瑙许〔2026〕4号",
        "XK_NR": TRADER_TEXT,
    }


def as_csv(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_workbook(path: Path, rows: list[dict[str, str]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([row[name] for name in rows[0]])
    book.save(path)
    return path
