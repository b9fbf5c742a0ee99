"""The worker's day begins at midnight in the county, not in Greenwich."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from zhengxin import journey
from zhengxin.console.work import work
from zhengxin.publication.types import Published


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
    monkeypatch.setattr(journey, "sweep", lambda **_: None)
    monkeypatch.setattr(journey, "put_away_left", lambda **_: True)
    monkeypatch.setattr(journey, "finish_erasures", lambda **_: True)
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
    monkeypatch.setattr(journey, "sweep", lambda **_: None)
    monkeypatch.setattr(journey, "put_away_left", lambda **_: True)
    monkeypatch.setattr(journey, "finish_erasures", lambda **_: True)
    monkeypatch.setattr(journey, "resume", lambda **_: 0)
    monkeypatch.setattr(journey, "follow", lambda **_: None)
    monkeypatch.setattr(journey, "ledger_size", lambda: next(sizes))
    monkeypatch.setattr(journey, "write_downloads", lambda *, at, actor: written.append(at))
    found = Published(date(2026, 11, 23), 1, 0, left, (), 0)
    monkeypatch.setattr(journey, "publish_due", lambda *, at, actor: found)
    work(once=True, clock=lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert len(written) == times
