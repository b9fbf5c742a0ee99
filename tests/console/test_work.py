"""The worker's rounds: its day begins at midnight in the county, and no chore stops another."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise

import pytest
from django.utils import timezone

from zhengxin import journey
from zhengxin.console.errands import Chore, Errand
from zhengxin.console.heart import Heart
from zhengxin.console.work import work
from zhengxin.kernel.refused import Refused
from zhengxin.operations.beats import read_beat
from zhengxin.publication.types import Published

DAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
# Verbs of the worker that answer how much was done.
COUNTED = ("resume", "seal_audit_when_due", "exchange_due", "take_letters")
TIDIED = ("put_away_left", "finish_erasures", "sweep_papers")
TOLD = ("tell_of_submissions", "tell_of_silence", "turn_clocks", "deliver_messages")
SILENT = ("follow", "sweep", "write_downloads")


@pytest.fixture(autouse=True)
def worker(settings, tmp_path, monkeypatch):
    """A home in which there is nothing to do, and which messages were asked for."""
    settings.SUBMISSIONS_DIR = tmp_path / "submissions"
    settings.ZHENGXIN_HOME = tmp_path
    monkeypatch.setattr("zhengxin.console.work.close_old_connections", lambda: None)
    monkeypatch.setattr("zhengxin.console.work.signal.signal", lambda *_: None)
    monkeypatch.setattr("zhengxin.console.work.time.sleep", lambda _: None)
    for verb in COUNTED:
        monkeypatch.setattr(journey, verb, lambda **_: 0)
    for verb in TIDIED:
        monkeypatch.setattr(journey, verb, lambda **_: True)
    for verb in SILENT:
        monkeypatch.setattr(journey, verb, lambda **_: None)
    monkeypatch.setattr(journey, "tend_witnesses", lambda **_: [])
    monkeypatch.setattr(journey, "ledger_size", lambda: 7)
    monkeypatch.setattr(journey, "publish_due", lambda **_: Published(DAY, 0, 0, 0, (), 0))
    asked: list[str] = []
    for verb in TOLD:
        monkeypatch.setattr(journey, verb, lambda verb=verb, **_: asked.append(verb) or 0)
    monkeypatch.setattr(journey, "tell_of_failure", lambda *, what, **_: asked.append(what))
    return asked


def rounds(monkeypatch, moments: list[datetime]) -> None:
    """Works one round at each moment."""
    moved: Iterator[int] = iter([*[1] * (len(moments) - 1), 0])
    left = iter(moments)
    monkeypatch.setattr(journey, "resume", lambda **_: next(moved))
    work(once=True, clock=lambda: next(left))


def test_what_ends_today_leaves_the_board_at_midnight_in_the_county(monkeypatch):
    published, written = [], []
    monkeypatch.setattr(journey, "write_downloads", lambda *, at, actor: written.append(at.hour))

    def publish_due(*, at, actor):
        published.append(at.hour)
        return Published(timezone.localdate(at), 0, 0, 0, (), 0)

    monkeypatch.setattr(journey, "publish_due", publish_due)
    moments = [
        datetime(2026, 11, 23, 15, 50, tzinfo=UTC),  # 23:50 in the county
        datetime(2026, 11, 23, 16, 10, tzinfo=UTC),  # 00:10 of the next day
        datetime(2026, 11, 24, 0, 10, tzinfo=UTC),  # 08:10 of the same day
    ]
    rounds(monkeypatch, moments)
    assert published == [15, 16]
    assert written == [15, 16]


@pytest.mark.parametrize(("left", "times"), [(0, 1), (2, 2)])
def test_files_are_written_again_the_same_day_when_something_must_no_longer_be_given(
    monkeypatch, left, times
):
    sizes, written = iter([7, 8, 8]), []
    monkeypatch.setattr(journey, "ledger_size", lambda: next(sizes))
    monkeypatch.setattr(journey, "write_downloads", lambda *, at, actor: written.append(at))
    monkeypatch.setattr(journey, "publish_due", lambda **_: Published(DAY, 1, 0, left, (), 0))
    work(once=True, clock=lambda: START)
    assert len(written) == times


def test_the_mirror_and_the_witnesses_are_tended_and_their_trouble_stops_nothing(
    worker, monkeypatch, caplog, tmp_path
):
    tended, published = [], []

    def publish_due(**_):
        published.append(1)
        return Published(DAY, 1, 0, 0, (), 0)

    def tend(*, at, actor):
        tended.append((at - START).seconds // 60)
        raise OSError("no mail server")

    monkeypatch.setattr(journey, "publish_due", publish_due)
    monkeypatch.setattr(journey, "tend_witnesses", tend)
    rounds(monkeypatch, [START + timedelta(minutes=m) for m in (0, 1, 5, 11, 12)])
    assert tended == [0, 11]
    assert published == [1]
    assert "no mail server" in caplog.text
    assert "deliver_messages" in worker
    beat = read_beat(tmp_path)
    assert beat is not None
    told = {each.name: (each.turns, each.failures, each.failed_with) for each in beat.errands}
    assert told["witnesses"] == (2, 2, "OSError")
    assert told["messages"][1:] == (0, "")


def test_people_are_told_after_work_and_silence_once_a_day(worker, tmp_path):
    moments = iter([START, START, START + timedelta(minutes=2)])
    work(once=True, clock=lambda: next(moments))
    assert worker == list(TOLD)
    beat = read_beat(tmp_path)
    assert beat is not None
    assert (beat.failures, beat.failed_at) == (0, None)


def test_a_round_that_fails_is_told_and_leaves_a_trace(worker, tmp_path, monkeypatch):
    def fail(**_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journey, "follow", fail)
    work(once=True, clock=lambda: START)
    assert worker == ["OSError", "deliver_messages"]
    beat = read_beat(tmp_path)
    assert beat is not None
    assert (beat.failures, beat.failed_with) == (1, "OSError")


def test_the_sign_of_life_goes_on_while_a_round_takes_long(tmp_path, monkeypatch):
    monkeypatch.setattr("zhengxin.console.heart.BEAT", 0.01)
    seen = []

    def long(**_):
        first = read_beat(tmp_path)
        while (now := read_beat(tmp_path)) is None or first is None or now.beat_at == first.beat_at:
            pass
        seen.append(now.beat_at)
        return 0

    monkeypatch.setattr(journey, "resume", long)
    work(once=True, clock=lambda: START)
    assert seen


def test_a_wrong_channels_file_stops_no_other_work(worker, monkeypatch):
    def refuse(**_):
        raise Refused("消息渠道没有设置好。")

    monkeypatch.setattr(journey, "deliver_messages", refuse)
    work(once=True, clock=lambda: START)
    assert "tell_of_silence" in worker


class Tired(BaseException):
    """What no chore may catch: the thread ends with it."""


def test_what_fails_is_tried_ever_more_rarely_and_being_called_for_changes_nothing():
    tried = []

    def fail(at):
        tried.append((at - START).seconds)
        raise OSError

    chore = Chore("x", timedelta(seconds=2), fail)
    for second in range(3600):
        chore.call_for()
        chore.do(START + timedelta(seconds=second))
    assert tried[:7] == [0, 5, 15, 35, 75, 155, 315]
    assert max(b - a for a, b in pairwise(tried)) == 600


def test_a_chore_is_done_when_it_is_called_for_and_when_the_clock_was_set_back():
    done = []
    chore = Chore("x", timedelta(minutes=10), lambda at: done.append(at) or 1)
    assert [chore.do(START), chore.do(START)] == [1, 0]
    chore.call_for()
    assert chore.do(START) == 1
    assert chore.do(START - timedelta(hours=1)) == 1


def test_an_errand_that_breaks_down_starts_again_and_closes_its_connections(
    tmp_path, monkeypatch, caplog
):
    """Its thread ends, not the worker; the health page tells of it."""
    monkeypatch.setattr("zhengxin.console.errands.PAUSE", 0.01)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    closed, turns = [], []
    monkeypatch.setattr(
        "zhengxin.console.errands.connections.close_all",
        lambda: closed.append(threading.current_thread().name),
    )

    def do(at):
        turns.append(at)
        if len(turns) == 1:
            raise Tired
        return 0

    heart = Heart(tmp_path)
    errand = Errand("exchange", timedelta(0), do, heart)
    # Each look at the clock is a minute later, so that no pause lasts.
    minutes = count()

    def clock():
        return START + timedelta(minutes=next(minutes))

    errand.keep_going(clock)
    errand.join(5)
    assert closed == ["exchange"]
    errand.keep_going(clock)
    while len(turns) < 3:
        errand.keep_going(clock)
    errand.stop()
    errand.join(5)
    assert closed == ["exchange"] * 2
    assert "exchange broke down and starts again" in caplog.text
    [told] = heart.beat.errands
    assert (told.failures, told.failed_with, told.busy_since) == (1, "thread", None)
    heart.note()
    assert read_beat(tmp_path) == heart.beat
