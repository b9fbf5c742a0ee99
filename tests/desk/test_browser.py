"""The desk in a real browser: keyboard, dialogue, phone width, accessibility, and without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.desk.conftest import PASSWORD, SYSTEM, County
from tests.desk.rows import WRONG, licence, penalty, table
from tests.factors import type_code
from zhengxin import journey
from zhengxin.accounts.models import Account, Post
from zhengxin.intake.models import WaitingRecord
from zhengxin.publication.models import Notice

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True),
    pytest.mark.sqlite_story,
]
PAGES = {
    "jingban": [
        "",
        "submissions/",
        "submissions/new/",
        "submissions/new/licences/",
        "submissions/new/licences/row/",
        "{receipt}",
        "{receipt}withdraw/",
        "quality/",
        "files/?q=住房",
        "agreements/",
        "account/",
        "account/sessions/",
        "account/delegations/",
        "audit/",
    ],
    "xinyong": [
        "",
        "attribution/",
        "grading/",
        "{grade}",
        "agreements/new/",
        "recipients/",
        "plans/",
        "plans/new/",
        "plans/{plan}/",
        "plans/{plan}/names/1/",
        "plans/{plan}/tasks/1/term/",
    ],
    "fuhe": ["release/", "plans/{ready}/confirm/", "plans/{plan}/discard/"],
    "shenji": ["audit/", "account/factors/"],
    "xitong": ["accounts/", "accounts/open/", "accounts/{account}/", "accounts/{account}/close/"],
    "baomi": [
        "locks/",
        "accounts/{account}/",
        "accounts/{account}/give-post/",
        "posts/{post}/end/",
        "posts/{post}/delegate/",
        "invitation/{token}/",
    ],
}


def enter(context: BrowserContext, server: LiveServer, username: str) -> Page:
    """Signs in by keyboard; with the code of an app where the account has one."""
    page = context.new_page()
    page.goto(f"{server.url}/desk/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    account = Account.objects.get(username=username)
    if account.factors.exists():
        type_code(page, account)
        page.keyboard.press("Enter")
    page.wait_for_url(f"{server.url}/desk/")
    return page


def upload(
    page: Page, server: LiveServer, folder: Path, source: str, *rows: dict[str, str]
) -> None:
    """Sends a file as a clerk does."""
    path = folder / "十一月.csv"
    path.write_bytes(table(source, *rows).read())
    page.goto(f"{server.url}/desk/submissions/new/{source}/")
    page.get_by_label("文件").set_input_files(path)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url(re.compile(r"/desk/submissions/\d+/$"))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own for every test."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def test_a_clerk_sends_reads_the_receipt_and_withdraws(
    context: BrowserContext, live_server: LiveServer, county: County, tmp_path: Path
) -> None:
    page = enter(context, live_server, "jingban")
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    upload(page, live_server, tmp_path, "licences", licence(1), licence(2, XK_XDR_SHXYM=WRONG))
    expect(page.get_by_role("heading", level=1)).to_have_text("1行已准入，1行退回。")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注工作簿").click()
    assert download.value.suggested_filename.endswith("_标注.xlsx")
    page.get_by_role("link", name="撤回这一批").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    page.get_by_role("link", name="撤回这一批").click()
    dialog.get_by_label("理由").fill("传错了月份")
    dialog.get_by_role("button", name="撤回1行").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("这一批已撤回。")
    assert said == []  # nothing of the page met the content-security policy


def test_the_summary_of_errors_gets_the_focus(
    context: BrowserContext, live_server: LiveServer, county: County
) -> None:
    page = enter(context, live_server, "jingban")
    page.goto(f"{live_server.url}/desk/submissions/new/licences/row/")
    page.get_by_role("button", name="提交这一条").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    alert.get_by_role("link").first.click()
    assert page.evaluate("location.hash") == "#id_XK_XDR_MC"


def test_a_decision_sent_without_a_code_leads_to_the_field_of_the_code(
    context: BrowserContext, live_server: LiveServer, county: County, tmp_path: Path
) -> None:
    page = enter(context, live_server, "jingban")
    upload(page, live_server, tmp_path, "licences", licence(1, XK_XDR_MC="张三"))
    context.clear_cookies()
    page = enter(context, live_server, "xinyong")
    page.goto(f"{live_server.url}/desk/attribution/{WaitingRecord.objects.get().pk}/")
    page.get_by_label("不入账，退给报送单位").check()
    page.get_by_label("理由").fill("核对过")
    page.get_by_role("button", name="按这个判断处理", exact=True).click()
    expect(page.get_by_label("验证器上的6位数字")).to_be_focused()


def test_withdrawing_works_without_scripts(
    browser: Browser, live_server: LiveServer, county: County, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = enter(context, live_server, "jingban")
    upload(page, live_server, tmp_path, "licences", licence(1))
    page.get_by_role("link", name="撤回这一批").click()
    page.get_by_label("理由").fill("传错了月份")
    page.get_by_role("button", name="撤回1行").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("这一批已撤回。")
    context.close()


def _plan(unit: str) -> int:
    """A plan with one task of this unit."""
    text = f"示例县方案\n一、任务。（牵头单位：{unit}；配合单位：各部门）\n2026年3月1日\n"
    plan_id, _new = journey.send_plan(
        content=text.encode(), filename="方案.txt", at=timezone.now(), actor=SYSTEM
    )
    return plan_id


def test_every_page_is_accessible_in_both_modes_and_fits_a_phone(
    browser: Browser, live_server: LiveServer, county: County, tmp_path: Path
) -> None:
    sender = browser.new_context()
    page = enter(sender, live_server, "jingban")
    upload(page, live_server, tmp_path, "licences", licence(1), licence(2, XK_XDR_SHXYM=WRONG))
    receipt = page.url.removeprefix(f"{live_server.url}/desk/")
    upload(page, live_server, tmp_path, "penalties", penalty(1))
    grade = f"grading/{Notice.objects.get(state='ungraded').entry_id}/"
    sender.close()
    _invited, token = journey.open_invited(
        username="shenyan", name="沈言", at=timezone.now(), actor=SYSTEM
    )
    numbers = {
        "receipt": receipt,
        "account": county.accounts["jingban"].pk,
        "post": Post.objects.get(account__username="jingban").pk,
        "token": token,
        "grade": grade,
        "plan": _plan("县没有局"),
        "ready": _plan("示例县发展和改革局"),
    }
    faults = []
    for username, paths in PAGES.items():
        context = browser.new_context()
        page = enter(context, live_server, username)
        for large in (False, True):
            if large:
                context.add_cookies([{"name": "mode", "value": "large", "url": live_server.url}])
            for path in paths:
                answer = page.goto(f"{live_server.url}/desk/{path.format(**numbers)}")
                refused = (username, path) == ("jingban", "audit/")
                assert answer is not None
                assert answer.status == (403 if refused else 200), path
                for width in (390,) if large else (1280, 390):
                    page.set_viewport_size({"width": width, "height": 900})
                    found = Axe().run(page).response["violations"]
                    faults += [(username, path, width, large, each["id"]) for each in found]
                for width in (320, 768, 1600):
                    page.set_viewport_size({"width": width, "height": 900})
                    if page.evaluate("document.documentElement.scrollWidth") > width:
                        faults.append((username, path, width, large, "sideways"))
        context.close()
    assert faults == []
