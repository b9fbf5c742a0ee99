"""Plain text in the encodings that Chinese offices use: UTF-8, GB18030, UTF-16 with or without mark."""

import codecs
import csv
from collections import Counter

from zhengxin.kernel.say import say
from zhengxin.oversight.documents.kinds import (
    MAX_CHARACTERS,
    DocumentRefused,
    other,
    table_file,
    too_big,
)

_LEAST_ROWS = 3
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\x0b\x0c\x1b")


def decode(raw: bytes) -> str:
    """The text. Raises DocumentRefused where no encoding fits, naming the first byte that does not."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _strict(raw, encoding)
    if b"\x00" in raw:
        return _without_mark(raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(raw, "gb18030")


def _strict(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentRefused(
            say("文字的编码认不出来。"),
            say(
                "按{name}读，从第{n}个字节起读不通。",
                name=encoding.upper().removesuffix("-SIG"),
                n=error.start + 1,
            ),
            say("请用记事本或WPS打开，“另存为”UTF-8编码的纯文本后再读。"),
        ) from error


def _without_mark(raw: bytes) -> str:
    """Text with zero bytes is UTF-16 if it reads as such in one order: line ends tell which."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        usual = sum(
            1
            for char in text
            if "\u3000" <= char <= "\u9fff"
            or "\uff01" <= char <= "\uff5e"
            or " " <= char <= "~"
            or char in "\r\n\t“”‘’—…〔〕"
        )
        if usual * 10 >= len(text) * 9:
            return text
    raise other(say("二进制文件"))


def lines_of(text: str) -> list[str]:
    """The lines. Raises DocumentRefused for what is too long, no text, or a table."""
    if len(text) > MAX_CHARACTERS:
        raise too_big()
    controls = sum(1 for char in text if char in _CONTROLS)
    if controls * 100 > len(text):
        raise other(say("二进制文件"))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    _insist_clauses(lines)
    return lines


def _insist_clauses(lines: list[str]) -> None:
    """A file whose every row has the same number of commas is a table."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < _LEAST_ROWS or "," not in filled[0]:
        return
    try:
        rows = [row for row in csv.reader(filled, strict=True) if row]
    except csv.Error:
        return
    columns, count = Counter(map(len, rows)).most_common(1)[0]
    if columns >= 3 and count * 10 >= len(rows) * 9 and len(rows[0]) == columns:
        raise table_file(
            say(
                "这是表格（CSV，{n}行{columns}列），不是工作方案的条文。",
                n=len(rows),
                columns=columns,
            )
        )
