"""Repair at the desk: checked, taken in at the counter, accepted, decided; who sees and does what."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.desk.rows import days_ago, penalty, table
from tests.factors import DeskClient
from zhengxin import journey
from zhengxin.duties.models import Duty
from zhengxin.publication.board import queries as board
from zhengxin.publication.models import Notice
from zhengxin.repair.models import Application

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SignedIn = Callable[[str], DeskClient]
BASE = "/desk/repairs/"


@pytest.fixture
def entry_id(county: County, signed_in: SignedIn) -> int:
    """A firm's penalty, four months old, on the board."""
    return penalised(signed_in, 1, days_ago(120).isoformat())


def penalised(signed_in: SignedIn, serial: int, decided: str, **changes: str) -> int:
    said = {"CF_JDRQ": decided, "CF_CFLB": "没收违法所得", "CF_NR_WFFF": "1"} | changes
    file = table("penalties", penalty(serial, **said), name=f"报送{serial}.csv")
    signed_in("jingban").post("/desk/submissions/new/penalties/", {"file": file})
    journey.publish_due(at=timezone.now(), actor=SYSTEM)
    return Notice.objects.filter(kind="penalty").latest("entry_id").entry_id


def said() -> dict[str, object]:
    return {
        "fulfilled": "罚没款已缴清",
        "commitment": "承诺依法诚信经营",
        "evidence": SimpleUploadedFile("凭证.txt", "虚构：已缴清。".encode()),
    }


def applied(client: Client, entry_id: int) -> Application:
    answer = client.post(f"{BASE}apply/{entry_id}/", said())
    assert answer.status_code == 302, answer.content.decode()
    return Application.objects.latest("id")


def test_from_the_check_to_the_end_of_display(
    county: County, signed_in: SignedIn, entry_id: int
) -> None:
    officer, clerk, leader = signed_in("xinyong"), signed_in("jingban"), signed_in("fuze")
    page = officer.get(f"{BASE}check/?entry={entry_id}").content.decode()
    assert "现在可以申请修复。" in page
    assert "国家发展改革委令第36号" in page
    assert f"{BASE}apply/{entry_id}/" in page
    notice = officer.get(f"/desk/notices/{entry_id}/").content.decode()
    assert f"{BASE}check/?entry={entry_id}" in notice
    application = applied(officer, entry_id)
    path = f"{BASE}{application.pk}/"
    assert application.receipt in officer.get(BASE).content.decode()
    duty = clerk.get(f"/desk/duties/{application.duty_id}/").content.decode()
    assert path in duty
    assert f"{path}accept/" in clerk.get(path).content.decode()
    clerk.post(f"{path}accept/")
    piece = application.files[0]["piece"]
    assert b"".join(leader.get(f"{path}files/{piece}/")) == "虚构：已缴清。".encode()
    done = leader.sign(f"{path}decide/", {"granted": "yes", "because": "凭证齐全"})
    assert done.status_code == 302
    assert board.item(entry_id, timezone.localdate()) is None
    assert officer.get(f"/entries/{entry_id}/").status_code == 404
    assert "准予修复" in officer.get(path).content.decode()
    assert "已修复" in officer.get(f"/desk/notices/{entry_id}/").content.decode()
    lines = b"".join(officer.get(f"{BASE}csv/").streaming_content).decode()
    assert application.receipt in lines
    assert officer.get(f"{BASE}csv/?form=xlsx").status_code == 200


def test_the_file_shows_it_struck_through_and_the_public_page_says_how(
    county: County, signed_in: SignedIn, entry_id: int
) -> None:
    officer = signed_in("xinyong")
    public = officer.get(f"/entries/{entry_id}/").content.decode()
    assert "最短公示期已满，履行完毕的现在可以申请修复。" in public
    assert "只需要两样" in public
    application = applied(officer, entry_id)
    signed_in("jingban").post(f"{BASE}{application.pk}/accept/")
    signed_in("fuze").sign(
        f"{BASE}{application.pk}/decide/", {"granted": "yes", "because": "凭证齐全"}
    )
    subject_id = application.subject_id
    officer.post(f"/desk/files/{subject_id}/purpose/", {"purpose": "办理行政许可时核对"})
    page = officer.get(f"/desk/files/{subject_id}/").content.decode()
    assert "<s>行政处罚</s>" in page
    assert "准予修复，停止公示、共享和使用" in page
    before = days_ago(1).isoformat()
    then = officer.get(f"/desk/files/{subject_id}/?known_on={before}").content.decode()
    assert "<s>" not in then


def test_before_its_time_it_is_refused_with_the_day(county: County, signed_in: SignedIn) -> None:
    entry_id = penalised(signed_in, 2, days_ago(5).isoformat())
    officer = signed_in("xinyong")
    answer = officer.get(f"{BASE}apply/{entry_id}/")
    assert answer.status_code == 409
    assert "起可以申请" in answer.content.decode()
    assert "还不能申请修复" in officer.get(f"/entries/{entry_id}/").content.decode()
    check = officer.get(f"{BASE}check/?entry={entry_id}").content.decode()
    assert f"{BASE}apply/" not in check


def test_anothers_sealed_and_missing_records_are_answered_alike(
    county: County, signed_in: SignedIn, entry_id: int
) -> None:
    sealed = penalised(
        signed_in, 3, days_ago(120).isoformat(), CF_YJ="《治安管理处罚法》第二十三条"
    )
    other = signed_in("shichang")
    words = set()
    for number in (entry_id, sealed, 999_999):
        answer = other.get(f"{BASE}check/?entry={number}")
        assert answer.status_code == 404
        words.add(answer.context["refused"].why)
    assert len(words) == 1
    application = applied(signed_in("xinyong"), entry_id)
    assert other.get(f"{BASE}{application.pk}/").status_code == 404
    assert application.receipt not in other.get(BASE).content.decode()
    assert signed_in("xitong").get(BASE).status_code == 403
    for username in ("xinyong", "jingban", "jiandu"):
        answer = signed_in(username).get(f"{BASE}{application.pk}/decide/")
        assert answer.status_code == 403, username


def test_forms_with_faults_keep_what_was_typed(
    county: County, signed_in: SignedIn, entry_id: int
) -> None:
    officer = signed_in("xinyong")
    answer = officer.post(f"{BASE}apply/{entry_id}/", said() | {"evidence": ""})
    assert answer.status_code == 422
    assert "罚没款已缴清" in answer.content.decode()
    assert "只收两样" in answer.content.decode()
    application = applied(officer, entry_id)
    signed_in("jingban").post(f"{BASE}{application.pk}/accept/")
    path = f"{BASE}{application.pk}/decide/"
    answer = signed_in("fuze").sign(path, {"granted": "no", "because": "没有缴清"})
    assert answer.status_code == 422
    assert "请填写哪天起可以再申请" in answer.content.decode()


def test_completed_extended_refused_withdrawn_and_revoked(
    county: County, signed_in: SignedIn, entry_id: int
) -> None:
    officer, clerk, leader = signed_in("xinyong"), signed_in("jingban"), signed_in("fuze")
    first = applied(officer, entry_id)
    path = f"{BASE}{first.pk}/"
    clerk.post(f"{path}ask/", {"because": "缺缴款凭证"})
    assert "缺缴款凭证" in officer.get(f"{path}complete/").content.decode()
    officer.post(
        f"{path}complete/",
        {"fulfilled": "补交", "evidence": SimpleUploadedFile("凭证2.txt", b"x")},
    )
    first.refresh_from_db()
    assert (first.state, len(first.files)) == ("filed", 2)
    clerk.post(f"{path}accept/")
    later = days_ago(-40).isoformat()
    leader.sign(f"{path}extend/", {"because": "要核实", "due_on": later})
    first.refresh_from_db()
    assert Duty.objects.get(pk=first.duty_id).due_on == days_ago(-40)
    officer.post(f"{path}withdraw/", {"because": "另行处理"})
    second = applied(officer, entry_id)
    clerk.post(f"{BASE}{second.pk}/decline/", {"because": "凭证不符"})
    third = applied(officer, entry_id)
    clerk.post(f"{BASE}{third.pk}/accept/")
    leader.sign(f"{BASE}{third.pk}/decide/", {"granted": "yes", "because": "齐全"})
    leader.sign(f"{BASE}{third.pk}/revoke/", {"because": "凭证系伪造"})
    states = list(Application.objects.order_by("id").values_list("state", flat=True))
    assert states == ["withdrawn", "declined", "revoked"]
    journey.publish_due(at=timezone.now(), actor=SYSTEM)
    assert board.item(entry_id, timezone.localdate()) is not None


def test_two_clicks_and_two_people(county: County, signed_in: SignedIn, entry_id: int) -> None:
    officer, clerk = signed_in("xinyong"), signed_in("jingban")
    application = applied(officer, entry_id)
    again = officer.post(f"{BASE}apply/{entry_id}/", said())
    assert again.status_code == 409
    assert Application.objects.count() == 1
    path = f"{BASE}{application.pk}/accept/"
    clerk.post(path)
    second = signed_in("fuze").post(path)
    assert second.status_code == 409
    assert "上一步由林禾办理" in second.content.decode()


def test_the_list_asks_the_database_a_fixed_number_of_times(
    county: County, signed_in: SignedIn, entry_id: int, django_assert_max_num_queries: Callable
) -> None:
    officer = signed_in("xinyong")
    applied(officer, entry_id)
    applied(officer, penalised(signed_in, 4, days_ago(120).isoformat()))
    with django_assert_max_num_queries(30):
        officer.get(BASE)
