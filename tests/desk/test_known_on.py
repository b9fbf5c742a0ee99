"""A record's page as known on an earlier day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.rows import penalty
from tests.desk.test_discretion import own_keys as own_keys
from tests.desk.test_discretion import send
from tests.factors import DeskClient

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_a_records_page_says_how_it_stood_on_a_day(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    entry = send(county, "penalties", penalty(1, CF_CFLB="责令停产停业"))
    officer, today = signed_in("xinyong"), timezone.localdate()
    path = f"/desk/notices/{entry.id}/"

    def read(day: object) -> str:
        return officer.get(path, {"known_on": str(day)}).content.decode()

    assert "当天所知：公示中" in read(today)
    assert "为止还没有得知这条记录" in read(today - timedelta(days=1))
    # What is no day is told, and nothing is shown as of a day.
    wrong = read("2026-13-40")
    assert "当天所知" not in wrong
    assert "当天所知" not in officer.get(path).content.decode()
