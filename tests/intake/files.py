"""Small invented files of the penalties source, written in every way people write them."""

import csv
import io
from datetime import date
from pathlib import Path

from zhengxin.intake.checking import check_upload, fault_files
from zhengxin.intake.ground import Ground
from zhengxin.intake.sources import read_source
from zhengxin.intake.types import Checked, Column, Reading, Source
from zhengxin.lake.queries import rows
from zhengxin.lake.sql import parquet

SOURCES = Path(__file__).resolve().parents[2] / "sources"
TODAY = date(2026, 11, 23)
PEPPER = bytes(range(32))
FIRM = "91210321MA0000031B"
SHOP = "92210321MA000004X0"
AGENCY = "112103210000000197"
PERSON = "210321190001010014"


def the_source(name: str = "penalties") -> Source:
    return read_source(SOURCES / name / "source.yaml")


def sound_row(n: int = 1, **changed: str) -> dict[str, str]:
    """A sound penalty row by field code; n makes the document number."""
    row = {
        "CF_XDR_MC": "示例县惠民建材有限公司",
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": FIRM,
        "CF_FRDB": "张明",
        "CF_WSH": f"示市监罚〔2026〕{n}号",
        "CF_WFXW": "未按规定明码标价",
        "CF_SY": "经查，当事人经营场所内商品未标明价格。",
        "CF_YJ": "中华人民共和国价格法第四十二条",
        "CF_CFLB": "警告；罚款",
        "CF_NR": "警告，并处罚款2000元。",
        "CF_NR_FK": "0.2",
        "CF_JDRQ": "2026-11-18",
        "CF_CFJG": "示例县市场监督管理局",
        "CF_CFJGDM": AGENCY,
        "CF_SJLY": "示例县市场监督管理局",
        "CF_SJLYDM": AGENCY,
    }
    return row | changed


def columns_of(source: Source) -> list[Column]:
    return list(source.kept)


def table(rows_: list[dict[str, str]], source: Source | None = None) -> list[list[str]]:
    """Header and cells in the order of the source."""
    columns = columns_of(source or the_source())
    return [
        [column.header for column in columns],
        *([row.get(column.field, "") for column in columns] for row in rows_),
    ]


def csv_text(cells: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(cells)
    return out.getvalue()


class Found:
    """The outcome of checking one file."""

    def __init__(self, reading: Reading, checked: Checked, ground: Ground) -> None:
        self.reading, self.checked, self.ground = reading, checked, ground
        sql = (
            "SELECT row_number, header, code, value, because, remedy, severity "
            f"FROM {parquet(fault_files(ground.folder))} ORDER BY row_number, place, code"
        )
        self.faults = [row for batch in rows(sql) for row in batch]

    @property
    def codes(self) -> list[tuple[int, str]]:
        return [(row[0], row[2]) for row in self.faults]


def check_bytes(
    folder: Path, content: bytes, source: Source | None = None, today: date = TODAY
) -> Found:
    """Check `content` as an upload in `folder`. Raises what checking raises."""
    upload = folder / "upload"
    upload.write_bytes(content)
    ground = Ground(upload, folder, source or the_source(), 7, today, PEPPER)
    reading, checked = check_upload(ground)
    return Found(reading, checked, ground)


def check_rows(folder: Path, rows_: list[dict[str, str]], source: Source | None = None) -> Found:
    """Check rows given by field code, as a UTF-8 CSV."""
    return check_bytes(folder, csv_text(table(rows_, source)).encode(), source)
