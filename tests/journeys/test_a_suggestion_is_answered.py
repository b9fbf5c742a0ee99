"""From a session's list to the second reply, on a phone: imported, assigned, talked over, answered, found wanting."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.desk.conftest import PASSWORD, County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.factors import type_code
from zhengxin.duties.models import Duty
from zhengxin.oversight.proposals.models import Handling
from zhengxin.oversight.proposals.public import published

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True),
    pytest.mark.sqlite_story,
]
LIST = (
    "类别,编号,标题,内容,领衔人,代表团或界别,联名人,是否同意公开,是否涉及面广\n"
    "人大代表建议,12,关于增设人行信号灯的建议,建议在学校门口装信号灯。,江雨眠,城关代表团,,{said},\n"
)
Enter = Callable[[str], Page]


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def enter(browser: Browser, county: County, live_server: LiveServer) -> Iterator[Enter]:
    """A phone for each person, signed in once."""
    with ExitStack() as phones:
        held: dict[str, Page] = {}

        def of(username: str) -> Page:
            if username not in held:
                context = browser.new_context(viewport={"width": 390, "height": 844})
                phones.callback(context.close)
                page = held[username] = context.new_page()
                page.goto(f"{live_server.url}/desk/")
                page.get_by_label("账号").fill(username)
                page.get_by_label("密码").fill(PASSWORD)
                page.keyboard.press("Enter")
                if county.accounts[username].factors.exists():
                    type_code(page, county.accounts[username])
                    page.keyboard.press("Enter")
                page.wait_for_url(f"{live_server.url}/desk/")
            return held[username]

        yield of


def listed(page: Page, url: str, tmp_path: Path, said: str) -> None:
    """Sends the list, with this word for whether it may be public."""
    paper = tmp_path / "名单.csv"
    paper.write_text(LIST.format(said=said), encoding="utf-8")
    page.goto(f"{url}/desk/proposals/import/")
    page.get_by_label("届次").fill("第十八届人大第五次会议")
    page.get_by_label("名单", exact=True).set_input_files(paper)
    page.get_by_role("button", name="检查并导入").click()


def opened(page: Page, url: str) -> None:
    page.goto(f"{url}/desk/proposals/")
    page.get_by_role("link", name="关于增设人行信号灯的建议").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("关于增设人行信号灯的建议")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def signs(page: Page, county: County, username: str, button: str) -> None:
    type_code(page, county.accounts[username])
    page.get_by_role("button", name=button, exact=True).click()


def talked(page: Page, url: str) -> None:
    opened(page, url)
    page.get_by_role("link", name="记下沟通").click()
    page.get_by_label("上门走访").check()
    page.get_by_label(re.compile("^与谁")).fill("江雨眠")
    page.get_by_label("结果", exact=True).fill("代表同意先装三个路口")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("负责人可以签署答复了")).to_be_visible()


def test_a_suggestion_is_answered_and_answered_again(
    enter: Enter, county: County, live_server: LiveServer, tmp_path: Path
) -> None:
    url = live_server.url
    officer = enter("xinyong")
    listed(officer, url, tmp_path, "也许")
    expect(officer.get_by_role("heading", level=1)).to_contain_text("有1处要改")
    expect(officer.get_by_text("请填“是”“否”，没有说明的留空。")).to_be_visible()
    listed(officer, url, tmp_path, "是")
    expect(officer.get_by_text("已导入1件")).to_be_visible()

    officer.goto(f"{url}/desk/proposals/delegates/")
    officer.get_by_role("link", name=re.compile("绑定账号")).click()
    officer.get_by_label(re.compile("^账号名")).fill("daibiao")
    officer.get_by_role("button", name="绑定").click()
    expect(officer.get_by_text("已登记。")).to_be_visible()

    opened(officer, url)
    officer.get_by_role("link", name="交办", exact=True).click()
    officer.get_by_label("承办单位", exact=True).select_option(label="示例县住房和城乡建设局")
    signs(officer, county, "xinyong", "交办")
    expect(officer.get_by_text("答复期限从明天起算")).to_be_visible()

    leader = enter("fuze")
    opened(leader, url)
    expect(leader.get_by_role("link", name="签署答复")).to_have_count(0)
    talked(enter("jingban"), url)
    opened(leader, url)
    leader.get_by_role("link", name="签署答复").click()
    leader.get_by_label("B类：列入计划").check()
    day = timezone.localdate() + timedelta(days=60)
    leader.get_by_label("办结日期").fill(day.isoformat())
    leader.get_by_label("答复全文").fill("三个路口的信号灯已经列入今年的工程，年底前装好。")
    signs(leader, county, "fuze", "签署答复")
    expect(leader.get_by_text("等交办单位审核发出")).to_be_visible()

    delegate = enter("daibiao")
    opened(delegate, url)
    expect(delegate.get_by_role("link", name="江雨眠的评价")).to_have_count(0)
    opened(officer, url)
    officer.get_by_role("link", name="审核并发出").click()
    signs(officer, county, "xinyong", "发出答复")
    expect(officer.get_by_text("等提出人评价")).to_be_visible()
    assert Duty.objects.get(kind="proposal_promise").due_on == day

    delegate.goto(f"{url}/desk/")
    delegate.get_by_role("link", name="去评价").click()
    opened(delegate, url)
    delegate.get_by_role("link", name="江雨眠的评价").click()
    assert delegate.locator("input[type=radio]:checked").count() == 0
    delegate.get_by_role("group", name="对沟通联系").get_by_label("满意", exact=True).check()
    delegate.get_by_role("group", name="对办理结果").get_by_label("不满意").check()
    delegate.get_by_label(re.compile("^意见")).fill("没有写先装哪个路口")
    delegate.get_by_role("button", name="提交评价").click()
    expect(delegate.get_by_text("评价已记下")).to_be_visible()
    expect(delegate.get_by_role("heading", name=re.compile("再次办理"))).to_be_visible()
    first, second = Handling.objects.order_by("id")
    assert (first.state, second.state, second.nth) == ("again", "assigned", 2)
    [shown] = published(timezone.localdate())
    assert (shown.number, shown.text) == ("12", "")
    # Whoever has nothing to do with it does not find it.
    outside = enter("shichang")
    answer = outside.goto(f"{url}/desk/proposals/{first.proposal_id}/")
    assert answer is not None
    assert answer.status == 404
