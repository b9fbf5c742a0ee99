"""Leaving no trace of what was replaced in the store of keys."""

import logging
import time

from django.db import connections

from zhengxin.ledger import scrubbing

# A reader holds the log for the length of one page.
_TRIES = 5
_PAUSE = 1.0
log = logging.getLogger(__name__)


def scrub(*tables: str) -> None:
    """Write the file (SQLite) or these tables (PostgreSQL) anew, without what they held before.

    Not inside a transaction of the caller, where it can do nothing yet.
    """
    if connections["keys"].in_atomic_block:
        return
    for _ in range(_TRIES):
        if scrubbing.scrub("keys", tables):
            return
        time.sleep(_PAUSE)
    log.warning("密钥库正被读取，旧的密文暂未清除；请停止服务后再运行一次同一命令。")
