"""Test databases: real files or real schemas, because worker processes must be able to open them.

Flushing after a transactional test empties append-only tables; only here, never in the program,
are their triggers set aside.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.models.signals import pre_migrate

from zhengxin.config.schemas import ensure_schemas


def name_test_databases(folder: Path) -> None:
    """Give every store a test database of its own: a file in `folder`, or a database on the server."""
    for alias in connections:
        settings = connections[alias].settings_dict
        # So that tests of the portal can ask for the board alone, and fail on any other store.
        settings["TEST"]["DEPENDENCIES"] = []
        if connections[alias].vendor == "sqlite":
            settings["TEST"]["NAME"] = str(folder / f"{alias}.sqlite3")
            # No test pulls the plug: waiting for the disk would only be slow.
            settings["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
        else:
            settings["TEST"]["NAME"] = f"test_{settings['NAME']}_{alias}"
    pre_migrate.connect(_schemas_first, dispatch_uid="schemas first")


def _schemas_first(using: str, **_: Any) -> None:
    ensure_schemas(using)


@contextmanager
def triggers_aside(alias: str) -> Iterator[None]:
    """Inside, the append-only tables of this store can be changed."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            off = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
            on = [sql for _, sql in triggers]
        else:
            cursor.execute(
                "SELECT DISTINCT c.oid::regclass::text FROM pg_trigger t "
                "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
            )
            tables = [name for (name,) in cursor.fetchall()]
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        for statement in off:
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in on:
                cursor.execute(statement)


def flush_past_triggers() -> None:
    """Let Django's flush (between transactional tests) empty append-only tables too.

    Of the class, not of one connection: beside a browser's event loop Django opens others.
    """
    for operations in {type(connections[alias].ops) for alias in connections}:
        plain = operations.execute_sql_flush

        def flush(self: Any, sql_list: list[str], plain: Any = plain) -> None:
            with triggers_aside(self.connection.alias):
                plain(self, sql_list)

        operations.execute_sql_flush = flush  # type: ignore[method-assign, assignment]
