"""Document numbers: 示住建罚〔2026〕18号, and court case numbers: （2026）辽0321执18号."""

import re
import unicodedata
from dataclasses import dataclass

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

_OPEN, _CLOSE = r"[〔\[【(〈﹝{《]", r"[〕\]】)〉﹞}》]"
_YEAR = rf"{_OPEN}(?P<year>(?:19|20)\d\d)年?{_CLOSE}"
_NUMBER = r"第?(?P<number>[0-9A-Z]+(?:-[0-9A-Z]+)*)号?(?P<tail>之[一二三四五六七八九十]+)?"
_AGENCY = re.compile(rf"(?P<prefix>[^〔\[【(〈﹝{{《〕\]】)〉﹞}}》]+){_YEAR}{_NUMBER}")
_COURT = re.compile(rf"{_YEAR}(?P<prefix>[\u4e00-\u9fff]\d*[\u4e00-\u9fff]+){_NUMBER}")
_SPACE = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-"))


class DocumentNumberUnclear(Refused):
    """A text is not a document number in any usual form."""

    def __init__(self, raw: str) -> None:
        super().__init__(
            say("文号“{raw}”无法识别。", raw=raw),
            say("文号应由发文字号、年份和序号组成。"),
            say("请按“示住建罚〔2026〕18号”的样式填写。"),
        )
        self.raw = raw


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """prefix: 示住建罚 (or 辽0321执 of a court); number: "18", "18之一"; raw: as it was written."""

    prefix: str
    year: int
    number: str
    raw: str
    court: bool = False

    @property
    def text(self) -> str:
        """The number in its standard form, by which two spellings are compared."""
        digits, _, tail = self.number.partition("之")
        ending = f"{digits}号之{tail}" if tail else f"{digits}号"
        if self.court:
            return f"（{self.year}）{self.prefix}{ending}"
        return f"{self.prefix}〔{self.year}〕{ending}"


def parse_document_number(text: str) -> DocumentNumber:
    """Read a document number whatever its brackets, width and spaces.

    Raises DocumentNumberUnclear when no year in brackets followed by a number is found.
    """
    compact = _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)
    court = _COURT.fullmatch(compact)
    match = court or _AGENCY.fullmatch(compact)
    if match is None:
        raise DocumentNumberUnclear(text)
    return DocumentNumber(
        prefix=match["prefix"],
        year=int(match["year"]),
        number=_without_zeros(match["number"]) + (match["tail"] or ""),
        raw=text,
        court=court is not None,
    )


def _without_zeros(number: str) -> str:
    return number.lstrip("0") or "0" if number.isdigit() else number
