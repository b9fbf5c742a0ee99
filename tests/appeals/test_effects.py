"""What a decision set aside on appeal lets happen again: an objection is heard, a repair may be asked for."""

from datetime import timedelta

import pytest

from tests.desk.conftest import County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.factors import signed_at
from tests.objections.conftest import Counter as Objecting
from tests.repair.conftest import Counter as Repairing
from zhengxin import journey
from zhengxin.accounts.models import Factor
from zhengxin.appeals import queries
from zhengxin.appeals.models import Appeal
from zhengxin.journey.appealing import appeal_sheet
from zhengxin.kernel.actor import Role
from zhengxin.kernel.refused import Refused
from zhengxin.repair import queries as repairs

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


@pytest.fixture(autouse=True)
def own_downloads(settings, tmp_path) -> None:
    settings.DOWNLOADS_DIR = tmp_path / "downloads"


def test_an_objection_dismissed_is_heard_once_more(county: County) -> None:
    counter = Objecting(county)
    row = counter.decided("dismissed")
    with pytest.raises(Refused, match="已经作过决定"):
        counter.lodges()
    decision = row.decision_entry_id or 0
    assert decision in queries.decisions_about(row.entry_id)
    number = journey.lodge_appeal(
        decision_id=decision,
        words="没有看新交的凭证",
        files=[],
        at=counter.now,
        actor=counter.actor("xinyong"),
    )
    other = counter.actor("jiandu", role=Role.REVIEWER)
    journey.decide_appeal(
        appeal_id=number,
        outcome="set_aside",
        reasons="新交的凭证没有核对",
        **counter.signs(other, appeal_sheet(number)),
    )
    again = counter.lodged()
    assert again.pk != row.pk
    assert again.state == "lodged"


def test_a_repair_refused_may_be_asked_for_before_the_day_it_named(county: County) -> None:
    Factor.objects.update(last_step=0)
    counter = Repairing(county)
    entry_id = counter.penalty(CF_JDRQ="2026-07-01")
    application = counter.applies(entry_id)
    counter.accepts(application)
    later = counter.today + timedelta(days=90)
    counter.decides(application, granted=False, again_on=later)
    assert repairs.self_check(entry_id, counter.today).from_on == later
    [decision] = [
        number
        for number in queries.decisions_about(entry_id)
        if queries.decision(number).kind == "repair_refused"
    ]
    number = journey.lodge_appeal(
        decision_id=decision, words="缴款凭证没有看", files=[], **counter.by("xinyong")
    )
    given = counter.by("fuhe")
    account = Appeal.objects.get().account_id
    assert account == county.accounts["xinyong"].pk
    journey.decide_appeal(
        appeal_id=number,
        outcome="set_aside",
        reasons="缴款凭证齐全",
        signed=signed_at(county.accounts["fuhe"].pk, appeal_sheet(number), counter.now),
        **given,
    )
    assert repairs.self_check(entry_id, counter.today).may
    assert counter.applies(entry_id).pk != application.pk
