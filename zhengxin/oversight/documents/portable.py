"""PDF files that hold text; scans and locked files are refused."""

import logging
from pathlib import Path

import pypdf
from pypdf.errors import PyPdfError

from zhengxin.kernel.say import say
from zhengxin.oversight.documents.kinds import (
    MAX_CHARACTERS,
    DocumentRefused,
    damaged,
    scanned,
    too_big,
)

MAX_PAGES = 500
# A page of a plan has hundreds; a scan has none, or a page number.
_LEAST_ON_A_PAGE = 25


def lines_of(path: Path) -> list[str]:
    """The lines of all pages. Raises DocumentRefused."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentRefused(
                say("PDF加了密码，打不开。"),
                say("没有密码读不到里面的文字。"),
                say("请用密码打开后，“另存为”不加密的PDF或DOCX再读。"),
            )
        if len(reader.pages) > MAX_PAGES:
            raise too_big()
        lines, length = list[str](), 0
        for page in reader.pages:
            text = page.extract_text()
            length += len(text)
            if length > MAX_CHARACTERS:
                raise too_big()
            lines += text.split("\n")
        pages = len(reader.pages)
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        NotImplementedError,  # a filter the library does not know
        RecursionError,
        ArithmeticError,
    ) as error:
        raise damaged(say("PDF文件")) from error
    _insist_text("".join(lines), pages)
    return lines


def _insist_text(text: str, pages: int) -> None:
    letters = [char for char in text if not char.isspace()]
    if len(letters) < _LEAST_ON_A_PAGE * max(1, pages // 2):
        raise scanned(say("PDF里没有文字，是扫描件（{n}页）。", n=pages))
    strange = sum(
        1 for char in letters if "\ue000" <= char <= "\uf8ff" or char == "\ufffd" or char < " "
    )
    if strange * 10 > len(letters) * 3:
        raise DocumentRefused(
            say("PDF里的文字认不出来。"),
            say("字体没有带编码，{n}个字里有{bad}个读不出。", n=len(letters), bad=strange),
            say("请向起草单位要DOCX或纯文本，或从原软件重新导出PDF后再读。"),
        )
