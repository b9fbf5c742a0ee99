"""All rules of a source as one list of checks, each a boolean column: true where something may be wrong.

The expressions may suspect too much, never too little: every suspicion is confirmed, and worded, by
the kernel's own rule (explaining.py). So a million sound rows cost one pass of the engine and no Python.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add, or_

import ibis
from ibis.expr import types as ir

from zhengxin.intake.cleaning import MANY_DIGITS, MOBILE, cut, place_in
from zhengxin.intake.rowchecks import row_checks
from zhengxin.intake.types import (
    AMOUNT_SUFFIX,
    ANY_CODE,
    BITS,
    DATE_SUFFIX,
    ODD_SUFFIX,
    Column,
    ColumnType,
    Reading,
    Severity,
    Source,
)
from zhengxin.kernel import idcard, uscc

FOUNDING = date(1949, 10, 1)
# Days with these roles lie in the past.
PAST_ROLES = frozenset({"decided_on", "removed_on"})
_MARKED = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_REGISTRARS = "".join(uscc.REGISTRARS)
_CODE = f"^[{_REGISTRARS}][{uscc.ALPHABET}][0-9]{{6}}[{uscc.ALPHABET}]{{10}}$"
_NEW_ID = r"^[1-9]\d{16}[0-9X]$"


@dataclass(frozen=True)
class Check:
    """code: what may be wrong; field: in which column; place: that of a row rule in the source, else -1."""

    code: str
    field: str
    severity: Severity
    suspect: ir.BooleanValue
    place: int = -1


def build_checks(source: Source, reading: Reading, clean: ir.Table, today: date) -> list[Check]:
    """The checks of one file in the order of its columns, then those over whole rows.

    today: the last day a decision may bear.
    """
    found: list[Check] = []
    places = {name: place for place, name in enumerate(reading.fields) if name}
    for column in source.kept:
        marked = None
        if reading.marked and column.field in places:
            marked = clean[f"c{places[column.field]}"].re_search(_MARKED)
            found.append(Check("mark", column.field, Severity.REFUSE, marked))
        checks = list(_cell_checks(column, clean, today))
        if marked is not None:
            checks = [
                Check(c.code, c.field, c.severity, c.suspect & ~marked.fill_null(False))
                for c in checks
            ]
        found += checks
    if reading.numbered:
        wrong = clean["cells"] != len(reading.headers)
        found.append(Check("cell_count", "", Severity.REFUSE, wrong))
    found += [
        Check(rule.rule, field, rule.severity, suspect, place)
        for place, rule, field, suspect in row_checks(source, clean)
    ]
    return found


def masks(checks: Sequence[Check]) -> list[ir.IntegerValue]:
    """The checks as columns of whole numbers, one bit a check, BITS bits a column."""
    return [
        reduce(or_, [_bit(check, bit) for bit, check in enumerate(checks[start : start + BITS])])
        for start in range(0, len(checks), BITS)
    ]


def _bit(check: Check, bit: int) -> ir.IntegerValue:
    one = ibis.literal(1 << bit, type="int64")
    return check.suspect.ifelse(one, ibis.literal(0, type="int64"))


def _cell_checks(column: Column, clean: ir.Table, today: date) -> list[Check]:
    text = clean[column.field]
    given = text.notnull()
    found: list[tuple[str, Severity, ir.BooleanValue]] = []

    def suspect(code: str, when: ir.BooleanValue, severity: Severity = Severity.REFUSE) -> None:
        found.append((code, severity, when))

    if column.required:
        suspect("missing", text.isnull())
    elif column.required_when is not None:
        condition = clean[column.required_when.field].isin(column.required_when.values)
        suspect("missing_when", text.isnull() & condition)
    if column.length and column.type is ColumnType.TEXT:
        suspect("too_long", text.length() > column.length)
    if column.type is ColumnType.DATE:
        day = clean[column.field + DATE_SUFFIX]
        suspect("bad_date", given & day.isnull())
        suspect("early_date", day < ibis.date(FOUNDING.isoformat()))
        if column.role in PAST_ROLES:
            suspect("future_date", day > ibis.date(today.isoformat()))
    elif column.type is ColumnType.AMOUNT:
        amount = clean[column.field + AMOUNT_SUFFIX]
        suspect("bad_amount", given & (amount.isnull() | (amount < 0)))
    elif column.type is ColumnType.USCC:
        # Parties' codes come again and again: `doubted_codes` asks each of them once.
        if column.role != "party_code":
            suspect(
                "bad_code",
                given & ~text.isin([ANY_CODE, uscc.FILLER]).ifelse(True, _sound_code(text)),
            )
            suspect("filler_not_here", text == uscc.FILLER)
    elif column.type is ColumnType.ID_NUMBER:
        suspect("bad_id_number", given & ~_sound_id(text))
    elif column.type is ColumnType.ENUM:
        suspect("not_in_list", given & text.notin([choice.label for choice in column.choices]))
    if column.may_be_shown:
        odd = clean[column.field + ODD_SUFFIX]
        if column.looked_through:
            many = odd.ifelse(text.re_search(MANY_DIGITS), ibis.literal(False))
            suspect("id_in_text", many, Severity.WARN)
        number = text.re_search(f"(?:{MANY_DIGITS})|(?:{MOBILE})")
        suspect("personal_number", odd.ifelse(number, ibis.literal(False)), Severity.WARN)
    return [Check(code, column.field, severity, when) for code, severity, when in found]


def doubted_codes() -> ir.Table:
    """Those of `codes`, a table with one column `code`, that may be wrong."""
    codes = ibis.table({"code": "string"}, name="codes")
    return codes.filter((codes.code != uscc.FILLER) & ~_sound_code(codes.code))


def _sound_code(code: ir.StringValue) -> ir.BooleanValue:
    """GB 32100-2015: shape and check character, as kernel.uscc checks one code."""
    total = _weighted(code, uscc.ALPHABET, uscc.WEIGHTS)
    expected = (uscc.MODULUS - total % uscc.MODULUS) % uscc.MODULUS
    return code.re_search(_CODE) & (place_in(uscc.ALPHABET, cut(code, 18, 1)) == expected + 1)


def _weighted(text: ir.StringValue, alphabet: str, weights: Sequence[int]) -> ir.IntegerValue:
    """The weighted sum of the characters' places in the alphabet, counted from 0; all must be in it."""
    terms = [place_in(alphabet, cut(text, n, 1)) * w for n, w in enumerate(weights, start=1)]
    return reduce(add, terms) - sum(weights)


def _sound_id(number: ir.StringValue) -> ir.BooleanValue:
    """GB 11643-1999: shape and check character; what else the kernel asks, it asks of the suspects.

    Dates are left to the kernel: a right check character with an impossible date is suspected too.
    """
    total = _weighted(number, "0123456789", idcard.WEIGHTS)
    check = cut(idcard.CHECKS, total % 11 + 1, 1)
    born = (cut(number, 7, 4) + "-" + cut(number, 11, 2) + "-" + cut(number, 13, 2)).try_cast(
        "date"
    )
    possible = born.notnull() & born.year().between(
        idcard.EARLIEST_BIRTH_YEAR, idcard.LATEST_BIRTH_YEAR
    )
    province = cut(number, 1, 2).isin(sorted(idcard.PROVINCES))
    return number.re_search(_NEW_ID) & (check == cut(number, 18, 1)) & possible & province
