"""Real servers asked by machines: several processes add up, the portal alone speaks of its board only."""

import re

import httpx
import pytest

from tests.homes import Home, new_home

pytestmark = pytest.mark.sqlite_story


def asked(address: str, path: str) -> httpx.Response:
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        return client.get(path)


def test_counts_of_several_processes_add_up_and_begin_anew(demo_county: Home) -> None:
    for _start in range(2):
        with demo_county.serving("--no-worker", "--workers", 2) as address:
            before = asked(address, "/metrics").text
            for _ in range(30):
                assert asked(address, "/units/").status_code == 200
            text = asked(address, "/metrics").text
        assert 'route="portal:units"' not in before
        counted = re.search(
            r'requests_total\{method="GET",route="portal:units",status="200"\} (\d+)', text
        )
        assert counted is not None
        assert counted[1] == "30"
        assert re.search(r"zhengxin_ledger_entries [1-9]", text)


def test_the_portal_alone_knows_its_board_and_nothing_else(demo_county: Home) -> None:
    with demo_county.serving("--portal") as address:
        assert asked(address, "/healthz").json() == {"alive": True}
        ready = asked(address, "/readyz")
        assert ready.status_code == 200, ready.text
        codes = {each["code"] for each in ready.json()["checks"]}
        assert codes == {"disk", "store_board", "migrations", "guards", "published"}
        text = asked(address, "/metrics").text
    assert re.search(r"zhengxin_board_entries [1-9]", text)
    assert "zhengxin_ledger_entries" not in text
    assert "zhengxin_submissions" not in text


def test_a_county_without_a_worker_is_not_ready_and_with_one_it_is(tmp_path) -> None:
    with new_home(tmp_path) as home:
        tmp_path.chmod(0o700)
        home.run("init", "taian")
        with home.serving("--no-worker") as address:
            refused = asked(address, "/readyz")
            assert refused.status_code == 503
            failed = [c for c in refused.json()["checks"] if c["verdict"] == "fail"]
            assert [(c["code"], c["what"]) for c in failed] == [("worker", "后台没有运行过。")]
        with home.serving() as address:
            for _ in range(100):
                answer = asked(address, "/readyz")
                if answer.status_code == 200:
                    break
            told = home.run("doctor")
        assert answer.status_code == 200, answer.text
        assert f"{address}在回答。" in told
        assert "网站没有在运行" in home.run("doctor")
