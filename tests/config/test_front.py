"""Which proxy is believed, and what is noted of a request."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from zhengxin.config.front import FORWARDED, TrustedProxyMiddleware, is_address_in, is_local

FAR = "203.0.113.9"


def through(remote, **headers):
    """The request as the program sees it after the middleware."""
    seen = []

    def answer(request):
        seen.append(request)
        return HttpResponse()

    TrustedProxyMiddleware(answer)(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
    return seen[0]


def test_a_believed_proxy_names_the_client(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.1.0.0/16"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for proxy in ("127.0.0.1", "10.1.2.3"):
        request = through(
            proxy, HTTP_X_FORWARDED_FOR=f"198.51.100.1, {FAR}", HTTP_X_FORWARDED_PROTO="https"
        )
        assert (request.META["REMOTE_ADDR"], request.is_secure()) == (FAR, True)
        assert not is_local(request)


def test_nobody_else_is_believed(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = through(FAR, HTTP_X_FORWARDED_FOR="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
    assert (request.META["REMOTE_ADDR"], request.is_secure()) == (FAR, False)
    assert not set(FORWARDED) & set(request.META)


def test_what_comes_through_a_proxy_nobody_announced_is_not_local(settings):
    settings.TRUSTED_PROXIES = []
    assert is_local(through("127.0.0.1"))
    assert is_local(through("::1"))
    assert not is_local(through("127.0.0.1", HTTP_X_FORWARDED_FOR=FAR))
    assert not is_local(through(FAR))


@pytest.mark.parametrize(
    ("address", "inside"), [("10.0.0.7", True), ("10.0.1.7", False), ("", False), ("x", False)]
)
def test_addresses_and_networks(address, inside):
    assert is_address_in(address, ["10.0.0.0/24"]) is inside
