"""A plan at the desk: sent, read, mended, confirmed by another person, filed for, ended; and what is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from tests.desk.conftest import FROM, PASSWORD, SYSTEM, County
from tests.desk.planned import TEXT, SignedIn, number_of, send, settle
from tests.desk.planned import confirmed as confirmed
from tests.desk.planned import own_keys as own_keys
from tests.desk.planned import read as read
from tests.factors import DeskClient
from tests.oversight.files import paragraph, pdf, word
from zhengxin.accounts import actions as accounts
from zhengxin.duties.models import Duty
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Entry
from zhengxin.oversight import queries
from zhengxin.oversight.models import Amendment, Document, Mandate, MandateUnit, Plan
from zhengxin.subjects import actions as subjects

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_what_was_read_is_shown_and_what_is_not_known_stands_out(
    read: Plan, signed_in: SignedIn
) -> None:
    page = signed_in("xinyong").get(f"/desk/plans/{read.pk}/").content.decode()
    assert "读出3项任务" in page
    assert "还有2处要办" in page
    assert "还认不出，请登记名称或选单位" in page
    assert "没有写明是哪些单位，请选定" in page
    assert "最后一天2027年12月31日" in page
    # The one who sent it does not confirm it, and is told so.
    assert "确认要由另一名同事办理" in page
    assert read.sent_by_name == "许知"


def test_a_plan_that_waits_is_told_on_the_first_page(read: Plan, signed_in: SignedIn) -> None:
    assert "核对、确认工作方案" in signed_in("fuhe").get("/desk/").content.decode()
    assert "核对、确认工作方案" not in signed_in("fuze").get("/desk/").content.decode()


@pytest.mark.parametrize("kind", ["word", "pdf", "page"])
def test_every_kind_of_file_becomes_the_same_plan(
    kind: str, county: County, signed_in: SignedIn
) -> None:
    made = {
        "word": word("".join(paragraph(line) for line in TEXT.splitlines())),
        "pdf": pdf(TEXT.splitlines()),
        "page": "".join(f"<p>{line}</p>" for line in TEXT.splitlines()).encode(),
    }
    answer = send(signed_in("xinyong"), made[kind], "方案")
    assert answer.status_code == 302, answer.content.decode()
    plan = Plan.objects.get()
    assert (plan.title, plan.document.kind) == ("示例县诚信方案", kind)
    assert len(plan.reading["tasks"]) == 3


def test_a_name_that_was_registered_meanwhile_is_known(read: Plan, signed_in: SignedIn) -> None:
    subjects.register_unit(
        name="县没有局", kind="department", code="ZX-T09", at=timezone.now(), actor=SYSTEM
    )
    page = signed_in("xinyong").get(f"/desk/plans/{read.pk}/").content.decode()
    assert "还认不出" not in page
    assert "还有1处要办" in page


def test_nothing_is_confirmed_while_something_is_in_the_way(
    read: Plan, signed_in: SignedIn
) -> None:
    answer = signed_in("fuhe").get(f"/desk/plans/{read.pk}/confirm/", follow=True)
    assert answer.redirect_chain == [(f"/desk/plans/{read.pk}/", 302)]
    assert "还有2处没有办好" in answer.content.decode()


def test_a_choice_needs_units_or_a_reason_to_put_it_off(read: Plan, signed_in: SignedIn) -> None:
    client = signed_in("xinyong")
    path = f"/desk/plans/{read.pk}/names/{number_of(read, '县没有局')}/"
    answer = client.post(path, {"scope": "chosen", "because": "与起草单位核对"})
    assert answer.status_code == 422
    assert "还没有勾选单位" in answer.content.decode()
    assert client.post(path, {"scope": "put_off", "because": ""}).status_code == 422
    assert not Amendment.objects.exists()
    assert client.post(path, {"scope": "put_off", "because": "还没有挂牌"}).status_code == 302
    page = client.get(f"/desk/plans/{read.pk}/").content.decode()
    assert "暂不落实：还没有挂牌" in page
    assert "许知，今天" in page


def test_changes_stand_beside_the_reading_and_can_be_taken_back(
    read: Plan, county: County, signed_in: SignedIn
) -> None:
    client, before = signed_in("xinyong"), read.reading
    path = f"/desk/plans/{read.pk}/tasks/"
    office = county.units["县发改局"]
    for change, said in (
        ("1/add-unit", {"unit": county.units["县市场监管局"], "role": "supporting"}),
        ("1/drop-unit", {"units": [office]}),
        ("1/term", {"which": "0 2027年底前", "term": "day", "day": "2028-01-31"}),
        ("3/drop", {}),
    ):
        answer = client.post(f"{path}{change}/", {**said, "because": "会议议定"})
        assert answer.status_code == 302, answer.content.decode()
    draft = queries.draft(Plan.objects.get(), timezone.localdate())
    first = draft.tasks[0]
    assert [each.unit for each in first.units] == [
        "示例县住房和城乡建设局",
        "示例县市场监督管理局",
    ]
    assert [term.due_on(None) for term in first.terms] == [date(2028, 1, 31)]
    assert draft.tasks[2].dropped == "会议议定"
    for row in Amendment.objects.all():
        answer = client.post(f"/desk/plans/{read.pk}/amendments/{row.pk}/undo/")
        assert answer.status_code == 302
    read.refresh_from_db()
    assert read.reading == before
    draft = queries.draft(read, timezone.localdate())
    assert [each.unit_id for each in draft.tasks[0].units][1] == office
    assert Amendment.objects.filter(undone_by_name="许知").count() == 4
    # Nothing of it was removed, and the page says so.
    assert "已撤销：许知" in client.get(f"/desk/plans/{read.pk}/").content.decode()


def test_confirming_writes_plan_mandates_and_duties_at_once(
    confirmed: Plan, county: County, signed_in: SignedIn
) -> None:
    assert (confirmed.state, confirmed.confirmed_by_name) == ("confirmed", "方正言")
    opened = ledger.entry(confirmed.entry_id or 0)
    content = ledger.payload(opened.id).open
    assert opened.kind == "plan_confirmed"
    assert content["title"] == "示例县诚信方案"
    assert (content["dated"], content["tasks"]) == ("2026-03-01", 3)
    assert content["sha256"] == confirmed.document.sha256
    mandates = list(Mandate.objects.order_by("number"))
    entries = Entry.objects.filter(kind="mandate", about_id=opened.id)
    assert [row.entry_id for row in mandates] == sorted(entries.values_list("id", flat=True))
    told = ledger.payload(mandates[1].entry_id).open
    assert told["units"] == [
        {
            "id": county.units["县市场监管局"],
            "name": "示例县市场监督管理局",
            "role": "lead",
            "leads": True,
            "as_written": "县没有局",
            "collective": False,
        }
    ]
    assert told["section"] == "一2"
    [duty] = Duty.objects.filter(source_id__isnull=False)
    assert (duty.bearer_id, duty.due_on) == (county.units["县住建局"], date(2027, 12, 31))
    assert duty.source_id == mandates[0].entry_id
    page = signed_in("fuze").get(f"/desk/plans/{confirmed.pk}/").content.decode()
    assert "3项任务已下达" in page
    assert "还没有单位报" in page


def test_days_that_are_over_and_terms_without_a_year_are_told_before_confirming(
    county: County, signed_in: SignedIn
) -> None:
    said = TEXT.replace("县没有局", "示例县住房和城乡建设局").replace("；配合单位：各有关部门", "")
    past = said.replace("2027年底前", "2026年3月5日前").replace(
        "检查合同。", "检查合同，2月底前办完。"
    )
    send(signed_in("xinyong"), past)
    [plan] = Plan.objects.all()
    page = signed_in("fuhe").get(f"/desk/plans/{plan.pk}/confirm/").content.decode()
    assert "2026年3月5日：任务1" in page
    assert "这一天已经过了" in page
    assert "任务3“2月底前”" in page


def test_a_period_that_opens_nothing_says_so(county: County, signed_in: SignedIn) -> None:
    said = TEXT.replace("县没有局", "示例县住房和城乡建设局").replace("；配合单位：各有关部门", "")
    often = said.replace("检查合同。", "检查合同，每月一次。").replace(
        "公开结果。", "每两个月公开结果。"
    )
    send(signed_in("xinyong"), often)
    [plan] = Plan.objects.all()
    signed_in("fuhe").sign(f"/desk/plans/{plan.pk}/confirm/", {"replaces": ""})
    page = signed_in("xinyong").get(f"/desk/plans/{plan.pk}/").content.decode()
    assert "每两个月<span" in page
    assert page.count("不自动产生职责") == 1


def test_who_sent_it_cannot_confirm_nor_can_a_leader(
    read: Plan, county: County, signed_in: SignedIn
) -> None:
    settle(signed_in("fuhe"), read, county)
    for username, why in (("xinyong", "方案是您上传的"), ("fuze", "由信用办工作人员")):
        answer = signed_in(username).get(f"/desk/plans/{read.pk}/confirm/")
        assert answer.status_code in (403, 404)
        assert why in answer.content.decode()


def test_what_changed_since_it_was_looked_at_is_not_signed(
    read: Plan, county: County, signed_in: SignedIn
) -> None:
    settle(signed_in("xinyong"), read, county)
    path, reviewer = f"/desk/plans/{read.pk}/confirm/", signed_in("fuhe")
    seen = reviewer.block(path)
    signed_in("xinyong").post(f"/desk/plans/{read.pk}/tasks/3/drop/", {"because": "已经办完"})
    answer = reviewer.sign(path, {"replaces": ""}, seen)
    assert answer.status_code == 409
    assert "内容已变" in answer.content.decode()
    assert not Mandate.objects.exists()
    assert not Entry.objects.filter(kind="plan_confirmed").exists()


def test_a_confirmed_plan_is_not_amended(confirmed: Plan, signed_in: SignedIn) -> None:
    answer = signed_in("xinyong").post(
        f"/desk/plans/{confirmed.pk}/tasks/1/drop/", {"because": "不办了"}
    )
    assert answer.status_code == 404
    assert "已确认" in answer.content.decode()
    row = Amendment.objects.earliest("id")
    undo = f"/desk/plans/{confirmed.pk}/amendments/{row.pk}/undo/"
    assert signed_in("xinyong").post(undo).status_code == 404


@pytest.mark.parametrize("table", [Document, Plan, Mandate, MandateUnit, Amendment])
def test_the_database_keeps_it_as_it_is(confirmed: Plan, table: type[Model]) -> None:
    row = table._default_manager.earliest("id")
    with pytest.raises(IntegrityError, match="不可"), transaction.atomic():
        table._default_manager.filter(pk=row.pk).update(id=row.pk + 1000)
    with pytest.raises(IntegrityError, match="不可"), transaction.atomic():
        table._default_manager.filter(pk=row.pk)._raw_delete("default")


def test_the_reading_cannot_be_rewritten_even_with_the_state(read: Plan) -> None:
    with pytest.raises(IntegrityError, match="不可修改"), transaction.atomic():
        Plan.objects.filter(pk=read.pk).update(state="discarded", reading={"title": "别的"})


def test_the_same_bytes_are_the_same_plan_until_it_is_discarded(
    read: Plan, signed_in: SignedIn
) -> None:
    client = signed_in("fuhe")
    again = client.post(
        "/desk/plans/new/", {"file": SimpleUploadedFile("另名.txt", TEXT.encode())}, follow=True
    )
    assert again.redirect_chain == [(f"/desk/plans/{read.pk}/", 302)]
    assert "没有重复收" in again.content.decode()
    client.post(f"/desk/plans/{read.pk}/discard/", {"because": "不是定稿"})
    send(client)
    assert list(Plan.objects.order_by("id").values_list("state", flat=True)) == [
        "discarded",
        "read",
    ]
    assert Document.objects.count() == 1
    shown = client.get(f"/desk/plans/{read.pk}/").content.decode()
    assert "不是定稿" in shown


LINES = TEXT.splitlines()
TRACKED = paragraph("一、任务").replace("</w:p>", "<w:ins><w:r><w:t>新增</w:t></w:r></w:ins></w:p>")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "文件是空的"),
        ("春眠不觉晓，处处闻啼鸟。".encode(), "这不是工作方案"),
        (pdf([]), "文字是扫描的图像"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "这是一张图片"),
        (word("".join(map(paragraph, LINES)) + TRACKED), "修订"),
        ("编号\t任务\n1\t归集\n2\t核对\n".encode(), "文件里只有表格"),
    ],
    ids=["empty", "poem", "scan", "picture", "tracked", "table"],
)
def test_what_is_no_plan_is_told_on_the_page_and_nothing_is_kept(
    content: bytes, what: str, county: County, signed_in: SignedIn
) -> None:
    answer = send(signed_in("xinyong"), content, "某某.docx")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert what in page
    assert "什么也没有保存" in page
    assert not Plan.objects.exists()
    assert not Document.objects.exists()


def test_a_file_named_by_a_number_of_a_person_is_refused(
    county: County, signed_in: SignedIn
) -> None:
    answer = send(signed_in("xinyong"), name="方案_联系13912345678.txt")
    assert answer.status_code == 422
    assert "没有收下：文件名里有手机号码" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_file_over_the_limit_is_refused(
    county: County, signed_in: SignedIn, settings: LazySettings
) -> None:
    settings.PLAN_BYTES = 100
    answer = send(signed_in("xinyong"))
    assert answer.status_code == 422
    assert "没有收下：文件超过" in answer.content.decode()


def test_a_text_without_tasks_says_what_to_do(county: County, signed_in: SignedIn) -> None:
    speech = "在会议上的讲话\n一、认识\n同志们，诚信很重要，要常抓不懈，抓出成效。\n二、行动\n大家行动起来。\n"
    client = signed_in("xinyong")
    send(client, speech)
    page = client.get(f"/desk/plans/{Plan.objects.get().pk}/").content.decode()
    assert "没有读出任务" in page
    assert "没有一项任务" in page


def test_a_unit_sees_only_what_was_confirmed(
    read: Plan, county: County, signed_in: SignedIn
) -> None:
    clerk = signed_in("jingban")
    assert "还没有工作方案" in clerk.get("/desk/plans/").content.decode()
    assert clerk.get(f"/desk/plans/{read.pk}/").status_code == 404
    assert clerk.get(f"/desk/plans/{read.pk}/document/").status_code == 404
    assert clerk.get("/desk/plans/new/").status_code == 403


def test_the_open_government_office_compiles_plans(county: County, signed_in: SignedIn) -> None:
    at = timezone.now()
    office = subjects.register_unit(
        name="示例县政务公开办公室",
        kind="department",
        code="ZX-T08",
        traits=["open_government_office"],
        at=at,
        actor=SYSTEM,
    )
    account = accounts.open_account(
        username="gongkai", name="于明", password=PASSWORD, at=at, actor=SYSTEM
    )
    accounts.give_post(
        account_id=account.pk, unit_id=office.pk, role="clerk", from_on=FROM, at=at, actor=SYSTEM
    )
    client = DeskClient(account, None)
    assert send(client).status_code == 302
    plan = Plan.objects.get()
    settle(client, plan, county)
    signed_in("xinyong").sign(f"/desk/plans/{plan.pk}/confirm/", {"replaces": ""})
    # What a plan names a day for is owed to that office.
    assert Duty.objects.get(source_id__isnull=False).to_id == office.pk


def test_a_plan_is_ended_with_a_reason_and_stays_over(confirmed: Plan, signed_in: SignedIn) -> None:
    path = f"/desk/plans/{confirmed.pk}/end/"
    answer = signed_in("xinyong").sign(path, {"because": "任务已经完成"})
    assert answer.status_code == 302, answer.content.decode()
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.closed_because) == ("ended", "任务已经完成")
    assert Entry.objects.get(kind="plan_ended").about_id == confirmed.entry_id
    assert signed_in("fuhe").get(path).status_code == 404
    assert signed_in("jingban").get(f"/desk/plans/{confirmed.pk}/file/").status_code == 404


def test_a_new_version_ends_the_one_it_replaces(
    confirmed: Plan, county: County, signed_in: SignedIn
) -> None:
    send(signed_in("xinyong"), TEXT.replace("压缩时限", "再压缩时限"))
    newer = Plan.objects.latest("id")
    settle(signed_in("xinyong"), newer, county)
    signed_in("fuhe").sign(f"/desk/plans/{newer.pk}/confirm/", {"replaces": str(confirmed.pk)})
    newer.refresh_from_db()
    assert newer.replaces_id == confirmed.pk
    assert ledger.payload(newer.entry_id or 0).open["replaces"] == confirmed.entry_id
    old = signed_in("jingban").get(f"/desk/plans/{confirmed.pk}/").content.decode()
    assert "已有新的一版" in old
    confirmed.refresh_from_db()
    # Not both: else the units owed returns for the one and for the other.
    assert confirmed.state == "ended"
    assert confirmed.closed_because == f"由《{newer.title}》代替。"
    act = Entry.objects.get(kind="plan_ended")
    assert act.about_id == confirmed.entry_id
    assert (
        ledger.payload(act.id).open["signature"]
        == (ledger.payload(newer.entry_id or 0).open["signature"])
    )


def test_the_file_comes_back_as_it_was_sent(confirmed: Plan, signed_in: SignedIn) -> None:
    answer = signed_in("jiandu").get(f"/desk/plans/{confirmed.pk}/document/")
    assert answer.content.decode() == TEXT
    assert "attachment" in answer["Content-Disposition"]


def test_pages_ask_the_database_a_bounded_number_of_times(
    confirmed: Plan, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    reader = signed_in("fuhe")
    for path in ("", f"{confirmed.pk}/", f"{confirmed.pk}/mandates/1/"):
        reader.get(f"/desk/plans/{path}")
        with django_assert_max_num_queries(40):
            assert reader.get(f"/desk/plans/{path}").status_code == 200
