"""The bare driver script: the same rows, columns, indexes and ciphertexts, written by the database's own driver.

It reads back what an admitted county holds and writes it into an empty one with the same tables, indexes and settings,
20,000 rows a transaction. Only the writing is timed; nothing is checked, hashed or encrypted.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections, transaction

CHUNK = 20_000
TABLES: dict[str, tuple[str, ...]] = {
    "keys": ("vault_secret",),
    "default": (
        "ledger_entry",
        "ledger_payload",
        "ledger_node",
        "archive_line",
        "duties_duty",
        "publication_notice",
    ),
}


def _columns(alias: str, table: str) -> list[str]:
    with connections[alias].cursor() as cursor:
        return [
            c.name for c in connections[alias].introspection.get_table_description(cursor, table)
        ]


def _chunks(alias: str, table: str, columns: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """All rows of a table in the order they were written."""
    names = ", ".join(f'"{c}"' for c in columns)
    key = columns[0]
    last: Any = -1
    while True:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                f'SELECT {names} FROM "{table}" WHERE "{key}" > %s ORDER BY "{key}" LIMIT {CHUNK}',
                [last],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield rows


def write_again(source: str, target: str, table: str) -> float:
    """Copies one table from connection `source` to connection `target`; returns the seconds spent writing."""
    columns = _columns(source, table)
    names = ", ".join(f'"{c}"' for c in columns)
    spent = 0.0
    for rows in _chunks(source, table, columns):
        spent += _write(target, table, names, rows)
    return spent


def _write(alias: str, table: str, names: str, rows: list[tuple[Any, ...]]) -> float:
    connection = connections[alias]
    connection.ensure_connection()
    started = time.perf_counter()
    with transaction.atomic(using=alias):
        if connection.vendor == "postgresql":
            with (
                connection.cursor() as cursor,
                cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
            ):
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(rows[0]))
            connection.connection.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows
            )
    return time.perf_counter() - started
