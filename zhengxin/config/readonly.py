"""GET requests cannot write: the connection refuses. Audit lines of reads are excepted, and so is the
log of what recipients take."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

from zhengxin.audit.writing import is_writing

WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE", "COPY")
# Signing out the expired: Django removes a dead session while reading it. Taking adverse entries
# by key leaves a line on the board, where the portal's own process has nothing else to write to.
EXCEPTED = ('"accounts_session"', '"board_boardtaking"')


class WroteOnRead(RuntimeError):
    """A page that should only read tried to write: a defect of the program."""


def refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """An execute wrapper that lets reads through, and writes only of logs of reading."""
    if (
        sql.lstrip().upper().startswith(WRITING)
        and not is_writing()
        and not any(word in sql for word in EXCEPTED)
    ):
        raise WroteOnRead(sql.split("VALUES")[0][:200])
    return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    """Puts `refuse_writes` on every connection while a GET or HEAD request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with ExitStack() as stack:
            for alias in connections:
                stack.enter_context(connections[alias].execute_wrapper(refuse_writes))
            return self.get_response(request)
