"""What measured values mean."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from zhengxin.operations import rules, stores
from zhengxin.operations.enums import Verdict
from zhengxin.operations.types import Beat, ErrandBeat

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
MB = 1024 * 1024
OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


@pytest.mark.parametrize(
    ("free", "total", "verdict"),
    [(100 * MB, 10_000 * MB, FAIL), (1000 * MB, 10_000 * MB, WARN), (4000 * MB, 100_000 * MB, WARN),
     (9000 * MB, 100_000 * MB, OK), (0, 0, FAIL)],
)  # fmt: skip
def test_disk(free, total, verdict):
    assert rules.disk(free, total).verdict is verdict


@pytest.mark.parametrize(
    ("last", "verdict"),
    [(None, OK), (ago(days=400), OK), (ago(minutes=-1), OK), (ago(hours=-3), FAIL)],
)
def test_a_clock_set_back_is_told(last, verdict):
    found = rules.clock(NOW, last)
    assert found.verdict is verdict
    assert ("3小时" in found.what or "180分钟" in found.what) is (verdict is FAIL)


def beat(**changed) -> Beat:
    usual = {"beat_at": ago(seconds=8), "round_at": ago(seconds=8), "rounds": 5, "failures": 0,
             "failed_at": None, "failed_with": ""}  # fmt: skip
    return Beat(**(usual | changed))


@pytest.mark.parametrize(
    ("found", "verdict", "words"),
    [
        (None, FAIL, "没有运行过"),
        (beat(), OK, "5轮"),
        (beat(beat_at=ago(minutes=5)), FAIL, "5分钟没有动静"),
        (
            beat(failed_at=ago(minutes=1), failed_with="OSError", failures=2),
            WARN,
            "OSError，共出错2轮",
        ),
        (beat(failed_at=ago(hours=1), failed_with="OSError", failures=2), OK, "在运行"),
        (beat(round_at=ago(hours=5)), WARN, "这一轮已办了5小时"),
    ],
)
def test_the_worker(found, verdict, words):
    told = rules.worker(found, NOW)
    assert (told.verdict, words in told.what) == (verdict, True)


@pytest.mark.parametrize(
    ("found", "verdict", "words"),
    [
        (None, OK, "没有出错"),
        (beat(errands=(ErrandBeat("exchange", busy_since=ago(minutes=1)),)), OK, "没有出错"),
        (
            beat(errands=(ErrandBeat("exchange", busy_since=ago(minutes=20)),)),
            WARN,
            "上报交换已等了20分钟",
        ),
        (
            beat(errands=(ErrandBeat("witnesses", 9, None, 3, ago(minutes=2), "OSError"),)),
            WARN,
            "见证最近一次出错：OSError，共出错3次",
        ),
    ],
)
def test_what_the_worker_carries_outside(found, verdict, words):
    told = rules.errands(found, NOW)
    assert (told.verdict, words in told.what) == (verdict, True)


@pytest.mark.parametrize(
    ("last", "verdict"),
    [(None, WARN), (date(2026, 11, 26), FAIL), (date(2026, 11, 27), OK), (date(2026, 11, 28), OK)],
)
def test_the_last_day_of_publishing(last, verdict):
    assert rules.published(last, date(2026, 11, 28)).verdict is verdict


@pytest.mark.parametrize(
    ("years", "today", "verdict"),
    [({2025}, date(2026, 3, 1), FAIL), ({2026}, date(2026, 3, 1), OK), ({2026}, date(2026, 11, 1), WARN),
     ({2026, 2027}, date(2026, 12, 1), OK)],
)  # fmt: skip
def test_calendars(years, today, verdict):
    assert rules.calendars(years, today).verdict is verdict


@pytest.mark.parametrize(
    ("left", "sealed", "verdict"),
    [(0, ago(days=9), OK), (9, ago(minutes=2), OK), (9, ago(hours=2), WARN)],
)
def test_what_the_followers_have_not_seen(left, sealed, verdict):
    assert rules.backlog(left, sealed, NOW).verdict is verdict


LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]


@pytest.mark.parametrize(
    ("tls", "hosts", "origins", "verdict"),
    [
        (False, [], [], OK),
        (False, ["a.example"], [], FAIL),
        (True, ["a.example"], ["https://a.example"], OK),
        (True, [], ["https://a.example"], FAIL),
        (True, ["a.example"], [], WARN),
        (True, ["a.example"], ["https://a.example", "http://a.example"], WARN),
        (True, ["*"], ["https://a.example"], FAIL),
    ],
)
def test_names_and_encryption(tls, hosts, origins, verdict):
    found = rules.exposure(
        behind_tls=tls, hosts=[*hosts, *LOOPBACK], origins=origins, invented=False
    )
    assert found.verdict is verdict


def test_every_trouble_says_what_to_do():
    troubles = [
        rules.disk(0, 1), rules.clock(NOW, ago(days=-1)), rules.worker(None, NOW), rules.published(None, date(2026, 1, 1)),
        rules.calendars({2025}, date(2026, 1, 1)), rules.backlog(1, ago(days=1), NOW), rules.stopped(["1120-0001"]),
        rules.memory_law(2), rules.exposure(behind_tls=False, hosts=["a.example"], origins=[], invented=False),
    ]  # fmt: skip
    for each in troubles:
        assert each.verdict is not OK
        assert each.remedy.endswith(("。", "。 ")), each


def test_all_mail_goes_by_one_server():
    assert rules.mail(has_server=True, witnesses=2, former=[]) == []
    assert rules.mail(has_server=False, witnesses=0, former=[]) == []
    [missing, former] = rules.mail(has_server=False, witnesses=2, former=["ZHENGXIN_SMTP_HOST"])
    assert (missing.verdict, "2个见证人" in missing.what) == (FAIL, True)
    assert (former.verdict, "ZHENGXIN_SMTP_HOST" in former.what) == (WARN, True)


@pytest.mark.parametrize(
    ("trusted", "seen", "verdict"),
    [
        ([], [], OK),
        (["127.0.0.1", "::1", "10.88.0.0/16"], [], OK),
        (["nginx"], [], FAIL),
        (["0.0.0.0/0"], [], FAIL),
        (["::/0"], [], FAIL),
        (["127.0.0.1"], ["127.0.0.1"], WARN),
    ],
)
def test_whose_word_about_visitors_is_believed(trusted, seen, verdict):
    assert rules.proxies(trusted, seen).verdict is verdict


@pytest.mark.parametrize(("mode", "verdict"), [("off", OK), ("on", WARN), ("always", WARN)])
def test_an_archive_of_the_write_ahead_log_is_told(mode, verdict):
    assert stores.archived(mode).verdict is verdict


@pytest.mark.django_db(databases="__all__")
def test_a_server_is_asked_whether_it_archives():
    codes = {each.code: each.verdict for each in stores.store_findings()}
    assert codes.get("archive") is (OK if connection.vendor == "postgresql" else None)
