"""Of two clicks the second lands where the first did; of two people the second reads who did it and when."""

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

import zhengxin.desk
from tests.desk.conftest import SYSTEM, County
from tests.factors import DeskClient
from zhengxin.accounts.models import Account, Delegation, Invitation, Post
from zhengxin.audit.models import AuditLine
from zhengxin.publication.models import Recipient
from zhengxin.subjects import actions as subjects
from zhengxin.subjects.models import Succession

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])

Enter = Callable[[str], DeskClient]
DESK = Path(zhengxin.desk.__file__).parent
# Nobody is signed in yet or any more, or nothing is done; an upload is recognised by its bytes.
OTHERWISE = {
    "choose_post.html",
    "first.html",
    "frame.html",
    "own_password.html",
    "prove_factor.html",
    "provider_back.html",
    "sign_in.html",
    "submit.html",
}
_FORM = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)
_TOKEN = re.compile(r'name="once" value="([0-9a-f]+)"')


def token_on(client: Client, path: str) -> str:
    found = _TOKEN.search(client.get(path).content.decode())
    assert found, path
    return found[1]


def test_every_form_carries_a_token() -> None:
    forms = {
        (page.name, form)
        for page in DESK.glob("templates/**/*.html")
        for form in _FORM.findall(page.read_text())
    }
    assert len(forms) > 40
    assert not {name for name, form in forms if "{% once %}" not in form} - OTHERWISE


def test_every_page_that_takes_a_form_does_it_once() -> None:
    missing, seen = set(), 0
    for file in (DESK / "views").glob("*.py"):
        for view in ast.parse(file.read_text()).body:
            if not isinstance(view, ast.FunctionDef):
                continue
            marks = [ast.unparse(mark) for mark in view.decorator_list]
            if any(m.startswith("at_desk") for m in marks) and any("POST" in m for m in marks):
                seen += 1
                if "once" not in marks:
                    missing.add(view.name)
    assert seen > 35
    assert missing == {"submit"}


def test_an_account_opened_by_two_clicks_has_one_link_that_opens(
    county: County, signed_in: Enter
) -> None:
    system, path = signed_in("xitong"), "/desk/accounts/open/"
    sent = {"name": "沈言", "username": "shenyan", "once": token_on(system, path)}
    assert [system.post(path, sent)["Location"] for _ in range(2)] == ["/desk/accounts/link/"] * 2
    page = system.get("/desk/accounts/link/").content.decode()
    link = re.search(r"http://[^/]+(/desk/invitation/[\w-]+/)", page)
    assert link
    assert "沈言，请设定您的密码。" in Client().get(link[1]).content.decode()
    assert Invitation.objects.filter(account__username="shenyan").count() == 1
    assert AuditLine.objects.filter(act="account.open").count() == 1


def test_a_link_made_by_two_clicks_is_one(county: County, signed_in: Enter) -> None:
    system, account = signed_in("xitong"), county.accounts["jingban"]
    path = f"/desk/accounts/{account.pk}/invite/"
    sent = {"confirmed": "on", "once": token_on(system, path)}
    assert [system.post(path, sent)["Location"] for _ in range(2)] == ["/desk/accounts/link/"] * 2
    assert Invitation.objects.filter(account=account, voided_at=None).count() == 1
    assert Invitation.objects.filter(account=account).count() == 1


def test_an_account_is_closed_by_the_first_of_two_people(county: County, signed_in: Enter) -> None:
    account = county.accounts["jingban"]
    system, path = signed_in("xitong"), f"/desk/accounts/{account.pk}/close/"
    sent = {"confirmed": "on", "once": token_on(system, path)}
    assert {system.post(path, sent).status_code for _ in range(2)} == {302}
    again = system.post(path, {**sent, "once": token_on(system, path)})
    assert again.status_code == 409
    assert "陆维已于" in again.content.decode()
    assert AuditLine.objects.filter(act="account.close").count() == 1
    reopen = f"/desk/accounts/{account.pk}/reopen/"
    assert [system.post(reopen).status_code for _ in range(2)] == [302, 409]
    assert AuditLine.objects.filter(act="account.reopen").count() == 1
    assert Account.objects.get(pk=account.pk).is_active


def test_a_recipient_is_ended_once(county: County, signed_in: Enter) -> None:
    officer = signed_in("xinyong")
    terms = {"name": "示例银行", "contact": "0000-1234567", "purpose": "授信审核"}
    assert officer.post("/desk/recipients/", terms).status_code == 302
    path = f"/desk/recipients/{Recipient.objects.get().pk}/end/"
    sent = {"once": token_on(officer, "/desk/recipients/")}
    assert [officer.post(path, sent).status_code for _ in range(2)] == [302, 302]
    again = officer.post(path)
    assert (again.status_code, "许知已于" in again.content.decode()) == (409, True)
    assert AuditLine.objects.filter(act="recipient.end").count() == 1


def test_a_succession_is_confirmed_once(county: County, signed_in: Enter) -> None:
    subjects.record_succession(
        predecessor_id=county.units["县市场监管局"],
        successor_id=county.units["县住建局"],
        kind="merged",
        on=timezone.localdate(),
        basis="机构改革方案",
        at=timezone.now(),
        actor=SYSTEM,
    )
    path = f"/desk/attribution/succession/{Succession.objects.get().pk}/"
    officer, reviewer = signed_in("xinyong"), signed_in("fuhe")
    assert officer.sign(path, {})["Location"] == "/desk/attribution/"
    again = reviewer.sign(path, {})
    assert (again.status_code, "许知已于" in again.content.decode()) == (409, True)
    assert AuditLine.objects.filter(act="succession.confirm", outcome="done").count() == 1


def test_a_post_and_a_delegation_end_once(county: County, signed_in: Enter) -> None:
    security, today = signed_in("baomi"), timezone.localdate()
    post = Post.objects.get(account__username="fuze")
    delegation = Delegation.objects.create(
        post=post,
        delegate=county.accounts["jingban"],
        from_on=today,
        until_on=today + timedelta(days=3),
        because="休假",
        made_at=timezone.now(),
    )
    path = f"/desk/delegations/{delegation.pk}/end/"
    leader, clerk = signed_in("fuze"), signed_in("jingban")
    assert leader.post(path).status_code == 302
    again = clerk.post(path)
    assert (again.status_code, "周远山已于" in again.content.decode()) == (409, True)
    end = f"/desk/posts/{post.pk}/end/"
    assert [security.post(end, {"last_day": today}).status_code for _ in range(2)] == [302, 409]
    for act in ("account.end_delegation", "account.end_post"):
        assert AuditLine.objects.filter(act=act, outcome="done").count() == 1
