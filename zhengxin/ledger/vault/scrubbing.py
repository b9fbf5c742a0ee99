"""Leaving no trace of what was replaced in the store of keys."""

import logging
import time

from django.db import connections

# A reader holds the log for the length of one page.
_TRIES = 20
_PAUSE = 0.25
log = logging.getLogger(__name__)


def scrub(*tables: str) -> None:
    """Write the file (SQLite) or these tables (PostgreSQL) anew, without what they held before.

    Zeroing deleted cells is not enough: where rows once moved from page to page a copy may lie
    between two live rows. Not inside a transaction of the caller, where it can do nothing yet.
    """
    keys = connections["keys"]
    if keys.in_atomic_block:
        return
    with keys.cursor() as cursor:
        if keys.vendor == "postgresql":
            for table in tables:
                cursor.execute(f"VACUUM FULL {table}")
            return
        # The second copy of a large store does not fit in memory.
        cursor.execute("PRAGMA temp_store=FILE")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA temp_store=MEMORY")
        for _ in range(_TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if not cursor.fetchone()[0]:
                return
            time.sleep(_PAUSE)
    log.warning("密钥库正被读取，旧的密文暂未清除；请停止服务后再运行一次同一命令。")
