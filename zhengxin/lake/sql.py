"""SQL pieces of the engine: reading text tables, writing Parquet, canonical JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhengxin.lake.engine import named, quoted

# Stands for "no value" in text tables written by this house; refused in anybody's cells.
NULL_MARK = "\x02"


@dataclass(frozen=True)
class TextTable:
    """A regular UTF-8 CSV file: every line has exactly `columns` cells, the first `skip` are left out."""

    path: Path
    columns: tuple[str, ...]
    delimiter: str = ","
    skip: int = 1


def text_table(table: TextTable) -> str:
    """A FROM item that reads `table`, every cell as text, empty cells as ''. Strict: any irregular line fails."""
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in table.columns)
    return (
        f"read_csv({quoted(table.path)}, auto_detect=false, delim={quoted(table.delimiter)}, "
        f"quote='\"', escape='\"', header=false, skip={table.skip}, "
        f"nullstr={quoted(NULL_MARK)}, max_line_size=2000000, buffer_size=16000000, columns={{{columns}}})"
    )


def parquet(path: Path | Sequence[Path]) -> str:
    """A FROM item that reads one or several Parquet files of the same columns."""
    paths = [path] if isinstance(path, Path) else list(path)
    return f"read_parquet([{', '.join(quoted(item) for item in paths)}])"


# Rows a thread holds back before it writes them: wide texts, so few.
ROW_GROUP = 20_480


def copy_to_parquet(select: str, path: Path, *, lasting: bool = False) -> str:
    """Write the rows of `select` to `path`. lasting: pack it well; else quickly, to be read again soon."""
    packed = "zstd, COMPRESSION_LEVEL 1" if lasting else "lz4"
    return (
        f"COPY ({select}) TO {quoted(path)} (FORMAT parquet, COMPRESSION {packed}, "
        f"ROW_GROUP_SIZE {ROW_GROUP})"
    )


def json_text(expression: str) -> str:
    """A JSON string literal of a text expression, as kernel.digests.canonical_json writes it.

    Equal byte for byte as long as the text holds no control character other than tab and line ends.
    """
    return f"CAST(to_json({expression}) AS VARCHAR)"


def json_object(members: Mapping[str, str]) -> str:
    """A canonical JSON object from field to an expression of ready JSON; NULL members are left out."""
    if not members:
        return "'{}'"
    parts = [f"{quoted(json_key(name))} || {members[name]}" for name in sorted(members)]
    return "'{' || concat_ws(',', " + ", ".join(parts) + ") || '}'"


def json_key(name: str) -> str:
    """`"name":` for a field code (letters, digits and underscores only)."""
    if not name.isidentifier() or not name.isascii():
        raise ValueError(f"not a field code: {name!r}")
    return f'"{name}":'


def all_of(columns: Sequence[str]) -> str:
    """A select list of `columns`."""
    return ", ".join(named(column) for column in columns)
