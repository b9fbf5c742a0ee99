"""A helping unit gives its opinion at the desk, and pages of acts that do not fit yet or any more say so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.test_proposals import SignedIn, assigned
from tests.desk.test_proposals import own_keys as own_keys
from zhengxin.duties.models import Duty
from zhengxin.oversight.proposals.models import CoHandler

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_several_units_and_a_helping_one(county: County, signed_in: SignedIn) -> None:
    other = county.units["县市场监管局"]
    due = (timezone.localdate() + timedelta(days=20)).isoformat()
    part = assigned(county, signed_in, others=[other], how="cohandle", opinion_due_on=due)
    helper = CoHandler.objects.get()
    clerk = signed_in("shichang")
    page = clerk.get(f"/desk/proposals/{part.proposal_id}/").content.decode()
    assert "提交会办意见" in page
    owed = f"/desk/duties/{Duty.objects.get(kind='proposal_opinion').pk}/"
    assert "会办意见" in clerk.get("/desk/duties/").content.decode()
    shown = clerk.get(owed).content.decode()
    assert f'href="/desk/proposals/{part.proposal_id}/">去办理' in shown
    # The lead may set another day, and does not verify what is met by being given.
    lead = signed_in("fuze").get(owed).content.decode()
    assert f"{owed}extend/" in lead
    assert f"{owed}verify/" not in lead
    path = f"/desk/proposals/opinion/{helper.pk}/"
    assert clerk.post(path, {"opinion": "商户同意让出摊位"}).status_code == 302
    assert clerk.get(f"/desk/proposals/part/{part.pk}/contact/").status_code == 403
    again = clerk.get(path)
    assert again.status_code == 409
    assert "会办意见已经交过" in again.content.decode()
    reply = f"/desk/proposals/part/{part.pk}/reply/"
    early = signed_in("fuze").get(reply)
    assert early.status_code == 409
    assert "还没有记下与代表、委员的沟通" in early.content.decode()
    assert f'href="/desk/proposals/{part.proposal_id}/">看现在的情况' in early.content.decode()
    met = {
        "on": timezone.localdate().isoformat(),
        "form": "none",
        "with_whom": "",
        "outcome": "代表在外地，电话没有接通",
    }
    contact = f"/desk/proposals/part/{part.pk}/contact/"
    assert signed_in("jingban").post(contact, met).status_code == 302
    assert "商户同意让出摊位" in signed_in("fuze").get(reply).content.decode()
    for late in ("send", "decide", "release"):
        assert (
            signed_in("xinyong").get(f"/desk/proposals/part/{part.pk}/{late}/").status_code == 409
        )


def test_a_longer_term_that_is_refused_is_refused_on_opening(
    county: County, signed_in: SignedIn
) -> None:
    part = assigned(county, signed_in, difficult="on")
    path = f"/desk/proposals/part/{part.pk}/extend/"
    page = signed_in("xinyong").get(f"/desk/proposals/{part.proposal_id}/").content.decode()
    assert path not in page
    opened = signed_in("xinyong").get(path)
    assert opened.status_code == 409
    assert "交办时就按涉及面广计算" in opened.content.decode()
