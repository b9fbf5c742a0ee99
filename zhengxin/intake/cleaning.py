"""Cells as the record keeps them: an expression per column, from the source description.

Spaces go, full-width digits and letters become half-width where the column is a code, a date, an
amount or a list, dates become ISO, code-table words become the table's own word. Unbound Ibis
expressions: the lake runs them, on whichever engine.
"""

from functools import reduce
from typing import Any

import ibis
from ibis import udf
from ibis.expr import types as ir

from zhengxin.intake.types import (
    AMOUNT_SUFFIX,
    ANY_CODE,
    DATE_SUFFIX,
    ODD_SUFFIX,
    SPACES,
    Column,
    ColumnType,
    Reading,
    Source,
)

_WIDE = "".join(chr(0xFF01 + place) for place in range(94)) + "\u3000\u00a0"
_HALF = "".join(chr(0x21 + place) for place in range(94)) + "  "
_SPACE = "[" + "".join(f"\\x{{{ord(space):X}}}" for space in SPACES) + "]"
_ODD_ENDS = f"^{_SPACE}|{_SPACE}$"
_WRITTEN = r"^\d{4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}日?(?:[ T]0?0:00(?::00(?:\.0+)?)?)?$"
_COMPACT = r"^(?:19|20)\d{6}$"
# Day numbers of a spreadsheet between 1954 and 2119.
_SERIAL = r"^[2-7]\d{4}(?:\.0+)?$"
_SERIAL_ZERO = "1899-12-30"
MANY_DIGITS = r"[0-9０-９](?:[^0-9０-９]{0,3}[0-9０-９]){14}"
# Eleven digits that begin like a mobile number, alone or after 0 or 86.
MOBILE = r"(?:^|[^0-9０-９]|0|86)[1１][^0-9０-９]{0,2}[3-9３-９](?:[^0-9０-９]{0,2}[0-9０-９]){9}(?:[^0-9０-９]|$)"
# Characters of the shortest text that may hold a person's number.
_SHORTEST_NUMBER = 11
# Bytes of the shortest text with anything to find in it: two characters.
_SHORTEST = 6
_NUMBER = r"^-?\d{1,12}(?:\.\d{1,6}0*)?$"


@udf.scalar.builtin(name="trim")  # type: ignore[untyped-decorator]
def plain_trim(text: str) -> str:  # type: ignore[empty-body]
    """`text` without spaces at either end."""


@udf.scalar.builtin(name="strlen")  # type: ignore[untyped-decorator]
def byte_length(text: str) -> int:  # type: ignore[empty-body]
    """The length of `text` in bytes of UTF-8."""


@udf.scalar.builtin(name="substring")  # type: ignore[untyped-decorator]
def cut(text: str, first: int, length: int) -> str:  # type: ignore[empty-body]
    """`length` characters of `text` from the `first`, counted from 1."""


@udf.scalar.builtin(name="strpos")  # type: ignore[untyped-decorator]
def place_in(text: str, piece: str) -> int:  # type: ignore[empty-body]
    """Where `piece` begins in `text`, counted from 1; 0 when it does not occur."""


@udf.scalar.builtin(name="trim")  # type: ignore[untyped-decorator]
def trim_characters(text: str, characters: str) -> str:  # type: ignore[empty-body]
    """`text` without any of `characters` at either end."""


def raw_table(reading: Reading) -> ir.Table:
    """The table of texts: row_number, cells and c0, c1, ... one for each column of the file."""
    columns = {f"c{place}": "string" for place in range(len(reading.headers))}
    return ibis.table({"row_number": "int64", "cells": "int64", **columns}, name="raw")


def cleaned(source: Source, reading: Reading) -> ir.Table:
    """`raw` with, for every column of the source, its clean text; NULL when empty or absent."""
    raw = raw_table(reading)
    places = {name: place for place, name in enumerate(reading.fields) if name}
    made: dict[str, Any] = {}
    for column in source.kept:
        if column.field in places:
            made[column.field] = clean_text(
                raw[f"c{places[column.field]}"], column, tidy=reading.tidy
            )
        else:
            made[column.field] = ibis.null("string")
    return raw.mutate(**made)


def typed(source: Source, reading: Reading) -> ir.Table:
    """`texts`, the result of `cleaned`, with the typed value of every date and amount beside it.

    The typed value is NULL also where the text is no date or amount. Texts that are looked through have a
    boolean beside them: looking once for all that may be wrong in a text is most of the time of a check.
    """
    texts = ibis.table(cleaned(source, reading).schema(), name="texts")
    made: dict[str, Any] = {}
    for column in source.kept:
        if suspicious := _suspicious(source, column):
            text = texts[column.field]
            found = text.re_search("|".join(suspicious)).fill_null(ibis.literal(False))
            # Words may be short, a person's number is not.
            long = (
                byte_length(text) >= _SHORTEST
                if _words(source, column)
                else text.length() >= _SHORTEST_NUMBER
            )
            made[column.field + ODD_SUFFIX] = long.ifelse(found, ibis.literal(False))
        if column.type is ColumnType.DATE:
            made[column.field + DATE_SUFFIX] = date_value(texts[column.field])
        elif column.type is ColumnType.AMOUNT:
            made[column.field + AMOUNT_SUFFIX] = amount_value(texts[column.field])
    return texts.mutate(**made)


def _suspicious(source: Source, column: Column) -> list[str]:
    """Regular expressions one of which every text with a fault or a trait of its own matches; none where there are none."""
    parts = [MANY_DIGITS, MOBILE] if column.may_be_shown else []
    return [f"(?:{part})" for part in [*parts, *_words(source, column)]]


def _words(source: Source, column: Column) -> list[str]:
    refused = [
        str(rule.options["pattern"])
        for rule in source.rules
        if rule.rule == "pattern_refused" and column.field in rule.options["fields"]
    ]
    return refused + [rule.pattern for rule in source.traits if rule.field == column.field]


def clean_text(cell: ir.StringValue, column: Column, *, tidy: bool) -> ir.StringValue:
    """One cell as text, NULL when nothing is left. tidy: no spaces around it."""
    text = cell
    if not tidy:
        text = plain_trim(text)
        text = text.re_search(_ODD_ENDS).ifelse(trim_characters(text, SPACES), text)
    if column.type in (ColumnType.DATE, ColumnType.AMOUNT, ColumnType.USCC, ColumnType.ID_NUMBER):
        text = (byte_length(text) > text.length()).ifelse(_narrow(text), text)
    if column.type in (ColumnType.USCC, ColumnType.ID_NUMBER):
        close = text.replace(" ", "").upper()
        text = (text == ANY_CODE).ifelse(text, close) if column.type is ColumnType.USCC else close
    elif column.type is ColumnType.AMOUNT:
        plain = text.replace(",", "").replace("万元", "").replace(" ", "")
        text = text.re_search("[,万 ]").ifelse(plain, text)
    elif column.type is ColumnType.PENALTY_KINDS and column.words:
        text = reduce(lambda t, pair: t.replace(*pair), column.words.items(), text)
    elif column.type is ColumnType.ENUM:
        text = _chosen(text, column)
    return text.nullif("")


def _narrow(text: ir.StringValue) -> ir.StringValue:
    return plain_trim(text.translate(_WIDE, _HALF))


def _chosen(text: ir.StringValue, column: Column) -> ir.StringValue:
    """The table's own word; only a spelling nobody foresaw is narrowed, which is slow."""
    labels = ["", *(choice.label for choice in column.choices)]
    pairs = [
        (spelling, choice.label)
        for choice in column.choices
        for spelling in choice.aliases
        if spelling != choice.label
    ]
    narrow = _narrow(text)
    if not pairs:
        return text.isin(labels).ifelse(text, narrow)
    foreseen = text.isin([spelling for spelling, _ in pairs])
    found = foreseen.ifelse(text.cases(*pairs, else_=text), narrow.cases(*pairs, else_=narrow))
    return text.isin(labels).ifelse(text, found)


def date_value(text: ir.StringValue) -> ir.DateValue:
    """The day a text names: 2024-1-5, 2024.1.5, 2024/1/5, 2024年1月5日, 20240105, or a spreadsheet's number."""
    dashed = text.re_replace(r"[ T]0?0:00.*$", "").replace(" ", "")
    dashed = dashed.replace("日", "").translate("年月./", "----")
    compact = text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2)
    # Nearly all days are written in this way, and need no regular expression.
    plain = (byte_length(text) == len("2024-01-05")) & (text >= "0")
    plain = plain & (cut(text, 5, 1) == "-") & (cut(text, 8, 1) == "-")
    quick = plain.ifelse(text.try_cast("date"), ibis.null("date"))
    serial = text.re_replace(r"\..*$", "").try_cast("int32")
    # A day plus days is a timestamp to the engine, whatever Ibis believes.
    counted = ibis.date(_SERIAL_ZERO) + serial.as_interval("D")
    written = ibis.cases(
        (text.re_search(_WRITTEN), dashed.try_cast("date")),
        (text.re_search(_COMPACT), compact.try_cast("date")),
        (text.re_search(_SERIAL), counted.cast("timestamp").cast("date")),
        else_=ibis.null("date"),
    )
    return ibis.coalesce(quick, written)


def amount_value(text: ir.StringValue) -> ir.DecimalValue:
    """The amount in 万元, six decimal places."""
    number = text.try_cast("decimal(18, 6)")
    return text.re_search(_NUMBER).ifelse(number, ibis.null("decimal(18, 6)"))
