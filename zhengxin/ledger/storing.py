"""Writing finished rows: secrets first, then entries and payloads, one short transaction a store."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from zhengxin.ledger.building import ENTRY_COLUMNS, Rows
from zhengxin.ledger.vault.wrapping import wrap

_TYPES = {
    "ledger_entry": (
        "int8",
        "int8",
        "varchar",
        "int8",
        "int8",
        "date",
        "timestamptz",
        "int8",
        "int8",
        "int8",
        "varchar",
        "bytea",
        "bytea",
    ),
    "ledger_payload": ("int8", "bytea"),
    "vault_secret": ("int8", "bytea", "varchar", "int2", "int2"),
    "ledger_node": ("int2", "int8", "bytea"),
}


def insert(alias: str, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert many rows the fastest safe way: COPY on PostgreSQL, executemany on SQLite."""
    if not rows:
        return
    connection = connections[alias]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT BINARY)') as copy:
                copy.set_types(_TYPES[table])
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


def store(rows: Rows) -> None:
    """Store a chunk. Its secrets are safe on disk before any of its entries is visible."""
    with transaction.atomic(using="keys"):
        insert(
            "keys",
            "vault_secret",
            ("entry_id", "secret", "erased_because", "epoch", "origin"),
            wrap(rows.secrets),
        )
    with transaction.atomic():
        insert("default", "ledger_entry", ENTRY_COLUMNS, _entries(rows.entries))
        insert("default", "ledger_payload", ("entry_id", "ciphertext"), rows.payloads)


def _entries(rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    """Days and moments as the engine keeps them: SQLite stores text."""
    if connections["default"].vendor == "postgresql":
        return rows
    adapt = connections["default"].ops.adapt_datetimefield_value
    known = {moment: adapt(moment) for moment in {row[6] for row in rows}}
    return [(*row[:5], row[5] and row[5].isoformat(), known[row[6]], *row[7:]) for row in rows]


@contextmanager
def standing_back() -> Iterator[None]:
    """Bulk writing that lets small writers go first, where the database has one writer at a time."""
    stores = [connections[alias] for alias in ("default", "keys")]
    turned = [store for store in stores if hasattr(store, "stand_back")]
    for store in turned:
        store.stand_back(True)
    try:
        yield
    finally:
        for store in turned:
            store.stand_back(False)


def present(table: str, alias: str, column: str, first: int, last: int) -> list[tuple[Any, ...]]:
    """(id, `column`, or several) of the rows of `table` with first <= id <= last."""
    identity = "id" if table == "ledger_entry" else "entry_id"
    with connections[alias].cursor() as cursor:
        cursor.execute(
            f"SELECT {identity}, {column} FROM {table} WHERE {identity} BETWEEN %s AND %s",
            [first, last],
        )
        return list(cursor.fetchall())
