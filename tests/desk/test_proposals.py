"""Suggestions and proposals at the desk: what each role sees and may send, and how a page says no."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk.conftest import County
from tests.factors import DeskClient
from zhengxin.audit.models import AuditLine
from zhengxin.duties.models import Duty
from zhengxin.oversight.proposals.models import (
    Delegate,
    Handling,
    Opinion,
    Proposal,
    Reply,
)

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SignedIn = Callable[[str], DeskClient]
SESSION = "第十八届人大第五次会议"
REPLY = "已在三个路口装好信号灯，学校门口的停车区已经划设，9月1日起使用。"
HEAD = "类别,编号,标题,内容,领衔人,代表团或界别,联名人,是否同意公开,是否涉及面广\n"
LINE = "人大代表建议,{n},关于第{n}个路口的建议,建议装信号灯。,江雨眠,城关代表团,石清和,是,\n"


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"


def listed(n: int = 2, name: str = "名单.csv", text: str = "") -> dict[str, Any]:
    content = text or HEAD + "".join(LINE.format(n=i) for i in range(1, n + 1))
    return {
        "session": SESSION,
        "received_on": timezone.localdate().isoformat(),
        "file": SimpleUploadedFile(name, content.encode()),
    }


def assigned(county: County, signed_in: SignedIn, **changes: Any) -> Handling:
    """The first of two imported suggestions, assigned to 县住建局."""
    officer = signed_in("xinyong")
    assert officer.post("/desk/proposals/import/", listed()).status_code == 302
    row = Proposal.objects.get(number="1")
    said = {"lead": county.units["县住建局"], "others": [], "how": "", "opinion_due_on": ""}
    done = officer.sign(f"/desk/proposals/{row.pk}/assign/", {**said, **changes})
    assert done.status_code == 302, done.content.decode()
    return Handling.objects.latest("id")


def replied(county: County, signed_in: SignedIn) -> Handling:
    """The same, talked over, replied to and sent out."""
    part = assigned(county, signed_in)
    base = f"/desk/proposals/part/{part.pk}/"
    met = {
        "on": timezone.localdate().isoformat(),
        "form": "visit",
        "with_whom": "江雨眠",
        "outcome": "代表同意先装三个路口",
    }
    assert signed_in("jingban").post(f"{base}contact/", met).status_code == 302
    said = {"answer_class": "A", "promised_on": "", "text": REPLY}
    assert signed_in("fuze").sign(f"{base}reply/", said).status_code == 302
    assert signed_in("xinyong").sign(f"{base}send/", {}).status_code == 302
    part.refresh_from_db()
    return part


def bound(signed_in: SignedIn) -> None:
    pk = Delegate.objects.get(name="江雨眠").pk
    done = signed_in("xinyong").post(f"/desk/proposals/delegates/{pk}/", {"username": "daibiao"})
    assert done.status_code == 302


def test_a_list_comes_in_whole(signed_in: SignedIn) -> None:
    officer = signed_in("xinyong")
    page = officer.get("/desk/proposals/").content.decode()
    assert "还没有建议提案" in page
    assert officer.post("/desk/proposals/import/", listed(40)).status_code == 302
    page = officer.get("/desk/proposals/").content.decode()
    assert "共40件" in page
    assert "显示第1至30件" in page
    second = officer.get("/desk/proposals/?page=2&kind=suggestion").content.decode()
    assert "关于第40个路口的建议" in second
    assert "kind=suggestion" in second
    line = AuditLine.objects.get(act="proposal.import")
    assert (line.detail["number"], line.detail["session"]) == (40, SESSION)


def test_a_list_with_faults_says_each_and_changes_nothing(signed_in: SignedIn) -> None:
    text = (
        HEAD
        + LINE.format(n=1)
        + LINE.format(n=1)
        + "议案,3,题目,内容,江雨眠、石清和,,,也许,\n"
        + "政协提案,,题目,电话13800138000,江雨眠,,,,\n"
    )
    answer = signed_in("xinyong").post("/desk/proposals/import/", listed(text=text))
    page = answer.content.decode()
    assert answer.status_code == 422
    for told in (
        "没有导入，名单里有6处要改",
        "与第2行重复",
        "不是人大代表建议，也不是政协提案",
        "要写一位，现在没有写或者不止一位",
        "认不出来",
        "里面有手机号码",
        "没有填",
    ):
        assert told in page, told
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("名单.pdf", "%PDF", "只收XLSX和CSV"),
        ("名单.xlsx", "没有压缩", "内容要与后缀相符"),
        ("名单.xlsx", "PK\x03\x04坏的", "工作簿打不开"),
        ("名单.csv", "类别,编号\n", "缺这一列"),
        ("名单.csv", HEAD, "除了列名，没有一行"),
    ],
)
def test_what_is_no_list_is_refused(signed_in: SignedIn, name: str, text: str, why: str) -> None:
    answer = signed_in("xinyong").post("/desk/proposals/import/", listed(name=name, text=text))
    assert answer.status_code in (409, 422)
    assert why in answer.content.decode()


def test_a_workbook_comes_in_as_the_template_has_it(signed_in: SignedIn) -> None:
    officer = signed_in("xinyong")
    made = officer.get("/desk/proposals/template/")
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    sheet = book.active
    assert sheet is not None
    sheet.append(
        ["政协提案", 7, "关于早市的提案", "建议延长早市。", "顾南风", "工商界", "", "", "是"]
    )
    out = io.BytesIO()
    book.save(out)
    given = listed() | {"file": SimpleUploadedFile("名单.xlsx", out.getvalue())}
    assert officer.post("/desk/proposals/import/", given).status_code == 302
    row = Proposal.objects.get()
    assert (row.number, row.kind, row.consent, row.difficult) == ("7", "proposal", "unsaid", True)


def test_one_is_registered_by_hand(signed_in: SignedIn) -> None:
    said = {
        "kind": "suggestion",
        "session": SESSION,
        "number": "12",
        "title": "关于公交的建议",
        "text": "建议加开早班车。",
        "received_on": timezone.localdate().isoformat(),
        "first": "江雨眠（城关代表团）",
        "others": "石清和（柳湾代表团）、顾南风",
        "consent": "unsaid",
    }
    officer = signed_in("xinyong")
    wrong = officer.post("/desk/proposals/new/", {**said, "first": "江雨眠、石清和", "consent": ""})
    assert wrong.status_code == 422
    assert "只写一位" in wrong.content.decode()
    assert officer.post("/desk/proposals/new/", said).status_code == 302
    again = officer.post("/desk/proposals/new/", said)
    assert (again.status_code, "已经有12号" in again.content.decode()) == (409, True)
    assert Proposal.objects.get().signers.count() == 3
    assert signed_in("jingban").get("/desk/proposals/new/").status_code == 403


def test_the_whole_way_at_the_desk(county: County, signed_in: SignedIn) -> None:
    part = replied(county, signed_in)
    bound(signed_in)
    delegate = signed_in("daibiao")
    page = delegate.get(f"/desk/proposals/{part.proposal_id}/").content.decode()
    for told in ("还没有评价", REPLY, "代表同意先装三个路口", "A类：已解决"):
        assert told in page, told
    signer = part.proposal.signers.get(place=0)
    path = f"/desk/proposals/part/{part.pk}/rate/{signer.pk}/"
    empty = delegate.get(path).content.decode()
    assert "checked" not in empty
    assert delegate.post(path, {"contact": "satisfied"}).status_code == 422
    said = {"contact": "satisfied", "result": "dissatisfied", "words": "灯没有亮"}
    assert delegate.post(path, said).status_code == 302
    assert Handling.objects.get(nth=2).state == "assigned"
    page = delegate.get(f"/desk/proposals/{part.proposal_id}/").content.decode()
    assert "（再次办理）" in page
    assert delegate.post(path, said).status_code == 409
    figures = signed_in("jiandu").get("/desk/proposals/figures/").content.decode()
    assert "没有评价的不算满意" in figures


def test_a_return_is_asked_for_and_decided(county: County, signed_in: SignedIn) -> None:
    part = assigned(county, signed_in)
    clerk = signed_in("jingban")
    base = f"/desk/proposals/part/{part.pk}/"
    other = county.units["县市场监管局"]
    asked = {"because": "信号灯归他们管", "proposed": other}
    assert clerk.post(f"{base}decline/", asked).status_code == 302
    assert clerk.post(f"{base}decline/", asked).status_code == 409
    officer = signed_in("xinyong")
    said = {"unit": other, "because": "职责清单第六条"}
    assert officer.sign(f"{base}decide/", said).status_code == 302
    assert Duty.objects.get().bearer_id == other
    page = clerk.get(f"/desk/proposals/{part.proposal_id}/").content.decode()
    assert "已改交其他单位" in page
    assert "信号灯归他们管" in page


def test_a_form_sent_twice_is_done_once(county: County, signed_in: SignedIn) -> None:
    part = assigned(county, signed_in)
    met = {
        "on": timezone.localdate().isoformat(),
        "form": "phone",
        "with_whom": "江雨眠",
        "outcome": "已说明办理打算",
        "once": "ab" * 16,
    }
    clerk = signed_in("jingban")
    for _time in range(2):
        assert clerk.post(f"/desk/proposals/part/{part.pk}/contact/", met).status_code == 302
    assert part.contacts.count() == 1


def test_a_paper_form_is_entered_with_its_scan(county: County, signed_in: SignedIn) -> None:
    part = replied(county, signed_in)
    signer = part.proposal.signers.get(place=0)
    officer = signed_in("xinyong")
    path = f"/desk/proposals/part/{part.pk}/rate/{signer.pk}/"
    said = {"contact": "mostly", "result": "satisfied", "words": ""}
    assert officer.post(path, said).status_code == 422
    scan = SimpleUploadedFile("意见表.pdf", b"%PDF-1.4 x")
    assert officer.post(path, {**said, "scan": scan}).status_code == 302
    kept = Opinion.objects.get()
    page = officer.get(f"/desk/proposals/{part.proposal_id}/").content.decode()
    assert "按纸质意见表录入" in page
    piece = kept.files[0]["piece"]
    got = officer.get(f"/desk/proposals/{part.proposal_id}/piece/{piece}/")
    assert (got.content, got["Content-Type"]) == (b"%PDF-1.4 x", "application/octet-stream")
    other = Proposal.objects.get(number="2")
    assert officer.get(f"/desk/proposals/{other.pk}/piece/{piece}/").status_code == 404


def test_others_cases_are_not_found(county: County, signed_in: SignedIn) -> None:
    part = assigned(county, signed_in)
    for username in ("shichang", "daibiao"):
        client = signed_in(username)
        for path in (f"{part.proposal_id}/", f"part/{part.pk}/contact/", f"part/{part.pk}/reply/"):
            assert client.get(f"/desk/proposals/{path}").status_code == 404, (username, path)
    delegate = signed_in("daibiao")
    for path in ("figures/", "offices/", "delegates/", "import/", "new/", "export/csv/"):
        assert delegate.get(f"/desk/proposals/{path}").status_code == 403, path
    assert signed_in("xitong").get("/desk/proposals/").status_code == 403


def test_filters_stay_in_the_address(county: County, signed_in: SignedIn) -> None:
    part = assigned(county, signed_in)
    officer = signed_in("xinyong")

    def count(query: str) -> bool:
        return "关于第1个路口的建议" in officer.get(f"/desk/proposals/?{query}").content.decode()

    unit = county.units["县住建局"]
    assert count(f"unit={unit}&state=assigned&session={SESSION}")
    assert not count("state=unassigned")
    assert not count("overdue=1")
    Duty.objects.filter(pk=part.duty_id).update(due_on=timezone.localdate() - timedelta(days=1))
    assert count("overdue=1")
    assert not count("overdue=1&class=A")
    assert count("words=1")
    assert not count("words=2")


def test_the_table_to_take_away_holds_no_formula(county: County, signed_in: SignedIn) -> None:
    replied(county, signed_in)
    Proposal.objects.filter(number="2").update(title="=1+1")
    officer = signed_in("xinyong")
    text = officer.get("/desk/proposals/export/csv/").content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "已答复，待评价" in text
    book = openpyxl.load_workbook(
        io.BytesIO(officer.get("/desk/proposals/export/xlsx/?state=sent").content)
    )
    rows = list(book.active.values)  # type: ignore[union-attr]  # the one sheet
    assert len(rows) == 2
    assert rows[1][3] == "关于第1个路口的建议"
    assert officer.get("/desk/proposals/export/doc/").status_code == 404


def test_pages_ask_a_bounded_number_of_questions(county: County, signed_in: SignedIn) -> None:
    part = replied(county, signed_in)
    officer = signed_in("xinyong")
    one = f"/desk/proposals/{part.proposal_id}/"

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert officer.get(path).status_code == 200
        return len(seen)

    few = {path: asked(path) for path in ("/desk/proposals/", "/desk/proposals/figures/", one)}
    more = listed() | {"session": "第十八届人大第六次会议"}
    more["file"] = SimpleUploadedFile(
        "名单.csv", (HEAD + "".join(LINE.format(n=i) for i in range(1, 29))).encode()
    )
    assert officer.post("/desk/proposals/import/", more).status_code == 302
    for path, n in few.items():
        assert asked(path) <= n + 1, path
    assert max(few.values()) < 60


def test_an_office_is_named_and_ended(county: County, signed_in: SignedIn) -> None:
    officer = signed_in("xinyong")
    said = {
        "unit": county.units["县住建局"],
        "kind": "proposal",
        "from_on": timezone.localdate().isoformat(),
        "basis": "示政办发〔2026〕3号",
    }
    assert officer.sign("/desk/proposals/offices/new/", said).status_code == 302
    page = officer.get("/desk/proposals/offices/").content.decode()
    assert "示政办发〔2026〕3号" in page
    # The leader of that unit sees every proposal now, and may register one.
    assert "登记一件" in signed_in("fuze").get("/desk/proposals/").content.decode()
    from zhengxin.oversight.proposals.models import Office

    path = f"/desk/proposals/offices/{Office.objects.get().pk}/end/"
    assert officer.post(path, {"until_on": timezone.localdate().isoformat()}).status_code == 302
    assert officer.post(path, {"until_on": timezone.localdate().isoformat()}).status_code == 409


def test_the_text_is_released_by_another(county: County, signed_in: SignedIn) -> None:
    part = replied(county, signed_in)
    path = f"/desk/proposals/part/{part.pk}/release/"
    assert signed_in("fuze").get(path).status_code == 403
    assert signed_in("fuhe").sign(path, {"because": "已通读"}).status_code == 302
    assert Reply.objects.get().released_by_name == "方正言"


def test_the_first_page_says_what_waits(county: County, signed_in: SignedIn) -> None:
    due = (timezone.localdate() + timedelta(days=20)).isoformat()
    others = {"others": [county.units["县市场监管局"]], "how": "cohandle", "opinion_due_on": due}
    part = assigned(county, signed_in, **others)
    officer = signed_in("xinyong")
    assert "交办建议提案" in officer.get("/desk/").content.decode()
    assert "提交会办意见" in signed_in("shichang").get("/desk/").content.decode()
    signed_in("jingban").post(
        f"/desk/proposals/part/{part.pk}/decline/", {"because": "不归我们", "proposed": ""}
    )
    assert "决定退办申请" in officer.get("/desk/").content.decode()
    bound(signed_in)
    Handling.objects.update(state="sent", sent_on=timezone.localdate())
    delegate = signed_in("daibiao")
    page = delegate.get("/desk/").content.decode()
    assert "评价答复" in page
    assert "督办" not in page
    signer = part.proposal.signers.get(place=0)
    said = {"contact": "satisfied", "result": "satisfied", "words": ""}
    path = f"/desk/proposals/part/{part.pk}/rate/{signer.pk}/"
    assert delegate.post(path, said).status_code == 302
    assert "评价答复" not in delegate.get("/desk/").content.decode()
