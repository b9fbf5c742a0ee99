"""Invented penalty files of any size: thirty columns, one row in a hundred faulty, the same for the same seed."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from zhengxin.kernel.uscc import organisation_check_character, uscc_check_character

COLUMNS = [
    "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_XDR_ZZJG", "CF_XDR_SWDJ", "CF_XDR_SYDW", "CF_XDR_SHZZ",
    "CF_FRDB", "CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB",
    "CF_NR", "CF_NR_FK", "CF_NR_WFFF", "CF_NR_ZKDX", "CF_JDRQ", "CF_YXQ", "CF_GSJZQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY",
    "CF_SJLYDM", "BZ",
]  # fmt: skip
SUBJECTS = 20_000
_PLACES = ["东河", "柳湾", "双井", "西岭", "白杨", "沙坪", "青石", "长桥", "北渡", "石门"]
_TRADES = ["食品", "建材", "粮油", "运输", "机械", "服装", "餐饮", "农资", "家具", "电器"]
_FORMS = ["有限公司", "商贸有限公司", "科技有限公司", "实业有限公司"]
# Three in four are graded by law alone and reach the board; fines wait for a person.
_ACTS = [
    ("销售超过保质期的食品", "《食品安全法》第三十四条第十项", "罚款"),
    ("未按规定建立进货查验制度", "《食品安全法》第五十三条第一款", "暂扣许可证件"),
    ("销售不符合标准的建筑材料", "《产品质量法》第四十九条", "没收违法所得、没收非法财物"),
    ("使用未经检定的计量器具", "《计量法》第九条第一款", "责令停产停业"),
]


def company(number: int) -> tuple[str, str]:
    """Name and valid code (in a region that does not exist) of invented company `number`."""
    place = _PLACES[number % 10]
    trade = _TRADES[number // 10 % 10]
    form = _FORMS[number // 100 % 4]
    organisation = f"MA{number:06d}"
    first17 = f"91999901{organisation}{organisation_check_character(organisation)}"
    return f"示例{place}{trade}{number}号{form}", first17 + uscc_check_character(first17)


def rows(count: int, *, seed: int, today: date, unit: tuple[str, str]) -> Iterator[list[str]]:
    """`count` rows in COLUMNS' order; `unit` is the sending unit's (name, code)."""
    dice = random.Random(seed)
    companies = [company(n) for n in range(SUBJECTS)]
    for i in range(count):
        name, code = companies[dice.randrange(SUBJECTS)]
        act, basis, kinds = _ACTS[i % len(_ACTS)]
        decided = today - timedelta(days=20 + dice.randrange(340))
        fine = f"{dice.randrange(1, 500) / 100:.2f}"
        row = [
            name, "法人及非法人组织", code, "", "", "", "", "", f"示例负责人{i % 977}", "", "", "", "",
            f"示市监罚〔{decided.year}〕{seed}{i:07d}号", act,
            f"{name}于{decided - timedelta(days=30)}在经营场所{act}，执法人员现场检查时发现，当事人对上述事实无异议。"
            "现场制作检查笔录并拍照取证，货值金额已经核算，当事人主动配合调查并提供进货票据和销售台账。",
            f"{basis}；{basis}关于从轻处罚情形的规定", kinds, f"处罚款{fine}万元，责令当事人限期改正并提交整改报告", fine, "0", "",
            decided.isoformat(), "2099-12-31", (decided + timedelta(days=365)).isoformat(), *unit, *unit, "",
        ]  # fmt: skip
        if i % 100 == 37:
            _spoil(row, i // 100, dice)
        yield row


def _spoil(row: list[str], which: int, dice: random.Random) -> None:
    """One of ten faults."""
    column, value = [
        (2, row[2][:-1] + ("0" if row[2][-1] != "0" else "1")),
        (0, ""),
        (13, ""),
        (22, "2026-13-02"),
        (22, "明年"),
        (1, "个人独资"),
        (19, "三千元"),
        (17, "口头训诫"),
        (25, ""),
        (15, ""),
    ][which % 10]
    row[column] = value


def write_csv(path: Path, count: int, *, seed: int = 1, today: date, unit: tuple[str, str]) -> None:
    """Writes `count` rows with a header line of field codes; UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows(count, seed=seed, today=today, unit=unit))


def write_xlsx(
    path: Path, count: int, *, seed: int = 1, today: date, unit: tuple[str, str]
) -> None:
    """The same as a workbook, every cell text."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("处罚")
    sheet.write_row(0, 0, COLUMNS)
    for number, row in enumerate(rows(count, seed=seed, today=today, unit=unit), start=1):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(number, column, value)
    book.close()
