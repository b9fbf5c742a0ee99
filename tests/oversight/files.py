"""Word and PDF files made by hand, as small as they can be."""

import io
import zipfile
from html import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_NUMBERING = f"""<w:numbering {_W}><w:abstractNum w:abstractNumId="4">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="4"/></w:num></w:numbering>"""
OTHER_PARTS = {"numbering": _NUMBERING}


def paragraph(text: str, level: int | None = None) -> str:
    """A paragraph, in two runs as editors leave it; level: its place in the automatic numbering."""
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>'
    properties = "" if level is None else f"<w:pPr>{number}</w:pPr>"
    half = len(text) // 2
    runs = "".join(f"<w:r><w:t>{escape(part)}</w:t></w:r>" for part in (text[:half], text[half:]))
    return f"<w:p>{properties}{runs}</w:p>"


def table(rows: list[list[str]]) -> str:
    """A table without merged cells."""
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def word(body: str, **parts: str) -> bytes:
    """A DOCX file with this body and these further parts under word/."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def pdf(lines: list[str], width: int = 60) -> bytes:
    """A PDF whose text is wrapped at `width` characters, in a font of the reader's (no font inside)."""
    wrapped = [line[at : at + width] for line in lines for at in range(0, len(line), width)]
    pages = [wrapped[at : at + 40] for at in range(0, len(wrapped), 40)] or [[]]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000>>",
    ]
    kids = []
    for page in pages:
        shown = "".join(
            f"1 0 0 1 40 {800 - 18 * row} Tm <{line.encode('utf-16-be').hex()}> Tj "
            for row, line in enumerate(page)
        )
        stream = f"BT /F1 12 Tf {shown}ET".encode()
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects) + 2} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream))
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )
