"""A person's number typed into a form of oversight, or into a file's name, is refused and stands nowhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.planned import TEXT, send, settle
from tests.desk.planned import confirmed as confirmed
from tests.desk.planned import own_keys as own_keys
from tests.desk.planned import read as read
from tests.factors import DeskClient
from zhengxin.kernel.leaks import find_id_numbers
from zhengxin.oversight import public
from zhengxin.oversight.models import Plan

pytestmark = pytest.mark.django_db(databases="__all__")
SignedIn = Callable[[str], DeskClient]
NUMBER = "210321199001011237"


def kept_anywhere() -> list[str]:
    """Tables in which the number stands."""
    tables = connection.introspection.table_names()
    return [
        model._meta.label
        for model in apps.get_models()
        if model._meta.db_table in tables
        and any(NUMBER in str(row) for row in model._base_manager.using("default").values_list())
    ]


def refused(answer: Any) -> None:
    page = answer.content.decode()
    assert answer.status_code in (409, 422), answer.status_code
    assert "身份证件号码" in page
    assert find_id_numbers(page.replace(f'value="{NUMBER}', "")) == []


def test_a_delegation_or_a_session_with_it(signed_in: SignedIn) -> None:
    said = {
        "kind": "suggestion",
        "session": "第五次会议",
        "number": "1",
        "title": "关于公交的建议",
        "text": "建议加开早班车。",
        "received_on": timezone.localdate().isoformat(),
        "first": "江雨眠",
        "others": "",
        "consent": "unsaid",
    }
    officer = signed_in("xinyong")
    for field, typed in (("session", f"第五次会议{NUMBER}"), ("first", f"江雨眠（{NUMBER}）")):
        answer = officer.post("/desk/proposals/new/", {**said, field: typed})
        assert answer.status_code == 409, field
        assert "身份证件号码" in answer.content.decode()
    assert kept_anywhere() == []


def test_a_compensation_with_it(signed_in: SignedIn, owe: Callable[..., int]) -> None:
    said = {
        "because": "规划依法调整。",
        "basis": "行政许可法第八条",
        "compensation": f"付给{NUMBER}两万元",
        "compensation_due_on": "2027-03-01",
    }
    answer = signed_in("xinyong").sign(f"/desk/duties/{owe(5)}/change/", said)
    assert answer.status_code in (409, 422)
    assert kept_anywhere() == []


def test_a_plan_whose_file_is_named_with_it(county: County, signed_in: SignedIn) -> None:
    refused(send(signed_in("xinyong"), name=f"王建国{NUMBER}.txt"))
    assert not Plan.objects.exists()
    assert kept_anywhere() == []


def test_a_units_own_plan_titled_with_it(confirmed: Plan, signed_in: SignedIn) -> None:
    page = f"/desk/plans/{confirmed.pk}/file/"
    part = confirmed.mandates.get(number=1).units.get(leads=True).pk
    file = SimpleUploadedFile("实施方案.pdf", b"%PDF-1.4 x")
    said = {"title": f"实施方案{NUMBER}", "parts": [part], "file": file}
    answer = signed_in("jingban").post(page, said)
    assert answer.status_code in (409, 422)
    assert kept_anywhere() == []


def test_evidence_of_no_kind_that_is_taken_is_not_named_with_it(
    signed_in: SignedIn, owe: Callable[..., int]
) -> None:
    proof = SimpleUploadedFile(f"{NUMBER}.exe", b"MZ")
    path = f"/desk/duties/{owe(0)}/report/"
    said = {"words": "三处都已改正，11月20日核对过。", "evidence": proof}
    refused(signed_in("jingban").post(path, said))
    assert kept_anywhere() == []


def test_a_plans_title_with_it_is_not_public(county: County, signed_in: SignedIn) -> None:
    send(signed_in("xinyong"), TEXT.replace("示例县诚信方案", f"示例县诚信方案{NUMBER}"))
    plan = Plan.objects.get()
    settle(signed_in("xinyong"), plan, county)
    done = signed_in("fuhe").sign(f"/desk/plans/{plan.pk}/confirm/", {"replaces": ""})
    plan.refresh_from_db()
    assert (done.status_code, plan.state) == (302, "read")
    assert public.published(timezone.localdate()) == []
