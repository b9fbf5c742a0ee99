"""Headings: 一、 （一） 1. （1） ① 第一章 第一条 附件1, and the level of each."""

import re
from dataclasses import dataclass

from zhengxin.oversight.grammar.numerals import CHINESE, number_of

_C = f"[{CHINESE}]{{1,4}}"
# 1.5万亩 is an amount, 11.121人才梯队 is the eleventh heading.
_AMOUNT = r"[0-9０-９]+(?:[.．%％℃]|[万亿倍个元米公平年月日度分亩吨千百名家户至到]|$)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第(?P<n>{_C}|\d{{1,3}}) ?(?:部分|编|篇)[、.．:：\s]?")),
    ("chapter", re.compile(rf"第(?P<n>{_C}|\d{{1,3}}) ?章[、.．:：\s]?")),
    ("division", re.compile(rf"第(?P<n>{_C}|\d{{1,3}}) ?节[、.．:：\s]?")),
    ("article", re.compile(rf"第(?P<n>{_C}|\d{{1,3}}) ?条[、.．:：\s]?")),
    ("annex", re.compile(r"附 ?(?:件|表) ?(?P<n>[0-9０-９一二三四五六七八九十]{0,3})(?:[：:.．、\s]|$)")),
    ("one", re.compile(rf"(?P<n>{_C}) ?[、.．,，](?! ?(?:{_C})[、，,和是年月日万千亿])")),
    ("two", re.compile(rf"[（(](?P<n>{_C})[）)][、.．]?")),
    ("decimal", re.compile(r"(?P<n>\d{1,2}(?:[.．]\d{1,2}){1,3})[.．、\s]*(?=[一-鿿“《])(?![年月日万亿倍个元米公平])")),
    ("three", re.compile(rf"(?P<n>[0-9０-９]{{1,3}}) ?[.．﹒、](?!{_AMOUNT})")),
    ("four", re.compile(r"[（(](?P<n>[0-9０-９]{1,3})[）)][、.．]?")),
    ("three_b", re.compile(r"(?P<n>[0-9]{1,3})[)）]")),
    ("five", re.compile(r"(?P<n>[①-⑳])[、.．]?")),
)  # fmt: skip
_GREAT = ("part", "chapter", "division")
_FIXED = {
    "one": 1,
    "article": 1,
    "two": 2,
    "three": 3,
    "three_b": 4,
    "four": 4,
    "five": 5,
}
_ENDS = re.compile(r"[。；;！!？?]|……|：(?=.)|:(?=.)")
# A run may skip a few numbers (an excerpt, a slip of the pen), not many: 五、六月份 is no heading.
_GAP = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """The number that a line begins with. kind: its style; rest: the line without it."""

    kind: str
    number: str
    value: int
    rest: str

    @property
    def shown(self) -> str:
        """The number as one cites it."""
        return f"附件{self.number}" if self.kind == "annex" else self.number


def mark_of(line: str) -> Mark | None:
    """The heading number a line begins with, whatever its title is."""
    for kind, pattern in _PATTERNS:
        match = pattern.match(line)
        if match is None:
            continue
        number = match[0].strip(" 　、.．﹒，,：:\t")
        raw = match["n"]
        if kind == "five":
            value = ord(raw) - ord("①") + 1
        elif kind == "decimal":
            value = int(re.split("[.．]", raw)[-1])
        else:
            value = number_of(raw) or 0
        if kind == "annex":
            number = raw
        return Mark(kind, number, value, line[match.end() :].strip())
    return None


def title_of(rest: str) -> str:
    """A heading's title: its first sentence."""
    match = _ENDS.search(rest)
    return (rest[: match.start()] if match else rest).strip(" 　：:。")


class Numbering:
    """Which numbers continue a run; what level each style has in this plan."""

    def __init__(self, marks: list[Mark]) -> None:
        used = {mark.kind for mark in marks}
        self._above = [kind for kind in _GREAT if kind in used]
        self._last: dict[str, int] = {}

    def level(self, mark: Mark) -> int:
        """1 for the greatest style in use, 0 for an annex; the plain styles keep their usual distance from 一、."""
        if mark.kind in _GREAT:
            return self._above.index(mark.kind) + 1
        if mark.kind == "annex":
            return 0
        shift = len(self._above)
        if mark.kind == "decimal":
            return shift + 3 + len(re.split("[.．]", mark.number)) - 1
        return shift + _FIXED[mark.kind]

    def accepts(self, mark: Mark) -> bool:
        """Whether the number begins or continues a run of its style; remembers it if so."""
        last = self._last.get(mark.kind)
        fits = (
            mark.kind in ("annex", "decimal")
            or mark.value == 1
            or last is None
            or last < mark.value <= last + _GAP
        )
        if fits:
            self._last[mark.kind] = mark.value
        return fits
