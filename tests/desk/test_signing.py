"""The block of signature at the foot of a form of decision."""

from collections.abc import Callable

import pytest

from tests.desk.conftest import County
from tests.desk.rows import penalty, table
from tests.factors import DeskClient, fresh_code
from zhengxin.accounts.models import Signature
from zhengxin.accounts.signatures import verify
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
DECIDED = {"grade": "general", "because": "裁量基准第三条"}


@pytest.fixture
def path(county: County, signed_in: Callable[[str], DeskClient]) -> str:
    signed_in("jingban").post(
        "/desk/submissions/new/penalties/", {"file": table("penalties", penalty(1))}
    )
    return f"/desk/grading/{Notice.objects.get().entry_id}/"


def test_a_decision_without_a_proof_is_drawn_again_with_what_was_typed(
    path: str, county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    officer = signed_in("xinyong")
    block = officer.block(path)
    for proof, told in (
        ({}, "还没有签署"),
        ({"code": "000000"}, "第二因子没有通过核对"),
        ({"assertion": "{}"}, "第二因子没有通过核对"),
    ):
        answer = officer.post(path, {**DECIDED, **block, **proof})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert told in page
        assert "裁量基准第三条</textarea>" in page
    assert Notice.objects.get().state == "ungraded"
    sent = {**DECIDED, **block, "code": fresh_code(county.accounts["xinyong"])}
    assert officer.post(path, sent)["Location"] == "/desk/grading/"
    assert Signature.objects.get().factor_kind == "totp"


def test_a_passkey_signs_what_was_decided_and_nothing_else(
    path: str, signed_in: Callable[[str], DeskClient]
) -> None:
    officer = signed_in("xinyong")
    form = {**DECIDED, **officer.block(path)}
    question = officer.post(path, {**form, "ask": "1"}).json()
    assert officer.key is not None
    answer = officer.key.get(question)
    other = {**form, "grade": "serious", "assertion": answer}
    assert officer.post(path, other).status_code == 422
    assert Notice.objects.get().state == "ungraded"
    assert officer.sign(path, DECIDED)["Location"] == "/desk/grading/"
    [signature] = Signature.objects.all()
    assert verify(signature)
    assert signature.act == "grading"
    assert signature.shown == form["shown"]


def test_a_page_that_was_overtaken_is_refused_with_409(
    path: str, signed_in: Callable[[str], DeskClient]
) -> None:
    first, second = signed_in("xinyong"), signed_in("fuhe")
    seen = second.block(path)
    assert first.sign(path, DECIDED).status_code == 302
    Notice.objects.update(state="ungraded")  # as before the followers have seen the act
    late = second.sign(path, {**DECIDED, "grade": "serious"}, block=seen)
    assert late.status_code == 409
    assert "内容已变，请再看一遍。" in late.content.decode()
    assert Signature.objects.count() == 1


def test_the_question_is_not_asked_of_a_form_that_is_not_sound(
    path: str, signed_in: Callable[[str], DeskClient]
) -> None:
    officer = signed_in("xinyong")
    asked = officer.post(path, {"grade": "general", "because": "", "ask": "1"})
    assert (asked.status_code, asked["Content-Type"]) == (422, "application/json")
