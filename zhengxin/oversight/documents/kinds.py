"""What a file really is, whatever its name says, and how it is refused when it is none we read."""

import codecs
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

# The longest plan known has 60 pages; scans and pictures make files long, not text.
MAX_BYTES = 40 * 1024 * 1024
MAX_CHARACTERS = 2_000_000
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 3_000
_CHUNK = 1 << 20
_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|meta|div|table|p|h1|span|article)\b",
    re.IGNORECASE | re.DOTALL,
)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_AS_TEXT = "请用Word或WPS打开，“另存为”DOCX或纯文本后再读。"


class DocumentRefused(Refused):
    """A file from which no text of a plan can be read."""


class FileKind(StrEnum):
    """The four kinds that are read."""

    TEXT = "text"
    WORD = "word"
    PDF = "pdf"
    PAGE = "page"


def kind_of(path: Path) -> FileKind:
    """The kind by content. Raises DocumentRefused for empty, huge, packed, scanned and other files."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DocumentRefused(
            say("文件太大，没有读取。"),
            say("文件有{mb}兆字节，上限是{most}。", mb=size >> 20, most=MAX_BYTES >> 20),
            say("请删去图片，或“另存为”纯文本后再读。"),
        )
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise DocumentRefused(
            say("文件是空的。"), say("里面没有一行文字。"), say("请打开原件核对后重新保存。")
        )
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(path)
    _refuse_known(head)
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)) or _wide_markup(head):
        return FileKind.PAGE
    return FileKind.TEXT


def _wide_markup(head: bytes) -> bool:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return _MARKUP.match(head[2:].decode(encoding, "ignore").encode()) is not None
    return False


def _refuse_known(head: bytes) -> None:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentRefused(
            say("这是旧版Word、WPS文件（.doc、.wps），或者是加了密码的文件。"),
            say("这种文件读不出文字。"),
            say("请用Word或WPS打开，去掉密码，“另存为”DOCX后再读。"),
        )
    if head.startswith(_PICTURES):
        raise scanned(say("这是一张图片。"))
    for start, name in (
        (b"{\\rtf", say("RTF文件")),
        (b"Rar!", say("压缩包")),
        (b"7z\xbc\xaf", say("压缩包")),
        (b"\x1f\x8b", say("压缩包")),
        (b"MIME-Version", say("网页存档（MHT）")),
        (b"SQLite format", say("数据库文件")),
        (b"\x7fELF", say("程序")),
        (b"MZ\x90", say("程序")),
    ):
        if head.startswith(start):
            raise other(name)


def other(name: str) -> DocumentRefused:
    """The refusal of a kind of file that is not read."""
    return DocumentRefused(
        say("这是{name}，不能当作工作方案读取。", name=name),
        say("能读的有纯文本、DOCX、带文字的PDF和网页。"),
        say(_AS_TEXT),
    )


def scanned(what: str) -> DocumentRefused:
    """The refusal of a picture of text."""
    return DocumentRefused(
        what,
        say("文字是扫描的图像，读不出来；本系统不做文字识别，以免认错单位和日期。"),
        say("请向起草单位要电子文本（DOCX或纯文本），或用文字识别软件转换、校对后再读。"),
    )


def table_file(what: str) -> DocumentRefused:
    """The refusal of a table where clauses were expected."""
    return DocumentRefused(
        what,
        say(
            "工作方案应是逐条的文字，每条写明牵头、配合或责任单位；表格的列各家不同，不能当作条文读。"
        ),
        say(
            "请选方案的正文文件；只有任务分解表的，请把表放进DOCX，列名写明工作任务、牵头单位、配合单位、完成时限。"
        ),
    )


def damaged(name: str) -> DocumentRefused:
    """The refusal of a file that breaks while it is read."""
    return DocumentRefused(
        say("{name}已损坏，或内容不合规范，读不出来。", name=name),
        say("读到一半就停了，没有采用其中任何内容。"),
        say("请用原来的软件重新打开，“另存为”后再读。"),
    )


def too_big() -> DocumentRefused:
    """The refusal of what unpacks to far more than a plan can be."""
    return DocumentRefused(
        say("文件展开后过大，已停止读取。"),
        say("正常的工作方案不会超过{n}万字。", n=MAX_CHARACTERS // 10_000),
        say(_AS_TEXT),
    )


def _packed(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if len(names) > MAX_PARTS:
                raise too_big()
    # NotImplementedError: a way of packing the library does not know.
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise damaged(say("DOCX文件")) from error
    if "word/document.xml" in names:
        return FileKind.WORD
    if "xl/workbook.xml" in names:
        raise table_file(say("这是电子表格（XLSX），不是工作方案的条文。"))
    if "OFD.xml" in names:
        raise other(say("OFD版式文件"))
    if "content.xml" in names and "mimetype" in names:
        raise other(say("ODF文件"))
    raise other(say("压缩包"))
