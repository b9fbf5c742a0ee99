"""Web pages: the words between the tags, a block a line, tables row by row."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "dl",
        "dt",
        "dd",
        "pre",
        "hr",
        "form",
        "center",
        "table",
    ]
)
_SILENT = frozenset(
    ["script", "style", "head", "nav", "noscript", "template", "select", "button", "svg", "iframe"]
)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_CHINESE = {"gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80"}


def charset_of(raw: bytes) -> str:
    """The encoding that a page names, "" for none or one that is found without it."""
    match = _CHARSET.search(raw[:4096])
    name = match[1].decode("ascii").lower() if match else ""
    return "gb18030" if name in _CHINESE else ""


def lines_of(text: str) -> list[str]:
    """The lines of a page; where it has a heading of first rank, those from there on."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_line()
    if reader.first is not None and reader.first < len(reader.lines):
        after = reader.lines[reader.first :]
        if sum(map(len, after)) * 2 > sum(map(len, reader.lines)):
            return after
    return reader.lines


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.first: int | None = None
        self._text: list[str] = []
        self._silent = 0
        self._rows: list[list[str]] = []
        self._cells: list[list[str]] = []
        self._spans: dict[int, tuple[int, str]] = {}
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += tag != "head"
            return
        if tag == "body":
            self._silent = 0
        if tag == "tr":
            self.end_line()
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._carry()
            self._cells.append([])
            span = dict(attrs).get("rowspan") or "1"
            self._span = min(int(span), 500) if span.isdigit() else 1
        elif self._cells and tag in _BLOCKS:
            self._cells[-1].append("；" if tag != "br" else "")
        elif tag in _BLOCKS:
            self.end_line()
            if tag == "h1" and self.first is None:
                self.first = len(self.lines)
            if tag == "table":
                self._spans = {}

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - (tag != "head"))
        elif tag in ("td", "th") and self._cells:
            text = re.sub(r"\s+", " ", "".join(self._cells.pop())).strip("； ")
            if self._rows:
                if self._span > 1:
                    self._spans[len(self._rows[-1])] = (self._span - 1, text)
                self._rows[-1].append(re.sub("；+", "；", text))
        elif tag == "tr" and self._rows:
            self._carry()
            cells = self._rows.pop()
            if any(cells):
                self.lines.append("\t".join(cells) if len(cells) > 1 else cells[0])
        elif tag in _BLOCKS and not self._cells:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._cells:
            self._cells[-1].append(data)
        elif not self._rows:
            self._text.append(data)

    def end_line(self) -> None:
        """What was said so far is a line."""
        line = re.sub(r"[ \t\r\n]+", " ", "".join(self._text)).strip()
        self._text = []
        if line:
            self.lines.append(line)

    def _carry(self) -> None:
        """A cell that reaches down from a row above is repeated."""
        row = self._rows[-1]
        while len(row) in self._spans:
            left, text = self._spans.pop(len(row))
            if left > 1:
                self._spans[len(row)] = (left - 1, text)
            row.append(text)
