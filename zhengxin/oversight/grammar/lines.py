"""Lines as a file holds them into whole paragraphs: layout spaces, page numbers and wrapped lines go."""

import re
from collections.abc import Sequence

from zhengxin.oversight.grammar.headings import mark_of
from zhengxin.oversight.grammar.phrases import labels
from zhengxin.oversight.grammar.radicals import RADICALS
from zhengxin.oversight.grammar.units import CLOSE, OPEN

_HAN = r"[一-鿿㐀-䶿]"
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\x0b\x0c"))
_WIDE = str.maketrans({"\u3000": " ", "\xa0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " "})
_SINGLE = re.compile(rf"(?:(?<=^)|(?<=[^一-鿿㐀-䶿])|(?<= ))({_HAN}) +(?={_HAN})")
_SPACED_WORD = re.compile(rf"(?<![一-鿿㐀-䶿])(?:{_HAN} +){{2,}}{_HAN}(?![一-鿿㐀-䶿])")
_BEFORE_MARK = re.compile(r" +(?=[，。；：！？、）】〕》”’,;:])")
_AFTER_MARK = re.compile(r"(?<=[，。；！？、（【〔《“‘]) +")
_NUMBER_GAP = re.compile(rf"(?<=[0-9]) +(?={_HAN})|(?<={_HAN}) +(?=[0-9])")
# A page that lost its line ends: a new heading after the end of a sentence or bracket.
_RUN_ON = re.compile(
    r"(?<=[。；）)】]) +(?=[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.．、][一-鿿])"
)
_PAGE = re.compile(
    r"^(?:[-—－–·•\s]+\d{1,4}[-—－–·•\s]+|第 ?\d{1,4} ?页(?:[，,/\s]*共 ?\d{1,4} ?页)?|\d{1,3} ?/ ?\d{1,3})$"
)
# The foot of a web page: from the line that belongs to the page, not to the document, to its end.
_FOOT = re.compile(r"网站标识码|ICP备|公网安备|版权所有|Copyright|技术支持[:：]", re.IGNORECASE)
_FOOTISH = re.compile(
    r"主办|承办|打印|关闭|分享|上一篇|下一篇|返回|地址|邮编|站点地图|联系我们|扫一扫|友情链接"
)
_FOOT_LINES = 20
# A star before a number marks an item; it is no part of it.
_STAR = re.compile(r"^[★☆●■◆▲△※◎○◇□*•·]+ *(?=[（(0-9一二三四五六七八九十])")
_FINAL = tuple("。；;：:！!？?…")
# A bracket over several lines ends before so many characters.
_LONGEST = 800
_LEAST_LINES = 8


def tidy(line: str) -> str:
    """One line without what layout put into it; tabs stay, they part cells."""
    text = line.translate(_INVISIBLE).translate(RADICALS).translate(_WIDE).strip(" \r\n")
    text = _STAR.sub("", text)
    if " " not in text:
        return text
    # Scanned text parts every character from the next.
    text = _SPACED_WORD.sub(lambda match: match[0].replace(" ", ""), text)
    text = _SINGLE.sub(r"\1", text)
    text = _BEFORE_MARK.sub("", text)
    text = _AFTER_MARK.sub("", text)
    return text if re.match(r"\d+ ", text) else _NUMBER_GAP.sub("", text)


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Whole paragraphs, none empty; wrapped lines and brackets over several lines are joined."""
    lines = [part for line in lines for part in _RUN_ON.split(line.translate(_WIDE))]
    # A page number stands in the midst of a sentence as often as not.
    lines = [line for line in lines if not _PAGE.match(line.strip())]
    indented = [line[:1] == "\t" or line[:2] == "  " for line in lines]
    plain = [tidy(line) for line in lines]
    plain = _without_foot(plain)
    width = _wrap_width(plain)
    found: list[str] = []
    gap, filled = True, 0
    for text, starts in zip(plain, indented, strict=False):
        if not text:
            gap = True
            continue
        full = bool(width) and not gap and not starts and filled >= width - 4
        if found and _continues(found[-1], text, full=full):
            found[-1] += text
        else:
            found.append(text)
        gap, filled = False, _width(text)
    return found


def _without_foot(lines: list[str]) -> list[str]:
    tail = max(0, len(lines) - _FOOT_LINES)
    feet = [place for place in range(tail, len(lines)) if _FOOT.search(lines[place])]
    if not feet:
        return lines
    begin = feet[0]
    while begin > tail and (
        not lines[begin - 1] or (_FOOTISH.search(lines[begin - 1]) and len(lines[begin - 1]) < 40)
    ):
        begin -= 1
    return lines[:begin]


def _continues(before: str, text: str, *, full: bool) -> bool:
    """Whether a line goes on with the sentence of the one before."""
    if "\t" in before or "\t" in text:
        return False
    marked = mark_of(text) is not None
    if _open_brackets(before) > 0 and not (marked and mark_of(before) is None):
        return len(before) < _LONGEST and _closes(text)
    if marked or (labels(text) and labels(text)[0][0] == 0):
        return False
    if before.endswith(("、", "，", ",")):
        return True
    return full and not before.endswith(_FINAL)


def _closes(text: str) -> bool:
    """The rest of a bracket is short: it closes here or names more units."""
    return any(char in CLOSE for char in text) or len(text) < 120


def _open_brackets(text: str) -> int:
    return sum(text.count(char) for char in OPEN[:-1]) - sum(
        text.count(char) for char in CLOSE[:-1]
    )


def _width(text: str) -> int:
    """The width in Chinese characters."""
    return round(sum(1.0 if ord(char) > 0x2E7F else 0.5 for char in text))


def _wrap_width(lines: list[str]) -> int:
    """At how many characters the lines of a file are wrapped; 0 where each is a paragraph."""
    widths = sorted(_width(line) for line in lines if line and "\t" not in line)
    if len(widths) < _LEAST_LINES:
        return 0
    widest = widths[-max(1, len(widths) // 20)]
    if not 12 <= widest <= 70:
        return 0
    open_ends = [line for line in lines if line and not line.endswith((*_FINAL, "）", ")"))]
    full = [line for line in open_ends if _width(line) >= widest - 4]
    return widest if len(full) * 2 > len(open_ends) and len(full) * 4 > len(widths) else 0
