"""A full disk, whichever layer meets it first."""

import errno

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# How SQLite, PostgreSQL, DuckDB and a child process tell of it.
_WORDS = ("No space left", "database or disk is full", "disk I/O error", "File too large")


class DiskFull(Refused):
    """Nothing more can be written."""

    def __init__(self) -> None:
        super().__init__(
            say("没有办完：服务器的磁盘写不下了。"),
            say("已经入账的不受影响；办到一半的不会对外出现，腾出空间后会自动接着办。"),
            say("请管理员清理磁盘或扩容，再重试；办到哪一步可在批次回执中查看。"),
        )


def is_full(error: BaseException | None) -> bool:
    """Whether a full disk is behind `error`, however many layers wrapped it."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if any(word in str(error) for word in _WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False
