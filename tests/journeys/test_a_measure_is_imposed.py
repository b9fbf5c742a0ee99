"""In a browser: a measure is proposed, announced, answered from a phone, heard, decided by a leader, served, shown."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.desk.conftest import County
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.journeys.test_a_suggestion_is_answered import Enter, signs
from tests.journeys.test_a_suggestion_is_answered import enter as enter
from tests.journeys.test_a_suggestion_is_answered import own_folders as own_folders
from tests.sanctions.conftest import FACTS, REPLY_DAYS
from tests.sanctions.conftest import Office as Story
from tests.sanctions.conftest import bare as bare
from tests.sanctions.conftest import county as county
from tests.sanctions.conftest import office as office
from zhengxin.sanctions.models import Case
from zhengxin.sanctions.public import published

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True)


def confirmed(page: Page, url: str, county: County) -> None:
    page.goto(f"{url}/desk/law/confirm/?value={REPLY_DAYS}")
    page.get_by_label("对照了什么").fill("县惩戒办理规则第三条")
    signs(page, county, "fuhe", "签署确认")
    expect(page.get_by_text("已确认。值改了的，要重新确认。")).to_be_visible()


def proposed(page: Page, url: str, entry_id: int) -> Case:
    page.goto(f"{url}/desk/sanctions/new/")
    page.get_by_label("对哪个单位").select_option(label="示例县住房和城乡建设局")
    page.get_by_label("登记簿条目").fill(str(entry_id))
    page.get_by_label("公开通报批评：国务院").check()
    page.get_by_label("事实").fill(FACTS)
    page.get_by_role("button", name="提出").click()
    expect(page.get_by_text("已提出。核对无误的，请告知单位。")).to_be_visible()
    return Case.objects.get()


def decided(page: Page, url: str, county: County, case: Case) -> None:
    page.goto(f"{url}/desk/sanctions/{case.pk}/decide/")
    page.get_by_role("group", name="公开通报批评").get_by_label("采取", exact=True).check()
    page.get_by_role("listbox", name="执行单位").select_option(label="示例县市场监督管理局")
    for group in page.get_by_role("group", name=re.compile("^从轻情形")).all():
        group.get_by_label("不认定").check()
    page.get_by_role("textbox", name="对陈述的回应").fill("付款计划已核对，不采纳")
    page.get_by_role("textbox", name="决定的理由").fill("事实清楚，依据充分")
    signs(page, county, "juzhang", "签署决定")
    expect(page.get_by_text("已决定。送达以后开始执行。")).to_be_visible()


def test_a_measure_from_the_proposal_to_the_public(
    enter: Enter, county: County, office: Story, live_server: LiveServer
) -> None:
    url = live_server.url
    office.now = timezone.now()
    entry_id = office.listed()
    officer, reviewer, unit, leader = map(enter, ("xinyong", "fuhe", "jingban", "juzhang"))
    confirmed(reviewer, url, county)
    case = proposed(officer, url, entry_id)
    path = f"{url}/desk/sanctions/{case.pk}/"
    officer.goto(f"{path}notice/")
    officer.get_by_role("button", name="告知单位").click()
    expect(officer.get_by_text("已告知单位。")).to_be_visible()
    unit.goto(f"{url}/desk/messages/")
    expect(unit.get_by_role("heading", name="惩戒事先告知已经送达，可以陈述。")).to_be_visible()
    unit.goto(f"{path}reply/")
    assert unit.evaluate("document.documentElement.scrollWidth") <= 390
    unit.get_by_role("textbox", name="陈述").fill("月底前付清")
    unit.get_by_role("button", name="提交").click()
    expect(unit.get_by_text("月底前付清")).to_be_visible()
    officer.goto(f"{path}hear/")
    officer.get_by_role("textbox", name="听取情况").fill("付款计划属实")
    officer.get_by_role("button", name="记下").click()
    expect(officer.get_by_text("已听取，待决定")).to_be_visible()
    # The period is over.
    Case.objects.update(reply_by=timezone.localdate() - timedelta(days=1))
    decided(leader, url, county, case)
    officer.goto(f"{path}serve/")
    officer.get_by_role("button", name="送达", exact=True).click()
    expect(officer.get_by_text("已送达，措施开始执行。")).to_be_visible()
    assert published(timezone.localdate()) == []
    measure = case.measures.get()
    reviewer.goto(f"{url}/desk/sanctions/measures/{measure.pk}/circulate/")
    reviewer.get_by_label("公开的内容").fill("没有付清工程款")
    until = timezone.localdate() + timedelta(days=30)
    reviewer.get_by_label("公开到哪天").fill(until.isoformat())
    signs(reviewer, county, "fuhe", "签署准予公开")
    expect(reviewer.get_by_text("已准予公开。")).to_be_visible()
    assert [each.words for each in published(timezone.localdate())] == ["没有付清工程款"]
