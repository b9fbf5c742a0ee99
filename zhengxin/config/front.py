"""What stands before every page: which proxy is believed, what is written and counted of each request."""

import ipaddress
import logging
import re
import secrets
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhengxin.config.logs import masked, request_id
from zhengxin.config.metrics import observe

FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Where the middleware notes that a request came through some proxy, believed or not.
THROUGH_PROXY = "zhengxin.through_proxy"
_SANE_ID = re.compile(r"[0-9A-Za-z._-]{8,64}")
log = logging.getLogger("zhengxin.requests")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Answer = Callable[[HttpRequest], HttpResponse]


def is_address_in(address: str, networks: list[str]) -> bool:
    """Whether an IP address lies in one of these networks; False for what is no address."""
    found = plain_address(address)
    return found is not None and any(
        found in ipaddress.ip_network(each, strict=False) for each in networks
    )


def plain_address(text: str) -> Address | None:
    """The IP address in a text, None where there is none; one of IPv4 in the clothes of IPv6 as what it is."""
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def client_of(forwarded: str, trusted: list[str]) -> str:
    """Whom believed proxies name: the last of X-Forwarded-For that is no believed proxy itself.

    "" where nobody is named, or no address.
    """
    named = [each.strip() for each in forwarded.split(",")]
    while len(named) > 1 and is_address_in(named[-1], trusted):
        named.pop()
    found = plain_address(named[-1])
    return str(found) if found else ""


def is_local(request: HttpRequest) -> bool:
    """Whether the request came from this very machine, not through a proxy on it."""
    if request.META.get(THROUGH_PROXY):
        return False
    return is_address_in(request.META.get("REMOTE_ADDR", ""), ["127.0.0.0/8", "::1"])


class TrustedProxyMiddleware:
    """Believes forwarding headers of settings.TRUSTED_PROXIES; from anybody else they are taken off.

    A believed proxy names the client's address in X-Forwarded-For (see client_of). Where it names none, its own
    stays, and the doctor tells of sign-ins from there.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        meta[THROUGH_PROXY] = any(name in meta for name in FORWARDED)
        if not is_address_in(meta.get("REMOTE_ADDR", ""), settings.TRUSTED_PROXIES):
            for name in FORWARDED:
                meta.pop(name, None)
        elif client := client_of(meta.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXIES):
            meta["REMOTE_ADDR"] = client
        return self.get_response(request)


class RequestLogMiddleware:
    """Gives every request an id and writes one line of it: route, status, time, account; no address, no words."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        sane = _SANE_ID.fullmatch(given) and masked(given) == given
        token = request_id.set(given if sane else secrets.token_hex(8))
        begun = perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id.get()
            self._write(request, response.status_code, perf_counter() - begun)
            return response
        finally:
            request_id.reset(token)

    def _write(self, request: HttpRequest, status: int, seconds: float) -> None:
        route = route_of(request)
        method = request.method if request.method in METHODS else "OTHER"
        observe(route=route, method=str(method), status=status, seconds=seconds)
        account = getattr(request, "_cached_user", None)
        log.log(
            logging.WARNING if status >= 500 else logging.INFO,
            "request",
            extra={
                "route": route,
                "method": method,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "account": getattr(account, "pk", None),
            },
        )


def route_of(request: HttpRequest) -> str:
    """The name of the route that answered; never the address, which may name somebody."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name or "unnamed"
    static = settings.STATIC_URL
    return "static" if request.path_info.startswith(static) else "none"
