"""Numbers that belong to a person, in texts meant for the public: beside whole identity numbers
(`leaks`) masked ones, mobile numbers and bank cards.

What counts, and the trade made:

* A masked identity number still tells county and birth. Digits and at least three mask characters
  that together are 18 or 15 long and begin like a county (or, with fewer digits left, a province)
  count, and so do six digits of a county, a mask and three or four last characters of any length.
  With a county and 18 characters one mask is enough, wherever it stands: the check digit gives the
  rest back. So is a birth day and the last four behind six masks.
* Between county, birth day (also written 1990年1月1日) and the last four any marks up to twelve may stand that are
  neither digits nor letters; a run of four like marks, or an ellipsis, after a county hides the rest of a number.
* A mobile number is 11 digits from 13 to 19, alone or grouped as people write it, also after +86 or
  0. Digits before or after it make it part of another number. A serial (第…号, 〔2026〕…号) and an
  amount (…元) are not mobile numbers, whatever their digits.
* The nine digits of an older organisation may look like a birth day, so that a credit code holds
  what looks like 15 digits of a person; a valid credit code is public and no identity number unless
  it is a valid one of 18 as well.
* A bank card is 16 to 19 digits, alone or in fours, with the first digits of an issuer and the right
  Luhn digit; one chance number in ten has the latter, few have both. A credit code that is all
  digits is no card. Accounts without these marks pass: authorities' own are such.
* Masked mobile and card numbers name nobody and pass; numbers written in Chinese characters are not
  looked for. Inside a code of 24 letters and digits or more (a digest) nothing is looked for.

Columns of codes with a check character are not texts: callers leave them out. Document, registration and
licence numbers have none, and people write what they like in their place.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from zhengxin.kernel.idcard import PROVINCES, IdState, birth_date, check_id_number
from zhengxin.kernel.leaks import (
    BLANKS,
    DIGIT_VALUES,
    EARLIEST_YEAR,
    INVISIBLE,
    LATEST_YEAR,
    LONG_CODE,
    characters,
    find_id_numbers,
    mask_id_numbers,
)
from zhengxin.kernel.regions import county_codes
from zhengxin.kernel.say import say
from zhengxin.kernel.uscc import check_uscc


class PersonalKind(StrEnum):
    """What kind of number it is."""

    ID_NUMBER = "id_number"
    MASKED_ID_NUMBER = "masked_id_number"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return say(_LABELS[self])


_LABELS = {
    PersonalKind.ID_NUMBER: "身份证件号码",
    PersonalKind.MASKED_ID_NUMBER: "遮去几位的身份证件号码",
    PersonalKind.MOBILE: "手机号码",
    PersonalKind.BANK_CARD: "银行卡号",
}


class PersonalNumber(NamedTuple):
    """A number found in a text, in half-width characters with the separators it was written with."""

    kind: PersonalKind
    text: str


_SHORTEST = 11
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_HALF_WIDTH = (
    _FULL_WIDTH
    | dict.fromkeys(map(ord, BLANKS), " ")
    | {ord(char): digit for char, digit in DIGIT_VALUES.items()}
    | {ord(char): None for char in INVISIBLE}
)
_GAP = r"(?:[ \r\n\t\-.·‐‑‒–—−]{1,2})"
_ALONE = r"(?<![0-9])"
_END = r"(?![0-9]|\.[0-9])"
_MASKS = "*×✱#?●○•■□◆█_xX…〇"
_MASK = f"[{_MASKS}]"
# Eleven digits or masks that nothing but a few separators parts: cheap, and true of few texts.
_DIGIT = characters("".join(DIGIT_VALUES))
_SIGNS = _DIGIT + _MASKS + "＊＃？＿ｘＸ"
_MAYBE = re.compile(f"[{_SIGNS}](?:[^{_SIGNS}㐀-鿿，。、；：]{{0,12}}+[{_SIGNS}]){{10}}")
_MASKED = re.compile(
    rf"(?<![0-9A-Za-z])([0-9](?:{_GAP}?[0-9]){{0,16}}){_GAP}?"
    rf"({_MASK}(?:{_GAP}?{_MASK}){{2,16}}){_GAP}?"
    rf"((?:[0-9]{_GAP}?){{0,7}}[0-9xX]?)(?![0-9A-Za-z])"
)
# Eighteen places, few of them masked, or the county alone.
_HALF_MASKED = re.compile(
    rf"(?<![0-9A-Za-z])(?:(?=[0-9]*{_MASK})[0-9]{{6}}(?:[0-9]|{_MASK}){{11}}(?:[0-9X]|{_MASK})"
    rf"|{_MASK}{{6}}[0-9]{{11}}[0-9X])(?![0-9A-Za-z*])",
    re.IGNORECASE,
)
# What is neither digit, letter nor Chinese character.
_MARK = r"[^0-9A-Za-z㐀-鿿]"
_PARTED = re.compile(
    rf"(?<![0-9A-Za-z])([0-9]{{6}}){_MARK}{{0,12}}((?:19|20)[0-9]{{2}})(?:{_MARK}{{0,3}}|年)"
    rf"([01]?[0-9])(?:{_MARK}{{0,3}}|月)([0-3]?[0-9])(?:日|号)?(?:出生|生)?{_MARK}{{0,12}}([0-9]{{3}}[0-9xX])(?![0-9A-Za-z])"
)
_COVERED = re.compile(
    rf"(?<![0-9A-Za-z])([0-9]{{6}})(?:[0-9]{{4}})?(?:…+|({_MARK})\2{{3,19}})[0-9]{{2,3}}[0-9xX](?![0-9A-Za-z])"
)
_MAYBE_PARTED = re.compile(f"[{_DIGIT}]{{6}}[^{_DIGIT}A-Za-z]{{1,20}}[{_DIGIT}]{{3}}")
_SPACES = re.compile(f"[{re.escape(BLANKS)}\t]{{2,}}")
_BREAK = r"(?:[ \r\n\t\-.·‐‑‒–—−/|_~→─]{1,2})"
_MOBILE = re.compile(
    rf"{_ALONE}(?:0|(?:(?:\+|00)?86|\(\+?86\)){_BREAK}?)?"
    rf"(1[3-9](?:[0-9]{{9}}"
    rf"|[0-9]{_BREAK}[0-9]{{4}}{_BREAK}[0-9]{{4}}|[0-9]{{2}}{_BREAK}[0-9]{{3}}{_BREAK}[0-9]{{4}}"
    rf"|[0-9]{{2}}{_BREAK}[0-9]{{4}}{_BREAK}[0-9]{{3}}|[0-9]{_BREAK}[0-9]{{8}}"
    rf"|[0-9]{{5}}{_BREAK}[0-9]{{4}})|1{_BREAK}[3-9](?:{_BREAK}[0-9]){{9}}){_END}"
)
_CARD = re.compile(
    rf"{_ALONE}(?:[0-9]{{16,19}}|[0-9]{{4}}(?:{_GAP}[0-9]{{4}}){{3}}(?:{_GAP}[0-9]{{1,3}})?"
    rf"|[0-9]{{6}}{_GAP}[0-9]{{10,13}}){_END}"
)
# UnionPay and older bank ranges, Visa, MasterCard, JCB.
_ISSUERS = re.compile(r"62|60[1-3]|9558|4[0-9]{15}$|5[1-5][0-9]{14}$|35[0-9]{14}$")
_CREDIT_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_SERIAL_BEFORE = re.compile(r"[第〔\[(〕\])字] ?$")
_SERIAL_AFTER = re.compile(r" ?号")
_MONEY_AFTER = re.compile(r"(?:\.[0-9]+)? ?[万亿]?元")
_CODE_BEFORE = re.compile(r"[0-9A-Za-z]*$")
_CODE_AFTER = re.compile(r"^[0-9A-Za-z]*")


def find_personal_numbers(text: str) -> list[PersonalNumber]:
    """Every identity number, masked identity number, mobile number and bank card in `text`."""
    if len(text) < _SHORTEST:
        return []
    text = _SPACES.sub(" ", text)
    if not (_MAYBE.search(text) or _MAYBE_PARTED.search(text)):
        return []
    plain = _CREDIT_CODE.sub(_blanked, text.translate(_HALF_WIDTH))
    whole = find_id_numbers(plain)
    found = [PersonalNumber(PersonalKind.ID_NUMBER, number) for number in whole]
    found += [
        PersonalNumber(PersonalKind.ID_NUMBER, each)
        for each in dict.fromkeys(_parted(plain))
        if "".join(re.findall("[0-9xX]", each)).upper() not in whole
    ]
    found += [
        PersonalNumber(PersonalKind.MASKED_ID_NUMBER, each)
        for each in dict.fromkeys(_masked(plain))
    ]
    for match in _MOBILE.finditer(plain):
        if not (_serial(plain, match) or _in_code(plain, match)):
            found.append(PersonalNumber(PersonalKind.MOBILE, match[0]))
    for match in _CARD.finditer(plain):
        digits = _digits(match[0])
        other = digits in whole or _serial(plain, match) or _in_code(plain, match)
        if not other and _is_card(digits):
            found.append(PersonalNumber(PersonalKind.BANK_CARD, match[0]))
    return found


def mask_personal_numbers(text: str) -> str:
    """`text` in half-width characters with every such number replaced by `*`; as it is when there is none."""
    found = find_personal_numbers(text)
    if not found:
        return text
    plain = mask_id_numbers(_SPACES.sub(" ", text)).translate(_HALF_WIDTH)
    for number in found:
        plain = plain.replace(number.text, "*" * len(number.text))
    return plain


def find_id_numbers_in_code(text: str) -> list[str]:
    """Whole identity numbers in a column of codes: all that is looked for there."""
    if not find_id_numbers(text):
        return []
    return find_id_numbers(_CREDIT_CODE.sub(_blanked, text.translate(_HALF_WIDTH)))


def kinds_found(text: str) -> str:
    """The kinds of numbers in `text`, in Chinese, joined by 、; empty when there are none."""
    kinds = dict.fromkeys(number.kind for number in find_personal_numbers(text))
    return "、".join(kind.label for kind in kinds)


def _blanked(code: re.Match[str]) -> str:
    """Spaces instead of a valid credit code; anything else as it stands."""
    mistaken = check_id_number(code[0]).state is IdState.OK or not check_uscc(code[0]).ok
    return code[0] if mistaken else " " * len(code[0])


def _digits(written: str) -> str:
    return "".join(char for char in written if char.isdigit())


def _masked(plain: str) -> Iterator[str]:
    for match in _MASKED.finditer(plain):
        head, tail = _digits(match[1]), "".join(c for c in match[3] if c in "0123456789xX")
        hidden = len(re.findall(_MASK, match[2]))
        if _may_be_masked(head, hidden, tail):
            yield match[0].strip()
    for match in _HALF_MASKED.finditer(plain):
        number = match[0]
        county = not number[:6].isdigit() or number[:6] in county_codes()
        year = number[6:10]
        if county and (not year.isdigit() or EARLIEST_YEAR <= int(year) <= LATEST_YEAR):
            yield number

    for match in _COVERED.finditer(plain):
        if match[1] in county_codes() and not _MASKED.search(match[0]):
            yield match[0]


def _parted(plain: str) -> Iterator[str]:
    """County, birth day and the last four, with anything between them."""
    for match in _PARTED.finditer(plain):
        year, month, day = (int(match[n]) for n in (2, 3, 4))
        born = birth_date(f"{year:04d}{month:02d}{day:02d}")
        if born and EARLIEST_YEAR <= born.year <= LATEST_YEAR and match[1] in county_codes():
            yield match[0]


def _may_be_masked(head: str, hidden: int, tail: str) -> bool:
    if len(head) >= 10 and not EARLIEST_YEAR <= int(head[6:10]) <= LATEST_YEAR:
        return False
    long = len(head) + hidden + len(tail)
    if len(head) >= 6:
        fits = long in (15, 18) or (len(tail) in (3, 4) and 12 <= long <= 20)
        return fits and head[:6] in county_codes()
    if long != 18:
        return False
    if len(head) >= 2:
        return head[:2] in PROVINCES
    return bool(tail) and head in "12345678"


def _is_card(digits: str) -> bool:
    return bool(_ISSUERS.match(digits)) and _luhn(digits)


def _luhn(digits: str) -> bool:
    doubled = (divmod(2 * int(digit), 10) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(map(sum, doubled))) % 10 == 0


def _serial(plain: str, match: re.Match[str]) -> bool:
    """True for the number of a document and for an amount of money."""
    if _MONEY_AFTER.match(plain, match.end()):
        return True
    before = plain[max(0, match.start() - 2) : match.start()]
    return bool(_SERIAL_BEFORE.search(before) and _SERIAL_AFTER.match(plain, match.end()))


def _in_code(plain: str, match: re.Match[str]) -> bool:
    before = _CODE_BEFORE.search(plain[: match.start()])
    after = _CODE_AFTER.search(plain[match.end() :])
    code = (before[0] if before else "") + match[0] + (after[0] if after else "")
    return len(code) >= LONG_CODE and not code.isdigit()
