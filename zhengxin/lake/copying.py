"""The engine's own way from a text file to Parquet, with nothing checked: what the bench measures beside."""

from pathlib import Path

from zhengxin.lake.engine import connect, quoted
from zhengxin.lake.sql import copy_to_parquet


def copy_csv_to_parquet(source: Path, target: Path) -> None:
    """Reads `source` with the engine's defaults (types guessed) and writes it to `target`."""
    with connect() as engine:
        engine.execute(copy_to_parquet(f"SELECT * FROM read_csv({quoted(source)})", target))
