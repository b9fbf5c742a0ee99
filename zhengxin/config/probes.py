"""What machines ask of a server: is it alive, may it be sent requests, what are its figures.

Anybody learns yes or no. Reasons and figures go to this machine itself and to whoever brings ZHENGXIN_METRICS_TOKEN.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Generic, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxin.config.front import is_local
from zhengxin.config.metrics import CONTENT_TYPE, exposition, gauge
from zhengxin.operations.enums import Verdict
from zhengxin.operations.types import Finding

Figures = dict[str, dict[str, float]]
View = Callable[[HttpRequest], HttpResponse]
# Asked more often than this, the last answer is given again: asking costs a stranger as much as us.
SECONDS = 5.0
# Name of a figure: its meaning, and the label of its values if it has one.
MEANINGS = {
    "submissions": ("Submissions by state.", "state"),
    "outbox_messages": ("Messages waiting to be delivered outside.", ""),
    "ledger_entries": ("Sealed entries of the ledger.", ""),
    "last_seal_age_seconds": ("Seconds since the last seal.", ""),
    "unfollowed_entries": ("Sealed entries that a follower has not seen.", ""),
    "store_bytes": ("Bytes of a store's file and its log.", "store"),
    "worker_rounds": ("Rounds of the worker since its start.", ""),
    "worker_failures": ("Rounds of the worker that failed since its start.", ""),
    "errand_failures": ("Errands of the worker to others that failed since its start.", "errand"),
    "worker_beat_age_seconds": ("Seconds since the worker's last sign of life.", ""),
    "board_entries": ("Entries on the public board.", ""),
    "board_age_seconds": ("Seconds since the board was brought in step.", ""),
}


Value = TypeVar("Value")


class Kept(Generic[Value]):
    """A value asked for again only when it is older than SECONDS."""

    def __init__(self, ask: Callable[[datetime], Value]) -> None:
        self._ask = ask
        self._kept: tuple[float, Value] | None = None

    def get(self) -> Value:
        """The value, new or kept."""
        kept = self._kept
        if kept is None or monotonic() - kept[0] > SECONDS:
            kept = self._kept = (monotonic(), self._ask(timezone.now()))
        return kept[1]


def _trusted(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").encode()
    return is_local(request) or (
        bool(token) and secrets.compare_digest(given, f"Bearer {token}".encode())
    )


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. It looks at nothing else."""
    answer = JsonResponse({"alive": True})
    add_never_cache_headers(answer)
    return answer


def readyz(readiness: Callable[[datetime], list[Finding]]) -> View:
    """The view that says whether requests may be sent here: 200, or 503 with what fails."""
    kept = Kept(readiness)

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        found = kept.get()
        ready = all(each.verdict is not Verdict.FAIL for each in found)
        body: dict[str, object] = {"ready": ready}
        if _trusted(request):
            body["checks"] = [each.as_json() for each in found]
        answer = JsonResponse(
            body, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False}
        )
        add_never_cache_headers(answer)
        return answer

    return view


def metrics(figures: Callable[[datetime], Figures]) -> View:
    """The view a Prometheus server reads."""
    kept = Kept(figures)

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        if not _trusted(request):
            return HttpResponse(
                _("没有给出：指标只给本机和带令牌的监控程序看。请设ZHENGXIN_METRICS_TOKEN。"),
                status=403,
                content_type="text/plain; charset=utf-8",
            )
        shown = [
            gauge(name, MEANINGS[name][0], values, MEANINGS[name][1])
            for name, values in kept.get().items()
        ]
        answer = HttpResponse(exposition(shown), content_type=CONTENT_TYPE)
        add_never_cache_headers(answer)
        return answer

    return view
