"""How names and document numbers are looked for: folding, pairs of characters, initials. Pure."""

import re
from dataclasses import dataclass

from zhengxin.kernel.documents import DocumentNumberUnclear, parse_document_number
from zhengxin.kernel.names import fold_name, name_grams

SHORTEST = 2
_SERIAL_LIMIT = 2**31 - 1
_PART = re.compile(
    r"(?P<prefix>[^()0-9]*?)"
    r"(?:\(?(?P<year>(?:19|20)\d\d)年?\))?"
    r"第?(?P<serial>\d{1,10})(?P<mark>号?)(?:之[一二三四五六七八九十]+)?"
)
_LONGEST = 100
_SIGNS = str.maketrans(
    dict.fromkeys("〔[【〈﹝{《", "(")
    | dict.fromkeys("〕]】〉﹞}》", ")")
    | dict.fromkeys("‐‑‒–—―−", "-")
)
_SERIAL_SIGNS = re.compile(r"\)第?0*(?=[0-9])")
_YEAR_LAST = re.compile(r"\((?:19|20)\d\d年?\)?$")


@dataclass(frozen=True, slots=True)
class NumberAsked:
    """A document number, or the part of one that was typed. Empty parts were not typed."""

    prefix: str
    year: int | None
    serial: int


def fold_number(text: str) -> str:
    """A document number as it is compared: folded like a name, one kind of brackets and dashes, a bare serial."""
    return _SERIAL_SIGNS.sub(")", fold_name(text).translate(_SIGNS))[:_LONGEST]


def issuer_asked(text: str) -> str:
    """What is looked for among issuing prefixes: the text, folded, without a year at its end."""
    folded = fold_number(text)
    return _YEAR_LAST.sub("", folded) or folded


def number_parts(text: str) -> tuple[str, int | None, int | None]:
    """Prefix, year and leading digits of the serial of a document number.

    One that has no such parts is its own prefix: JY19901210012345, 示市监罚2026-77.
    """
    try:
        found = parse_document_number(text)
    except DocumentNumberUnclear:
        return fold_number(text), None, None
    serial = _serial(found.number)
    if serial is None:
        return fold_number(text), found.year, None
    return fold_name(found.prefix)[:_LONGEST], found.year, serial


def number_asked(text: str) -> NumberAsked | None:
    """The document number in a search text: whole, or 〔2026〕18号, 18号, 示住建罚18号."""
    prefix, year, serial = number_parts(text)
    if serial is not None:
        return NumberAsked(prefix, year, serial)
    match = _PART.fullmatch(fold_number(text))
    if match is None or not (match["year"] or match["mark"] or match["prefix"]):
        return None
    serial = _serial(match["serial"])
    if serial is None:
        return None
    return NumberAsked(match["prefix"], int(match["year"]) if match["year"] else None, serial)


def _serial(number: str) -> int | None:
    digits = re.match(r"\d+", number)
    if digits is None or int(digits[0]) > _SERIAL_LIMIT:
        return None
    return int(digits[0])


def grams(texts: list[str]) -> set[str]:
    """Pairs of neighbouring characters of several texts, none across two of them."""
    return {gram for text in texts for gram in name_grams(text) if len(gram) == SHORTEST}


def initials(text: str) -> str:
    """First letters of a Chinese name in pinyin: 东河镇 gives dhz."""
    # Its dictionaries take a third of a second to load, and most commands spell nothing.
    from pypinyin import Style, lazy_pinyin

    letters = lazy_pinyin(fold_name(text), style=Style.FIRST_LETTER, errors="ignore")
    return "".join(letters)
