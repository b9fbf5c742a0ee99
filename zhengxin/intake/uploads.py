"""What an uploaded file really is, whatever its name says; and its encoding. Pure bytes, no engine."""

import codecs
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

# What the processor's own memory holds: a file is looked through many times, piece by piece.
_CHUNK = 1 << 20
_CONTROLS = tuple(bytes((n,)) for n in range(32) if n not in (9, 10, 13))
# A workbook that unpacks to more than this, or this many times its size, is not read.
MAX_UNPACKED = 600 * 1024 * 1024
MAX_RATIO = 200
MIN_FOR_RATIO = 20 * 1024 * 1024
MAX_PARTS = 2_000
# The reader makes room for every cell up to the last row and the last column that hold something.
MAX_REACH = 60_000_000
# Cells with a value beyond column AZ or row 999,999; the beginning of a row.
_FAR_CELL = re.compile(
    rb"""\sr=["']([B-Z][A-Z]|[A-Z]{3,}|[A-Z]{1,2}(?=\d{7}))(\d+)["'](?:[^>]*[^>/])?>"""
)
_NEAR = 52
_ROW = re.compile(rb"""<row\s[^>]*?\br=["'](\d+)["']""")
_OVERLAP = 512
_SIGNATURES = (
    (b"%PDF", "PDF文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"PAR1", "Parquet文件"),
    (b"SQLite format", "数据库文件"),
    (b"{\\rtf", "Word文件"),
)
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKUP = re.compile(rb"^\s*<(?:!doctype|html|head|table|\?xml|meta|script|body)", re.IGNORECASE)
# So many Chinese characters in a row are not read as UTF-8 by accident.
_SURE = 4
# Of the wide characters of a Chinese text at least this share stands in GB2312, whatever is rare in it.
_USUAL = 0.7
# As a regular expression it is found in half the time.
_WIDE_SPACE = re.compile("\u3000".encode())
# En, em and other typographic spaces; marks of no width.
_RARE_SPACE = re.compile(rb"\xe2(?:\x80[\x80-\x8f\xaf]|\x81[\x9f\xa0])")
_BYTE_ORDER_MARK = re.compile(codecs.BOM_UTF8)
_BORDERS = frozenset((b",", b";", b'"', b"\r", b"\n"))
_QUOTED_ENDS = (b'\n",', b'\n"\n', b'\n"\r', b',"\n')


class UploadRefused(Refused):
    """A whole file is handed back before any row is read."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """encoding: utf-8, utf-8-sig or gb18030; irregular: needs the slow, exact reader;
    tidy: around its cells stand no spaces of any kind, tabs or line ends.
    """

    encoding: str
    irregular: bool
    tidy: bool


def kind_of(path: Path) -> str:
    """ "csv" or "xlsx", by content. Raises UploadRefused for anything else."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UploadRefused(
            say("文件是空的。"), say("里面没有一行内容。"), say("请打开原表核对后重新导出。")
        )
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        _insist_workbook(path)
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UploadRefused(
            say("这是旧版Excel（.xls）或加了密码的文件。"),
            say("本系统只读CSV和不加密的XLSX。"),
            say("请在Excel中去掉密码，“另存为”XLSX后上传。"),
        )
    if head.startswith(_WIDE) or head.count(0) > len(head) // 4:
        raise UploadRefused(
            say("文件的编码是UTF-16，不能读取。"),
            say("本系统读UTF-8和GB18030编码的CSV。"),
            say("请“另存为”CSV UTF-8后上传。"),
        )
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            _refuse_kind(name)
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        _refuse_kind("网页（HTML或XML）")
    return "csv"


def _refuse_kind(name: str) -> None:
    raise UploadRefused(
        say("这不是CSV或XLSX，是{name}。", name=name),
        say("文件名可以改，内容没有变。"),
        say("请用Excel打开原表，“另存为”XLSX或CSV UTF-8后上传。"),
    )


def _damaged() -> UploadRefused:
    return UploadRefused(
        say("XLSX文件已损坏，打不开。"),
        say("压缩结构不完整或与目录不符。"),
        say("请用Excel重新打开并“另存为”XLSX后上传。"),
    )


def _insist_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names:
                if any(name.startswith("word/") for name in names):
                    _refuse_kind("Word文件")
                _refuse_kind("压缩包")
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise UploadRefused(
                    say("这份工作簿带有宏。"),
                    say("带宏的文件（.xlsm）不收。"),
                    say("请“另存为”不带宏的XLSX后上传。"),
                )
            _insist_size(archive, path.stat().st_size)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _damaged() from error


def _insist_size(archive: zipfile.ZipFile, packed: int) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise _too_big()
    unpacked = 0
    for part in parts:
        tail, reach = b"", (1, _NEAR)
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if part.filename.lower().endswith(".xml"):
                    reach = _reach(tail + chunk, *reach)
                    tail = chunk[-_OVERLAP:]
                if unpacked > MAX_UNPACKED or (
                    unpacked > MIN_FOR_RATIO and unpacked > MAX_RATIO * packed
                ):
                    raise _too_big()


def _reach(piece: bytes, rows: int, columns: int) -> tuple[int, int]:
    """The last row and column so far, this piece of a sheet included. Raises UploadRefused when they lie too far."""
    for letters, row in _FAR_CELL.findall(piece):
        columns = max(columns, column_place(letters) + 1)
        rows = max(rows, int(row))
    if last := _ROW.match(piece, max(piece.rfind(b"<row"), 0)):
        rows = max(rows, int(last[1]))
    if rows * columns > MAX_REACH:
        raise UploadRefused(
            say("工作表太大：到第{rows}行、第{columns}列还有内容。", rows=rows, columns=columns),
            say("多半是最末的行或列里误填了字，表中间全是空的。"),
            say("请在Excel中按Ctrl+End找到它，删去多余的行和列，保存后上传。"),
        )
    return rows, columns


def column_place(letters: bytes) -> int:
    """The place of a sheet's column by its letters, from 0."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _too_big() -> UploadRefused:
    return UploadRefused(
        say("XLSX展开后过大，已停止读取。"),
        say(
            "展开超过{mb}兆字节，或超过原文件的{times}倍。",
            mb=MAX_UNPACKED // 1024 // 1024,
            times=MAX_RATIO,
        ),
        say("请“另存为”CSV UTF-8后上传，CSV的大小不受此限。"),
    )


def examine_text(path: Path, *, whole: bool, most: int | None = None) -> TextFile:
    """Find the encoding, and whether the lines are regular.

    whole: decode every byte; else only the beginning, which serves where the engine decodes the rest
    and the caller comes back when it cannot. most: look no further than so many bytes.
    Raises UploadRefused naming byte and row where neither UTF-8 nor GB18030 fits.
    """
    with path.open("rb") as stream:
        marked = stream.read(3) == codecs.BOM_UTF8
    irregular, tidy, broken, chinese = False, True, -1, 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset, tail, decoded = 0, b"", 0
    with path.open("rb") as stream:
        while (most is None or offset < most) and (chunk := stream.read(_CHUNK)):
            if broken < 0 and (whole or offset == 0):
                pending = len(decoder.getstate()[0])
                decoded = offset + len(chunk)
                try:
                    text = decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    broken = offset - pending + error.start
                    text = error.object[: error.start].decode("utf-8", "ignore")
                if chinese < _SURE and not text.isascii():
                    chinese += sum(1 for char in text if char >= "\u0800")
            irregular = irregular or _irregular(chunk) or _irregular(tail + chunk[:2])
            own = 3 if marked and offset == 0 else 0
            tidy = tidy and not _odd_spaces(chunk[own:]) and not _odd_spaces(tail + chunk[:2])
            tail = chunk[-2:]
            offset += len(chunk)
        ended = not stream.read(1)
    tidy = tidy and not (ended and tail.endswith(b" "))
    if broken < 0 and ended and decoded == offset:
        broken = _unfinished(decoder, offset)
    if broken < 0:
        return TextFile("utf-8-sig" if marked else "utf-8", irregular, tidy)
    if marked or chinese >= _SURE:
        raise _mixed(path, broken, "UTF-8")
    _insist_gb18030(path)
    return TextFile("gb18030", irregular, False)


def _irregular(piece: bytes) -> bool:
    """Control characters, blank lines, or line ends of two kinds."""
    if any(control in piece for control in _CONTROLS):
        return True
    lines = piece.split(b"\n")
    # What precedes the first line end may have begun in an earlier piece.
    if b"" in lines[1:-1]:
        return True
    returns = piece.count(b"\r")
    if returns == 0:
        return False
    return b"\r" in lines[1:-1] or (len(piece) > 4 and abs(returns - len(lines) + 1) > 1)


def _odd_spaces(piece: bytes) -> bool:
    """Tabs, wide or hard spaces anywhere; plain spaces or line ends next to where a cell may end."""
    if (
        b"\t" in piece
        or _WIDE_SPACE.search(piece)
        or (b"\xe1" in piece and b"\xe1\x9a\x80" in piece)
    ):
        return True
    if b"\xe2" in piece and _RARE_SPACE.search(piece):
        return True
    if b"\xc2" in piece and (b"\xc2\xa0" in piece or b"\xc2\x85" in piece):
        return True
    if _BYTE_ORDER_MARK.search(piece):
        return True
    if b" " in piece:
        parts = piece.split(b" ")
        if any(part[-1:] in _BORDERS for part in parts[:-1]):
            return True
        if any(part[:1] in _BORDERS for part in parts[1:]):
            return True
    return b'"' in piece and any(mark in piece for mark in _QUOTED_ENDS)


def _unfinished(decoder: codecs.IncrementalDecoder, size: int) -> int:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return size - len(error.object)
    return -1


def _insist_gb18030(path: Path) -> None:
    offset = 0
    with path.open("rb") as stream:
        begin = stream.read(_CHUNK)
    _insist_not_big5(begin[: begin.rfind(b"\n") + 1] or begin)
    with path.open("rb") as stream:
        for line in stream:
            try:
                line.decode("gb18030")
            except UnicodeDecodeError as error:
                raise _mixed(path, offset + error.start, "GB18030") from error
            if _is_utf8(line):
                start = next(i for i, byte in enumerate(line) if byte > 127)
                raise _mixed(path, offset + start, "GB18030")
            offset += len(line)


def _insist_not_big5(begin: bytes) -> None:
    """Big5 mostly decodes as GB18030 too, into characters that hardly any Chinese text has."""
    try:
        begin.decode("big5")
    except UnicodeDecodeError:
        return
    wide = [char for char in begin.decode("gb18030", "ignore") if not char.isascii()]
    usual = sum(bool(char.encode("gb2312", "ignore")) for char in wide)
    if len(wide) >= _SURE and usual < _USUAL * len(wide):
        raise UploadRefused(
            say("文件的编码读不了。"),
            say("看来是Big5编码（繁体），按GB18030读出来是乱码。"),
            say("请在Excel中打开，核对字没有乱，再“另存为”CSV UTF-8后上传。"),
        )


def _is_utf8(line: bytes) -> bool:
    if line.isascii():
        return False
    try:
        return sum(char >= "\u0800" for char in line.decode("utf-8")) >= _SURE
    except UnicodeDecodeError:
        return False


def _mixed(path: Path, offset: int, most: str) -> UploadRefused:
    row, left = 1, offset
    with path.open("rb") as stream:
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            row += chunk.count(b"\n")
            left -= len(chunk)
    return UploadRefused(
        say("文件的编码前后不一致。"),
        say(
            "前面是{most}，从第{byte}个字节（第{row}行）起不是。",
            most=most,
            byte=offset + 1,
            row=row,
        ),
        say(
            "可能是两份文件拼在一起，也可能是别的编码（如Big5）；"
            "请在Excel中打开，核对字没有乱，再“另存为”CSV UTF-8后上传。"
        ),
    )
