"""The mistakes clerks make: each turns one sound row into a faulty, doubtful or oddly written one."""

from collections.abc import Callable
from datetime import date

from zhengxin.demo.files import Row
from zhengxin.kernel.uscc import ALPHABET, FILLER

Slip = Callable[[Row], None]


def _prefix(row: Row) -> str:
    return next(iter(row))[:2]


def _day(row: Row) -> str:
    return f"{_prefix(row)}_JDRQ"


def _code(row: Row) -> str:
    return f"{_prefix(row)}_XDR_SHXYM"


def of_organisation(row: Row) -> bool:
    """True for a row about an enterprise or a business, which has a credit code."""
    return bool(row[_code(row)])


def wrong_check_character(row: Row) -> None:
    """The last character of the credit code mistyped."""
    code = row[_code(row)]
    if of_organisation(row):
        row[_code(row)] = code[:17] + ALPHABET[(ALPHABET.index(code[17]) + 1) % len(ALPHABET)]


def no_date(row: Row) -> None:
    """No decision date."""
    row[_day(row)] = ""


def no_such_day(row: Row) -> None:
    """A day the calendar does not have."""
    row[_day(row)] = row[_day(row)][:4] + "-02-30"


def no_legal_head(row: Row) -> None:
    """An organisation without its legal representative."""
    row[f"{_prefix(row)}_FRDB"] = ""


def wrong_category(row: Row) -> None:
    """A category that the credit code contradicts."""
    word = "法人及非法人组织" if row[_code(row)].startswith("92") else "个体工商户"
    row[f"{_prefix(row)}_XDR_LB"] = word


def backward_period(row: Row) -> None:
    """A licence that ends before it begins."""
    if "XK_YXQZI" in row:
        row["XK_YXQZI"] = "2019-12-31"


def fine_in_yuan(row: Row) -> None:
    """The fine in yuan where 万元 is asked."""
    if row.get("CF_NR_FK"):
        row["CF_NR_FK"] = format(float(row["CF_NR_FK"]) * 10_000, ".0f")


def summary_procedure(row: Row) -> None:
    """A decision made on the spot, which must not be reported."""
    row["BZ"] = "适用简易程序，当场作出处罚决定"


def classified(row: Row) -> None:
    """A decision that is a state secret, which must not be reported."""
    row["BZ"] = "本决定涉密，不予公开"


def filler_code(row: Row) -> None:
    """An individual business without a code yet: 17 zeros and X, and its old registration number."""
    row[_code(row)] = FILLER
    row[f"{_prefix(row)}_XDR_GSZC"] = "219901690012345"


def other_name(row: Row) -> None:
    """The right code under a name that is not quite the registered one."""
    name = f"{_prefix(row)}_XDR_MC"
    if of_organisation(row):
        row[name] = row[name].replace("有限公司", "有限责任公司").replace("示例县", "示例", 1)


def dotted_date(row: Row) -> None:
    """2026.3.5 for 2026-03-05: read as it is meant."""
    day = date.fromisoformat(row[_day(row)])
    row[_day(row)] = f"{day.year}.{day.month}.{day.day}"


def chinese_date(row: Row) -> None:
    """2026年3月5日: read as it is meant."""
    day = date.fromisoformat(row[_day(row)])
    row[_day(row)] = f"{day.year}年{day.month}月{day.day}日"


def full_width(row: Row) -> None:
    """Full-width characters and stray spaces: read as they are meant."""
    wide = {ord(char): chr(ord(char) + 0xFEE0) for char in row[_code(row)]}
    row[_code(row)] = f" {row[_code(row)].translate(wide)}　"


FAULTY: tuple[Slip, ...] = (
    wrong_check_character,
    no_date,
    no_such_day,
    no_legal_head,
    wrong_category,
)
ODD: tuple[Slip, ...] = (dotted_date, chinese_date, full_width)
