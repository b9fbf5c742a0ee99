"""The desk's pages of duties, from the opening to the end, and who may do what."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from tests.desk.conftest import today
from zhengxin.audit.models import AuditLine
from zhengxin.duties import standing
from zhengxin.evidence.models import Content, Piece

pytestmark = pytest.mark.django_db(databases="__all__")


def text(answer):
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def report(client, duty_id, **more):
    return client.post(
        f"/desk/duties/{duty_id}/report/", {"words": "三处都已改正，11月20日核对过。", **more}
    )


def test_mine_today_says_what_is_late_first(signed_in, owe):
    late, soon, other = owe(-3), owe(5), owe(2, bearer="县市场监管局")
    page = text(signed_in("jingban").get("/desk/duties/"))
    assert "1项已逾期，今天没有到期的。" in page
    assert page.index(standing.duty(late).what) < page.index(standing.duty(soon).what)
    assert standing.duty(other).what not in page


def test_an_empty_page_says_what_will_stand_there(signed_in):
    page = text(signed_in("jingban").get("/desk/duties/"))
    assert "没有要办的职责" in page
    assert "没有符合筛选的职责" in text(signed_in("xinyong").get("/desk/duties/list/"))
    assert "没有逾期的职责。" in text(signed_in("xinyong").get("/desk/duties/overdue/"))


def test_reported_returned_reported_verified(signed_in, owe):
    duty_id = owe(0)
    clerk, reviewer = signed_in("jingban"), signed_in("fuhe")
    proof = SimpleUploadedFile("对照.pdf", b"%PDF-1.7 before and after")
    answer = report(clerk, duty_id, evidence=proof)
    assert answer.status_code == 302
    assert standing.duty(duty_id).state == "reported"
    assert standing.duty(duty_id).files == 1
    answer = reviewer.post(f"/desk/duties/{duty_id}/return/", {"because": "没有附整改前后的对照。"})
    assert answer.status_code == 302
    assert standing.duty(duty_id).state == "open"
    report(clerk, duty_id)
    answer = reviewer.sign(f"/desk/duties/{duty_id}/verify/", {"because": "看过三个栏目，属实。"})
    assert answer.status_code == 302, text(answer)
    duty = standing.duty(duty_id)
    assert (duty.state, duty.met_on) == ("on_time", today())
    page = clerk.get(f"/desk/duties/{duty_id}/").content.decode()
    assert "没有附整改前后的对照。" in page
    [piece] = Piece.objects.all()
    got = clerk.get(f"/desk/duties/{duty_id}/files/{piece.pk}/")
    assert got.content == b"%PDF-1.7 before and after"
    assert "attachment" in got["Content-Disposition"]
    assert b"%PDF" not in bytes(Content.objects.get(piece=piece).sealed)
    assert AuditLine.objects.filter(act="duty_verified", object_id=str(duty_id)).count() == 1


def test_others_see_nothing_of_it(signed_in, owe):
    duty_id = owe()
    report(signed_in("jingban"), duty_id, evidence=SimpleUploadedFile("a.txt", "甲".encode()))
    piece_id = Piece.objects.get().pk
    other = signed_in("shichang")
    for path in ("", "report/", "verify/", f"files/{piece_id}/"):
        assert other.get(f"/desk/duties/{duty_id}/{path}").status_code == 404
    elsewhere = owe()
    mine = signed_in("jingban")
    assert mine.get(f"/desk/duties/{elsewhere}/files/{piece_id}/").status_code == 404
    assert signed_in("xitong").get(f"/desk/duties/{duty_id}/").status_code == 403


def test_who_owes_does_not_verify_and_who_verifies_does_not_report(signed_in, owe):
    duty_id = owe()
    assert signed_in("fuze").get(f"/desk/duties/{duty_id}/verify/").status_code == 403
    assert signed_in("fuhe").get(f"/desk/duties/{duty_id}/report/").status_code == 403
    own = owe(bearer="县发改局")
    assert signed_in("fuhe").get(f"/desk/duties/{own}/verify/").status_code == 403
    assert signed_in("jiandu").get(f"/desk/duties/{duty_id}/verify/").status_code == 403
    assert signed_in("jiandu").get(f"/desk/duties/{duty_id}/").status_code == 200


def test_extended_only_to_a_later_day(signed_in, owe):
    duty_id = owe(3)
    reviewer, path = signed_in("fuhe"), f"/desk/duties/{duty_id}/extend/"
    said = {"because": "设备到货推迟。", "basis": "督查室同意延期的函。"}
    sooner = (today() + timedelta(days=1)).isoformat()
    refused = reviewer.sign(path, {**said, "due_on": sooner})
    assert refused.status_code == 409
    assert "不在原期限之后" in text(refused)
    past = reviewer.sign(
        f"/desk/duties/{owe(-9)}/extend/", {**said, "due_on": str(today() - timedelta(days=2))}
    )
    assert past.status_code == 409
    assert "已经过了" in text(past)
    later = today() + timedelta(days=30)
    assert reviewer.sign(path, {**said, "due_on": later.isoformat()}).status_code == 302
    assert standing.duty(duty_id).due_on == later
    assert "督查室同意延期的函。" in text(reviewer.get(f"/desk/duties/{duty_id}/"))


def test_a_breach_is_found_by_a_person_and_only_after_the_day(signed_in, owe):
    early, late = owe(3), owe(-1)
    reviewer = signed_in("fuhe")
    said = {"because": "现场看过，一处也没有改。"}
    refused = reviewer.get(f"/desk/duties/{early}/breach/")
    assert refused.status_code == 409
    assert "期限还没有过" in text(refused)
    assert reviewer.sign(f"/desk/duties/{late}/breach/", said).status_code == 302
    assert standing.duty(late).state == "breached"
    again = report(signed_in("jingban"), late)
    assert again.status_code == 409


def test_a_page_of_an_act_says_at_once_that_it_does_not_fit_now(signed_in, owe):
    duty_id, path = owe(3), "/desk/duties/{}/{}/"
    clerk, reviewer = signed_in("jingban"), signed_in("fuhe")
    assert reviewer.get(path.format(duty_id, "verify")).status_code == 409
    assert report(clerk, duty_id).status_code == 302
    again = clerk.get(path.format(duty_id, "report"))
    assert again.status_code == 409
    assert "现在是：已报待核" in text(again)
    assert f'href="/desk/duties/{duty_id}/">看现在的情况' in again.content.decode()
    done = reviewer.sign(path.format(duty_id, "verify"), {"because": "看过了"})
    assert done.status_code == 302
    for act in ("verify", "return", "extend", "change", "hand-over", "breach"):
        refused = reviewer.get(path.format(duty_id, act))
        assert refused.status_code == 409, act
        assert "现在是：按时" in text(refused)


def test_a_refused_files_name_leaves_no_number_of_a_person(signed_in, owe):
    name = "李某110101199003070073.exe"
    answer = report(signed_in("jingban"), owe(3), evidence=SimpleUploadedFile(name, b"MZ"))
    assert answer.status_code == 409
    assert "110101199003070073" not in text(answer)
    lines = AuditLine.objects.filter(outcome="refused")
    assert not any("110101199003070073" in str(line.__dict__) for line in lines)


def test_a_lawful_change_opens_the_compensation(signed_in, owe):
    duty_id = owe(3)
    pay_by = today() + timedelta(days=90)
    said = {
        "because": "规划调整，原址不再建设。",
        "basis": "省政府批复。",
        "compensation": "补偿前期投入12万元。",
    }
    reviewer = signed_in("fuhe")
    path = f"/desk/duties/{duty_id}/change/"
    assert reviewer.sign(path, said).status_code == 409
    overdue_at_once = reviewer.sign(path, {**said, "compensation_due_on": today().isoformat()})
    assert "补偿期限不在今天以后" in text(overdue_at_once)
    answer = reviewer.sign(path, {**said, "compensation_due_on": pay_by.isoformat()})
    assert answer.status_code == 302
    assert standing.duty(duty_id).state == "changed"
    page = text(signed_in("jingban").get("/desk/duties/list/?state=open"))
    assert "补偿前期投入12万元。" in page


def test_handed_over_it_is_the_others(signed_in, owe, county):
    duty_id = owe(3)
    other = county.units["县市场监管局"]
    answer = signed_in("fuhe").sign(
        f"/desk/duties/{duty_id}/hand-over/", {"unit_id": other, "because": "职能已划转。"}
    )
    assert answer.status_code == 302
    assert standing.duty(duty_id).bearer_id == other
    what = standing.duty(duty_id).what
    assert what in text(signed_in("shichang").get("/desk/duties/"))
    assert what not in text(signed_in("jingban").get("/desk/duties/"))


def test_the_overdue_table_counts_units_not_persons(signed_in, owe, county):
    owe(-40)
    owe(-2)
    owe(-1, bearer="县市场监管局")
    page = text(signed_in("xinyong").get("/desk/duties/overdue/"))
    assert "2个单位有3项职责逾期。" in page
    assert "不是名次" in page
    mine = text(signed_in("jingban").get("/desk/duties/overdue/"))
    assert "1个单位有2项职责逾期。" in mine
    unit = county.units["县住建局"]
    listed = signed_in("xinyong").get(f"/desk/duties/list/?state=overdue&unit={unit}")
    assert listed.content.decode().count('class="zx-duty"') == 2


@override_settings(DATA_UPLOAD_MAX_NUMBER_FILES=50)
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("空.pdf", b"", "还没有选择文件|空"),
        ("假.pdf", b"MZ\x90\x00", "内容要与后缀相符"),
        ("程序.exe", b"MZ\x90\x00", "只收PDF"),
        ("210321199001010014.txt", "甲".encode(), "文件名"),
    ],
)
def test_a_file_that_is_not_taken_leaves_nothing(signed_in, owe, name, content, why):
    duty_id = owe()
    answer = report(signed_in("jingban"), duty_id, evidence=SimpleUploadedFile(name, content))
    assert answer.status_code in (409, 422)
    assert re.search(why, text(answer))
    assert "210321199001010014" not in text(answer)
    assert not Piece.objects.exists()
    assert standing.duty(duty_id).state == "open"


def test_words_with_a_persons_number_are_refused(signed_in, owe):
    duty_id = owe()
    answer = signed_in("jingban").post(
        f"/desk/duties/{duty_id}/report/", {"words": "已退还给210321199001010014。"}
    )
    assert answer.status_code == 422
    assert standing.duty(duty_id).state == "open"


def test_sent_twice_it_is_reported_once(signed_in, owe):
    duty_id = owe()
    clerk = signed_in("jingban")
    page = clerk.get(f"/desk/duties/{duty_id}/report/").content.decode()
    token = re.search(r'name="once" value="([0-9a-f]+)"', page)[1]
    first, second = (report(clerk, duty_id, once=token) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert len(standing.history(duty_id)) == 2
    assert report(clerk, duty_id).status_code == 409


def test_lists_ask_few_questions(signed_in, owe, django_assert_max_num_queries):
    for _ in range(12):
        owe(-5)
    clerk = signed_in("jingban")
    clerk.get("/desk/duties/")
    for path in ("", "list/?state=open", "overdue/"):
        with django_assert_max_num_queries(45):
            clerk.get(f"/desk/duties/{path}")


def test_what_its_case_settles_is_found_a_breach_on_the_page_of_the_duty(signed_in, owe):
    began = today() - timedelta(days=60)
    duty_id = owe(kind="appeal_decision", opened_on=began, due_on=None)
    path = f"/desk/duties/{duty_id}/"
    reviewer = signed_in("fuhe")
    shown = reviewer.get(path).content.decode()
    assert f"{path}breach/" in shown
    assert f"{path}extend/" not in shown
    assert f"{path}breach/" not in signed_in("fuze").get(path).content.decode()
    assert reviewer.sign(f"{path}breach/", {"because": "催办两次没有办"}).status_code == 302
    assert f"{path}breach/" not in reviewer.get(path).content.decode()
