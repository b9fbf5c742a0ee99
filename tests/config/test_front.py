"""Which proxy is believed, and what is noted of a request."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from zhengxin.config.front import (
    FORWARDED,
    TrustedProxyMiddleware,
    client_of,
    is_address_in,
    is_local,
)

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
    ("address", "inside"),
    [("10.0.0.7", True), ("10.0.1.7", False), ("", False), ("x", False), ("::ffff:10.0.0.7", True)],
)
def test_addresses_and_networks(address, inside):
    assert is_address_in(address, ["10.0.0.0/24"]) is inside


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (FAR, FAR),
        # The client wrote the first itself.
        (f"198.51.100.1, {FAR}", FAR),
        # Two believed proxies one behind the other; the client's own lies stand before.
        (f"127.0.0.1, {FAR}, 10.1.2.3", FAR),
        (f"{FAR}, 10.1.2.3, 10.1.9.9", FAR),
        ("10.1.2.3", "10.1.2.3"),
        (f"::ffff:{FAR}", FAR),
        ("", ""),
        ("unknown", ""),
        (f"{FAR}, <script>", ""),
    ],
)
def test_the_client_is_the_last_that_is_no_believed_proxy(forwarded, client):
    assert client_of(forwarded, ["127.0.0.1", "10.1.0.0/16"]) == client


def test_where_a_proxy_names_no_address_its_own_stays(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    request = through("127.0.0.1", HTTP_X_FORWARDED_FOR="unknown")
    assert request.META["REMOTE_ADDR"] == "127.0.0.1"
