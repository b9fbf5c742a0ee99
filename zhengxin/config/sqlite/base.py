"""Django's SQLite backend for many writers: each write takes its turn, checkpoints run outside it.

A transaction holds the turn from BEGIN IMMEDIATE to its end; a single write outside a transaction
holds it for the statement. In-memory databases have one process and need no turns.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from zhengxin.config.sqlite.turns import Turn, TurnTimeout

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# After so many changed rows a connection moves the write-ahead log into the database file itself.
_CHECKPOINT_ROWS = 20_000
# Pages after which SQLite does so inside a commit: a backstop for many small writers.
_BACKSTOP_PAGES = 64_000


class TurnCursor(base.SQLiteCursorWrapper):
    """A cursor whose single writes (outside a transaction) wait for the turn."""

    turn: Turn

    def execute(self, query: str, params: Any = None) -> Any:
        if self.connection.in_transaction or not query.lstrip()[:7].upper().startswith(_WRITES):
            return super().execute(query, params)
        _take(self.turn)
        try:
            return super().execute(query, params)
        finally:
            self.turn.give_back()


def _take(turn: Turn) -> None:
    try:
        turn.take()
    except TurnTimeout:
        raise OperationalError("database is locked") from None


def _make_private(file: Path) -> None:
    """Create a missing database for its owner alone; SQLite gives its log and index the same mode.

    The file is never opened under its own name: closing it would drop the locks other connections
    of this process hold. What cannot be created SQLite reports itself.
    """
    if file.exists():
        return
    with suppress(OSError):
        place, fresh = tempfile.mkstemp(dir=file.parent)
        os.close(place)
        try:
            os.link(fresh, file)
        finally:
            Path(fresh).unlink()


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite whose writers queue instead of racing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turn: Turn | None = None
        self._moved_at = 0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.is_in_memory_db():
            _make_private(Path(str(self.settings_dict["NAME"])))
        connection = super().get_new_connection(conn_params)
        connection.execute(f"PRAGMA wal_autocheckpoint={_BACKSTOP_PAGES}")
        self._moved_at = 0
        if not self.is_in_memory_db():
            file = Path(str(self.settings_dict["NAME"]))
            self.turn = Turn(file.with_name(f"turn-{file.stem}"), conn_params.get("timeout", 5.0))
        return connection

    def stand_back(self, bulk: bool) -> None:
        """Whether this connection writes in bulk: then it lets every small writer go before it. Not in a transaction."""
        self.ensure_connection()
        if self.turn is not None:
            turn = self.turn
            crowd = turn.path.with_name(f"{turn.path.name}-bulk")
            turn.behind = Turn(crowd, turn.timeout) if bulk else None

    def create_cursor(self, name: str | None = None) -> Any:
        if self.turn is None:
            return super().create_cursor(name)
        cursor = self.connection.cursor(factory=TurnCursor)
        cursor.turn = self.turn
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        if self.turn is None:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        _take(self.turn)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.turn.give_back()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        if self.turn is not None and self.connection is not None:
            self.turn.give_back()
            changes = self.connection.total_changes
            if changes - self._moved_at >= _CHECKPOINT_ROWS:
                self._moved_at = changes
                self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            if self.turn is not None:
                self.turn.give_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self.turn is not None:
                self.turn.give_back()
