"""Resident identity numbers (GB 11643-1999): 18 characters, or 15 digits before October 1999.

Only the province is checked against a table: county codes change, and a number keeps the code of
the day it was given. 81, 82 and 83 are residence permits for Hong Kong, Macao and Taiwan residents.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhengxin.kernel.say import say
from zhengxin.kernel.uscc import normalise_code

LENGTH = 18
OLD_LENGTH = 15
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_PROVINCE_SPANS = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
PROVINCES = frozenset(
    str(code) for first, last in _PROVINCE_SPANS for code in range(first, last + 1)
)
EARLIEST_BIRTH_YEAR = 1880
LATEST_BIRTH_YEAR = 2099


class IdState(StrEnum):
    """What a check of an identity number found; OLD is a well-formed 15-digit number."""

    OK = "ok"
    OLD = "old"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class IdCheck:
    """The verdict on one number: normalised number, state, Chinese reason when BAD, birth date."""

    number: str
    state: IdState
    reason: str = ""
    born_on: date | None = None


def id_check_character(first17: str) -> str:
    """The 18th character that belongs to `first17`, by MOD 11-2. Raises ValueError."""
    return CHECKS[
        sum(int(char) * weight for char, weight in zip(first17, WEIGHTS, strict=True)) % 11
    ]


def birth_date(digits: str) -> date | None:
    """The date that YYYYMMDD in `digits` names, None when there is no such day or year."""
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return born_on if EARLIEST_BIRTH_YEAR <= born_on.year <= LATEST_BIRTH_YEAR else None


def check_id_number(text: str) -> IdCheck:
    """Check one identity number; lower-case x, full-width digits and spaces are normalised."""
    number = normalise_code(text)
    if len(number) not in {LENGTH, OLD_LENGTH}:
        return _bad(number, say("身份证号码应为18位，现为{found}位", found=len(number)))
    body = number[:17] if len(number) == LENGTH else number
    if not (body.isascii() and body.isdigit()):
        return _bad(number, say("身份证号码除末位外应全是数字"))
    if number[:2] not in PROVINCES:
        return _bad(number, say("前2位“{found}”不是省级行政区划代码", found=number[:2]))
    old = len(number) == OLD_LENGTH
    digits = "19" + number[6:12] if old else number[6:14]
    born_on = birth_date(digits)
    if born_on is None:
        return _bad(number, say("出生日期“{found}”不存在", found=digits))
    if old:
        return IdCheck(number, IdState.OLD, born_on=born_on)
    expected = id_check_character(body)
    if number[17] != expected:
        return _bad(number, say("校验位不符：按前17位计算，末位应为{expected}", expected=expected))
    return IdCheck(number, IdState.OK, born_on=born_on)


def _bad(number: str, reason: str) -> IdCheck:
    return IdCheck(number, IdState.BAD, reason)
