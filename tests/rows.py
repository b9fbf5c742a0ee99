"""Generated licence rows for stories that need a big file."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from zhengxin.demo.files import Form, write
from zhengxin.demo.licences import LICENCES, licence_row
from zhengxin.demo.parties import Parties


def licence_file(
    path: Path, n: int, *, unit_name: str, unit_code: str, until: date, first: int = 1
) -> Path:
    """A CSV of `n` sound licence rows with document numbers from `first` on, decided before `until`."""
    random = Random(7)
    parties = Parties(random)
    licence = next(each for each in LICENCES if each.parties == "e")
    rows = [
        licence_row(
            licence,
            serial=first + place,
            decided_on=until - timedelta(days=1 + place % 300),
            unit_name=unit_name,
            unit_code=unit_code,
            parties=parties,
            random=random,
        )
        for place in range(n)
    ]
    path.write_bytes(
        write(rows, {field: field for field in rows[0]}, Form.CSV, datetime(2026, 1, 1, tzinfo=UTC))
    )
    return path
