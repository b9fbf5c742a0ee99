"""The log of a real server, after hostile requests and an error in the middle of a page: it names nobody."""

import json
import re
import sqlite3

import httpx
import pytest

from tests.homes import Home, new_home

NUMBER, MOBILE, CARD, NAME = "210321199001011237", "13812345678", "6222021234567890128", "王小明"
TRACES = (NUMBER, MOBILE, CARD, NAME, "wangxiaoming", "shili-zhujian", "q=", "text/evil")


@pytest.fixture(scope="module")
def lines(demo_county: Home, tmp_path_factory) -> list[dict[str, object]]:
    """What the served invented county wrote while strangers and a clerk used it."""
    log = tmp_path_factory.mktemp("log") / "log.jsonl"
    with (
        demo_county.having(ZHENGXIN_LOG="json").serving("--no-worker", log=log) as address,
        httpx.Client(base_url=address, trust_env=False, follow_redirects=True) as client,
    ):
        odd = {
            "X-Request-ID": NUMBER, "Referer": f"/{MOBILE}", "User-Agent": f"wangxiaoming {CARD}",
            "Cookie": f"sessionid={NUMBER}; mode={NAME}".encode(), "Accept": "text/evil",
        }  # fmt: skip
        for path in (
            f"/search/?q={NAME}{NUMBER}", f"/{NAME}/{MOBILE}", f"/units/{CARD}/", f"/api/v1/{NUMBER}",
            f"/api/v1/entries?q={NAME}", f"/desk/files/?q={NAME}{NUMBER}", f"/static/{NAME}.css",
            f"/desk/submissions/{NUMBER}/", f"/corrections.atom?{MOBILE}", "/entries/%00/",
        ):  # fmt: skip
            client.get(path, headers=odd)
        client.post("/desk/sign-in/", data={"username": NAME, "password": NUMBER}, headers=odd)
        client.get("/", headers={"Host": f"wangxiaoming.{MOBILE}.example"})
        form = client.get("/desk/sign-in/").text
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', form)[1]
        sent = {"username": f"{NAME}{MOBILE}", "password": NUMBER, "csrfmiddlewaretoken": token}
        assert client.post("/desk/sign-in/", data=sent).status_code == 422
        sent |= {"username": "zhujian", "password": "shili-zhujian-2026"}
        assert client.post("/desk/sign-in/", data=sent).status_code == 200
        sent = {"username": "wangxiaoming", "old": NUMBER, "new": NAME, "csrfmiddlewaretoken": "x"}
        client.post("/desk/account/", data=sent)
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def test_no_line_names_anybody_or_repeats_what_was_sent(lines):
    told = json.dumps(lines, ensure_ascii=False)
    assert [trace for trace in TRACES if trace in told] == []
    assert len(lines) > 15


def test_a_line_says_which_route_how_long_and_which_account(lines):
    requests = [line for line in lines if line["logger"] == "zhengxin.requests"]
    assert {"portal:search", "desk:sign-in", "desk:today", "none", "static"} <= {
        line["route"] for line in requests
    }
    assert all(isinstance(line["ms"], float) and line["request"] for line in requests)
    signed_in = [
        line for line in requests if line["route"] == "desk:today" and line["status"] == 200
    ]
    assert [type(line["account"]) for line in signed_in] == [int]


def test_every_line_of_one_request_carries_its_id(lines):
    refused = [line for line in lines if line["logger"] == "django.security.csrf"]
    assert refused
    by_request = {line["request"] for line in lines if line["logger"] == "zhengxin.requests"}
    assert {line["request"] for line in refused} <= by_request


@pytest.mark.sqlite_story
def test_an_error_inside_a_page_is_traced_without_its_values(tmp_path) -> None:
    log = tmp_path / "log.jsonl"
    with new_home(tmp_path / "home") as home:
        home.run("init", "taian")
        with sqlite3.connect(home.path / "board.sqlite3") as store:
            store.execute("ALTER TABLE board_boarditem RENAME TO away")
        store.close()
        with (
            home.having(ZHENGXIN_LOG="json").serving("--no-worker", log=log) as address,
            httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
        ):
            assert client.get(f"/items/?q={NAME}{NUMBER}").status_code == 500
    text = log.read_text()
    failed = [json.loads(line) for line in text.splitlines() if '"error"' in line]
    assert any("no such table" in " ".join(line["trace"]) for line in failed)
    assert NAME not in text
    assert NUMBER not in text
