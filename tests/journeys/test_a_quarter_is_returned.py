"""A quarter in a browser: opened by the clock, written by the clerk, signed by the leader, taken in, reopened, seen in the matrix."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factors import DeskClient, SoftPasskey, type_code
from tests.oversight.returns.conftest import own_folders as own_folders
from tests.oversight.returns.conftest import story as story
from tests.oversight.returns.story import DONE, NOTHING, Story, at, with_passkeys
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Entry

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True),
    pytest.mark.sqlite_story,
]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


def enter(
    context: BrowserContext,
    server: LiveServer,
    story: Story,
    keys: dict[str, SoftPasskey],
    username: str,
) -> Page:
    """The session of somebody who signed in and proved a second factor."""
    client = DeskClient(story.accounts[username], keys.get(username))
    context.clear_cookies()
    context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": server.url}
            for name, cookie in client.cookies.items()
        ]
    )
    page = context.new_page()
    page.goto(f"{server.url}/desk/returns/?until=2026Q3")
    return page


def sound(page: Page) -> None:
    """No fault of accessibility, in both modes, and nothing sticks out sideways."""
    faults = []
    for mode in ("", "large"):
        page.context.add_cookies([{"name": "mode", "value": mode, "url": page.url}])
        page.reload()
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            faults += [(width, mode, each["id"]) for each in Axe().run(page).response["violations"]]
        for width in (320, 768, 1600):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append((width, mode, "sideways"))
    page.set_viewport_size({"width": 390, "height": 844})
    assert faults == [], faults


def sign(page: Page, story: Story, username: str, button: str) -> None:
    type_code(page, story.accounts[username])
    page.get_by_role("button", name=button, exact=True).click()


def test_a_quarter_is_returned(
    story: Story, live_server: LiveServer, context: BrowserContext, tmp_path: Path
) -> None:
    keys = with_passkeys(story)
    assert story.open("2026Q3", at("10-01")) == 4

    clerk = enter(context, live_server, story, keys, "jingban")
    clerk.get_by_role("link", name="示例县住房和城乡建设局 2026Q3").first.click()
    sound(clerk)
    paper = tmp_path / "核对表.pdf"
    paper.write_bytes(b"%PDF-1.7 fictional")
    clerk.get_by_role("link", name=re.compile("填写 ?任务1")).click()
    sound(clerk)
    clerk.get_by_label("报送工作开展情况").check()
    clerk.locator("#id_work").fill(DONE.work)
    clerk.locator("#id_evidence").set_input_files(paper)
    clerk.get_by_role("button", name="保存草稿").click()
    expect(clerk.get_by_text("草稿已保存，还没有报送")).to_be_visible()
    clerk.get_by_role("link", name=re.compile("填写 ?任务2")).click()
    clerk.get_by_label("本季度确无工作开展").check()
    clerk.locator("#id_zero_because").fill(NOTHING.zero_because)
    clerk.get_by_role("button", name="保存草稿").click()
    expect(clerk.get_by_text("2项已写好，请本单位负责人签署。")).to_be_visible()

    leader = enter(context, live_server, story, keys, "fuze")
    leader.get_by_role("link", name="示例县住房和城乡建设局 2026Q3").first.click()
    leader.get_by_role("link", name="核对并签署2项").click()
    expect(leader.get_by_text(DONE.work)).to_be_visible()
    expect(leader.get_by_text(NOTHING.zero_because)).to_be_visible()
    sound(leader)
    sign(leader, story, "fuze", "签署报送")
    expect(leader.get_by_text("已签署报送2项任务，等待受理。")).to_be_visible()
    expect(leader.get_by_role("heading", level=1)).to_contain_text("已报1，确认为零1，未报0")

    office = enter(context, live_server, story, keys, "gongkai")
    office.get_by_role("link", name="示例县住房和城乡建设局 2026Q3").first.click()
    sound(office)
    office.get_by_label("受理意见").fill("内容与佐证相符")
    sign(office, story, "gongkai", "受理并锁定")
    expect(office.get_by_text("已受理2项任务的报送，内容锁定。")).to_be_visible()
    office.get_by_role("link", name=re.compile("重开 ?任务1")).click()
    office.get_by_label("理由").fill("合同数有误，请重报")
    sign(office, story, "gongkai", "重开")
    expect(office.get_by_text("原来受理的仍然有效")).to_be_visible()
    office.get_by_role("link", name=re.compile("各版和办理经过 ?任务1")).click()
    expect(office.get_by_text("受理后重开")).to_be_visible()
    sound(office)

    office.get_by_text("签署时的数字").click()
    office.get_by_role("link", name=re.compile("0份")).first.click()
    expect(office.get_by_text("这是登记簿里数出来的零")).to_be_visible()
    sound(office)
    office.goto(f"{live_server.url}/desk/returns/?until=2026Q3")
    expect(office.get_by_role("heading", level=1)).to_contain_text(
        "应报4项，已报1，确认为零1，未报2"
    )
    sound(office)
    [signed] = Entry.objects.filter(kind="return_signed")
    told = ledger.payload(signed.id).open
    assert (told["words"]["work"], told["evidence"][0]["name"]) == (DONE.work, "核对表.pdf")
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert kinds >= {"return_signed", "zero_signed", "return_accepted", "return_reopened"}
