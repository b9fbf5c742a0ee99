"""From the paper of the county's plan to mandates, in a browser: sent by one officer, mended, signed by another.

Told of the real plan where it lies beside the checkout, and of an invented twin everywhere.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factors import add_app, type_code
from zhengxin import journey
from zhengxin.accounts import actions as accounts
from zhengxin.accounts.models import Account
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Entry
from zhengxin.ledger.vault import keyring
from zhengxin.oversight import queries
from zhengxin.oversight.models import Mandate, Plan
from zhengxin.subjects import queries as subjects

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True),
    pytest.mark.sqlite_story,
]
SYSTEM = Actor.system("测试")
PASSWORD = "shili-ceshi-2026"
# Milliseconds; the machine may be busy with something else.
PATIENCE = 30_000
POSTS = {
    "xinyong": ("许知", "县发改局", "credit_officer"),
    "fuhe": ("方正言", "县发改局", "reviewer"),
    "caizheng": ("秦以安", "县财政局", "clerk"),
}
TWIN = """台安县诚信承诺工作方案（虚构）
一、主要任务
1.清理合同。逐份核对到期没有兑现的合同，2027年底前办结。（牵头单位：县财政局；配合单位：各镇场街道办事处（含开发园区管委会，下同））
2.公开时限。窗口摆出每个事项的时限。（牵头单位：县没有登记的局；配合单位：各有关部门和单位）
台安县人民政府办公室
2026年3月1日
"""


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def people() -> dict[str, Account]:
    """The county of the plan, with an officer, a reviewer and the clerk of a department."""
    at = timezone.now()
    keyring.ensure()
    journey.open_county(
        register=settings.BASE_DIR / "registers" / "taian.yaml", at=at, actor=SYSTEM
    )
    found = {}
    for username, (name, short, role) in POSTS.items():
        unit = subjects.unit_by_name(short, at.date())
        assert unit is not None
        found[username] = accounts.open_account(
            username=username, name=name, password=PASSWORD, at=at, actor=SYSTEM
        )
        accounts.give_post(
            account_id=found[username].pk,
            unit_id=unit.id,
            role=role,
            from_on=at.date(),
            at=at,
            actor=SYSTEM,
        )
        if role != "clerk":
            add_app(found[username])
    return found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


@pytest.fixture(params=["real", "twin"])
def paper(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The plan as a file."""
    if request.param == "real":
        shared: Path = request.getfixturevalue("shared_data")
        return shared.parent / "plan" / "taian-2018.txt"
    twin = tmp_path / "twin.txt"
    twin.write_text(TWIN, encoding="utf-8")
    return twin


def enter(context: BrowserContext, server: LiveServer, account: Account) -> Page:
    """Signs in, with the code of an app where the account has one."""
    context.clear_cookies()
    page = context.new_page()
    page.goto(f"{server.url}/desk/")
    page.get_by_label("账号").fill(account.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    if account.factors.exists():
        type_code(page, account)
        page.keyboard.press("Enter")
    page.wait_for_url(f"{server.url}/desk/")
    return page


def settle_all(page: Page) -> None:
    """Every name that waits: a group is all it expands to, anybody unknown is put off."""
    while page.get_by_role("heading", name="先办这些").count():
        page.get_by_role("link", name="选单位").first.click()
        everybody = page.get_by_label(re.compile("现在展开的全部"))
        if everybody.count():
            everybody.check()
        else:
            page.get_by_label("暂不落实，以后再定").check()
        page.get_by_label("理由").fill("与起草单位核对")
        page.get_by_role("button", name="记下").click()
        expect(page.get_by_text("改动已记下")).to_be_visible(timeout=PATIENCE)


def test_a_plan_becomes_mandates(
    paper: Path,
    people: dict[str, Account],
    live_server: LiveServer,
    context: BrowserContext,
    tmp_path: Path,
) -> None:
    officer = enter(context, live_server, people["xinyong"])
    officer.get_by_role("link", name="督办").click()
    officer.get_by_role("link", name="方案", exact=True).click()
    officer.get_by_role("link", name="上传方案").click()
    officer.get_by_label("方案文件").set_input_files(paper)
    officer.get_by_role("button", name="上传并读出").click()
    expect(officer.get_by_text("方案已读出，请逐项核对。")).to_be_visible(timeout=PATIENCE)
    wide = officer.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    settle_all(officer)
    plan = Plan.objects.get()
    tasks = len(plan.reading["tasks"])
    assert tasks == (18 if "2018" in paper.name else 2)

    reviewer = enter(context, live_server, people["fuhe"])
    reviewer.goto(f"{live_server.url}/desk/plans/{plan.pk}/")
    reviewer.get_by_role("link", name="核对并确认").click()
    expect(reviewer.get_by_role("heading", level=1)).to_contain_text(
        f"下达{tasks}项任务", timeout=PATIENCE
    )
    type_code(reviewer, people["fuhe"])
    reviewer.get_by_role("button", name="确认方案", exact=True).click()
    expect(reviewer.get_by_text(f"方案已确认，{tasks}项任务已下达。")).to_be_visible(
        timeout=PATIENCE
    )

    plan.refresh_from_db()
    assert (plan.state, plan.sent_by_name, plan.confirmed_by_name) == (
        "confirmed",
        "许知",
        "方正言",
    )
    assert Entry.objects.filter(kind="mandate", about_id=plan.entry_id).count() == tasks
    for row in Mandate.objects.all():
        told = ledger.payload(row.entry_id).open
        assert (told["number"], told["text"]) == (row.number, row.text)
        assert [each["id"] for each in told["units"]] == list(
            row.units.order_by("id").values_list("unit_id", flat=True)
        )

    clerk = enter(context, live_server, people["caizheng"])
    clerk.goto(f"{live_server.url}/desk/plans/{plan.pk}/")
    clerk.get_by_role("link", name="报本单位实施方案").click()
    own = tmp_path / "实施方案.txt"
    own.write_text("按月核对，按季报送。", encoding="utf-8")
    clerk.get_by_role("checkbox").first.check()
    clerk.get_by_label("标题").fill("县财政局落实方案")
    clerk.get_by_label("文件").set_input_files(own)
    clerk.get_by_role("button", name="报送", exact=True).click()
    expect(clerk.get_by_text("实施方案已收下。")).to_be_visible(timeout=PATIENCE)
    parts = [part for some in queries.filed(plan.pk).values() for part in some if part.filings]
    assert [part.unit for part in parts] == ["台安县财政局"]


@pytest.mark.parametrize("paper", ["twin"], indirect=True)
def test_a_mandate_is_done_and_seen_by_the_public(
    paper: Path,
    people: dict[str, Account],
    live_server: LiveServer,
    context: BrowserContext,
    tmp_path: Path,
) -> None:
    """Whoever leads reports with evidence, another verifies, and the plan's public page says so."""
    officer = enter(context, live_server, people["xinyong"])
    officer.goto(f"{live_server.url}/desk/plans/new/")
    officer.get_by_label("方案文件").set_input_files(paper)
    officer.get_by_role("button", name="上传并读出").click()
    settle_all(officer)
    plan = Plan.objects.get()
    reviewer = enter(context, live_server, people["fuhe"])
    reviewer.goto(f"{live_server.url}/desk/plans/{plan.pk}/")
    reviewer.get_by_role("link", name="核对并确认").click()
    type_code(reviewer, people["fuhe"])
    reviewer.get_by_role("button", name="确认方案", exact=True).click()

    clerk = enter(context, live_server, people["caizheng"])
    clerk.get_by_role("link", name="督办").click()
    clerk.get_by_role("link", name="职责", exact=True).click()
    clerk.get_by_label("状态").select_option("open")
    clerk.get_by_role("button", name="筛选").click()
    clerk.get_by_role("link", name=re.compile("任务1：清理合同")).click()
    clerk.get_by_role("link", name="报告办理情况").click()
    proof = tmp_path / "清单.txt"
    proof.write_text("十二份合同，全部兑现。", encoding="utf-8")
    clerk.get_by_label("办理情况").fill("十二份到期合同全部兑现，逐份附清单。")
    clerk.get_by_label("佐证材料").set_input_files(proof)
    assert clerk.evaluate("document.documentElement.scrollWidth") <= 390
    clerk.get_by_role("button", name="报告", exact=True).click()
    expect(clerk.get_by_text("已报告，等交办单位核实。")).to_be_visible(timeout=PATIENCE)
    address = clerk.url

    reviewer = enter(context, live_server, people["fuhe"])
    reviewer.goto(address)
    with reviewer.expect_download() as got:
        reviewer.get_by_role("link", name="清单.txt").click()
    assert Path(got.value.path()).read_text(encoding="utf-8") == "十二份合同，全部兑现。"
    reviewer.get_by_role("link", name="核实办结").click()
    reviewer.get_by_label("核实情况").fill("逐份看过，属实。")
    type_code(reviewer, people["fuhe"])
    reviewer.get_by_role("button", name="核实办结", exact=True).click()
    expect(reviewer.get_by_text("已核实办结。")).to_be_visible(timeout=PATIENCE)

    journey.publish_due(at=timezone.now(), actor=SYSTEM)
    context.clear_cookies()
    public = context.new_page()
    public.goto(f"{live_server.url}/plans/")
    public.get_by_role("link", name="台安县诚信承诺工作方案（虚构）").click()
    expect(
        public.get_by_text("2项任务：1项有佐证，0项只有文字，0项确认为零，1项还没有报告。")
    ).to_be_visible(timeout=PATIENCE)
    expect(public.get_by_text("有佐证1份")).to_be_visible(timeout=PATIENCE)
    assert "十二份到期合同" not in public.content()
    assert public.evaluate("document.documentElement.scrollWidth") <= 390
