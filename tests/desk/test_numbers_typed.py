"""An identity number typed where nobody expects one: file name, column header, party name, reason, address, user name."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.desk.conftest import County
from tests.desk.rows import penalty, table
from tests.factors import DeskClient
from zhengxin.audit.models import AuditLine
from zhengxin.intake.models import WaitingRecord
from zhengxin.kernel.leaks import find_id_numbers

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])

NUMBER = "210321199001011237"


@pytest.fixture
def receipt(county: County, signed_in: Callable[[str], DeskClient]) -> str:
    """The receipt of a file with the number in its name, a header, a party's name and a kind of penalty."""
    file = table(
        "penalties",
        penalty(1, CF_XDR_MC=f"示例县建业{NUMBER}有限公司"),
        penalty(2, CF_CFLB=f"罚款；{NUMBER}"),
        name=f"王建国{NUMBER}.csv",
    )
    header, rest = file.read().decode().split("\n", 1)
    file.seek(0)
    file.truncate()
    file.write(f"{header.rstrip()},附注{NUMBER}\n{rest}".replace("\r\n", ",\r\n").encode())
    file.seek(0)
    answer = signed_in("jingban").post("/desk/submissions/new/penalties/", {"file": file})
    return str(answer["Location"])


@pytest.mark.parametrize("username", ["jingban", "xinyong", "jiandu"])
def test_no_page_repeats_it(
    receipt: str, username: str, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in(username)
    pages = [receipt, "/desk/submissions/"]
    if username == "xinyong":
        waiting = WaitingRecord.objects.get()
        pages += ["/desk/attribution/", f"/desk/attribution/{waiting.pk}/"]
    for page in pages:
        text = client.get(page).content.decode()
        assert "*" * 18 in text or page == "/desk/submissions/"
        assert find_id_numbers(text) == [], page


def test_a_body_is_not_registered_under_it(
    receipt: str, signed_in: Callable[[str], DeskClient]
) -> None:
    waiting = WaitingRecord.objects.get()
    client = signed_in("xinyong")
    page = f"/desk/attribution/{waiting.pk}/"
    answer = client.sign(page, {"choice": "new", "because": "执照上是这个单位"})
    assert answer.status_code == 302
    assert find_id_numbers(client.get("/desk/grading/").content.decode()) == []


def test_a_reason_with_it_is_refused(
    receipt: str, county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    waiting = WaitingRecord.objects.get()
    typed = f"当事人是{NUMBER}"
    for username, page, form in (
        ("jingban", f"{receipt}withdraw/", {"because": typed}),
        ("xinyong", f"/desk/attribution/{waiting.pk}/", {"choice": "drop", "because": typed}),
        (
            "xinyong",
            f"/desk/files/{county.units['县住建局']}/purpose/",
            {"purpose": "other", "detail": typed},
        ),
    ):
        answer = signed_in(username).post(page, form)
        assert answer.status_code == 422, page
        assert "里面有身份证件号码" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("请打13912345678", "手机号码"), ("当事人210302********1234", "遮去几位的身份证件号码")],
)
def test_other_numbers_of_a_person_are_refused_by_their_kind(
    receipt: str, signed_in: Callable[[str], DeskClient], typed: str, kind: str
) -> None:
    answer = signed_in("jingban").post(f"{receipt}withdraw/", {"because": typed})
    assert answer.status_code == 422
    assert f"里面有{kind}" in answer.content.decode()


def test_the_log_keeps_neither_an_address_nor_a_user_name_with_it(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    signed_in("xinyong").get(f"/desk/notices/{NUMBER}/")
    Client().post("/desk/sign-in/", {"username": NUMBER, "password": "x"})
    lines = list(AuditLine.objects.all())
    assert len(lines) >= 2
    assert [found for line in lines if (found := find_id_numbers(str(line.__dict__)))] == []
