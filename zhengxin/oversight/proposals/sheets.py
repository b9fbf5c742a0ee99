"""A list of proposals as cells of text: from CSV here, from a workbook in a process of its own.

A workbook may be made to need any memory; whoever reads it ends then, nobody else.
"""

import csv
import io
import json
import resource
import subprocess
import sys
from datetime import date, datetime
from typing import Any

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

# A session has some hundreds; a column more or less does no harm.
MOST_ROWS, MOST_COLUMNS, MOST_BYTES = 2000, 40, 10 << 20
_MEMORY, _SECONDS = 2 << 30, 60


class ListUnreadable(Refused):
    """The file is no list that can be read."""


def rows_of(name: str, content: bytes) -> list[list[str]]:
    """All rows of a list, the first with the names of its columns. Raises ListUnreadable."""
    if not content or len(content) > MOST_BYTES:
        raise _unreadable(say("它是空的，或者超过{n}兆字节。", n=MOST_BYTES >> 20))
    ending = name.rsplit(".", 1)[-1].lower()
    if ending == "csv":
        rows = _of_csv(content)
    elif ending == "xlsx" and content.startswith(b"PK\x03\x04"):
        rows = _of_workbook(content)
    else:
        raise _unreadable(say("只收XLSX和CSV，内容要与后缀相符。"))
    rows = [[cell.strip() for cell in row] for row in rows]
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise _unreadable(say("里面没有内容。"))
    if len(rows) > MOST_ROWS or max(map(len, rows)) > MOST_COLUMNS:
        raise _unreadable(say("一次最多{n}行、{m}列。", n=MOST_ROWS, m=MOST_COLUMNS))
    return rows


def _of_csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            raise _unreadable(say("CSV的引号或分隔有误。")) from error
    raise _unreadable(say("文字编码认不出来。"))


def _of_workbook(content: bytes) -> list[list[str]]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "zhengxin.oversight.proposals.sheets"],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise _unreadable(
            say("工作簿打不开，或者有单元格写在极远的行列；请另存一份只含名单的。")
        ) from None
    found: dict[str, Any] = json.loads(done.stdout)
    if found["sheets"] != 1:
        raise _unreadable(say("里面有{n}个有内容的工作表，请只留一个。", n=found["sheets"]))
    rows: list[list[str]] = found["rows"]
    return rows


def _unreadable(why: str) -> ListUnreadable:
    return ListUnreadable(say("没有导入：这份名单读不出来。"), why, say("请核对后重新上传。"))


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell)


def _main() -> None:
    """Reads a workbook from standard input; prints how many sheets have content, and the rows of the first."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    filled = [sheet for sheet in sheets if sheet.total_height]
    rows = filled[0].to_python(skip_empty_area=False, nrows=MOST_ROWS + 1) if filled else []
    cells = [[_text(cell) for cell in row] for row in rows]
    print(json.dumps({"sheets": len(filled), "rows": cells}))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    _main()
