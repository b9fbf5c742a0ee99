"""The one engine that reads and writes Parquet: DuckDB, kept small and off the network."""

from pathlib import Path

import duckdb

# A text table turned out not to be regular.
IrregularText = duckdb.InvalidInputException


def connect(
    memory_mb: int = 450, threads: int = 2, scratch: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A private in-memory engine; close it (or use `with`) so that its memory returns.

    memory_mb: what it may hold before it spills to `scratch` (default: nowhere beside the data).
    Extensions are neither looked for nor loaded: what is built in is all there is.
    """
    connection = duckdb.connect(":memory:")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute(f"SET memory_limit = '{int(memory_mb)}MB'")
    connection.execute(f"SET threads = {int(threads)}")
    connection.execute("SET TimeZone = 'UTC'")
    if scratch is not None:
        connection.execute(f"SET temp_directory = {quoted(scratch)}")
    return connection


def keep_order(connection: duckdb.DuckDBPyConnection) -> None:
    """Joins run as written, the left side streaming past the right: rows stay in the left side's order."""
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")


def quoted(text: str | Path) -> str:
    """`text` as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def named(identifier: str) -> str:
    """`identifier` as an SQL name."""
    return '"' + identifier.replace('"', '""') + '"'
