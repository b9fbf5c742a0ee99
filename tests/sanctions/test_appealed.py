"""The unit appeals against a decision; set aside, what was imposed ends and is lifted by whoever applied it."""

import pytest

from tests.sanctions.conftest import Office
from zhengxin import journey
from zhengxin.appeals.models import Appeal
from zhengxin.duties.models import Duty
from zhengxin.journey.appealing import appeal_sheet
from zhengxin.kernel.actor import Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.sanctions.models import Execution

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def lodge(office: Office) -> Appeal:
    decided = Entry.objects.get(kind=Act.SANCTION_DECIDED)
    number = journey.lodge_appeal(
        decision_id=decided.pk, words="款项已经付清", files=[], **office.acts("fuze")
    )
    return Appeal.objects.get(pk=number)


def decide(office: Office, row: Appeal, username: str = "fuhe", role: Role | None = None) -> None:
    actor = office.actor(username, role)
    signed = office.signs(actor, appeal_sheet(row.pk))
    journey.decide_appeal(appeal_id=row.pk, outcome="set_aside", reasons="付款凭证齐全", **signed)
    row.refresh_from_db()


def test_what_was_imposed_ends_with_its_decision(office: Office) -> None:
    case = office.in_force()
    row = lodge(office)
    assert row.subject_id == office.unit_id
    decide(office, row)
    case.refresh_from_db()
    assert (row.state, row.redo_duty_id, case.state) == ("set_aside", None, "ended")
    assert {each.ended_because for each in case.measures.all()} == {"复核撤销了决定。"}
    carried = Execution.objects.get()
    assert Duty.objects.get(pk=carried.lift_duty_id).running


def test_a_decision_not_served_yet_is_dropped(office: Office) -> None:
    case = office.noticed("loss_of_honours")
    office.later(10)
    office.decides(case, "loss_of_honours")
    decide(office, lodge(office))
    case.refresh_from_db()
    assert case.state == "dropped"


def test_the_leader_who_decided_does_not_review(office: Office) -> None:
    office.in_force()
    row = lodge(office)
    # Though a reviewer too: refused for having decided, not for the role.
    with pytest.raises(NotAllowed, match="原决定是您作出的"):
        decide(office, row, "juzhang", Role.REVIEWER)
    with pytest.raises(NotAllowed, match="这件申诉是您登记的"):
        decide(office, row, "fuze", Role.REVIEWER)
    row.refresh_from_db()
    assert row.state == "lodged"
