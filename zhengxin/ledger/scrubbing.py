"""No trace of deleted rows in a store's files: they are written anew, with nothing between the live rows.

SQLite: zeroing what is deleted is not enough, where rows once moved from page to page a copy may lie between
two live ones. PostgreSQL: dead rows and the planner's samples of values stay until a vacuum.
"""

from collections.abc import Sequence

from django.db import OperationalError, connections

# Longer than this nobody's reading is waited for: the next round tries again.
_PATIENCE = "10s"


def scrub(alias: str, tables: Sequence[str]) -> bool:
    """Write one store's file (on PostgreSQL: these tables) anew and empty its log.

    False while others read it, or inside a transaction: then it must be done again.
    """
    store = connections[alias]
    if store.in_atomic_block:
        return False
    try:
        if store.vendor == "sqlite":
            return _scrub_file(alias)
        _scrub_tables(alias, tables)
    except OperationalError:
        return False
    return True


def _scrub_file(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        # The second copy of a large store does not fit in memory.
        cursor.execute("PRAGMA temp_store=FILE")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    return not busy


def _scrub_tables(alias: str, tables: Sequence[str]) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{_PATIENCE}'")
        try:
            for table in tables:
                cursor.execute(f'VACUUM (FULL, ANALYZE) "{table}"')
            # Where the planner had kept common values.
            cursor.execute("VACUUM FULL pg_catalog.pg_statistic")
        finally:
            cursor.execute("RESET lock_timeout")
