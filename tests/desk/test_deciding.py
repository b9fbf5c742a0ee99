"""Decisions of named officials: whose record, which grade, which text."""

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.desk.rows import days_ago, licence, penalty, table
from tests.factors import DeskClient
from zhengxin import journey
from zhengxin.accounts import actions as accounts
from zhengxin.accounts.models import SentForm
from zhengxin.audit.models import AuditLine
from zhengxin.intake.models import WaitingRecord
from zhengxin.kernel.uscc import FILLER
from zhengxin.ledger.models import Entry
from zhengxin.publication.board import queries as board
from zhengxin.publication.checks import NotReleasable, check_releasable
from zhengxin.publication.models import Notice, Recipient

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def send(client: Client, source: str, *rows: dict[str, str]) -> None:
    """Uploads a file as the department does."""
    answer = client.post(f"/desk/submissions/new/{source}/", {"file": table(source, *rows)})
    assert answer.status_code == 302, answer.content.decode()


def test_a_name_that_does_not_fit_its_code_is_decided_by_a_person(
    county: County, signed_in: Callable[[str], DeskClient]
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
    assert 'value="new"' not in page
    assert "这个代码已经登记在册" in page
    assert officer.post(path, {"choice": "new", "because": "另一家店"}).status_code == 422
    # Who has the code is read today, not when the row came.
    WaitingRecord.objects.filter(pk=rows[0].pk).update(candidates=[])
    assert "示例县惠民建材有限公司" in officer.get(path).content.decode()
    subject = rows[1].candidates[0]
    assert officer.post(path, {"choice": subject, "because": ""}).status_code == 422
    assert officer.post(path, {"choice": "999999", "because": "猜的"}).status_code == 422
    decided = {"choice": subject, "because": "营业执照上已更名"}
    assert officer.sign(path, decided)["Location"] == "/desk/attribution/"
    assert officer.post(path, decided).status_code == 302  # once more changes nothing
    assert not WaitingRecord.objects.filter(state="waiting").exists()
    assert AuditLine.objects.filter(act="attribution.decide").count() == 1
    assert "营业执照上已更名" in officer.get(path).content.decode()


def test_a_name_like_a_persons_is_a_firm_or_a_person_as_the_officer_says(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    officer = signed_in("xinyong")
    send(signed_in("jingban"), "licences", licence(1, XK_XDR_MC="张三"))
    assert not Notice.objects.exists()
    path = f"/desk/attribution/{WaitingRecord.objects.get().pk}/"
    page = officer.get(path).content.decode()
    assert "名称像是自然人的姓名" in page
    assert "是单位，按报送的名称和代码新立一个主体" in page
    assert "是自然人，按自然人入账，记录不公开" in page
    assert officer.sign(path, {"choice": "person", "because": "核对了身份证"}).status_code == 302
    assert Notice.objects.get().withheld == "natural_person"
    assert "（自然人）" in officer.get(path).content.decode()
    again = officer.get(f"{path}redecide/").content.decode()
    assert ('value="person"' in again, 'value="new"' in again) == (False, True)


def test_of_people_with_one_name_each_is_decided_on_alone(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    officer = signed_in("xinyong")
    named = {
        "CF_XDR_MC": "张三",
        "CF_XDR_SHXYM": FILLER,
        "CF_XDR_LB": "个体工商户",
        "CF_XDR_GSZC": "2103210012",
    }
    send(signed_in("jingban"), "penalties", penalty(1, **named), penalty(2, **named))
    first, second = WaitingRecord.objects.order_by("id")
    path = f"/desk/attribution/{first.pk}/"
    page = officer.get(path).content.decode()
    assert "没有证件号码，只判断这一行" in page
    assert "都不是" not in page
    officer.sign(path, {"choice": "person", "because": "核对了本人"})
    assert "（只对这一行）" in officer.get(path).content.decode()
    other = officer.get(f"/desk/attribution/{second.pk}/").content.decode()
    assert "这个名称还没有人判断过" in other
    assert 'value="person"' not in officer.get(f"{path}redecide/").content.decode()


def test_an_ungraded_breach_is_graded_with_a_reason(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    officer = signed_in("xinyong")
    send(signed_in("jingban"), "penalties", penalty(1))
    entry = Notice.objects.get(state="ungraded").entry_id
    path = f"/desk/grading/{entry}/"
    assert path in officer.get("/desk/grading/").content.decode()
    page = officer.get(path).content.decode()
    assert "未取得施工许可证擅自施工" in page
    assert "<dt>罚款金额（万元）</dt>" in page
    assert officer.post(path, {"grade": "general", "because": ""}).status_code == 422
    decided = {"grade": "general", "because": "裁量基准第三条"}
    assert officer.sign(path, decided)["Location"] == "/desk/grading/"
    assert Notice.objects.get(entry_id=entry).grade == "general"
    assert officer.post(path, decided).status_code == 404  # no longer waits
    assert AuditLine.objects.filter(act="grading").count() == 1


def test_text_is_released_by_a_reviewer_and_never_with_an_identity_number(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    clerk, officer, reviewer = signed_in("jingban"), signed_in("xinyong"), signed_in("fuhe")
    send(clerk, "penalties", penalty(1))
    entry = Notice.objects.get().entry_id
    officer.sign(f"/desk/grading/{entry}/", {"grade": "serious", "because": "裁量基准第三条"})
    path = f"/desk/release/{entry}/"
    assert officer.get(path).status_code == 403
    page = reviewer.get(path).content.decode()
    assert "经查，当事人在东河路工地擅自施工。" in page
    assert reviewer.post(path, {"because": "已通读"}).status_code == 422
    sent = {"fields_chosen": ["CF_SY"], "because": "已通读"}
    assert reviewer.sign(path, sent)["Location"] == "/desk/release/"
    assert "CF_SY" in Notice.objects.get(entry_id=entry).released


def test_a_text_with_a_mobile_number_cannot_be_released(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    officer, reviewer = signed_in("xinyong"), signed_in("fuhe")
    held = "经查，当事人（电话13804120000）在东河路工地擅自施工。"
    send(signed_in("jingban"), "penalties", penalty(1, CF_SY=held))
    entry = Notice.objects.get().entry_id
    officer.sign(f"/desk/grading/{entry}/", {"grade": "serious", "because": "裁量基准第三条"})
    path = f"/desk/release/{entry}/"
    page = reviewer.get(path).content.decode()
    assert "这段文字里有手机号码，不能公开" in page
    assert 'value="CF_SY"' not in page
    asked = {"fields_chosen": ["CF_SY"], "because": "已通读"}
    assert "没有公开：文字里有手机号码" in reviewer.post(path, asked).content.decode()
    with pytest.raises(NotReleasable, match="文字中有手机号码"):
        check_releasable(entry, ["CF_SY"])
    assert Notice.objects.get().released == ""


def token_of(page: str) -> str:
    """The one-time token of the form on a page."""
    found = re.search(r'name="once" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_a_decision_is_changed_with_a_reason_and_a_confirmation(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    clerk, officer = signed_in("jingban"), signed_in("xinyong")
    send(clerk, "licences", licence(1))
    send(clerk, "licences", licence(2, XK_XDR_MC="示例县惠民建筑材料有限公司"))
    row = WaitingRecord.objects.get()
    subject = row.candidates[0]
    mention = f"/desk/attribution/{row.pk}/"
    path = f"{mention}redecide/"
    assert path not in officer.get(mention).content.decode()
    assert officer.get(path)["Location"] == mention  # nothing to change yet
    officer.sign(mention, {"choice": subject, "because": "营业执照上已更名"})
    assert path in officer.get(mention).content.decode()
    page = officer.get(path).content.decode()
    assert "现在认定为“示例县惠民建材有限公司”" in page
    assert "营业执照上已更名" in page
    assert f'value="{subject}"' not in page  # the standing decision is no choice
    assert clerk.get(path).status_code == 403
    assert officer.post(path, {"choice": "drop", "because": "执照是另一家"}).status_code == 422
    sent = {"choice": "drop", "because": "执照是另一家", "confirmed": "on", "once": token_of(page)}
    assert officer.sign(path, sent)["Location"] == mention
    row.refresh_from_db()
    assert row.state == "dropped"
    assert officer.post(path, sent)["Location"] == mention  # the same form again
    assert AuditLine.objects.filter(act="attribution.redecide").count() == 1
    told = officer.get(mention).content.decode()
    assert "执照是另一家" in told
    assert "已被后来的判断取代" in told
    back = {"choice": subject, "because": "核对了变更登记", "confirmed": "on"}
    assert officer.sign(path, back).status_code == 302
    row.refresh_from_db()
    assert row.state == "admitted"


def test_the_notices_are_listed_and_a_reviewer_takes_one_off(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    clerk, officer, reviewer = signed_in("jingban"), signed_in("xinyong"), signed_in("fuhe")
    send(clerk, "licences", *(licence(n) for n in range(1, 24)))
    journey.publish_due(at=timezone.now(), actor=SYSTEM)
    first = officer.get("/desk/notices/").content.decode()
    assert first.count('<tr><th scope="row">') == 20
    older = re.search(r'href="\?([^"]*before=\d+)"', first)
    assert older
    rest = officer.get("/desk/notices/?" + older[1].replace("&amp;", "&")).content.decode()
    assert rest.count('<tr><th scope="row">') == 3
    asked = {"number": f"示住建许〔{days_ago(1).year}〕7号", "kind": "licence"}
    asked["unit"] = str(county.units["县住建局"])
    found = reviewer.get("/desk/notices/", asked).content.decode()
    assert found.count('<tr><th scope="row">') == 1
    for other in ({"kind": "penalty"}, {"unit": str(county.units["县发改局"])}, {"number": "9"}):
        page = officer.get("/desk/notices/", other).content.decode()
        assert "公开站上没有符合条件的记录。" in page
    links = re.findall(r"/desk/notices/(\d+)/", found)
    entry = int(links[0])
    assert f"/desk/release/{entry}/withhold/" in found
    seen = officer.get(f"/desk/notices/{entry}/").content.decode()
    assert "公示中" in seen
    shown = board.item(entry, timezone.localdate())
    assert shown
    assert shown.article
    assert shown.article in seen
    assert shown.rule in seen
    assert "withhold" not in seen  # the officer sees, the reviewer decides
    assert clerk.get("/desk/notices/").status_code == 403
    day = timezone.localdate()
    path = f"/desk/release/{entry}/withhold/"
    sent = {"reason": "trade_secret", "because": "企业申请保密", "review_on": day.isoformat()}
    past = sent | {"review_on": (day - timedelta(days=1)).isoformat()}
    refused = reviewer.post(path, past)
    assert refused.status_code == 422
    assert "复核日期已经过去" in refused.content.decode()
    assert reviewer.sign(path, sent)["Location"] == f"/desk/notices/{entry}/"
    # A lesser ground may still become a graver one, by a signature.
    assert reviewer.post(path, sent).status_code == 409
    notice = Notice.objects.get(entry_id=entry)
    assert (notice.state, notice.withheld, notice.review_on) == ("withheld", "trade_secret", day)
    assert "企业申请保密" in officer.get(f"/desk/notices/{entry}/").content.decode()
    listed = officer.get("/desk/notices/").content.decode()
    assert "1条不公开的记录到了复核日期。" in listed
    assert "下次公示时更新" in listed
    journey.publish_due(at=timezone.now(), actor=SYSTEM)
    assert "公开站上没有" in officer.get("/desk/notices/", asked).content.decode()


def test_a_form_sent_twice_makes_one_thing(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    officer = signed_in("xinyong")
    page = officer.get("/desk/recipients/").content.decode()
    terms = {"name": "示例银行", "contact": "0000-1234567", "purpose": "授信审核"}
    faulty = {**terms, "purpose": "", "once": token_of(page)}
    assert officer.post("/desk/recipients/", faulty).status_code == 422
    sent = {**terms, "once": token_of(page)}  # a form that was refused may be mended
    for _ in range(2):
        assert officer.post("/desk/recipients/", sent)["Location"] == "/desk/recipients/"
    assert Recipient.objects.count() == 1
    other = {**terms, "once": token_of(officer.get("/desk/recipients/").content.decode())}
    officer.post("/desk/recipients/", other)
    assert Recipient.objects.count() == 2


def test_the_second_of_two_clicks_waits_for_the_first(
    county: County, signed_in: Callable[[str], DeskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = signed_in("xinyong")
    terms = {"name": "示例银行", "contact": "0000-1234567", "purpose": "授信审核", "once": "aa"}
    digest = sha256(f"{county.accounts['xinyong'].pk}\n/desk/recipients/\naa".encode()).hexdigest()
    accounts.claim_form(digest=digest, at=timezone.now(), actor=SYSTEM)

    def first_is_done(_seconds: float) -> None:
        accounts.settle_form(
            digest=digest, result="/desk/recipients/", at=timezone.now(), actor=SYSTEM
        )

    monkeypatch.setattr("zhengxin.desk.once.time.sleep", first_is_done)
    assert officer.post("/desk/recipients/", terms)["Location"] == "/desk/recipients/"
    assert Recipient.objects.count() == 0
    # Of yesterday's forms nothing is kept.
    accounts.claim_form(digest="b", at=timezone.now() + timedelta(days=2), actor=SYSTEM)
    assert [form.digest for form in SentForm.objects.all()] == ["b"]


def test_a_form_whose_first_sending_was_cut_off_says_so(
    county: County, signed_in: Callable[[str], DeskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = signed_in("xinyong")
    terms = {"name": "示例银行", "contact": "0000-1234567", "purpose": "授信审核", "once": "aa"}
    digest = sha256(f"{county.accounts['xinyong'].pk}\n/desk/recipients/\naa".encode()).hexdigest()
    accounts.claim_form(digest=digest, at=timezone.now(), actor=SYSTEM)
    monkeypatch.setattr("zhengxin.desk.once.BETWEEN", 0)
    answer = officer.post("/desk/recipients/", terms)
    assert answer.status_code == 409
    assert "不知道这份表单办成没有" in answer.content.decode()
    assert Recipient.objects.count() == 0


def test_every_form_that_makes_something_carries_a_token(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    clerk, officer, reviewer = signed_in("jingban"), signed_in("xinyong"), signed_in("fuhe")
    send(clerk, "penalties", penalty(1))
    send(clerk, "licences", licence(2, XK_XDR_MC="示例县惠民建筑材料有限公司"))
    entry = Notice.objects.get().entry_id
    waiting = WaitingRecord.objects.get().pk
    assert token_of(officer.get(f"/desk/attribution/{waiting}/").content.decode())
    assert token_of(officer.get(f"/desk/grading/{entry}/").content.decode())
    assert token_of(officer.get("/desk/agreements/new/").content.decode())
    graded = {"grade": "serious", "because": "裁量基准第三条"}
    officer.sign(f"/desk/grading/{entry}/", graded)
    for path in (f"/desk/release/{entry}/", f"/desk/release/{entry}/withhold/"):
        assert token_of(reviewer.get(path).content.decode())
    receipt = f"/desk/submissions/{WaitingRecord.objects.get().submission_id}/"
    token = {"because": "传错了", "once": token_of(clerk.get(receipt).content.decode())}
    assert [clerk.post(f"{receipt}withdraw/", token)["Location"] for _ in range(2)] == [receipt] * 2
    assert AuditLine.objects.filter(act="submission.withdraw").count() == 1


def test_a_row_that_was_mended_and_sent_again_does_not_come_back(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    clerk, officer = signed_in("jingban"), signed_in("xinyong")
    clerk.post("/desk/submissions/new/licences/", {"file": table("licences", licence(1))})
    written = {"XK_XDR_MC": "示例县惠民建筑材料有限公司", "XK_NR": "先前的内容"}
    clerk.post(
        "/desk/submissions/new/licences/", {"file": table("licences", licence(2, **written))}
    )
    row = WaitingRecord.objects.get()
    clerk.post("/desk/submissions/new/licences/", {"file": table("licences", licence(2))})
    before = Entry.objects.filter(kind="licence").count()
    said = {"choice": row.candidates[0], "because": "营业执照上已更名"}
    assert officer.sign(f"/desk/attribution/{row.pk}/", said).status_code == 302
    assert Entry.objects.filter(kind="licence").count() == before
    assert not WaitingRecord.objects.filter(state="waiting").exists()
