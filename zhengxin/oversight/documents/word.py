"""Word files: paragraphs with their automatic numbers, tables cell by cell; tracked changes are refused."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from defusedxml import ElementTree

from zhengxin.kernel.say import say
from zhengxin.oversight.documents.kinds import MAX_UNPACKED, DocumentRefused, too_big

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CHANGES = ("ins", "del", "moveFrom", "moveTo")
_DIGITS = "零一二三四五六七八九"


def lines_of(path: Path) -> list[str]:
    """The document's lines. Raises DocumentRefused for tracked changes and what unpacks too big."""
    with zipfile.ZipFile(path) as archive:
        body = _part(archive, "word/document.xml")
        names = set(archive.namelist())
        numbering = _part(archive, "word/numbering.xml") if "word/numbering.xml" in names else None
        styles = _part(archive, "word/styles.xml") if "word/styles.xml" in names else None
    _insist_settled(body)
    numbers = _Numbers(numbering, styles)
    return [line for node in body for line in _block(node, numbers)]


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    with archive.open(name) as stream:
        raw = stream.read(MAX_UNPACKED + 1)
    if len(raw) > MAX_UNPACKED:
        raise too_big()
    root = ElementTree.fromstring(raw, forbid_dtd=True)
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag.startswith(_STRICT):
            node.tag = _W + node.tag.removeprefix(_STRICT)
    return root


def _insist_settled(body: Any) -> None:
    changes = sum(1 for kind in _CHANGES for _ in body.iter(_W + kind))
    if changes:
        raise DocumentRefused(
            say("文件里有没有处理的修订。"),
            say("共{n}处插入、删除或移动，分不清哪些字算数。", n=changes),
            say("请在Word或WPS的“审阅”里接受或拒绝全部修订，保存后再读。"),
        )


def _block(node: Any, numbers: "_Numbers") -> Iterator[str]:
    """The lines of a paragraph, a table, or whatever holds them."""
    if node.tag == _W + "p":
        text = _text(node)
        number = numbers.next(node) if text.strip() else ""
        yield from f"{number}{text}".split("\n")
    elif node.tag == _W + "tbl":
        yield from _table(node)
    elif node.tag != _FALLBACK:
        for child in node:
            yield from _block(child, numbers)


def _table(table: Any) -> Iterator[str]:
    """One line a row; a cell merged downwards is repeated in each row it covers."""
    above: dict[int, str] = {}
    for row in table.iter(_W + "tr"):
        cells, place = list[str](), 0
        for cell in row.findall(_W + "tc"):
            text = "；".join(filter(None, (_text(p).strip() for p in cell.iter(_W + "p"))))
            text = text.replace("\t", " ").replace("\n", "；")
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(_W + "val") != "restart":
                text = above.get(place, text)
            above[place] = text
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            cells.append(text)
            place += int(span.get(_W + "val", "1")) if span is not None else 1
        if len(cells) == 1:
            yield cells[0]
        elif any(cells):
            yield "\t".join(cells)


def _text(paragraph: Any) -> str:
    parts = list[str]()
    for node in _within(paragraph):
        if node.tag == _W + "t":
            parts.append(node.text or "")
        elif node.tag == _W + "tab":
            parts.append(" ")
        elif node.tag in (_W + "br", _W + "cr"):
            parts.append("\n")
        elif node.tag == _W + "noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _within(node: Any) -> Iterator[Any]:
    """Everything in a paragraph that is text of it: no fallbacks, no properties, no paragraphs in boxes."""
    for child in node:
        if child.tag in (_FALLBACK, _W + "pPr", _W + "rPr", _W + "txbxContent"):
            continue
        yield child
        yield from _within(child)


class _Numbers:
    """The automatic numbers of paragraphs, which stand nowhere in the text."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._read(numbering)
        for style in styles.iter(_W + "style") if styles is not None else ():
            found = _number_of(style)
            if found is not None:
                self._styles[style.get(_W + "styleId", "")] = found

    def _read(self, numbering: Any) -> None:
        abstract = {
            each.get(_W + "abstractNumId"): {
                int(level.get(_W + "ilvl", "0")): (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    int(_value(level, "start", "1")),
                )
                for level in each.findall(_W + "lvl")
            }
            for each in numbering.findall(_W + "abstractNum")
        }
        for each in numbering.findall(_W + "num"):
            key = _value(each, "abstractNumId", "")
            self._levels[each.get(_W + "numId", "")] = abstract.get(key, {})

    def next(self, paragraph: Any) -> str:
        """The number that Word shows before this paragraph, "" for none."""
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        own = _number_of(paragraph) or (
            self._styles.get(style.get(_W + "val", "")) if style is not None else None
        )
        if own is None:
            return ""
        number, level = own
        levels = self._levels.get(number, {})
        if level not in levels:
            return ""
        count = self._counts.get((number, level), levels[level][2] - 1) + 1
        self._counts[number, level] = count
        for deeper in [key for key in self._counts if key[0] == number and key[1] > level]:
            del self._counts[deeper]
        form, pattern, _ = levels[level]
        if form == "bullet":
            return ""
        for place in range(level + 1):
            value = self._counts.get((number, place), levels.get(place, ("", "", 1))[2])
            form = levels.get(place, ("decimal", "", 1))[0]
            pattern = pattern.replace(f"%{place + 1}", _shown(value, form))
        return pattern


def _number_of(node: Any) -> tuple[str, int] | None:
    found = node.find(f"{_W}pPr/{_W}numPr")
    if found is None:
        return None
    number = _value(found, "numId", "0")
    return None if number == "0" else (number, int(_value(found, "ilvl", "0")))


def _value(node: Any, name: str, default: str) -> str:
    found = node.find(_W + name)
    return default if found is None else str(found.get(_W + "val", default))


def _shown(value: int, form: str) -> str:
    if form.startswith(("chinese", "japanese", "ideograph", "taiwanese")):
        return _chinese(value)
    if form == "decimalEnclosedCircle" and 1 <= value <= 20:
        return chr(ord("①") + value - 1)
    return str(value)


def _chinese(value: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(value, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens % 10]) + "十" + (_DIGITS[ones] if ones else "")
