"""Units file their own implementing plans against their mandates; nobody does for another."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desk.conftest import County
from tests.desk.planned import TEXT, SignedIn, send
from tests.desk.planned import confirmed as confirmed
from tests.desk.planned import own_keys as own_keys
from tests.desk.planned import read as read
from zhengxin.audit.models import AuditLine
from zhengxin.duties.models import Duty
from zhengxin.oversight import queries
from zhengxin.oversight.models import ImplementingPlan, MandateUnit, Plan

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_a_unit_files_its_own_plan_and_a_later_one_takes_its_place(
    confirmed: Plan, signed_in: SignedIn
) -> None:
    clerk, path = signed_in("jingban"), f"/desk/plans/{confirmed.pk}/file/"
    [part] = MandateUnit.objects.filter(unit__code="ZX-T01")
    for title in ("第一稿", "第二稿"):
        answer = clerk.post(
            path,
            {
                "parts": [part.pk],
                "title": title,
                "file": SimpleUploadedFile("实施.txt", title.encode()),
            },
        )
        assert answer.status_code == 302, answer.content.decode()
    page = clerk.get(f"/desk/plans/{confirmed.pk}/mandates/1/").content.decode()
    assert page.index("第二稿") < page.index("第一稿")
    assert "已有更新的" in page
    assert "还没有报的1个单位" in page
    filed = queries.filed(confirmed.pk)[part.mandate_id]
    newest = next(each for each in filed if each.mandate_unit_id == part.pk).filings[0]
    answer = signed_in("fuhe").get(f"/desk/implementing/{newest.id}/")
    assert answer.content.decode() == "第二稿"
    line = AuditLine.objects.filter(act="plan.file").latest("id")
    assert (line.actor_name, line.detail["tasks"]) == ("林禾", [1])


def test_a_mandate_says_what_is_owed_from_it(confirmed: Plan, signed_in: SignedIn) -> None:
    page = signed_in("shichang").get(f"/desk/plans/{confirmed.pk}/mandates/1/").content.decode()
    assert "由此产生的职责" in page
    assert "2027年12月31日" in page
    other = signed_in("shichang").get(f"/desk/plans/{confirmed.pk}/mandates/3/").content.decode()
    assert "由此产生的职责" not in other


def test_a_duty_past_its_day_is_told_as_overdue(county: County, signed_in: SignedIn) -> None:
    lines = TEXT.replace("2027年底前", "2026年3月5日前").splitlines()
    send(signed_in("xinyong"), "\n".join([*lines[:3], *lines[5:]]))
    [plan] = Plan.objects.all()
    signed_in("fuhe").sign(f"/desk/plans/{plan.pk}/confirm/", {"replaces": ""})
    page = signed_in("jingban").get(f"/desk/plans/{plan.pk}/mandates/1/").content.decode()
    assert "逾期" in page
    assert f"/desk/duties/{Duty.objects.get().pk}/" in page


def test_nobody_files_for_another_unit(confirmed: Plan, signed_in: SignedIn) -> None:
    other = MandateUnit.objects.filter(unit__code="ZX-T02").earliest("id")
    said = {
        "parts": [other.pk],
        "title": "别人的",
        "file": SimpleUploadedFile("实施.txt", b"x"),
    }
    path = f"/desk/plans/{confirmed.pk}/file/"
    assert signed_in("jingban").post(path, said).status_code == 422
    assert signed_in("fuhe").get(path).status_code == 403


def test_what_is_no_file_of_a_plan_is_told_at_the_field(
    confirmed: Plan, signed_in: SignedIn
) -> None:
    [part] = MandateUnit.objects.filter(unit__code="ZX-T01")
    said = {
        "parts": [part.pk],
        "title": "程序",
        "file": SimpleUploadedFile("实施.exe", b"MZ"),
    }
    answer = signed_in("jingban").post(f"/desk/plans/{confirmed.pk}/file/", said)
    assert answer.status_code == 422
    assert "没有收下“实施.exe”" in answer.content.decode()


def test_a_unit_without_a_part_in_the_task_does_not_read_its_plans(
    confirmed: Plan, signed_in: SignedIn
) -> None:
    part = MandateUnit.objects.get(unit__code="ZX-T01")
    file = SimpleUploadedFile("实施.txt", "内部安排".encode())
    said = {"parts": [part.pk], "title": "住建局内部安排", "file": file}
    path = f"/desk/plans/{confirmed.pk}/"
    assert signed_in("jingban").post(f"{path}file/", said).status_code == 302
    filing = f"/desk/implementing/{ImplementingPlan.objects.get().pk}/"
    stranger = signed_in("shichang")
    assert stranger.get(filing).status_code == 404
    page = stranger.get(f"{path}mandates/1/").content.decode()
    assert "住建局内部安排" not in page
    assert "已报" in page
    assert filing not in page + stranger.get(path).content.decode()
    for username in ("jingban", "fuze", "xinyong", "jiandu"):
        reader = signed_in(username)
        assert reader.get(filing).content.decode() == "内部安排", username
        assert filing in reader.get(path).content.decode(), username


def test_what_is_not_there_is_not_found(confirmed: Plan, signed_in: SignedIn) -> None:
    for path in ("/desk/plans/99/", f"/desk/plans/{confirmed.pk}/mandates/99/"):
        assert signed_in("jingban").get(path).status_code == 404
