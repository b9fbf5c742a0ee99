"""The worker's day begins at midnight in the county, not in Greenwich."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from zhengxin import journey
from zhengxin.console.work import work
from zhengxin.kernel.refused import Refused
from zhengxin.operations.beats import read_beat
from zhengxin.publication.types import Published


@pytest.fixture(autouse=True)
def nobody_to_tell(monkeypatch):
    """These rounds are about publishing."""
    for verb in ("tell_of_submissions", "tell_of_silence", "deliver_messages"):
        monkeypatch.setattr(journey, verb, lambda **_: 0)


def test_what_ends_today_leaves_the_board_at_midnight_in_the_county(
    settings, tmp_path, monkeypatch
):
    settings.SUBMISSIONS_DIR = tmp_path / "submissions"
    settings.ZHENGXIN_HOME = tmp_path
    monkeypatch.setattr("zhengxin.console.work.close_old_connections", lambda: None)
    monkeypatch.setattr("zhengxin.console.work.signal.signal", lambda *_: None)
    moments = iter(
        [
            datetime(2026, 11, 23, 15, 50, tzinfo=UTC),  # 23:50 in the county
            datetime(2026, 11, 23, 16, 10, tzinfo=UTC),  # 00:10 of the next day
            datetime(2026, 11, 24, 0, 10, tzinfo=UTC),  # 08:10 of the same day
        ]
    )
    published, written = [], []
    monkeypatch.setattr(journey, "resume", lambda **_: 0)
    monkeypatch.setattr(journey, "follow", lambda **_: None)
    monkeypatch.setattr(journey, "ledger_size", lambda: 7)
    monkeypatch.setattr(journey, "write_downloads", lambda *, at, actor: written.append(at))

    def publish_due(*, at, actor):
        published.append(at)
        return Published(timezone.localdate(at), 0, 0, 0, (), 0)

    monkeypatch.setattr(journey, "publish_due", publish_due)
    work(once=True, clock=lambda: next(moments))
    assert [at.hour for at in published] == [15, 16]
    assert [at.hour for at in written] == [15, 16]


@pytest.mark.parametrize(("left", "times"), [(0, 1), (2, 2)])
def test_files_are_written_again_the_same_day_when_something_must_no_longer_be_given(
    settings, tmp_path, monkeypatch, left, times
):
    settings.SUBMISSIONS_DIR = tmp_path / "submissions"
    settings.ZHENGXIN_HOME = tmp_path
    monkeypatch.setattr("zhengxin.console.work.close_old_connections", lambda: None)
    monkeypatch.setattr("zhengxin.console.work.signal.signal", lambda *_: None)
    sizes, written = iter([7, 8, 8]), []
    monkeypatch.setattr(journey, "resume", lambda **_: 0)
    monkeypatch.setattr(journey, "follow", lambda **_: None)
    monkeypatch.setattr(journey, "ledger_size", lambda: next(sizes))
    monkeypatch.setattr(journey, "write_downloads", lambda *, at, actor: written.append(at))
    found = Published(date(2026, 11, 23), 1, 0, left, (), 0)
    monkeypatch.setattr(journey, "publish_due", lambda *, at, actor: found)
    work(once=True, clock=lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert len(written) == times


@pytest.fixture
def worker(settings, tmp_path, monkeypatch):
    """A home in which there is nothing to do, and what was asked of the journey."""
    settings.SUBMISSIONS_DIR = tmp_path / "submissions"
    settings.ZHENGXIN_HOME = tmp_path
    monkeypatch.setattr("zhengxin.console.work.close_old_connections", lambda: None)
    monkeypatch.setattr("zhengxin.console.work.signal.signal", lambda *_: None)
    monkeypatch.setattr("zhengxin.console.work.time.sleep", lambda _: None)
    monkeypatch.setattr(journey, "resume", lambda **_: 0)
    monkeypatch.setattr(journey, "follow", lambda **_: None)
    monkeypatch.setattr(journey, "ledger_size", lambda: 7)
    monkeypatch.setattr(journey, "write_downloads", lambda **_: None)
    day = date(2026, 11, 23)
    monkeypatch.setattr(journey, "publish_due", lambda **_: Published(day, 0, 0, 0, (), 0))
    asked: list[str] = []
    for verb in ("tell_of_submissions", "tell_of_silence", "deliver_messages"):
        monkeypatch.setattr(journey, verb, lambda verb=verb, **_: asked.append(verb))
    monkeypatch.setattr(journey, "tell_of_failure", lambda *, what, **_: asked.append(what))
    return asked


def test_people_are_told_after_work_and_silence_once_a_day(worker, tmp_path):
    moments = iter(
        datetime(2026, 11, 23, hour, minute, tzinfo=UTC)
        for hour, minute in ((2, 0), (2, 0), (2, 2))
    )
    work(once=True, clock=lambda: next(moments))
    assert worker == ["tell_of_submissions", "tell_of_silence", "deliver_messages"]
    beat = read_beat(tmp_path)
    assert beat is not None
    assert (beat.failures, beat.failed_at) == (0, None)


def test_a_round_that_fails_is_told_and_leaves_a_trace(worker, tmp_path, monkeypatch):
    def fail(**_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journey, "follow", fail)
    work(once=True, clock=lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert worker == ["OSError", "deliver_messages"]
    beat = read_beat(tmp_path)
    assert beat is not None
    assert (beat.failures, beat.failed_with) == (1, "OSError")


def test_the_sign_of_life_goes_on_while_a_round_takes_long(worker, tmp_path, monkeypatch):
    monkeypatch.setattr("zhengxin.console.work.BEAT", 0.01)
    seen = []

    def long(**_):
        first = read_beat(tmp_path)
        while (now := read_beat(tmp_path)) is None or first is None or now.beat_at == first.beat_at:
            pass
        seen.append(now.beat_at)
        return 0

    monkeypatch.setattr(journey, "resume", long)
    work(once=True, clock=lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert seen


def test_a_wrong_channels_file_stops_no_other_work(worker, monkeypatch):
    def refuse(**_):
        raise Refused("消息渠道没有设置好。")

    monkeypatch.setattr(journey, "deliver_messages", refuse)
    work(once=True, clock=lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert "tell_of_silence" in worker
