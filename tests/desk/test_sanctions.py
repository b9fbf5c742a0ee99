"""Measures at the desk: from the proposal to the public, through the doors; who sees what."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk.conftest import County
from tests.factors import DeskClient
from tests.sanctions.conftest import FACTS, REPLY_DAYS
from tests.sanctions.conftest import Office as Story
from tests.sanctions.conftest import bare as bare
from tests.sanctions.conftest import county as county
from tests.sanctions.conftest import office as office
from zhengxin.sanctions.enums import Factor
from zhengxin.sanctions.models import Case, Confirmation, Measure, Referral
from zhengxin.sanctions.public import published

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SignedIn = Callable[[str], DeskClient]


def told(client: DeskClient, path: str, said: dict[str, object] | None = None) -> None:
    done = client.post(path, said or {})
    assert done.status_code == 302, done.content.decode()


def signed(client: DeskClient, path: str, said: dict[str, object]) -> None:
    done = client.sign(path, said)
    assert done.status_code == 302, done.content.decode()


def decision(case: Case, county: County, *codes: str) -> dict[str, object]:
    said: dict[str, object] = {
        "reasons": "事实清楚",
        "answer": "核对过，不采纳",
        "executing": [county.units["县市场监管局"]],
    }
    for each in case.measures.all():
        said[f"keep_{each.pk}"] = "yes" if each.code in codes else "no"
        said[f"due_{each.pk}"] = (timezone.localdate() + timedelta(days=20)).isoformat()
    for factor in Factor:
        said[f"holds_{factor}"] = "no"
    return said


def proposed(story: Story, officer: DeskClient, *codes: str) -> Case:
    story.now = timezone.now()
    said = {
        "unit_id": story.unit_id,
        "entry_id": story.listed(),
        "measures": story.steps(*codes),
        "facts": FACTS,
    }
    told(officer, "/desk/sanctions/new/", said)
    return Case.objects.latest("id")


def confirmed(reviewer: DeskClient) -> None:
    path = f"/desk/law/confirm/?value={REPLY_DAYS}"
    signed(reviewer, path, {"words": "县惩戒办理规则第三条"})


def test_the_whole_story_through_the_doors(
    county: County, office: Story, signed_in: SignedIn
) -> None:
    officer, reviewer, clerk, leader = map(signed_in, ("xinyong", "fuhe", "jingban", "juzhang"))
    case = proposed(office, officer, "loss_of_honours", "circulated_criticism")
    path = f"/desk/sanctions/{case.pk}/"
    assert clerk.get(path).status_code == 404
    assert "凭记忆" in reviewer.get("/desk/law/").content.decode()
    refused = officer.post(f"{path}notice/")
    assert "还没有人核对过原文" in refused.content.decode()
    confirmed(reviewer)
    assert Confirmation.objects.get().by_name == "方正言"
    told(officer, f"{path}notice/")
    assert "陈述是权利" in clerk.get(f"{path}reply/").content.decode()
    file = SimpleUploadedFile("回单.txt", b"a")
    told(clerk, f"{path}reply/", {"words": "月底付清", "evidence": file})
    shown = clerk.get(path).content.decode()
    assert "月底付清" in shown
    assert FACTS in shown
    piece = case.replies.get().files[0]["piece"]
    assert clerk.get(f"{path}files/{piece}/").content == b"a"
    paper = clerk.get(f"{path}paper/").content.decode()
    assert "惩戒事先告知书" in paper
    told(officer, f"{path}hear/", {"words": "核对过付款计划"})
    Case.objects.update(reply_by=timezone.localdate() - timedelta(days=1))
    assert leader.get(f"{path}decide/").status_code == 200
    said = decision(case, county, "loss_of_honours", "circulated_criticism")
    assert officer.sign(f"{path}decide/", said).status_code == 403
    signed(leader, f"{path}decide/", said)
    assert signed_in("shichang").get(path).status_code == 404
    told(officer, f"{path}serve/")
    executing = signed_in("shichang").get(path).content.decode()
    assert "取消当年评优评先资格" in executing
    assert FACTS not in executing
    assert "月底付清" not in executing
    criticism, honours = (
        Measure.objects.get(code=code) for code in ("circulated_criticism", "loss_of_honours")
    )
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    circulate = f"/desk/sanctions/measures/{criticism.pk}/circulate/"
    assert published(timezone.localdate()) == []
    signed(reviewer, circulate, {"words": "没有付清工程款", "until_on": until})
    assert [each.words for each in published(timezone.localdate())] == ["没有付清工程款"]
    lift = f"/desk/sanctions/measures/{honours.pk}/lift/"
    signed(leader, lift, {"because": "已经付清"})
    honours.refresh_from_db()
    assert honours.state == "ended"
    duty = honours.executions.get()
    page = officer.get(f"/desk/duties/{duty.apply_duty_id}/").content.decode()
    assert path in page
    assert "惩戒决定书" in officer.get(f"{path}paper/").content.decode()


def test_a_decision_may_be_none_with_its_factor(
    county: County, office: Story, signed_in: SignedIn
) -> None:
    officer, leader = signed_in("xinyong"), signed_in("juzhang")
    case = proposed(office, officer, "loss_of_honours")
    confirmed(signed_in("fuhe"))
    path = f"/desk/sanctions/{case.pk}/"
    told(officer, f"{path}notice/")
    Case.objects.update(reply_by=timezone.localdate() - timedelta(days=1))
    made = {"holds_made_good": "yes", "proof_made_good": "银行回单", "words_made_good": "三天付清"}
    signed(leader, f"{path}decide/", decision(case, county) | made)
    shown = officer.get(path).content.decode()
    assert "决定不采取" in shown
    assert "三天付清" in shown
    later = proposed(office, officer, "loss_of_honours")
    assert f"第{case.pk}件" in officer.get(f"/desk/sanctions/{later.pk}/").content.decode()
    told(officer, f"/desk/sanctions/{later.pk}/drop/", {"because": "重复"})
    assert "重复" in officer.get(f"/desk/sanctions/{later.pk}/").content.decode()


def test_referred_and_answered(office: Story, signed_in: SignedIn) -> None:
    officer = signed_in("xinyong")
    form = officer.get("/desk/referrals/new/").content.decode()
    assert "待核实" in form
    situation = re.findall(r'<option value="([^"]*限制竞争[^"]*)"', form)[0]
    office.now = timezone.now()
    said = {
        "unit_id": office.unit_id,
        "entry_id": office.listed(),
        "situation": situation,
        "referred_to": "省市场监管部门",
        "words": "执行裁定书",
    }
    signed(officer, "/desk/referrals/new/", said)
    row = Referral.objects.get()
    answer = {"answered_on": timezone.localdate().isoformat(), "answer": "不予认定"}
    file = SimpleUploadedFile("答复.txt", b"b")
    told(officer, f"/desk/referrals/{row.pk}/answer/", answer | {"evidence": file})
    row.refresh_from_db()
    piece = row.answer_files[0]["piece"]
    assert officer.get(f"/desk/referrals/{row.pk}/files/{piece}/").content == b"b"
    assert "不予认定" in signed_in("jiandu").get("/desk/referrals/").content.decode()
    assert signed_in("jingban").get("/desk/referrals/").status_code == 403


def test_the_list_asks_as_often_for_many_as_for_few(
    county: County, office: Story, signed_in: SignedIn
) -> None:
    officer = signed_in("xinyong")
    counts = []
    for _ in range(2):
        proposed(office, officer, "loss_of_honours", "circulated_criticism")
        with CaptureQueriesContext(connection) as asked:
            officer.get("/desk/sanctions/")
        counts.append(len(asked))
        proposed(office, officer, "loss_of_honours")
    assert counts[0] == counts[1]
