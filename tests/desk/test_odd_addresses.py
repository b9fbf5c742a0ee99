"""Odd addresses get an answer, never a fault of the program; and a number is not a way to a name."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import PASSWORD, County
from tests.desk.rows import licence, table
from tests.factors import DeskClient
from zhengxin.intake.models import Submission
from zhengxin.subjects.models import Subject

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])

ODD = ["abc", "-1", "²", "9" * 19, "9" * 5000, "\0", "0001-01-01", "9999-12-31"]
PAGES = [
    ("xinyong", "/desk/grading/", "before"),
    ("fuhe", "/desk/release/", "before"),
    ("fuhe", "/desk/notices/", "before"),
    ("fuhe", "/desk/notices/", "unit"),
    ("shenji", "/desk/audit/", "before"),
    ("shenji", "/desk/audit/", "since"),
    ("shenji", "/desk/audit/", "until"),
    ("shenji", "/desk/audit/export/", "since"),
    ("shenji", "/desk/audit/export/", "until"),
    ("xitong", "/desk/accounts/", "page"),
    ("xitong", "/desk/accounts/", "q"),
    ("xitong", "/desk/accounts/", "state"),
    ("jingban", "/desk/submissions/new/licences/", "mends"),
    ("jingban", "/desk/sign-in/", "next"),
    ("jingban", "/desk/post/", "next"),
]


@pytest.mark.parametrize(("username", "path", "name"), PAGES)
def test_odd_values_are_answered(
    username: str, path: str, name: str, county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in(username)
    for value in ODD:
        assert client.get(path, {name: value}).status_code in (200, 302), value[:30]


def test_a_receipt_opens_at_any_page(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    client.post("/desk/submissions/new/licences/", {"file": table("licences", licence(1))})
    number = Submission.objects.get().pk
    for value in ODD:
        answer = client.get(f"/desk/submissions/{number}/", {"page": value})
        assert answer.status_code == 200, value[:30]


def test_a_file_opens_as_known_on_any_day(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client, unit = signed_in("xinyong"), county.units["县住建局"]
    client.post(f"/desk/files/{unit}/purpose/", {"purpose": "监督检查", "detail": ""})
    for value in ODD:
        for name in ("known_on", "page"):
            answer = client.get(f"/desk/files/{unit}/", {name: value})
            assert answer.status_code == 200, (name, value[:30])


def test_signing_in_goes_on_to_an_address_not_to_a_word(county: County) -> None:
    answer = Client().post(
        "/desk/sign-in/", {"username": "jingban", "password": PASSWORD, "next": "abc"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")


def test_a_succession_that_is_not_there_is_refused(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    answer = signed_in("xinyong").post("/desk/attribution/succession/99999/")
    assert answer.status_code == 409
    assert "没有找到这一条沿革。" in answer.content.decode()


def test_a_persons_number_does_not_tell_the_name(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    person = Subject.objects.create(
        kind="person", name="示例人甲", folded="示例人甲", id_hash="0" * 64,
        natural_person=True, created_at=timezone.now(),
    )  # fmt: skip
    address = f"/desk/files/{person.pk}/purpose/"
    for username in ("jingban", "fuze", "shichang"):
        answer = signed_in(username).get(address)
        assert answer.status_code == 403, username
        assert "示例人甲" not in answer.content.decode()
        assert signed_in(username).get("/desk/files/99999/purpose/").status_code == 403
    assert "示例人甲" in signed_in("xinyong").get(address).content.decode()


@pytest.mark.parametrize(
    "path", ["returns/unit/{}/2026Q3/", "quality/{}/late-before/", "plans/{}/"]
)
def test_a_number_that_fits_no_column_is_not_found(
    path: str, county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    assert signed_in("xinyong").get("/desk/" + path.format("9" * 20)).status_code == 404
