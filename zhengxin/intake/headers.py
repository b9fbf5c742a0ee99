"""Matching the header row of a file to the columns of a source. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from zhengxin.intake.types import Disclosure, Source
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

_NOISE = re.compile(r"[\s*＊:：\ufeff]+")
_HINT = re.compile(r"[(（\[【](?:必填|选填|条件必填|万元|单位[:：]?万元)[)）\]】]")
_FEW = 3


class HeaderRefused(Refused):
    """The header row cannot be read without guessing."""


@dataclass(frozen=True, slots=True)
class Match:
    """fields: for each column of the file its field, "" when not read."""

    fields: tuple[str, ...]
    unknown: tuple[str, ...]
    ignored: tuple[str, ...]
    absent: tuple[str, ...]


def fold_header(text: str) -> str:
    """A column name as it is compared: half-width, no spaces, line ends, stars or (必填)."""
    folded = _HINT.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return _NOISE.sub("", _HINT.sub("", folded))


def _known(source: Source) -> dict[str, str]:
    names: dict[str, str] = {}
    for column in source.columns:
        for name in (column.field, column.header, *column.aliases):
            names.setdefault(fold_header(name), column.field)
    return names


def recognised(cells: Sequence[str], source: Source) -> int:
    """How many of `cells` are column names of `source`."""
    known = _known(source)
    return sum(fold_header(cell) in known for cell in cells)


# No template comes near it; the engine's statements grow with every column.
MAX_HEADERS = 500


def match_headers(first: Sequence[str], second: Sequence[str], source: Source) -> Match:
    """Read the first row as column names; `second` only helps to say what is wrong.

    Raises HeaderRefused for no header, a title or a second header row, a doubled column, a missing
    required column. An unknown column is reported and not read.
    """
    if len(first) > MAX_HEADERS:
        raise HeaderRefused(
            say("列太多：有{n}列，最多{most}列。", n=len(first), most=MAX_HEADERS),
            say("多半是表右侧的空列里误填了字，或者行列颠倒了。"),
            say("请删去多余的列，或下载模板填写。"),
        )
    known = _known(source)
    fields = [known.get(fold_header(cell), "") for cell in first]
    if sum(map(bool, fields)) < min(_FEW, len(source.columns)):
        _refuse_no_header(first, second, source)
    if recognised(second, source) >= _FEW:
        raise HeaderRefused(
            say("表头占了不止一行。"),
            say("第1行和第2行都像列名，无法确定数据从哪一行开始。"),
            say("请取消合并，只保留一行列名，再上传。"),
        )
    _refuse_doubles(first, fields, source)
    absent = [c for c in source.columns if c.field not in fields]
    required = [c.header for c in absent if c.required]
    if required:
        raise HeaderRefused(
            say("缺少{n}个必填列：{names}。", n=len(required), names="、".join(required)),
            say("这些列每一行都要填，没有列名就无法读取。"),
            say("请在第1行补上列名，或下载模板填写。"),
        )
    ignored = {c.field: c.header for c in source.columns if c.disclosure is Disclosure.IGNORED}
    return Match(
        fields=tuple("" if name in ignored else name for name in fields),
        unknown=tuple(
            _shown(cell, place)
            for place, (cell, name) in enumerate(zip(first, fields, strict=True), start=1)
            if not name
        ),
        ignored=tuple(ignored[name] for name in fields if name in ignored),
        absent=tuple(c.header for c in absent if c.disclosure is not Disclosure.IGNORED),
    )


def _shown(cell: str, place: int) -> str:
    return cell.strip() or say("（第{place}列没有列名）", place=place)


def _refuse_no_header(first: Sequence[str], second: Sequence[str], source: Source) -> None:
    if recognised(second, source) >= min(_FEW, len(source.columns)):
        raise HeaderRefused(
            say("第1行不是列名。"),
            say("列名在第2行，第1行像是表名或合并的单元格。"),
            say("请删去列名上面的行，使列名成为第1行，再上传。"),
        )
    seen = "、".join(cell.strip() for cell in first if cell.strip())[:80]
    expected = "、".join(column.header for column in source.columns if column.required)
    raise HeaderRefused(
        say("第1行认不出列名。"),
        say(
            "读到的是“{seen}”，“{title}”需要的列有：{expected}。",
            seen=seen,
            title=source.title,
            expected=expected,
        ),
        say(
            "请核对来源是否选对；列名可用模板中的中文名或代码。列名读出来是乱码的"
            "（如Big5编码），请在Excel中打开后“另存为”CSV UTF-8。"
        ),
    )


def _refuse_doubles(first: Sequence[str], fields: Sequence[str], source: Source) -> None:
    for name in fields:
        if name and fields.count(name) > 1:
            places = [str(i) for i, other in enumerate(fields, start=1) if other == name]
            raise HeaderRefused(
                say("“{header}”出现了{n}列。", header=source.by_field[name].header, n=len(places)),
                say("第{places}列都是它，无法确定读哪一列。", places="、".join(places)),
                say("请只保留一列，再上传。"),
            )
