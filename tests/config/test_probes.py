"""What machines are told, and who is told more than yes or no."""

import pytest
from django.test import Client

from zhengxin.config import probes
from zhengxin.config.front import route_of
from zhengxin.operations.enums import Verdict
from zhengxin.operations.types import Finding

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def view():
    """A readiness view whose one check fails."""
    asked = []

    def readiness(now):
        asked.append(now)
        return [Finding("disk", "磁盘空间", Verdict.FAIL, "满了。", "请清出空间。")]

    return probes.readyz(readiness), asked


def test_a_server_that_is_not_fit_answers_503_and_says_why_to_its_own_machine(view, rf, settings):
    settings.METRICS_TOKEN = "t" * 32
    ready, asked = view
    near, far = rf.get("/readyz"), rf.get("/readyz", **FAR)
    known = rf.get("/readyz", headers={"authorization": "Bearer " + "t" * 32}, **FAR)
    wrong = rf.get("/readyz", headers={"authorization": "Bearer 令牌"}, **FAR)
    assert ready(near).status_code == ready(far).status_code == 503
    assert "请清出空间。" in ready(near).content.decode()
    assert "请清出空间。" in ready(known).content.decode()
    assert ready(far).content == ready(wrong).content == b'{"ready": false}'
    assert len(asked) == 1, "the last answer is given again"


def test_without_a_token_set_an_empty_one_opens_nothing(rf, settings):
    settings.METRICS_TOKEN = ""
    view = probes.metrics(lambda now: {})
    for given in ("Bearer ", "Bearer", ""):
        assert view(rf.get("/metrics", headers={"authorization": given}, **FAR)).status_code == 403


def test_metrics_count_by_route_and_never_by_address(settings):
    client = Client()
    client.get("/units/987654321/")
    client.get("/no/such/wang-xiaoming/")
    client.get("/static/wang.css")
    client.generic("WANGXIAOMING", "/healthz")
    text = client.get("/metrics").content.decode()
    assert 'zhengxin_requests_total{method="GET",route="portal:unit",status="404"}' in text
    assert 'route="none"' in text
    assert 'route="static"' in text
    assert 'method="OTHER"' in text
    assert "zhengxin_ledger_entries 0.0" in text
    assert not any(told in text for told in ("987654321", "wang", "WANG"))


def test_a_request_keeps_a_sane_id_and_gets_another_for_an_odd_one():
    client = Client()
    assert (
        client.get("/healthz", headers={"x-request-id": "abc-123.def"})["X-Request-ID"]
        == "abc-123.def"
    )
    for odd in (
        "210321199001011237",
        "13812345678",
        "short",
        "a b c d e f g h",
        "x" * 65,
        "<script>alert",
    ):
        given = client.get("/healthz", headers={"x-request-id": odd})["X-Request-ID"]
        assert given != odd
        assert len(given) == 16


def test_a_route_without_a_name_has_no_address_either(rf):
    assert route_of(rf.get("/anything/wang/")) == "none"
