"""Every verb with every role at every state."""

import pytest
from django.db import transaction

from tests.sanctions.conftest import Office
from zhengxin import journey
from zhengxin.journey import imposing_sheets as sheets
from zhengxin.kernel.actor import Role
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.sanctions.enums import CaseState
from zhengxin.sanctions.models import Case
from zhengxin.sanctions.rules import NotThus

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])

ALL = tuple(Role)
WHO = {
    "propose": {Role.CREDIT_OFFICER},
    "notice": {Role.CREDIT_OFFICER},
    "serve": {Role.CREDIT_OFFICER},
    "hear": {Role.CREDIT_OFFICER, Role.REVIEWER},
    "drop": {Role.CREDIT_OFFICER, Role.REVIEWER},
    "reply": {Role.CLERK, Role.LEADER},
}


@pytest.mark.parametrize("role", ALL)
def test_every_role_at_every_state(office: Office, role: Role) -> None:
    """Whoever may not, is refused before the state is looked at; whoever may, only where the table allows it."""
    case = office.proposes(office.listed(), "loss_of_honours")
    office.confirms()
    allowed = {
        "notice": {"proposed"},
        "serve": {"decided"},
        "hear": {"replied"},
        "drop": {"to_look_at", "proposed", "noticed", "replied", "heard"},
        "reply": {"noticed", "replied", "heard"},
    }
    verbs = {
        "notice": (journey.notice_sanction, {}),
        "serve": (journey.serve_decision, {}),
        "hear": (journey.hear_reply, {"words": "听过"}),
        "drop": (journey.drop_sanction, {"because": "不再"}),
        "reply": (journey.reply_to_sanction, {"words": "陈述", "files": []}),
    }
    for state in CaseState.values:
        Case.objects.filter(pk=case.pk).update(state=state, reply_by=office.today)
        for name, (verb, said) in verbs.items():
            unit = "jingban" if name == "reply" else "xinyong"
            done = {"case_id": case.pk, **said, "at": office.now, "actor": office.actor(unit, role)}
            expected: type[Exception] | None = None
            if role not in WHO[name]:
                expected = NotAllowed
            elif state not in allowed[name]:
                expected = NotThus
            sid = transaction.savepoint()
            if expected:
                with pytest.raises(expected):
                    verb(**done)
            else:
                verb(**done)
            transaction.savepoint_rollback(sid)


@pytest.mark.parametrize("role", ALL)
def test_only_a_leader_of_the_credit_office_decides_and_lifts(office: Office, role: Role) -> None:
    case = office.noticed("loss_of_honours")
    office.later(10)
    for username in ("juzhang", "fuze"):
        actor = office.actor(username, role)
        said = {"kept": [], "reasons": "理由", "answer": "", "factors": [], "executing": []}
        signed = office.signs(actor, sheets.decision_sheet(case.pk))
        may = username == "juzhang" and role is Role.LEADER
        if may:
            journey.decide_sanction(case_id=case.pk, **said, **signed)
        else:
            with pytest.raises(Refused):
                journey.decide_sanction(case_id=case.pk, **said, **signed)
            case.refresh_from_db()
            assert case.state == "noticed"
        if may:
            return
