"""A term made longer into a year whose calendar is not loaded: its last day stays open and is counted when it comes."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.oversight.proposals.conftest import Desk
from zhengxin import journey
from zhengxin.duties import standing
from zhengxin.duties.models import Duty
from zhengxin.journey.proposal_sheets import handling_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.oversight.proposals.rules import ProposalNotThus
from zhengxin.rulebook.queries import law_folder

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SYSTEM = Actor.system("测试")
CALENDAR = (
    "year: 2027\nstatus: official\ndocument: 通知\nsource: 无\n"
    "days_off: [2027-01-01]\nmake_up_days: []\n"
)


def test_the_longer_term_is_open_until_its_calendar_comes(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk.at(-115)
    [part] = desk.assign(desk.register(at=at, received_on=at.date()), "县住建局", at=at)
    assert part.assigned_on == date(2026, 7, 10)
    assert standing.duty(part.duty_id).due_on == date(2026, 10, 10)
    sheet = handling_sheet("proposal_extended", part.pk)
    signed = desk.sign("xinyong", sheet, desk.at(-60))
    assert journey.extend_proposal(handling_id=part.pk, because="要勘测", **signed) is None
    duty = standing.duty(part.duty_id)
    assert (duty.state, duty.due_on, duty.late_on) == ("open", None, None)
    part.refresh_from_db()
    assert part.extended
    with pytest.raises(ProposalNotThus, match="只能延长一次"):
        journey.extend_proposal(
            handling_id=part.pk,
            because="还要再延",
            **desk.sign("xinyong", handling_sheet("proposal_extended", part.pk), desk.at(-59)),
        )
    shutil.copytree(law_folder(), tmp_path / "law")
    (tmp_path / "law" / "calendar" / "2027.yaml").write_text(CALENDAR)
    monkeypatch.setenv("ZHENGXIN_LAW", str(tmp_path / "law"))
    journey.publish_due(at=desk.at(-30), actor=SYSTEM)
    # Six months from 2026-07-10 end on Sunday, 2027-01-10.
    assert standing.duty(part.duty_id).due_on == date(2027, 1, 11)
    before = list(Duty.objects.order_by("id").values())
    journey.rebuild(name="all", at=desk.at(-29) + timedelta(hours=1), actor=SYSTEM)
    assert list(Duty.objects.order_by("id").values()) == before
