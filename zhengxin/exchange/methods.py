"""A method the API does not know is refused as readably as everything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

_NOT_ALLOWED = 405


class ReadableMethodMiddleware:
    """The framework answers a wrong method in English before any handler of the API sees it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of what comes next; in its place, for a wrong method, what, why and what to do."""
        response = self._next(request)
        if response.status_code != _NOT_ALLOWED or not request.path.startswith("/api/v1/"):
            return response
        allowed = response.headers["Allow"]
        told = {
            "what": _("请求没有办理。"),
            "why": _("这个地址不收{method}请求。").format(method=request.method),
            "remedy": _("这里只能用{allowed}；用法见/api/v1/openapi.json。").format(
                allowed=allowed
            ),
        }
        return JsonResponse(
            told,
            status=_NOT_ALLOWED,
            headers={"Allow": allowed},
            json_dumps_params={"ensure_ascii": False},
        )
