"""Decisions of named officials: whose record, which grade, which text."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.desk.conftest import County
from tests.desk.rows import licence, penalty, table
from zhengxin.audit.models import AuditLine
from zhengxin.intake.models import WaitingRecord
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def send(client: Client, source: str, *rows: dict[str, str]) -> None:
    """Uploads a file as the department does."""
    answer = client.post(f"/desk/submissions/new/{source}/", {"file": table(source, *rows)})
    assert answer.status_code == 302, answer.content.decode()


def test_a_name_that_does_not_fit_its_code_is_decided_by_a_person(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    clerk, officer = signed_in("jingban"), signed_in("xinyong")
    send(clerk, "licences", licence(1))
    other = "示例县惠民建筑材料有限公司"
    send(clerk, "licences", licence(2, XK_XDR_MC=other), licence(3, XK_XDR_MC=other))
    rows = WaitingRecord.objects.order_by("id")
    assert rows.count() == 2
    listed = officer.get("/desk/attribution/").content.decode()
    assert "2行等您判断是谁，1个不同的名称。" in listed
    path = f"/desk/attribution/{rows[0].pk}/"
    assert path in listed
    page = officer.get(path).content.decode()
    assert "示例县惠民建材有限公司" in page
    subject = rows[0].candidates[0]
    assert officer.post(path, {"choice": subject, "because": ""}).status_code == 422
    assert officer.post(path, {"choice": "999999", "because": "猜的"}).status_code == 422
    decided = {"choice": subject, "because": "营业执照上已更名"}
    assert officer.post(path, decided)["Location"] == "/desk/attribution/"
    assert officer.post(path, decided).status_code == 302  # once more changes nothing
    assert not WaitingRecord.objects.filter(state="waiting").exists()
    assert AuditLine.objects.filter(act="attribution.decide").count() == 1
    assert "营业执照上已更名" in officer.get(path).content.decode()


def test_an_ungraded_breach_is_graded_with_a_reason(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    officer = signed_in("xinyong")
    send(signed_in("jingban"), "penalties", penalty(1))
    entry = Notice.objects.get(state="ungraded").entry_id
    path = f"/desk/grading/{entry}/"
    assert path in officer.get("/desk/grading/").content.decode()
    page = officer.get(path).content.decode()
    assert "未取得施工许可证擅自施工" in page
    assert officer.post(path, {"grade": "general", "because": ""}).status_code == 422
    decided = {"grade": "general", "because": "裁量基准第三条"}
    assert officer.post(path, decided)["Location"] == "/desk/grading/"
    assert Notice.objects.get(entry_id=entry).grade == "general"
    assert officer.post(path, decided).status_code == 404  # no longer waits
    assert AuditLine.objects.filter(act="grading").count() == 1


def test_text_is_released_by_a_reviewer_and_never_with_an_identity_number(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    clerk, officer, reviewer = signed_in("jingban"), signed_in("xinyong"), signed_in("fuhe")
    send(clerk, "penalties", penalty(1))
    entry = Notice.objects.get().entry_id
    officer.post(f"/desk/grading/{entry}/", {"grade": "serious", "because": "裁量基准第三条"})
    path = f"/desk/release/{entry}/"
    assert officer.get(path).status_code == 403
    page = reviewer.get(path).content.decode()
    assert "经查，当事人在东河路工地擅自施工。" in page
    assert reviewer.post(path, {"because": "已通读"}).status_code == 422
    sent = {"fields_chosen": ["CF_SY"], "because": "已通读"}
    assert reviewer.post(path, sent)["Location"] == "/desk/release/"
    assert "CF_SY" in Notice.objects.get(entry_id=entry).released
