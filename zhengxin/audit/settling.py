"""Up to which number an append-only table can grow no more: what is copied or sealed must miss no row."""

import time

from django.db import connections

# Seconds to wait for the transactions that are writing rows now.
PATIENCE = 1.0
# Whoever inserts into a table holds this lock from before he draws a number until he commits.
_WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = %s::regclass
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND mode = 'RowExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
"""


def _writers(table: str, alias: str) -> set[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(_WRITERS, [table])
        return {holder for (holder,) in cursor.fetchall()}


def settled(table: str, *, using: str = "default", patience: float = PATIENCE) -> int:
    """The highest id of `table` below which no row can appear any more; 0 when that is not known now.

    SQLite has one writer at a time, so ids are in the order of commits. On PostgreSQL they are drawn
    before the commit: whoever was writing when the highest id was read must have ended. Nobody
    is kept waiting by this but the caller, at most `patience` seconds. The isolation must be
    READ COMMITTED, Django's default.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT MAX(id) FROM "{table}"')
        top = int(cursor.fetchone()[0] or 0)
    if connection.vendor != "postgresql":
        return top
    then = _writers(table, using)
    deadline = time.monotonic() + patience
    while then & _writers(table, using):
        if time.monotonic() > deadline:
            return 0
        time.sleep(0.02)
    return top
