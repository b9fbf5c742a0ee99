"""The one engine that reads and writes Parquet: DuckDB, kept small and off the network."""

import os
from pathlib import Path
from threading import Lock

import duckdb

# A text table turned out not to be regular. The engine quotes the line, and cuts it in the middle of a character.
IrregularText = (duckdb.InvalidInputException, UnicodeDecodeError)
Engine = duckdb.DuckDBPyConnection

# A long IN list as a join would let rows overtake one another on their way to a file.
_ALONE = "in_clause"

_shared: dict[tuple[int, int, int], duckdb.DuckDBPyConnection] = {}
_lock = Lock()


def connect(
    memory_mb: int = 450, threads: int = 2, scratch: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """An engine for one piece of work; close it (or use `with`).

    With `scratch` (where it may spill beyond memory_mb) an instance of its own, whose memory returns when it is
    closed. Without, a cursor on the one instance this process keeps: opening costs nothing, for small work and pages.
    Extensions are neither looked for nor loaded: what is built in is all there is.
    """
    if scratch is not None:
        return _instance(memory_mb, threads, scratch)
    with _lock:
        key = (os.getpid(), memory_mb, threads)
        if key not in _shared:
            _shared[key] = _instance(memory_mb, threads, None)
        return _shared[key].cursor()


def connect_for_few() -> duckdb.DuckDBPyConnection:
    """A cursor for a few rows: statements run as written, because planning them would take longer than running."""
    connection = connect()
    connection.execute("PRAGMA disable_optimizer")
    return connection


def _instance(memory_mb: int, threads: int, scratch: Path | None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute(f"SET memory_limit = '{int(memory_mb)}MB'")
    connection.execute(f"SET threads = {int(threads)}")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET disabled_optimizers = '{_ALONE}'")
    connection.execute(f"SET temp_directory = {quoted(scratch or '')}")
    return connection


def keep_order(connection: duckdb.DuckDBPyConnection) -> None:
    """Joins run as written, the left side streaming past the right: rows stay in the left side's order."""
    connection.execute(f"SET disabled_optimizers = '{_ALONE},join_order,build_side_probe_side'")


def quoted(text: str | Path) -> str:
    """`text` as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def named(identifier: str) -> str:
    """`identifier` as an SQL name."""
    return '"' + identifier.replace('"', '""') + '"'
