"""Reading Parquet in batches and writing it from rows."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from zhengxin.lake.engine import Engine, connect, named, quoted
from zhengxin.lake.sql import NULL_MARK, all_of, copy_to_parquet, parquet

BATCH = 2_000
# The operator that puts the pieces of several threads together again as they were read.
_IN_ORDER = "BATCH_COPY_TO_FILE"


def batches(
    path: Path,
    columns: Sequence[str],
    start: int = 0,
    stop: int | None = None,
    *,
    order: str = "seq",
    size: int = BATCH,
    memory_mb: int = 450,
    threads: int = 2,
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of `path` with start <= `order` < stop, in that order, `size` at a time."""
    where = f"WHERE {named(order)} >= {int(start)}"
    if stop is not None:
        where += f" AND {named(order)} < {int(stop)}"
    sql = f"SELECT {all_of(columns)} FROM {parquet(path)} {where} ORDER BY {named(order)}"
    yield from rows(sql, size=size, memory_mb=memory_mb, threads=threads)


def rows(
    sql: str, *, size: int = BATCH, memory_mb: int = 450, threads: int = 2
) -> Iterator[list[tuple[Any, ...]]]:
    """The result of one statement, `size` rows at a time; the engine closes with the iterator."""
    with connect(memory_mb, threads) as engine:
        result = engine.execute(sql)
        while found := result.fetchmany(size):
            yield found


def one(sql: str) -> tuple[Any, ...]:
    """The single row of a statement. Raises LookupError when there is none."""
    for found in rows(sql):
        return found[0]
    raise LookupError(sql)


def count(path: Path) -> int:
    """How many rows a Parquet file has."""
    return int(one(f"SELECT count(*) FROM {parquet(path)}")[0])


class OrderLost(RuntimeError):
    """The engine would write rows in another order than it reads them."""


def write_in_order(engine: Engine, select: str, path: Path) -> None:
    """Write the rows of `select` to `path` in the order in which the engine reads them, on all its cores.

    Raises OrderLost, before anything is written, when its plan does not promise that.
    """
    statement = copy_to_parquet(select, path)
    plan = engine.execute(f"EXPLAIN {statement}").fetchall()
    if not any(_IN_ORDER in text for _, text in plan):
        raise OrderLost(path.name)
    engine.execute(statement)


def write_parquet(
    path: Path, columns: Mapping[str, str], records: Iterable[Sequence[object]]
) -> int:
    """Write `records` (in the order of `columns`: name to SQL type); returns how many.

    None becomes NULL. Streams through a text file beside `path`, so memory stays flat.
    Dates and times go in as date and datetime, JSON as text.
    """
    scratch = path.with_name(path.name + ".rows")
    written = 0
    with scratch.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for record in records:
            writer.writerow([NULL_MARK if value is None else value for value in record])
            written += 1
    types = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in columns.items())
    source = (
        f"read_csv({quoted(scratch)}, auto_detect=false, delim=',', quote='\"', escape='\"', "
        f"header=false, nullstr={quoted(NULL_MARK)}, max_line_size=2000000, buffer_size=16000000, columns={{{types}}})"
    )
    with connect() as engine:
        engine.execute(copy_to_parquet(f"SELECT * FROM {source}", path, lasting=True))
    scratch.unlink()
    return written
