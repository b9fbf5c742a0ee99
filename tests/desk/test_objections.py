"""Objections at the desk: the counter, the unit that recorded, the reviewer, the map of corrections."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factors import DeskClient
from tests.objections.conftest import FIRM, Counter
from tests.objections.conftest import counter as counter
from tests.objections.conftest import own_folders as own_folders
from zhengxin.audit.models import AuditLine
from zhengxin.objections.models import Copy, Objection

pytestmark = pytest.mark.django_db(databases="__all__")
Enter = Callable[[str], DeskClient]
LODGED = {
    "claim": "罚款金额写错了",
    "statement": "本公司已缴清罚款",
    "kind": "organisation",
    "name": FIRM.name,
    "phone": FIRM.phone,
    "code": "",
    "address": "",
}


def lodged(officer: DeskClient, counter: Counter) -> Objection:
    officer.get(f"/desk/objections/new/?entry={counter.entry_id}")
    answer = officer.post("/desk/objections/new/", {**LODGED, "entry_id": counter.entry_id})
    row = Objection.objects.latest("id")
    assert answer["Location"] == f"/desk/objections/{row.pk}/"
    return row


def test_the_whole_story(counter: Counter, signed_in: Enter) -> None:
    officer, clerk, reviewer = (signed_in(name) for name in ("xinyong", "jingban", "fuhe"))
    row = lodged(officer, counter)
    address = f"/desk/objections/{row.pk}/"
    page = officer.get(address).content.decode()
    code = re.search(r'zx-code fs-4">([2-9A-Z]{16})<', page)
    assert code
    # Shown once.
    assert code[1] not in officer.get(address).content.decode()
    waits = officer.get("/desk/").content.decode()
    assert "审查异议是否受理" in waits
    assert "/desk/objections/?state=lodged" in waits
    assert (
        officer.sign(f"{address}check/", {"admit": "yes", "because": "材料齐全"}).status_code == 302
    )
    assert clerk.post(f"{address}answer/", {"words": "经查属实"}).status_code == 302
    assert FIRM.name not in clerk.get(address).content.decode().split('<h2 id="rec">')[0]
    said = {"ruling": "full", "reasons": "查阅了决定书"}
    assert reviewer.sign(f"{address}decide/", said).status_code == 302
    row.refresh_from_db()
    assert row.state == "upheld"
    [copy] = Copy.objects.all()
    assert "没有回执" in officer.get("/desk/objections/corrections/").content.decode()
    answer = clerk.post(f"/desk/objections/corrections/{copy.pk}/confirm/", {"words": "已改正"})
    assert answer.status_code == 302
    assert "每一份副本都已回执" in officer.get("/desk/objections/corrections/").content.decode()
    assert "全部支持" in officer.get("/desk/objections/csv/").getvalue().decode()
    duty = officer.get(f"/desk/duties/{row.decide_duty_id}/").content.decode()
    assert address in duty


def test_who_objects_is_shown_to_who_handles_it_and_the_look_is_logged(
    counter: Counter, signed_in: Enter
) -> None:
    row = counter.lodged()
    address = f"/desk/objections/{row.pk}/contact/"
    assert FIRM.phone in signed_in("xinyong").get(address).content.decode()
    assert AuditLine.objects.filter(act="objection.contact", object_id=str(row.pk)).exists()
    for username in ("jingban", "fuze", "jiandu"):
        answer = signed_in(username).get(address)
        assert answer.status_code == 403
        assert FIRM.phone not in answer.content.decode()
    page = signed_in("xinyong").get(f"/desk/objections/{row.pk}/").content.decode()
    assert FIRM.phone not in page
    assert FIRM.phone not in str(list(AuditLine.objects.values_list("detail", flat=True)))


def test_another_units_objection_is_not_there(counter: Counter, signed_in: Enter) -> None:
    row = counter.lodged()
    stranger = signed_in("shichang")
    assert stranger.get(f"/desk/objections/{row.pk}/").status_code == 404
    assert f"/desk/objections/{row.pk}/" not in stranger.get("/desk/objections/").content.decode()
    piece = row.files[0]["piece"]
    assert stranger.get(f"/desk/objections/{row.pk}/files/{piece}/").status_code == 404
    assert signed_in("jingban").get(f"/desk/objections/{row.pk}/files/{piece}/").status_code == 200


def test_who_holds_a_copy_reads_that_it_is_to_be_corrected_and_no_more(
    counter: Counter, signed_in: Enter
) -> None:
    row = counter.decided("full")
    held = Copy.objects.create(
        objection=row,
        kind="unit",
        ref=str(counter.county.units["县市场监管局"]),
        name="示例县市场监督管理局",
        told_on=timezone.localdate(),
    )
    holder, own = signed_in("shichang"), signed_in("jingban")
    page = holder.get(f"/desk/objections/{row.pk}/").content.decode()
    assert "本单位持有这条记录的副本" in page
    assert "全部支持" in page
    said = (row.claim, row.statement, row.answer, row.reasons, row.files[0]["name"])
    assert [words in page for words in said] == [False] * 5
    assert "示例县住房和城乡建设局</th>" not in page
    piece = row.files[0]["piece"]
    assert holder.get(f"/desk/objections/{row.pk}/files/{piece}/").status_code == 404
    confirm = f"/desk/objections/corrections/{held.pk}/confirm/"
    assert row.claim not in holder.get(confirm).content.decode()
    assert holder.post(confirm, {"words": "已改正"}).status_code == 302
    read = own.get(f"/desk/objections/{row.pk}/").content.decode()
    assert [words in read for words in said] == [True] * 5


def test_a_unit_cannot_object_to_anothers_record(counter: Counter, signed_in: Enter) -> None:
    said = {"claim": "罚款金额写错了", "phone": "0000-1234567"}
    answers = [
        signed_in("shichang").post("/desk/objections/new/", {**said, "entry_id": number})
        for number in (counter.entry_id, 999_999)
    ]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("没有这条可以提异议的记录" in answer.content.decode() for answer in answers)
    assert not Objection.objects.exists()


def test_the_forms_say_what_is_missing(counter: Counter, signed_in: Enter) -> None:
    officer = signed_in("xinyong")
    answer = officer.post("/desk/objections/new/", {"entry_id": counter.entry_id})
    assert answer.status_code == 422
    row = counter.lodged()
    assert officer.sign(f"/desk/objections/{row.pk}/check/", {}).status_code == 422
    clerk = signed_in("jingban")
    counter.checks(row)
    assert clerk.post(f"/desk/objections/{row.pk}/answer/", {}).status_code == 422


def test_putting_right_and_releasing(counter: Counter, signed_in: Enter) -> None:
    row = counter.decided("part")
    clerk = signed_in("jingban")
    answer = clerk.post(f"/desk/objections/{row.pk}/settle/")
    assert (answer.status_code, "没有见到更正" in answer.content.decode()) == (409, True)
    other = counter.lodged(objector=replace(FIRM, name="另一家公司"))
    assert other.pk != row.pk
    counter.checks(other)
    counter.answers(other)
    counter.decides(other, "dismissed")
    reviewer = signed_in("fuhe")
    assert reviewer.sign(f"/desk/objections/{other.pk}/statement/", {}).status_code == 302
    other.refresh_from_db()
    assert other.statement_entry_id


def test_the_list_asks_few_questions(counter: Counter, signed_in: Enter) -> None:

    officer = signed_in("xinyong")

    def asked() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert officer.get("/desk/objections/").status_code == 200
        return len(asked)

    counter.lodged()
    one = asked()
    for n in range(4):
        counter.lodged(objector=replace(FIRM, name=f"第{n}家公司"))
    assert asked() <= one
