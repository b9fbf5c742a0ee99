"""On a phone: a unit is told to rectify, sees it among what it owes today, reports twice, and the public sees the end."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.desk.conftest import County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.journeys.test_a_suggestion_is_answered import Enter, signs
from tests.journeys.test_a_suggestion_is_answered import enter as enter
from tests.journeys.test_a_suggestion_is_answered import own_folders as own_folders
from zhengxin import journey
from zhengxin.duties.models import Duty
from zhengxin.kernel.actor import Actor

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True)
TITLE = "两户企业的奖补资金没有兑现"


def ordered(page: Page, url: str, county: County) -> None:
    page.goto(f"{url}/desk/rectifying/new/")
    page.get_by_label("责令哪个单位").select_option(label="示例县住房和城乡建设局")
    page.get_by_label(re.compile("^事由")).fill(TITLE)
    page.get_by_label(re.compile("^原因")).fill("承诺6月底前兑现，至今没有拨付")
    page.get_by_label(re.compile("^依据")).fill("国发〔2016〕76号")
    page.get_by_label(re.compile("整改期限")).fill(
        (timezone.localdate() + timedelta(days=3)).isoformat()
    )
    signs(page, county, "xinyong", "发出")
    expect(page.get_by_text("已发出，期限记入该单位的职责。")).to_be_visible()


def reported(page: Page, url: str, words: str) -> None:
    """From the phone's list of today."""
    page.goto(f"{url}/desk/duties/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name=re.compile("^报告")).first.click()
    page.get_by_label("办理情况").fill(words)
    page.get_by_label("佐证材料").set_input_files(
        {"name": "回单.txt", "mimeType": "text/plain", "buffer": "虚构：已拨付。".encode()}
    )
    page.get_by_role("button", name="报告", exact=False).click()
    expect(page.get_by_text("已报告，等交办单位核实。")).to_be_visible()


def test_a_unit_does_what_it_was_told_and_it_is_verified(
    enter: Enter, county: County, live_server: LiveServer
) -> None:
    url = live_server.url
    officer, clerk = enter("xinyong"), enter("jingban")
    ordered(officer, url, county)
    clerk.goto(f"{url}/desk/messages/")
    expect(clerk.get_by_role("heading", name="新职责：限期整改。")).to_be_visible()
    reported(clerk, url, "已拨付一户，另一户在办。")
    # What does not do goes back with the reason; the day stays.
    duty = Duty.objects.get(kind="rectification")
    due_on = duty.due_on
    officer.goto(f"{url}/desk/duties/{duty.pk}/return/")
    officer.get_by_role("textbox").fill("两户都要兑现")
    officer.get_by_role("button", name="退回", exact=True).click()
    expect(officer.get_by_text("已退回，承办单位要重新报告。")).to_be_visible()
    reported(clerk, url, "两户都已拨付。")
    officer.goto(f"{url}/desk/duties/{duty.pk}/verify/")
    officer.get_by_label("核实情况").fill("看过两张回单")
    signs(officer, county, "xinyong", "核实办结")
    duty.refresh_from_db()
    assert (duty.state, duty.due_on, duty.files) == ("on_time", due_on, 2)
    # The public sees what, by when and how it ended, and no words.
    journey.publish_due(at=timezone.now(), actor=Actor.system("测试"))
    visitor = enter("shichang")
    visitor.goto(f"{url}/orders/")
    expect(visitor.get_by_text(TITLE)).to_be_visible()
    expect(visitor.get_by_text("按时").first).to_be_visible()
    expect(visitor.get_by_text("两户都已拨付")).to_have_count(0)
