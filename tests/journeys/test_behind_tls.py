"""A real county behind a TLS proxy: people sign in over https, and nobody else is believed to be the proxy."""

import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.homes import Home, new_home
from tests.tls_proxy import NAME, certificate, tls_proxy

pytestmark = pytest.mark.sqlite_story
PASSWORD = "mima-ceshi-2026"


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> Iterator[Home]:
    """A blank real county with one account."""
    with new_home(tmp_path_factory.mktemp("tls")) as home:
        home.run("init", "taian")
        home.run(
            "account", "add", "xitong", "--name", "测试", "--unit", "台安县发展和改革局",
            "--role", "system_admin", "--password", PASSWORD,
        )  # fmt: skip
        yield home


@pytest.fixture(scope="module")
def served(county, tmp_path_factory) -> Iterator[tuple[str, int, Path]]:
    """The plain address, the port of TLS, and the certificate."""
    file = certificate(tmp_path_factory.mktemp("certificate"))
    home = county.having(ZHENGXIN_HOSTS=NAME, ZHENGXIN_ORIGINS=f"https://{NAME}")
    with home.serving("--no-worker") as address, tls_proxy(address, file) as port:
        yield address, port, file


@pytest.fixture
def visitor(served) -> Iterator[httpx.Client]:
    """A browser that reaches the county by its name over TLS."""
    _, port, file = served
    context = ssl.create_default_context(cafile=str(file))
    with httpx.Client(
        base_url=f"https://127.0.0.1:{port}",
        timeout=60,
        verify=context,
        headers={"Host": NAME},
        trust_env=False,
    ) as client:
        yield client


def test_people_sign_in_over_https_with_cookies_for_https_only(visitor):
    form = visitor.get("/desk/sign-in/")
    assert form.headers["Strict-Transport-Security"] == "max-age=31536000"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)[1]
    sent = {"username": "xitong", "password": PASSWORD, "csrfmiddlewaretoken": token}
    cookie = form.headers["Set-Cookie"]
    assert "Secure" in cookie
    csrf = cookie.split(";")[0]
    # A form from another site is refused, one from this site is taken.
    headers = {
        "Cookie": csrf,
        "Referer": "https://elsewhere.example/",
        "Origin": "https://elsewhere.example",
    }
    assert visitor.post("/desk/sign-in/", data=sent, headers=headers).status_code == 403
    headers = {
        "Cookie": csrf,
        "Referer": f"https://{NAME}/desk/sign-in/",
        "Origin": f"https://{NAME}",
    }
    answer = visitor.post("/desk/sign-in/", data=sent, headers=headers)
    assert answer.status_code == 302, answer.text
    session = next(c for c in answer.headers.get_list("Set-Cookie") if c.startswith("sessionid="))
    assert "Secure" in session
    assert "HttpOnly" in session
    inside = {"Cookie": session.split(";")[0]}
    # An administrator without a second factor is led to enrolling one, and nowhere else.
    led = visitor.get("/desk/health/", headers=inside)
    assert led.headers["Location"] == "/desk/account/factors/"
    page = visitor.get("/desk/account/factors/", headers=inside)
    assert page.status_code == 200
    assert "第二因子" in page.text


def test_the_plain_port_sends_everybody_to_https_but_the_probes(served):
    address, _, _ = served
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        sent_on = client.get("/desk/sign-in/", headers={"Host": NAME})
        assert (sent_on.status_code, sent_on.headers["Location"]) == (
            301,
            f"https://{NAME}/desk/sign-in/",
        )
        assert client.get("/healthz").json() == {"alive": True}
        assert "checks" in client.get("/readyz").json()
        assert client.get("/metrics").status_code == 200


def test_through_the_proxy_reasons_and_figures_are_kept_back(visitor):
    assert set(visitor.get("/readyz").json()) == {"ready"}
    refused = visitor.get("/metrics")
    assert (refused.status_code, "没有给出" in refused.text) == (403, True)


def test_a_name_that_is_not_ours_is_refused(visitor):
    assert visitor.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
