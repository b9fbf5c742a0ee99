"""Passkeys in a real browser with a virtual authenticator: enrol, sign in, sign a decision."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.desk.conftest import PASSWORD, County
from tests.desk.rows import penalty
from tests.desk.test_browser import enter, upload
from zhengxin.accounts.models import Signature
from zhengxin.accounts.signatures import verify
from zhengxin.publication.models import Notice

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True),
    pytest.mark.sqlite_story,
]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def first_step(page: Page, server: LiveServer, username: str) -> None:
    page.goto(f"{server.url}/desk/")
    page.locator("#id_username").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_passkey_is_enrolled_opens_the_desk_and_signs(
    browser: Browser, live_server: LiveServer, county: County, tmp_path: Path
) -> None:
    sender = browser.new_context()
    clerk = enter(sender, live_server, "jingban")
    upload(clerk, live_server, tmp_path, "penalties", penalty(1))
    sender.close()
    county.accounts["xinyong"].factors.all().delete()
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    first_step(page, live_server, "xinyong")
    expect(page.get_by_role("heading", level=1)).to_have_text("先登记第二因子，再办事。")
    page.get_by_role("button", name="登记通行密钥").click()
    expect(page.get_by_role("row", name="办公电脑")).to_be_visible()

    page.get_by_role("button", name="退出").click()
    first_step(page, live_server, "xinyong")
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_url(f"{live_server.url}/desk/")

    entry = Notice.objects.get().entry_id
    page.goto(f"{live_server.url}/desk/grading/{entry}/")
    page.get_by_role("button", name="用通行密钥定级").click()
    # The form was not filled in: it comes back with its errors, and nothing was asked of the device.
    expect(page.get_by_role("alert").first).to_contain_text("还不能提交")
    assert not Signature.objects.exists()
    page.get_by_label("一般").check()
    page.get_by_label("理由").fill("裁量基准第三条")
    page.get_by_role("button", name="用通行密钥定级").click()
    page.wait_for_url(f"{live_server.url}/desk/grading/")
    [signature] = Signature.objects.all()
    assert (signature.factor_kind, signature.account) == ("passkey", county.accounts["xinyong"])
    assert verify(signature)
    assert Notice.objects.get().grade == "general"
    assert [line for line in said if "Content Security Policy" in line] == []
    context.close()
