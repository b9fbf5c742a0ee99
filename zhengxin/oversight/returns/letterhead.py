"""A paper with a red head as a Word file: issuing office, number, red rule, title, body, signature, date.

Measures follow GB/T 9704-2012: A4, head 37 mm, left 28 mm, text 156 by 225 mm, body in size 三号, 28 points a line. Written
with the standard library alone (docs/decisions, returns).
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from zhengxin.kernel.say import say

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
# Lengths in twentieths of a point (1 mm is 56.7), sizes of type in half points.
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="1361" '
    'w:gutter="0"/></w:sectPr>'
)
_TITLE_FONT, _BODY_FONT, _HEAD_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体"
_OFFICE_SIZE, _TITLE_SIZE, _BODY_SIZE, _TABLE_SIZE = 84, 44, 32, 24
_RED = "FF0000"
_RULE = f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="4" w:color="{_RED}"/></w:pBdr>'
# Of the text, 156 mm.
_WIDTH = 8844
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
# Times in a packed file would make two of the same paper differ.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first of them the header."""

    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A paper. number: "" leaves room to write it by hand; dated: None likewise. A body line is a paragraph."""

    office: str
    number: str
    title: str
    addressee: str
    body: Sequence[str | Heading | Table]
    signature: str
    dated: date | None
    year: int


def docx(letter: Letter) -> bytes:
    """The Word file; the same letter gives the same bytes."""
    parts = {
        "[Content_Types].xml": (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.wordprocessingml.document.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": (
            f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{"".join(_body(letter))}{_PAGE}'
            "</w:body></w:document>"
        ),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _body(letter: Letter) -> Iterator[str]:
    yield _paragraph(
        letter.office, _TITLE_FONT, _OFFICE_SIZE, align="center", colour=_RED, free=True
    )
    number = letter.number or say("〔{year}〕　　号", year=letter.year)
    yield _paragraph(number, _BODY_FONT, _BODY_SIZE, align="center", extra=_RULE)
    yield _paragraph("", _BODY_FONT, _BODY_SIZE)
    yield _paragraph(letter.title, _TITLE_FONT, _TITLE_SIZE, align="center", free=True)
    yield _paragraph("", _BODY_FONT, _BODY_SIZE)
    if letter.addressee:
        yield _paragraph(say("{to}：", to=letter.addressee), _BODY_FONT, _BODY_SIZE)
    for each in letter.body:
        if isinstance(each, Heading):
            yield _paragraph(each.text, _HEAD_FONT, _BODY_SIZE, extra=_INDENT)
        elif isinstance(each, Table):
            yield _table(each.rows)
        else:
            for line in each.splitlines() or [""]:
                yield _paragraph(line, _BODY_FONT, _BODY_SIZE, extra=_INDENT)
    yield _paragraph("", _BODY_FONT, _BODY_SIZE)
    yield _paragraph(letter.signature, _BODY_FONT, _BODY_SIZE, align="right")
    dated = letter.dated
    words = (
        say("{y}年{m}月{d}日", y=dated.year, m=dated.month, d=dated.day)
        if dated
        else say("　　年　　月　　日")
    )
    yield _paragraph(words, _BODY_FONT, _BODY_SIZE, align="right")


def _paragraph(
    text: str,
    font: str,
    size: int,
    *,
    align: str = "both",
    colour: str = "",
    extra: str = "",
    free: bool = False,
) -> str:
    # Order of properties is that of the schema: border, spacing, indent, alignment.
    border, indent = (extra, "") if extra.startswith("<w:pBdr") else ("", extra)
    spacing = "" if free else '<w:spacing w:line="560" w:lineRule="exact"/>'
    return (
        f'<w:p><w:pPr>{border}{spacing}{indent}<w:jc w:val="{align}"/></w:pPr>'
        f"{_run(text, font, size, colour)}</w:p>"
    )


def _run(text: str, font: str, size: int, colour: str = "") -> str:
    if not text:
        return ""
    tint = f'<w:color w:val="{colour}"/>' if colour else ""
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}"/>'
        f'{tint}<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{_safe(text)}</w:t></w:r>'
    )


def _safe(text: str) -> str:
    """Without the characters that XML cannot hold."""
    kept = (
        char
        for char in text
        if char in "\t\n\r"
        or (char >= " " and not "\ud800" <= char <= "\udfff" and char < "\ufffe")
        or char > "\uffff"
    )
    return escape("".join(kept))


def _table(rows: Sequence[Sequence[str]]) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = len(rows[0])
    grid = f'<w:gridCol w:w="{_WIDTH // columns}"/>' * columns
    drawn = "".join(
        f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if place == 0 else ''}"
        f"{''.join(_cell(cell, head=place == 0) for cell in row)}</w:tr>"
        for place, row in enumerate(rows)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{drawn}</w:tbl>"
    )


def _cell(text: str, *, head: bool) -> str:
    font = _HEAD_FONT if head else _BODY_FONT
    return f"<w:tc><w:p>{_run(text, font, _TABLE_SIZE)}</w:p></w:tc>"
