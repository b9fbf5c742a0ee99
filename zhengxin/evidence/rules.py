"""What is taken as evidence. Pure."""

from pathlib import PurePath

from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

MOST_BYTES = 20 << 20
MOST_PIECES = 10
MOST_NAME = 120
_BEGINS = {
    "pdf": (b"%PDF",),
    "jpg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
}
_ENDINGS = {"jpeg": "jpg"}


class EvidenceRefused(Refused):
    """A file that is not taken; nothing of the act it came with was done."""


def kind_of(name: str, content: bytes) -> str:
    """What a file is (a value of PieceKind), its name and first bytes agreeing. Raises EvidenceRefused."""
    ending = PurePath(name).suffix.lstrip(".").lower()
    ending = _ENDINGS.get(ending, ending)
    if not content:
        raise _refused(name, say("它是空的。"))
    if len(content) > MOST_BYTES:
        raise _refused(name, say("它超过{n}兆字节。", n=MOST_BYTES >> 20))
    if ending == "txt" and b"\0" not in content:
        return ending
    if ending not in _BEGINS or not content.startswith(_BEGINS[ending]):
        raise _refused(name, say("只收PDF、JPG、PNG、DOCX、XLSX和纯文本，内容要与后缀相符。"))
    return ending


def shown_name(name: str) -> str:
    """The name without folders, cut to fit. Raises EvidenceRefused when a number of a person stands in it."""
    bare = "".join(
        char for char in name.replace("\\", "/").rsplit("/", 1)[-1] if char.isprintable()
    )
    if kinds := kinds_found(bare):
        raise _refused(say("（文件名含{kinds}）", kinds=kinds), say("文件名里不写个人的号码。"))
    path = PurePath(bare)
    return path.stem[: MOST_NAME - len(path.suffix)] + path.suffix


def _refused(name: str, why: str) -> EvidenceRefused:
    return EvidenceRefused(
        say("没有收下“{name}”。", name=name[:MOST_NAME]),
        why,
        say("请换一个文件再提交；刚才填的内容还在。"),
    )
