"""The engine's own way from a text file to Parquet, with nothing checked: what the bench measures beside."""

from pathlib import Path

from zhengxin.lake.engine import connect, quoted


def copy_csv_to_parquet(source: Path, target: Path) -> None:
    """Reads `source` and writes it to `target`, both with the engine's defaults (types guessed)."""
    with connect() as engine:
        engine.execute(
            f"COPY (SELECT * FROM read_csv({quoted(source)})) TO {quoted(target)} (FORMAT parquet)"
        )
