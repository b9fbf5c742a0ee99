"""Tables handed out as CSV, line by line, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

from zhengxin.desk.downloads import attachment_name


class _Echo:
    """A file that hands every line straight on."""

    def write(self, text: str) -> str:
        return text


def plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([plain(cell) for cell in header])
    for row in rows:
        yield writer.writerow([plain(cell) for cell in row])


def as_csv(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """The rows as a download."""
    return StreamingHttpResponse(
        _lines(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": attachment_name(filename)},
    )
