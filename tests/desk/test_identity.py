"""Signing in through the county's own identity provider: the first factor, of an account bound before."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.desk.conftest import PASSWORD, County
from tests.desk.test_browser import enter
from tests.factors import DeskClient, fresh_code
from tests.identity_provider import CLIENT, SECRET, SUBJECT, Provider, provider_running
from zhengxin import journey
from zhengxin.accounts import provider
from zhengxin.accounts.models import Identity, Session
from zhengxin.audit.models import AuditLine
from zhengxin.kernel.actor import Actor
from zhengxin.operations.enums import Verdict
from zhengxin.operations.queries import findings

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
BACK = "/desk/sign-in/provider/back/"


@pytest.fixture
def idp(settings: LazySettings, tmp_path: Path) -> Iterator[Provider]:
    """A provider that the settings name."""
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    (tmp_path / "secret").chmod(0o600)
    with provider_running() as running:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = running.url, CLIENT
        settings.OIDC_SECRET_FILE = str(tmp_path / "secret")
        settings.OIDC_LABEL = "示例县统一认证"
        yield running


def away(client: Client, start: str = "/desk/sign-in/provider/") -> dict[str, str]:
    """To the provider and back: what the return carries."""
    sent = client.get(start)
    assert sent.status_code == 302, sent.content.decode()
    back = urlsplit(httpx.get(sent["Location"]).headers["Location"])
    assert back.path == BACK
    given = dict(parse_qsl(back.query))
    before = Session.objects.filter(account__isnull=False).count()
    shown = client.get(f"{BACK}?{back.query}")
    assert shown.status_code == 200
    assert Session.objects.filter(account__isnull=False).count() == before
    return given


def came(client: Client, start: str = "/desk/sign-in/provider/"):
    return client.post(BACK, {**away(client, start), "password": PASSWORD})


def bound(client: Client) -> None:
    answer = came(client, "/desk/account/identity/bind/")
    assert answer["Location"] == "/desk/account/"


def test_a_bound_account_comes_in_and_whoever_decides_proves_the_second_factor(
    idp: Provider, county: County
) -> None:
    assert "用示例县统一认证登录" in Client().get("/desk/sign-in/").content.decode()
    bound(DeskClient(county.accounts["jingban"], None))
    client = Client()
    answer = came(client, "/desk/sign-in/provider/?next=/desk/quality/")
    assert answer["Location"] == "/desk/quality/"
    assert client.get("/desk/quality/").status_code == 200
    idp.subject = "another"
    bound(DeskClient(county.accounts["fuhe"], county.passkeys["fuhe"]))
    client = Client()
    answer = came(client)
    assert answer["Location"] == "/desk/sign-in/factor/?next=/desk/"
    assert client.get("/desk/")["Location"].startswith("/desk/sign-in/")
    code = fresh_code(county.accounts["fuhe"])
    assert client.post(answer["Location"], {"code": code})["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_of_the_subject_only_a_digest_is_kept_and_nothing_is_logged(
    idp: Provider, county: County, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bound(DeskClient(county.accounts["jingban"], None))
    given = away(client := Client())
    client.post(BACK, given)
    assert SUBJECT not in repr(Identity.objects.values())
    assert Identity.objects.count() == 1
    assert SUBJECT not in repr(AuditLine.objects.values())
    zhengxin = " ".join(
        r.getMessage() for r in caplog.records if r.name.startswith(("zhengxin", "django"))
    )
    assert SUBJECT not in zhengxin
    assert given["code"] not in zhengxin


def test_nobody_is_made_an_account(idp: Provider, county: County) -> None:
    answer = came(client := Client())
    assert answer.status_code == 403
    assert "还没有绑定可用的账号" in answer.content.decode()
    assert client.get("/desk/").status_code == 302
    line = AuditLine.objects.get(act="identity.prove")
    assert (line.outcome, line.account_id) == ("refused", None)
    # A closed account's page says the same.
    bound(DeskClient(county.accounts["jingban"], None))
    journey.close_account(
        account_id=county.accounts["jingban"].pk,
        at=timezone.now(),
        actor=Actor.system("测试"),
    )
    assert "还没有绑定可用的账号" in came(Client()).content.decode()
    assert not Identity.objects.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize(
    "fault",
    ["nonce", "audience", "several", "party", "expired", "early", "nobody", "forged issuer", "key", "shared secret", "none"],
)  # fmt: skip
def test_a_token_that_does_not_hold_lets_nobody_in(
    fault: str, idp: Provider, county: County
) -> None:
    bound(DeskClient(county.accounts["jingban"], None))
    idp.fault = fault
    answer = came(client := Client())
    assert answer.status_code == 403
    assert "身份凭证没有通过核对" in answer.content.decode()
    assert client.get("/desk/").status_code == 302
    assert AuditLine.objects.filter(act="identity.prove", outcome="refused").count() == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [("no json", "读不懂"), ("deep", "读不懂"), ("no address", "https"), ("trickles", "没有应答"), ("a list", "读不懂"), ("too much", "太大"), ("breaks", "500"), ("issuer", "签发者"), ("plain", "https")],
)  # fmt: skip
def test_a_provider_that_is_ill_is_told_and_passwords_still_work(
    fault: str, said: str, idp: Provider, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "_SECONDS", 1)
    given = away(client := Client())
    idp.fault = fault
    answer = client.post(BACK, given)
    assert (answer.status_code, said in answer.content.decode()) == (403, True)
    answer = Client().get("/desk/sign-in/provider/")
    assert (answer.status_code, said in answer.content.decode()) == (503, True)
    answer = Client().post("/desk/sign-in/", {"username": "jingban", "password": PASSWORD})
    assert answer["Location"] == "/desk/"


def test_a_provider_that_is_gone_is_told(
    settings: LazySettings, idp: Provider, county: County
) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    answer = Client().get("/desk/sign-in/provider/")
    assert (answer.status_code, "没有应答" in answer.content.decode()) == (503, True)
    assert {each.code: each.verdict for each in findings(timezone.now(), reach=True)}[
        "provider"
    ] is Verdict.FAIL


def test_a_return_counts_once_and_only_where_it_began(idp: Provider, county: County) -> None:
    bound(DeskClient(county.accounts["jingban"], None))
    client, other = Client(), Client()
    given = away(client)
    # Sent to another browser, by whoever wants that browser in a wrong account.
    away(other)
    for reader, sent in ((other, given), (client, given | {"state": "x"}), (client, given)):
        assert reader.post(BACK, sent).status_code == 403
    given = away(client)
    assert client.post(BACK, given).status_code == 302
    client.post("/desk/sign-out/")
    assert client.post(BACK, given).status_code == 403
    given = away(client)
    session = client.session
    session["identity"] = {**session["identity"], "since": timezone.now().timestamp() - 601}
    session.save()
    assert client.post(BACK, given).status_code == 403
    # Refused over there.
    idp.fault = "denied"
    answer = came(client)
    assert (answer.status_code, "没有放行" in answer.content.decode()) == (403, True)
    assert client.get("/desk/").status_code == 302


def test_the_way_on_is_on_this_site(idp: Provider, county: County) -> None:
    bound(DeskClient(county.accounts["jingban"], None))
    for wanted in ("https://elsewhere.example/", "//elsewhere.example/", "\\\\elsewhere.example"):
        answer = came(Client(), f"/desk/sign-in/provider/?next={wanted}")
        assert answer["Location"] == "/desk/"


def test_one_identity_one_account(idp: Provider, county: County) -> None:
    clerk = DeskClient(county.accounts["jingban"], None)
    bound(clerk)
    bound(clerk)
    assert Identity.objects.count() == 1
    other = DeskClient(county.accounts["shichang"], None)
    answer = came(other, "/desk/account/identity/bind/")
    assert (answer.status_code, "已绑定" in answer.content.decode()) == (403, True)
    idp.subject = "somebody"
    assert came(clerk, "/desk/account/identity/bind/").status_code == 403
    idp.fault = "issuer"
    answer = clerk.get("/desk/account/identity/bind/")
    assert (answer.status_code, "签发者" in answer.content.decode()) == (409, True)
    idp.fault = ""
    # Led there by another site, the person is asked before anything is bound.
    given = away(clerk, "/desk/account/identity/bind/")
    shown = clerk.get(f"{BACK}?state=x").content.decode()
    assert "不要继续" in shown
    assert "onward.js" not in shown
    idp.subject = SUBJECT
    clerk.post("/desk/account/identity/end/")
    answer = clerk.post(BACK, {**given, "password": "wrong"})
    assert (answer.status_code, "密码不对" in answer.content.decode()) == (422, True)
    assert not Identity.objects.filter(ended_at__isnull=True).exists()
    # A round trip that began to sign in binds nothing, and the other way round.
    assert came(Client()).status_code == 403
    given = away(clerk, "/desk/account/identity/bind/")
    clerk.post("/desk/sign-out/")
    assert clerk.post(BACK, given).status_code == 403


def test_a_binding_ends_by_the_person_or_the_system_administrator(
    idp: Provider, county: County
) -> None:
    clerk = DeskClient(county.accounts["jingban"], None)
    bound(clerk)
    assert "绑定，可以用它代替密码登录" in clerk.get("/desk/account/").content.decode()
    assert clerk.post("/desk/account/identity/end/")["Location"] == "/desk/account/"
    assert came(Client()).status_code == 403
    bound(clerk)
    account_id = county.accounts["jingban"].pk
    place = f"/desk/accounts/{account_id}/end-identity/"
    assert clerk.post(place).status_code == 403
    assert Identity.objects.filter(ended_at__isnull=True).count() == 1
    administrator = DeskClient(county.accounts["xitong"], county.passkeys["xitong"])
    assert "解除绑定" in administrator.get(f"/desk/accounts/{account_id}/").content.decode()
    assert administrator.post(place).status_code == 302
    assert came(Client()).status_code == 403
    ended = Identity.objects.get(ended_by=county.accounts["xitong"])
    assert timezone.now() - ended.ended_at < timedelta(minutes=1)
    assert AuditLine.objects.filter(act="identity.end", outcome="done").count() == 2


def test_too_many_bad_returns_are_locked_out(
    settings: LazySettings, idp: Provider, county: County
) -> None:
    settings.ADDRESS_PATIENCE = (2, timedelta(minutes=15), timedelta(minutes=5), timedelta(hours=1))
    idp.fault = "key"
    assert [came(Client()).status_code for _time in range(3)] == [403, 403, 429]


def test_a_locked_account_is_locked_on_this_way_too(
    settings: LazySettings, idp: Provider, county: County
) -> None:
    bound(DeskClient(county.accounts["jingban"], None))
    settings.ACCOUNT_PATIENCE = (2, timedelta(minutes=15), timedelta(minutes=5), timedelta(hours=1))
    for _time in range(2):
        Client().post("/desk/sign-in/", {"username": "jingban", "password": "wrong"})
    assert came(client := Client()).status_code == 429
    assert client.get("/desk/").status_code == 302
    assert AuditLine.objects.filter(act="identity.prove", outcome="refused").count() == 1


def test_a_reset_leaves_the_link_alone(idp: Provider, county: County) -> None:
    bound(DeskClient(county.accounts["jingban"], None))
    account_id = county.accounts["jingban"].pk
    journey.invite(account_id=account_id, at=timezone.now(), actor=Actor.system("测试"))
    assert came(Client()).status_code == 403


def test_every_refusal_leaves_a_line(settings: LazySettings, idp: Provider, county: County) -> None:
    def refusals() -> int:
        return AuditLine.objects.filter(act="identity.prove", outcome="refused").count()

    idp.fault = "denied"
    came(Client())
    idp.fault = ""
    client = Client()
    client.post(BACK, away(client) | {"state": "x"})
    Client().post(BACK, away(Client()))
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    Client().get("/desk/sign-in/provider/")
    assert refusals() == 4


def test_doctor_says_what_is_wrong(settings: LazySettings, idp: Provider, county: County) -> None:
    def told() -> tuple[Verdict, str]:
        [found] = [each for each in findings(timezone.now(), reach=True) if each.code == "provider"]
        return found.verdict, found.what

    assert told()[0] is Verdict.OK
    Path(settings.OIDC_SECRET_FILE).chmod(0o644)
    assert told()[0] is Verdict.WARN
    idp.fault = "issuer"
    assert "签发者" in told()[1]
    settings.OIDC_SECRET_FILE = "/nowhere"
    assert "读不了" in told()[1]
    settings.OIDC_ISSUER = "http://idp.example"
    assert "https" in told()[1]
    settings.OIDC_ISSUER = ""
    assert told()[0] is Verdict.OK
    assert Client().get("/desk/sign-in/provider/").status_code == 503
    assert "统一认证登录" not in Client().get("/desk/sign-in/").content.decode()


@pytest.mark.sqlite_story
@pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True)
def test_in_a_browser(
    idp: Provider, county: County, browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = enter(context, live_server, "jingban")
    page.goto(f"{live_server.url}/desk/account/")
    page.get_by_role("link", name="绑定到我的账号").click()
    page.get_by_label("您在这里的密码").fill(PASSWORD)
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    page.get_by_role("button", name="确认绑定").click()
    page.wait_for_url("**/desk/account/")
    assert page.get_by_text("已绑定，下次可以用统一认证登录。").is_visible()
    context.clear_cookies()
    page.goto(f"{live_server.url}/desk/quality/")
    page.get_by_role("link", name="用示例县统一认证登录").click()
    page.wait_for_url("**/desk/quality/")
    # Going back sends nothing twice, and without scripts there is a button.
    page.go_back()
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{live_server.url}/desk/sign-in/")
    plain.get_by_role("link", name="用示例县统一认证登录").click()
    plain.get_by_role("button", name="继续").click()
    plain.wait_for_url("**/desk/")
    context.close()
