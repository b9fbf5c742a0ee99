"""The static mirror of the log under /log/ (C2SP tlog-tiles), and the witness program to take along."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import http_date

from zhengxin.publication.board.tiles import tile_paths

PROGRAM = Path(__file__).resolve().parents[1] / "witness.py"
PLAIN = "text/plain; charset=utf-8"
# A tile of a name never changes; the checkpoint does with every publishing.
FOREVER, FRESH = "public, max-age=31536000, immutable", "public, max-age=5"


def log(request: HttpRequest) -> HttpResponse:
    """People who follow the address of the mirror find what it is."""
    return redirect(reverse("portal:verify") + "#mirror")


def log_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A checkpoint or a tile, as it lies on the disk."""
    path = Path(settings.MIRROR_DIR) / name
    if not path.is_file():
        raise Http404
    tile = name.startswith("tile/")
    answer = FileResponse(
        path.open("rb"), content_type="application/octet-stream" if tile else PLAIN
    )
    # Not Django's guess by the name: "000.p/17" has none.
    answer["Content-Disposition"] = "inline"
    answer["Cache-Control"] = FOREVER if tile else FRESH
    answer["Last-Modified"] = http_date(path.stat().st_mtime)
    return answer


def log_files(request: HttpRequest) -> StreamingHttpResponse:
    """The name of every file of the mirror, one a line, for programs that copy it."""
    path = Path(settings.MIRROR_DIR) / "checkpoint"
    if not path.is_file():
        raise Http404
    size = int(path.read_text(encoding="utf-8").split("\n")[1])
    answer = StreamingHttpResponse(_names(size), content_type=PLAIN)
    answer["Cache-Control"] = FRESH
    return answer


def _names(size: int) -> Iterator[str]:
    yield "checkpoint\n"
    if (Path(settings.MIRROR_DIR) / "keys").is_file():
        yield "keys\n"
    for path in tile_paths(size):
        yield f"{path}\n"


def witness_program(request: HttpRequest) -> HttpResponse:
    """The one file that a witness needs."""
    answer = HttpResponse(PROGRAM.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="witness.py"'
    return answer


@lru_cache(maxsize=1)
def program_digest() -> str:
    """SHA-256 of the witness program as it is handed out, in hexadecimal."""
    return hashlib.sha256(PROGRAM.read_bytes()).hexdigest()
