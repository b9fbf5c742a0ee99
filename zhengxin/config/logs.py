"""What the log of the server may hold: what happened, where in the code, for which request, and nobody's name or number.

A line of the log is read by people who may read no file. So the program's own words are kept with every long number
masked; of an exception's words only what cannot name anybody is kept (ASCII outside quotes); of a request only the
name of its route. ZHENGXIN_LOG chooses one JSON object a line (json) or plain lines (text).
"""

import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from http.client import responses
from types import TracebackType
from typing import Any

from zhengxin.kernel.leaks import mask_id_numbers
from zhengxin.kernel.personal import mask_personal_numbers

request_id: ContextVar[str] = ContextVar("request_id", default="")
# What a line of a request carries beside the usual.
FIELDS = ("route", "method", "status", "ms", "account")
# Loggers whose messages repeat what a stranger sent.
_STRANGERS = ("django.request", "django.security", "django.server")
_LONG_NUMBER = re.compile(r"\d(?:[ \-.]{0,2}\d){10,}[Xx]?")
_QUOTED = re.compile(r"\"(?![^\"\n]*\.py\")[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`|“[^”]*”|«[^»]*»")
_VALUES = re.compile(r"\)=\([^)\n]*\)|DETAIL:[^\n]*")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
_LONGEST = 2000


def masked(text: str) -> str:
    """The program's own words without numbers of persons and without line breaks a stranger could forge."""
    text = mask_personal_numbers(mask_id_numbers(text))
    return _CONTROL.sub(" ", _LONG_NUMBER.sub(lambda found: "*" * len(found[0]), text))


def said(text: str) -> str:
    """Of somebody else's words what cannot name anybody: ASCII outside quotes, numbers masked."""
    text = _VALUES.sub("…", _QUOTED.sub("…", masked(text)))
    return _NOT_ASCII.sub(lambda found: "…", text)[:_LONGEST]


def _words(record: logging.LogRecord) -> str:
    if not record.name.startswith(_STRANGERS):
        return masked(record.getMessage())
    # "Not Found: %s", "Forbidden (%s): %s": the fixed words before whatever the stranger sent.
    fixed = said(re.split(r"[:(%]", str(record.msg))[0]).strip()
    return fixed or responses.get(int(getattr(record, "status_code", 0)), "request")


def _trace(error: BaseException) -> list[str]:
    """Class, words and code lines of an exception and of what caused it, innermost cause first."""
    lines: list[str] = []
    seen: set[int] = set()
    each: BaseException | None = error
    chain = []
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        chain.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    for link in reversed(chain):
        for frame in traceback.extract_tb(link.__traceback__):
            lines.append(f"{frame.filename}:{frame.lineno} {frame.name}: {frame.line}")
        words = said(str(link))
        lines.append(f"{type(link).__name__}: {words}" if words else type(link).__name__)
    return lines


class JsonFormatter(logging.Formatter):
    """One JSON object a line, Chinese as it is."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _words(record),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if isinstance(getattr(record, "status_code", None), int):
            line["status"] = record.status_code  # type: ignore[attr-defined]  # just looked at
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["trace"] = _trace(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """The same for people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written, code lines of an error under it."""
        parts = [record.levelname, record.name, _words(record)]
        parts += [f"{name}={getattr(record, name)}" for name in FIELDS if hasattr(record, name)]
        if request_id.get():
            parts.append(f"request={request_id.get()}")
        lines = [" ".join(map(str, parts))]
        if record.exc_info and record.exc_info[1] is not None:
            lines += [f"  {line}" for line in _trace(record.exc_info[1])]
        return "\n".join(lines)


FORMATTERS = {"json": JsonFormatter, "text": TextFormatter}


def logging_settings(form: str) -> dict[str, Any]:
    """Django's LOGGING; `form` is json or text (anything else counts as text).

    A terminal is told of warnings; a collector of JSON lines gets one a request.
    """
    known = form if form in FORMATTERS else "text"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"zhengxin.config.logs.{FORMATTERS[known].__name__}"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "zhengxin.requests": {"level": "INFO" if known == "json" else "WARNING"},
            # Django's own handler of this name would write what a stranger sent.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            # The web server's own, in the same form.
            "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        },
    }


def write_uncaught() -> None:
    """Lets an error that nobody caught be written like any other, not with its words as they are."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logging.getLogger("zhengxin").critical("stopped", exc_info=(kind, error, trace))

    sys.excepthook = hook
