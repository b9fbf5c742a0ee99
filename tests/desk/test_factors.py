"""Signing in by two steps, enrolling a second factor, being locked out and let in again."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import PASSWORD, County
from tests.factors import HOST, DeskClient, SoftPasskey, fresh_code, url64
from zhengxin.accounts.models import Factor
from zhengxin.accounts.proofs import code_of, secret_of, step_of
from zhengxin.audit.models import AuditLine
from zhengxin.messages.models import Message

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def first_step(username: str, password: str = PASSWORD) -> tuple[Client, object]:
    client = Client(SERVER_NAME=HOST)
    return client, client.post("/desk/sign-in/", {"username": username, "password": password})


def without_factors(county: County, username: str) -> Client:
    """Signed in by password alone, nothing enrolled."""
    county.accounts[username].factors.all().delete()
    client, answer = first_step(username)
    assert answer["Location"] == "/desk/"
    return client


def test_the_password_alone_opens_nothing(county: County) -> None:
    client, answer = first_step("xinyong")
    assert answer["Location"] == "/desk/sign-in/factor/?next=/desk/"
    assert client.get("/desk/").status_code == 302
    wrong = client.post("/desk/sign-in/factor/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "第二因子没有通过核对" in wrong.content.decode()
    sent = {"code": fresh_code(county.accounts["xinyong"]), "next": "/desk/grading/"}
    assert client.post("/desk/sign-in/factor/", sent)["Location"] == "/desk/grading/"
    assert client.get("/desk/grading/").status_code == 200
    outcomes = AuditLine.objects.filter(act="account.prove_factor").order_by("id")
    assert [line.outcome for line in outcomes] == ["refused", "done"]


def test_a_passkey_is_the_second_step_too(county: County) -> None:
    client, _answer = first_step("xinyong")
    question = client.post("/desk/sign-in/factor/", {"ask": "1"}).json()
    answer = county.passkeys["xinyong"].get(question)
    assert client.post("/desk/sign-in/factor/", {"assertion": answer})["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    other, _answer = first_step("xinyong")
    assert other.post("/desk/sign-in/factor/", {"assertion": answer}).status_code == 422


def test_who_needs_a_factor_is_led_to_enrol_it_and_nowhere_else(county: County) -> None:
    client = without_factors(county, "xinyong")
    for path in ("/desk/", "/desk/grading/", "/desk/account/", "/desk/files/"):
        assert client.get(path)["Location"] == "/desk/account/factors/", path
    assert "先登记第二因子，再办事。" in client.get("/desk/account/factors/").content.decode()
    assert client.post("/desk/account/factors/recovery/")["Location"] == "/desk/account/factors/"
    started = client.post("/desk/account/factors/app/", {"name": "办公手机"})
    assert started["Location"] == "/desk/account/factors/app/confirm/"
    assert client.get("/desk/").status_code == 302  # started is not enrolled
    page = client.get(started["Location"]).content.decode()
    secret = secret_of(Factor.objects.get(account=county.accounts["xinyong"]))
    assert secret in page.replace(" ", "")
    assert client.post(started["Location"], {"code": "000000"}).status_code == 422
    code = code_of(secret, step_of(timezone.now()))
    assert client.post(started["Location"], {"code": code})["Location"] == "/desk/account/factors/"
    assert client.get("/desk/").status_code == 200


def test_a_clerk_may_go_without_and_may_enrol(county: County) -> None:
    client, answer = first_step("jingban")
    assert answer["Location"] == "/desk/"
    key = SoftPasskey()
    question = client.post("/desk/account/factors/passkey/", {"ask": "1"}).json()
    sent = {"assertion": key.create(question), "name": "指纹"}
    assert client.post("/desk/account/factors/passkey/", sent).status_code == 302
    assert "指纹" in client.get("/desk/account/factors/").content.decode()
    _other, again = first_step("jingban")
    assert again["Location"].startswith("/desk/sign-in/factor/")


def test_a_session_from_before_the_factor_proves_it_before_anything_else(county: County) -> None:
    early, _answer = first_step("jingban")
    other, _answer = first_step("jingban")
    question = other.post("/desk/account/factors/passkey/", {"ask": "1"}).json()
    other.post("/desk/account/factors/passkey/", {"assertion": SoftPasskey().create(question)})
    for path in ("/desk/", "/desk/account/factors/"):
        assert early.get(path)["Location"].startswith("/desk/sign-in/factor/"), path
    assert early.post("/desk/account/factors/app/").status_code == 302
    assert not Factor.objects.filter(account=county.accounts["jingban"], kind="totp").exists()


def test_recovery_codes_are_shown_once_and_open_once(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("xinyong")
    client.post("/desk/account/factors/recovery/")
    page = client.get("/desk/account/factors/").content.decode()
    codes = re.findall(r"<li>([A-Z]{5}-[A-Z]{5}-[A-Z]{5})</li>", page)
    assert len(codes) == 10
    assert codes[0] not in client.get("/desk/account/factors/").content.decode()
    lost, _answer = first_step("xinyong")
    assert lost.post("/desk/sign-in/factor/", {"code": codes[0]})["Location"] == "/desk/"
    assert lost.get("/desk/").status_code == 200
    again, _answer = first_step("xinyong")
    assert again.post("/desk/sign-in/factor/", {"code": codes[0]}).status_code == 422


def test_a_removed_factor_ends_the_sessions_it_proved(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("xinyong")
    key = county.passkeys["xinyong"]
    path = f"/desk/account/factors/{Factor.objects.get(credential_id=url64(key.id)).pk}/remove/"
    assert "移除“测试密钥”" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    assert client.get("/desk/")["Location"].startswith("/desk/sign-in/factor/")


def test_failures_lock_without_telling_who_exists(county: County, settings) -> None:
    told = []
    for username in ("xinyong", "meiyou-zhege"):
        for _ in range(5):
            _client, answer = first_step(username, "bu-dui-2026")
            assert answer.status_code == 422
        _client, answer = first_step(username)
        assert answer.status_code == 429
        page = answer.content.decode()
        told.append(re.findall(r"暂时不能核对[^<]*", page))
    assert told[0]
    assert told[0] == told[1]
    assert AuditLine.objects.filter(act="account.sign_in", outcome="refused").count() == 12


@pytest.mark.parametrize("believed", [True, False])
def test_failures_count_by_the_clients_own_address_and_a_forged_header_changes_nothing(
    county: County, settings, believed: bool
) -> None:
    """Whoever may be believed is configured; a stranger who writes other addresses into the header is still one."""
    settings.ADDRESS_PATIENCE = (3, *settings.ADDRESS_PATIENCE[1:])
    settings.TRUSTED_PROXIES = ["10.0.0.1"] if believed else []

    def attempt(n: int, client: str) -> int:
        answer = Client(headers={"X-Forwarded-For": client}).post(
            "/desk/sign-in/",
            {"username": f"nobody{n}", "password": "x"},
            REMOTE_ADDR="10.0.0.1",
        )
        return answer.status_code

    # The proxy writes its client's address behind whatever the client made up.
    answers = [attempt(n, f"198.51.100.{n}, 203.0.113.9") for n in range(4)]
    assert answers == [422, 422, 422, 429]
    # Somebody else through the same proxy is not locked out; without a believed proxy all are one.
    assert attempt(9, "203.0.113.10") == (422 if believed else 429)


def test_the_security_administrator_lifts_a_lock_and_resets_factors(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    admin, officer = signed_in("baomi"), signed_in("xinyong")
    account = county.accounts["xinyong"]
    for _ in range(6):
        first_step("xinyong", "bu-dui-2026")
    assert "1个账号因连续核对失败被锁定。" in admin.get("/desk/locks/").content.decode()
    assert officer.post(f"/desk/locks/{account.pk}/lift/").status_code == 403
    assert admin.post(f"/desk/locks/{account.pk}/lift/").status_code == 302
    assert AuditLine.objects.get(act="account.unlock").object_id == str(account.pk)
    _client, answer = first_step("xinyong")
    assert answer.status_code == 302
    sent = {"username": "xinyong", "because": "当面核对工作证"}
    assert admin.post("/desk/locks/", sent).status_code == 422
    assert admin.post("/desk/locks/", {**sent, "confirmed": "on"}).status_code == 302
    assert not account.factors.exists()
    assert AuditLine.objects.get(act="factor.reset").detail["because"] == "当面核对工作证"
    # Neither the session nor the password opens anything now: the way in is another administrator's link.
    assert officer.get("/desk/grading/")["Location"].startswith("/desk/sign-in/")
    _client, answer = first_step("xinyong")
    assert answer.status_code == 422
    system = signed_in("xitong")
    assert system.post("/desk/locks/", {**sent, "confirmed": "on"}).status_code == 403
    told = Message.objects.filter(kind="account_changed").order_by("id")
    assert {
        (m.account.username if m.account else m.role, m.subject)
        for m in told
        if "重置" in m.subject
    } == {
        ("xinyong", "第二因子被重置，要重新登记。"),
        ("security_admin", f"{account.name}：第二因子被重置，要重新登记。"),
    }
    own = {**sent, "username": "baomi", "confirmed": "on"}
    assert admin.post("/desk/locks/", own).status_code == 403
