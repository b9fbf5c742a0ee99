"""Orders to explain and rectify, and issues of the leading group, at the desk."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk.conftest import County
from tests.factors import DeskClient
from zhengxin.duties.models import Duty
from zhengxin.ledger.models import Entry
from zhengxin.oversight.rectifying.models import Issue, Order
from zhengxin.oversight.rectifying.public import published

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SignedIn = Callable[[str], DeskClient]


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def ordered(county: County, client: DeskClient, **changes: object) -> Order:
    said: dict[str, object] = {
        "unit_id": county.units["县住建局"],
        "title": "两户企业的奖补资金没有兑现",
        "cause": "承诺6月底前兑现，至今没有拨付",
        "basis": "国发〔2016〕76号",
        "explain_by": day(8),
        "rectify_by": day(28),
    }
    done = client.sign("/desk/rectifying/new/", said | changes)
    assert done.status_code == 302, done.content.decode()
    return Order.objects.latest("id")


def test_ordered_explained_verified_reported_and_over(county: County, signed_in: SignedIn) -> None:
    officer, clerk = signed_in("xinyong"), signed_in("jingban")
    order = ordered(county, officer)
    path = f"/desk/rectifying/{order.pk}/"
    shown = clerk.get(path).content.decode()
    assert "单位还没有提交书面说明" in shown
    assert f"{path}explain/" in shown
    said = {
        "why": "预算调整",
        "plan": "月底前拨付",
        "evidence": SimpleUploadedFile("说明.txt", b"a"),
    }
    assert clerk.post(f"{path}explain/", said).status_code == 302
    again = clerk.post(f"{path}explain/", {"why": "再说一次", "plan": "月底前拨付"})
    assert again.status_code == 409
    explanation = order.explanations.get()
    assert clerk.get(f"{path}files/{explanation.files[0]['piece']}/").content == b"a"
    assert "预算调整" in officer.get(path).content.decode()
    verify = f"/desk/duties/{order.explain_duty_id}/verify/"
    assert officer.sign(verify, {"because": "原因清楚"}).status_code == 302
    clerk.post(f"/desk/duties/{order.rectify_duty_id}/report/", {"words": "已拨付"})
    verify = f"/desk/duties/{order.rectify_duty_id}/verify/"
    assert officer.sign(verify, {"because": "看过回单"}).status_code == 302
    assert "已经办结" in clerk.get(path).content.decode()
    assert order.title in clerk.get("/desk/rectifying/?state=over").content.decode()
    assert order.title not in clerk.get("/desk/rectifying/?state=running").content.decode()
    lines = b"".join(officer.get("/desk/rectifying/csv/?state=over").streaming_content).decode()
    assert "按时" in lines
    assert order.cause not in lines


def test_an_explanation_is_not_handed_over_to_who_cannot_give_it(
    county: County, signed_in: SignedIn
) -> None:
    ordered(county, signed_in("xinyong"))
    explain, rectify = (
        Duty.objects.get(kind=kind) for kind in ("written_explanation", "rectification")
    )
    reviewer = signed_in("fuhe")
    said = {"unit_id": county.units["县市场监管局"], "because": "职能划转"}
    assert reviewer.sign(f"/desk/duties/{explain.pk}/hand-over/", said).status_code == 409
    assert "移交承接" not in reviewer.get(f"/desk/duties/{explain.pk}/").content.decode()
    assert "移交承接" in reviewer.get(f"/desk/duties/{rectify.pk}/").content.decode()


def test_who_took_a_rectification_over_opens_it_and_reports(
    county: County, signed_in: SignedIn
) -> None:
    order = ordered(county, signed_in("xinyong"))
    path, taker = f"/desk/rectifying/{order.pk}/", signed_in("shichang")
    duty_path = f"/desk/duties/{order.rectify_duty_id}"
    assert taker.get(path).status_code == 404
    said = {"unit_id": county.units["县市场监管局"], "because": "职能划转"}
    assert signed_in("fuhe").sign(f"{duty_path}/hand-over/", said).status_code == 302
    shown = taker.get(path).content.decode()
    assert f"{duty_path}/report/" in shown
    assert f"{path}explain/" not in shown
    assert taker.get(f"{path}explain/").status_code == 403
    assert order.title in taker.get("/desk/rectifying/").content.decode()
    assert path in taker.get(f"{duty_path}/").content.decode()
    assert f"{duty_path}/report/" not in signed_in("jingban").get(path).content.decode()


def test_a_form_with_neither_day_is_drawn_again(county: County, signed_in: SignedIn) -> None:
    said = {"unit_id": county.units["县住建局"], "title": "某事", "cause": "某因", "basis": "某文"}
    wrong = signed_in("xinyong").sign("/desk/rectifying/new/", said)
    assert wrong.status_code == 422
    assert "请至少填写一个期限" in wrong.content.decode()
    assert not Duty.objects.exists()


def test_who_sees_and_does_what(county: County, signed_in: SignedIn) -> None:
    order = ordered(county, signed_in("xinyong"))
    path = f"/desk/rectifying/{order.pk}/"
    assert signed_in("shichang").get(path).status_code == 404
    assert signed_in("jiandu").get(path).status_code == 200
    assert signed_in("fuze").get("/desk/rectifying/new/").status_code == 403
    assert signed_in("xinyong").get(f"{path}explain/").status_code == 403
    assert signed_in("xinyong").get(f"{path}withhold/").status_code == 403
    assert signed_in("xitong").get("/desk/rectifying/").status_code == 403


def test_withheld_by_a_reviewer_on_a_stated_ground(county: County, signed_in: SignedIn) -> None:
    order = ordered(county, signed_in("xinyong"))
    path = f"/desk/rectifying/{order.pk}/"
    said: dict[str, object] = {
        "reason": "trade_secret",
        "because": "涉及没有公开的协议",
        "review_on": day(180),
    }
    assert signed_in("fuhe").sign(f"{path}withhold/", said).status_code == 302
    shown = signed_in("fuhe").get(path).content.decode()
    assert "商业秘密" in shown
    assert f'{path}withhold/"' not in shown
    # On the day it is looked at again, and may be public once more.
    assert "再看一次“" not in signed_in("fuhe").get("/desk/").content.decode()
    Order.objects.update(review_on=timezone.localdate())
    assert "再看一次“" in signed_in("fuhe").get("/desk/").content.decode()
    assert signed_in("xinyong").get(f"{path}withhold/review/").status_code == 403
    again: dict[str, object] = {"reason": "trade_secret", "because": "协议还没有公开"}
    again["review_on"] = day(0)
    early = signed_in("fuhe").sign(f"{path}withhold/review/", again)
    assert "复核日期不在今天以后" in early.content.decode()
    again["review_on"] = day(90)
    assert signed_in("fuhe").sign(f"{path}withhold/review/", again).status_code == 302
    assert Order.objects.get().review_on == timezone.localdate() + timedelta(days=90)
    open_now = {"reason": "show", "because": "协议已经公开"}
    assert signed_in("fuhe").sign(f"{path}withhold/review/", open_now).status_code == 302
    [told] = published(timezone.localdate())
    assert (told.title, told.withheld) == (order.title, "")
    assert Entry.objects.filter(kind="rectification_reviewed", about_id=order.entry_id).count() == 2


def test_an_issue_is_raised_decided_and_raised_again(county: County, signed_in: SignedIn) -> None:
    leader, officer = signed_in("fuze"), signed_in("xinyong")
    assert "没有等着议定的议题" in leader.get("/desk/issues/").content.decode()
    asked = {"question": "历史欠款的资金来源", "words": "涉及三个单位"}
    made = leader.post("/desk/issues/new/", asked)
    issue = Issue.objects.get()
    assert made.headers["Location"] == f"/desk/issues/{issue.pk}/"
    assert leader.get(f"/desk/issues/{issue.pk}/decide/").status_code == 403
    # Who will support it has nothing to do with it before it is decided.
    supporter = signed_in("shichang")
    assert supporter.get(f"/desk/issues/{issue.pk}/").status_code == 404
    assert "登记领导小组议定的事" in officer.get("/desk/").content.decode()
    said: dict[str, object] = {
        "met_on": day(0),
        "decision": "由县住建局列出清单",
        "lead_id": county.units["县住建局"],
        "supporter_ids": [county.units["县市场监管局"]],
        "due_on": day(30),
    }
    assert officer.sign(f"/desk/issues/{issue.pk}/decide/", said).status_code == 302
    issue.refresh_from_db()
    shown = leader.get(f"/desk/issues/{issue.pk}/").content.decode()
    assert "由县住建局列出清单" in shown
    assert (
        f"/desk/issues/{issue.pk}/" in leader.get(f"/desk/duties/{issue.duty_id}/").content.decode()
    )
    assert f"/desk/duties/{issue.duty_id}/" in shown
    assert "由县住建局列出清单" in supporter.get(f"/desk/issues/{issue.pk}/").content.decode()
    assert f"/desk/issues/{issue.pk}/" in supporter.get("/desk/issues/").content.decode()
    leader.post("/desk/issues/new/", asked | {"repeats_id": issue.pk})
    again = Issue.objects.latest("id")
    assert again.nth == 2
    assert supporter.get(f"/desk/issues/{again.pk}/").status_code == 404
    shown = supporter.get(f"/desk/issues/{issue.pk}/").content.decode()
    assert f'href="/desk/issues/{again.pk}/"' not in shown
    assert "这件事提出过2次" in leader.get(f"/desk/issues/{again.pk}/").content.decode()
    lines = b"".join(officer.get("/desk/issues/csv/").streaming_content).decode()
    assert lines.count("\r\n") == 3
    for name, n in (("issues", 3), ("rectifying", 1)):
        book = officer.get(f"/desk/{name}/csv/?form=xlsx")
        assert ".xlsx" in book["Content-Disposition"]
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
        assert sheet is not None
        assert sheet.max_row == n


def test_longer_lists_cost_no_more_queries(county: County, signed_in: SignedIn) -> None:
    officer = signed_in("xinyong")
    asked = {"question": "资金来源", "words": "涉及三个单位"}

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as made:
            assert officer.get(path).status_code == 200
        return len(made)

    for _ in range(2):
        ordered(county, officer)
        officer.post("/desk/issues/new/", asked)
    paths = ["/desk/rectifying/", "/desk/issues/", "/desk/rectifying/csv/", "/desk/issues/csv/"]
    before = [queries(path) for path in paths]
    for _ in range(4):
        ordered(county, officer)
        officer.post("/desk/issues/new/", asked)
    assert [queries(path) for path in paths] == before
    assert max(before) < 30


def test_a_unit_named_twice_as_supporting_is_one(county: County, signed_in: SignedIn) -> None:
    officer = signed_in("xinyong")
    officer.post("/desk/issues/new/", {"question": "资金来源", "words": "涉及三个单位"})
    issue = Issue.objects.get()
    said = {
        "met_on": day(0),
        "decision": "由县住建局列出清单",
        "lead_id": county.units["县住建局"],
        "supporter_ids": [county.units["县市场监管局"]] * 2,
        "due_on": day(30),
    }
    assert officer.sign(f"/desk/issues/{issue.pk}/decide/", said).status_code == 302
    duty = Duty.objects.get(kind="issue_action")
    assert duty.supporters.count() == 1
