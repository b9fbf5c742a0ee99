"""Marks the moments in which the audit log itself is written (also during a GET request)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_writing: ContextVar[bool] = ContextVar("audit_writing", default=False)
_written: ContextVar[int] = ContextVar("audit_written", default=0)


@contextmanager
def writing() -> Iterator[None]:
    """Within this block the statements are audit lines."""
    token = _writing.set(True)
    try:
        yield
        _written.set(_written.get() + 1)
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """True while an audit line is written."""
    return _writing.get()


def written() -> int:
    """How many lines this thread has written: whether an act left one is the difference."""
    return _written.get()
