"""Inspections at the desk: designated, planned, drawn, found, rectified, concluded, reviewed, closed."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk.conftest import County
from tests.factors import DeskClient
from tests.oversight.inspections.conftest import Office
from zhengxin.accounts.models import Factor
from zhengxin.duties.models import Duty
from zhengxin.oversight.inspections.models import Campaign, Case, Designation, Finding

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SignedIn = Callable[[str], DeskClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def office(county: County) -> Office:
    """Three days ago, so that a seed has become known since."""
    Factor.objects.filter(kind="totp").update(last_step=0)
    return Office(county, timezone.now() - timedelta(days=3))


def planned(office: Office, **changes: object) -> Campaign:
    """A campaign whose seed became known yesterday."""
    begun = office.today
    days = {"from_on": begun, "until_on": begun + timedelta(days=90)}
    designation = office.designated(**days)
    return office.planned(designation, **days, seed_on=begun + timedelta(days=2), **changes)


def drawn(office: Office, **changes: object) -> tuple[Campaign, Case]:
    campaign = planned(office, **changes)
    office.later(3)
    office.draws(campaign)
    return campaign, Case.objects.get(campaign=campaign, unit_id=office.county.units["县住建局"])


def test_designated_and_planned_at_the_desk(county: County, signed_in: SignedIn) -> None:
    today = timezone.localdate()
    said: dict[str, object] = {
        "unit_id": county.units["县发改局"],
        "document": "示政发〔2026〕3号",
        "matter": "承诺兑现",
        "scope": "县政府各部门",
        "from_on": today.isoformat(),
        "until_on": (today + timedelta(days=60)).isoformat(),
    }
    reviewer = signed_in("fuhe")
    assert reviewer.sign("/desk/inspections/designations/new/", said).status_code == 302
    given = Designation.objects.get()
    assert "示政发〔2026〕3号" in reviewer.get("/desk/inspections/designations/").content.decode()
    plan: dict[str, object] = {
        "title": "承诺兑现督查",
        "designation_id": given.pk,
        "basis": "示政办发〔2026〕9号",
        "from_on": today.isoformat(),
        "until_on": (today + timedelta(days=40)).isoformat(),
        "items": "承诺是否按期兑现｜国发〔2016〕76号\n政策变更是否补偿|国发〔2016〕76号",
        "kinds": ["department"],
        "n": 1,
        "seed_kind": "public",
        "seed_named": "双色球开奖号码",
        "seed_on": (today + timedelta(days=1)).isoformat(),
        "review_unit_id": county.units["县发改局"],
    }
    officer = signed_in("xinyong")
    wrong = officer.sign("/desk/inspections/new/", plan | {"items": "没有依据的一项"})
    assert wrong.status_code == 422
    assert "第1项缺少依据" in wrong.content.decode()
    done = officer.sign("/desk/inspections/new/", plan)
    campaign = Campaign.objects.get()
    assert done.headers["Location"] == f"/desk/inspections/{campaign.pk}/"
    assert [(item.number, item.words) for item in campaign.items.all()] == [
        (1, "承诺是否按期兑现"),
        (2, "政策变更是否补偿"),
    ]
    early = officer.get(f"/desk/inspections/{campaign.pk}/draw/")
    assert early.status_code == 409
    assert "早抽就不公平" in early.content.decode()
    assert f'href="/desk/inspections/{campaign.pk}/">看现在的情况' in early.content.decode()
    early = officer.post(
        f"/desk/inspections/{campaign.pk}/draw/", {"seed": "1", "seed_source": "公告"}
    )
    assert early.status_code == 409
    assert "早抽就不公平" in early.content.decode()


def test_a_unit_without_designation_is_told_the_article(signed_in: SignedIn) -> None:
    shown = signed_in("fuze").get("/desk/inspections/new/").content.decode()
    assert "《政府督查工作条例》第七条" in shown
    assert 'name="title"' not in shown


def test_the_inputs_of_a_draw_are_handed_out(office: Office, signed_in: SignedIn) -> None:
    campaign = planned(office)
    path = f"/desk/inspections/{campaign.pk}/"
    officer = signed_in("xinyong")
    assert f"抽取“{campaign.title}”的单位" in officer.get("/desk/").content.decode()
    said = {"seed": " 03 07 12 ", "seed_source": "福彩网公告"}
    looked = officer.post(f"{path}draw/", said).content.decode()
    for words in ("按这个随机数会抽到", campaign.population[0][2], "照此抽取"):
        assert words in looked
    # Another seed than the one that was looked at is shown first too.
    other = officer.post(f"{path}draw/", said | {"looked": "03 07 13"})
    assert "照此抽取" in other.content.decode()
    assert not Case.objects.exists()
    assert officer.post(f"{path}draw/", said | {"looked": "03 07 12"}).status_code == 302
    told = json.loads(signed_in("shichang").get(f"{path}sampling/").content)
    assert told["seed"] == "03 07 12"
    assert [each["code"] for each in told["population"]] == ["ZX-T01", "ZX-T02"]
    cases = Case.objects.filter(campaign=campaign).order_by("place")
    assert [each["sha256"] for each in told["drawn"]] == [case.digest for case in cases]
    # A second click finds what the first one drew.
    assert officer.post(f"{path}draw/", {"seed": "9", "seed_source": "公告"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.seed == "03 07 12"


def test_a_mistyped_seed_is_drawn_again_with_a_reason_until_something_is_found(
    office: Office, signed_in: SignedIn
) -> None:
    campaign, first = drawn(office)
    path = f"/desk/inspections/{campaign.pk}/"
    officer = signed_in("xinyong")
    assert "重新抽取" in officer.get(path).content.decode()
    said = {"seed": "03 07 12 21 29 30 09", "seed_source": "福彩网公告", "because": "末位填错了"}
    assert signed_in("shichang").post(f"{path}redraw/", said).status_code == 403
    assert "会抽到2个单位" in officer.post(f"{path}redraw/", said).content.decode()
    said["looked"] = said["seed"]
    assert officer.post(f"{path}redraw/", said).status_code == 302
    told = json.loads(signed_in("shichang").get(f"{path}sampling/").content)
    assert told["seed"] == said["seed"]
    assert [(each["seed"], each["because"]) for each in told["set_aside"]] == [
        ("03 07 12 21 29 30 08", "末位填错了")
    ]
    assert "末位填错了" in signed_in("shichang").get(path).content.decode()
    # The case of the first draw is no more; a finding that was being written says so.
    gone = officer.get(f"/desk/inspections/units/{first.pk}/")
    assert gone.status_code == 404
    office.finds(Case.objects.filter(campaign=campaign)[0], 1, "conform")
    refused = officer.post(f"{path}redraw/", said | {"seed": "1", "looked": "1"}, follow=True)
    assert "已经记下检查结果" in refused.content.decode()
    assert campaign.set_aside.count() == 1


def test_from_a_finding_to_the_review_at_the_desk(office: Office, signed_in: SignedIn) -> None:
    campaign, case = drawn(office)
    path = f"/desk/inspections/units/{case.pk}/"
    officer, clerk, leader = signed_in("xinyong"), signed_in("jingban"), signed_in("fuze")
    later = timezone.localdate() + timedelta(days=20)
    said: dict[str, object] = {"verdict": "problem", "words": "两户没有兑现"}
    lacking = officer.post(f"{path}items/1/", said)
    assert lacking.status_code == 422
    photo = SimpleUploadedFile("现场.png", PNG)
    done = officer.post(f"{path}items/1/", said | {"due_on": later.isoformat(), "evidence": photo})
    assert done.status_code == 302
    finding = Finding.objects.get()
    officer.post(f"{path}items/2/", {"verdict": "not_applicable", "words": "没有变更过"})
    shown = clerk.get(path).content.decode()
    assert "1个问题还没有整改到位" in shown
    report = f"/desk/duties/{finding.duty_id}/report/"
    assert report in shown
    assert path in clerk.get(f"/desk/duties/{finding.duty_id}/").content.decode()
    piece = f"{path}files/{finding.files[0]['piece']}/"
    assert clerk.get(piece).content == PNG
    again = f"/desk/inspections/findings/{finding.pk}/recheck/"
    assert officer.get(again).status_code == 404
    clerk.post(report, {"words": "已兑现两户"})
    assert again in officer.get(path).content.decode()
    assert clerk.get(again).status_code == 403
    looked = {"resolved": "no", "words": "只兑现一户"}
    assert officer.post(again, looked).status_code == 422
    new_day = later + timedelta(days=10)
    officer.post(again, looked | {"due_on": new_day.isoformat()})
    assert Duty.objects.get(pk=finding.duty_id).due_on == new_day
    clerk.post(report, {"words": "两户都已兑现"})
    officer.post(again, {"resolved": "yes", "words": "看过银行回单"})
    assert Duty.objects.get(pk=finding.duty_id).state == "on_time"
    assert clerk.get(f"{path}conclude/").status_code == 403
    said = {"conclusion": "发现一个问题，已整改到位。"}
    assert officer.sign(f"{path}conclude/", said).status_code == 302
    assert "结论还没有签收" in clerk.get(path).content.decode()
    assert path in clerk.get("/desk/").content.decode()
    received = {"received_on": timezone.localdate().isoformat(), "how": "本单位签收"}
    assert clerk.post(f"{path}receive/", received).status_code == 302
    assert clerk.get(f"{path}review/").status_code == 403
    assert leader.post(f"{path}review/", {"grounds": "第1项不应认定"}).status_code == 302
    said = {"outcome": "upheld", "decision": "事实清楚"}
    case.refresh_from_db()
    review = officer.get(f"/desk/duties/{case.review_duty_id}/").content.decode()
    assert f'href="{path}">去办理' in review
    refused = officer.get(f"{path}decide/")
    assert refused.status_code == 403
    assert "回避" in refused.content.decode()
    assert signed_in("fuhe").sign(f"{path}decide/", said).status_code == 302
    shown = leader.get(path).content.decode()
    assert "复核决定：维持结论" in shown
    assert "第1项不应认定" in shown
    other = Case.objects.exclude(pk=case.pk).get()
    for number in (1, 2):
        answer = {"verdict": "conform", "words": "查阅台账"}
        officer.post(f"/desk/inspections/units/{other.pk}/items/{number}/", answer)
    officer.sign(f"/desk/inspections/units/{other.pk}/conclude/", {"conclusion": "没有问题。"})
    closing = f"/desk/inspections/{campaign.pk}/close/"
    assert officer.sign(closing, {"summary": "查了两个单位。"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == "closed"
    lines = b"".join(officer.get(f"/desk/inspections/{campaign.pk}/csv/").streaming_content)
    assert lines.decode().count("\r\n") == 5
    assert "不适用" in lines.decode()


def test_another_units_case_is_not_there(office: Office, signed_in: SignedIn) -> None:
    campaign, case = drawn(office)
    office.finds(case, 1, "conform", words="=HYPERLINK只有本单位看得到")
    other = signed_in("shichang")
    assert other.get(f"/desk/inspections/units/{case.pk}/").status_code == 404
    shown = other.get(f"/desk/inspections/{campaign.pk}/").content.decode()
    assert f"/desk/inspections/units/{case.pk}/" not in shown
    lines = b"".join(other.get(f"/desk/inspections/{campaign.pk}/csv/").streaming_content)
    assert "只有本单位" not in lines.decode()
    own = b"".join(
        signed_in("jingban").get(f"/desk/inspections/{campaign.pk}/csv/").streaming_content
    )
    assert ",'=HYPERLINK只有本单位看得到" in own.decode()
    assert signed_in("jiandu").get(f"/desk/inspections/units/{case.pk}/").status_code == 200
    assert signed_in("xitong").get("/desk/inspections/").status_code == 403


def test_more_campaigns_and_findings_cost_no_more_queries(
    office: Office, signed_in: SignedIn
) -> None:
    officer = signed_in("xinyong")

    def asked(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert officer.get(path).status_code == 200
        return len(queries)

    campaign, case = drawn(office)
    paths = ["/desk/inspections/", f"/desk/inspections/{campaign.pk}/"]
    paths += [f"/desk/inspections/units/{case.pk}/", f"/desk/inspections/{campaign.pk}/csv/"]
    before = [asked(path) for path in paths]
    due = office.today + timedelta(days=9)
    for each in Case.objects.filter(campaign=campaign):
        for number in (1, 2):
            office.finds(each, number, "problem", due_on=due)
    office.now = timezone.now() - timedelta(days=2)
    for _ in range(3):
        planned(office)
    after = [asked(path) for path in paths]
    # The duties of the problems are asked for once.
    assert all(late <= early + 3 for early, late in zip(before, after, strict=True)), (
        before,
        after,
    )
    assert max(after) < 45
