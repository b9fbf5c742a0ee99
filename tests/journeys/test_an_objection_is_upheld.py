"""A firm objects from its phone; the record is marked, the unit answers, a reviewer revokes, a copy is corrected."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.desk.conftest import SYSTEM, County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.journeys.test_a_suggestion_is_answered import Enter, signs
from tests.journeys.test_a_suggestion_is_answered import enter as enter
from tests.objections.conftest import FIRM, Counter
from tests.objections.conftest import own_folders as own_folders
from zhengxin import journey

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True),
    pytest.mark.sqlite_story,
]
CLAIM = "处罚决定已经被复议机关撤销"


def objects(phone: Page, url: str, entry_id: int) -> str:
    """The code that the firm gets."""
    phone.goto(f"{url}/entries/{entry_id}/")
    phone.get_by_role("link", name="对这条记录提异议").click()
    phone.get_by_label(re.compile("^哪里有误")).fill(CLAIM)
    phone.get_by_label("企业或者其他组织").check()
    phone.get_by_label("姓名或者名称").fill(FIRM.name)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="提出异议").click()
    expect(phone.get_by_text("还没有填写。")).to_be_visible()
    phone.get_by_label(re.compile("^联系电话")).fill(FIRM.phone)
    phone.get_by_role("button", name="提出异议").click()
    expect(phone.get_by_role("heading", name="已收到您的异议")).to_be_visible()
    return phone.locator(".zx-code").inner_text()


def stands(phone: Page, url: str, code: str, words: str) -> None:
    phone.goto(f"{url}/objection/")
    phone.get_by_label("受理码").fill(code)
    phone.get_by_role("button", name="查询").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(words)


def test_a_record_that_is_wrong_is_revoked_and_its_copies_are_corrected(
    browser: Browser, enter: Enter, county: County, live_server: LiveServer
) -> None:
    url, counter = live_server.url, Counter(county)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    phone = context.new_page()
    code = objects(phone, url, counter.entry_id)
    stands(phone, url, code, "已收到，等登记")
    journey.take_letters(at=counter.now, actor=SYSTEM)
    stands(phone, url, code, "待审查")
    phone.goto(f"{url}/items/")
    expect(phone.get_by_text("异议处理中")).to_be_visible()
    assert context.cookies() == []

    officer, clerk, reviewer = enter("xinyong"), enter("jingban"), enter("fuhe")
    officer.get_by_role("link", name="今日").click()
    officer.get_by_role("link", name="去办理").click()
    officer.get_by_role("link", name=f"对第{counter.entry_id}号记录的异议").click()
    expect(officer.get_by_text(CLAIM)).to_be_visible()
    expect(officer.get_by_text(FIRM.phone)).to_have_count(0)
    officer.get_by_role("link", name="审查是否受理").click()
    officer.get_by_label("受理，转报送单位答复").check()
    officer.get_by_label("理由").fill("附有复议决定")
    signs(officer, county, "xinyong", "签署审查结论")
    expect(officer.get_by_text("审查结论已记下。")).to_be_visible()

    clerk.goto(f"{url}/desk/objections/")
    clerk.get_by_role("link", name=f"对第{counter.entry_id}号记录的异议").click()
    clerk.get_by_role("link", name="答复", exact=True).click()
    clerk.get_by_label("情况说明").fill("复议决定属实")
    clerk.get_by_role("button", name="提交").click()
    expect(clerk.get_by_text("答复已提交，等决定。")).to_be_visible()
    stands(phone, url, code, "待决定")

    reviewer.goto(f"{url}/desk/objections/?state=answered")
    reviewer.get_by_role("link", name=f"对第{counter.entry_id}号记录的异议").click()
    reviewer.get_by_role("link", name="决定", exact=True).click()
    reviewer.get_by_label("全部支持：撤销这条记录").check()
    reviewer.get_by_label("理由").fill("复议决定已经生效")
    signs(reviewer, county, "fuhe", "签署决定")
    expect(reviewer.get_by_text("决定已记下，请告知异议人。")).to_be_visible()
    stands(phone, url, code, "支持，已更正")
    answer = phone.goto(f"{url}/entries/{counter.entry_id}/")
    assert answer is not None
    assert answer.status == 404

    clerk.goto(f"{url}/desk/objections/?state=chasing")
    clerk.get_by_role("link", name=f"对第{counter.entry_id}号记录的异议").click()
    clerk.get_by_role("link", name="记下回执").click()
    clerk.get_by_label("回执情况").fill("办案系统里已撤销")
    clerk.get_by_role("button", name="记下").click()
    expect(clerk.get_by_text("都已回执")).to_be_visible()
    officer.goto(f"{url}/desk/objections/corrections/")
    expect(officer.get_by_text("每一份副本都已回执。")).to_be_visible()
    context.close()
