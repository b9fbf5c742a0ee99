"""What waits on the first page."""

from datetime import UTC, date, datetime

import pytest

from tests.desk.conftest import County
from zhengxin.desk.waiting import SEVERAL, Urgency, _silences, finding
from zhengxin.intake.types import Quality

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
TODAY = date(2026, 11, 23)


def silent(unit_id: int, *, last: datetime | None = None, on: date = date(2026, 11, 1)) -> Quality:
    return Quality(
        source="licences",
        source_title="行政许可",
        unit_id=unit_id,
        submissions=0,
        records=0,
        sound=0,
        rate=None,
        last_received_at=last,
        expected_by=on,
        silent=True,
    )


def test_a_few_silent_sources_stand_each_for_itself(county: County) -> None:
    unit = county.units["县住建局"]
    found = _silences([silent(unit)] * SEVERAL, TODAY)
    assert len(found) == SEVERAL
    assert finding(found) == f"{SEVERAL}个来源逾期没有报送。"
    assert found[0].title == "示例县住房和城乡建设局没有报送行政许可"
    assert found[0].figure == "22"


def test_many_are_one_line_with_their_number(county: County) -> None:
    first, second = county.units["县住建局"], county.units["县市场监管局"]
    received = datetime(2026, 10, 1, tzinfo=UTC)
    many = [silent(first)] + [silent(second, last=received) for _ in range(SEVERAL)]
    not_yet = silent(first, on=TODAY)
    (task,) = _silences([*many, not_yet], TODAY)
    assert (task.figure, task.n, task.urgency) == ("6", 6, Urgency.OVER)
    assert task.what.startswith("最久的是示例县住房和城乡建设局的行政许可、示例县市场监督管理局的")
    assert "其中1个从来没有收到过" in task.basis
    assert finding([task]) == "6个来源逾期没有报送。"
