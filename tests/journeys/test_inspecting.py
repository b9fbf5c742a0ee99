"""An inspection in a real browser at the width of a phone; and the draw computed again by others."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from tests.desk.conftest import County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.test_browser import enter
from tests.doors import sign_in
from tests.factors import type_code
from tests.homes import Home
from tests.oversight.inspections.conftest import Office
from zhengxin.accounts.models import Factor
from zhengxin.oversight.inspections.models import Case, Finding


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


@pytest.fixture
def case(county: County) -> Case:
    """The construction office was drawn; nothing is found yet."""
    Factor.objects.filter(kind="totp").update(last_step=0)
    office = Office(county, timezone.now() - timedelta(days=3))
    days = {"from_on": office.today, "until_on": office.today + timedelta(days=90)}
    campaign = office.planned(
        office.designated(**days), **days, seed_on=office.today + timedelta(days=1)
    )
    office.later(2)
    office.draws(campaign)
    return Case.objects.get(campaign=campaign, unit_id=county.units["县住建局"])


@pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True)
@pytest.mark.sqlite_story
def test_found_on_the_spot_reported_looked_at_again_and_concluded(
    browser: Browser,
    phone: BrowserContext,
    live_server: LiveServer,
    county: County,
    case: Case,
    tmp_path: Path,
) -> None:
    address = f"{live_server.url}/desk/inspections/units/{case.pk}/"
    photo = tmp_path / "现场.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    page = enter(phone, live_server, "xinyong")
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(address)
    page.get_by_role("link", name="写检查结果").first.click()
    page.get_by_label("有问题", exact=True).check()
    page.get_by_label("说明").fill("两户没有兑现")
    page.get_by_label("佐证材料").set_input_files(photo)
    page.get_by_role("button", name="记下").click()
    # The day is asked for, and what was typed is still there.
    expect(page.get_by_role("alert").first).to_contain_text("有问题的要写明整改期限")
    expect(page.get_by_label("说明")).to_have_value("两户没有兑现")
    due = timezone.localdate() + timedelta(days=20)
    page.get_by_label("整改期限").fill(due.isoformat())
    page.get_by_label("佐证材料").set_input_files(photo)
    page.get_by_role("button", name="记下").click()
    page.wait_for_url(address)
    page.get_by_role("link", name="写检查结果").click()
    page.get_by_label("不适用", exact=True).check()
    page.get_by_label("说明").fill("没有变更过承诺")
    page.get_by_role("button", name="记下").click()
    page.wait_for_url(address)
    expect(page.get_by_text("1个问题还没有整改到位。")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    other = browser.new_context(viewport={"width": 390, "height": 844})
    unit = enter(other, live_server, "jingban")
    unit.goto(address)
    unit.get_by_role("link", name="报告整改").click()
    unit.get_by_label("办理情况").fill("两户都已兑现")
    unit.get_by_role("button", name="报告").click()
    unit.wait_for_url(re.compile(r"/desk/duties/\d+/$"))
    page.goto(address)
    page.get_by_role("link", name="复查整改").click()
    expect(page.get_by_text("两户都已兑现")).to_be_visible()
    page.get_by_label("已整改到位").check()
    page.get_by_label("复查情况").fill("看过银行回单")
    page.get_by_role("button", name="记下").click()
    page.wait_for_url(address)
    page.get_by_role("link", name="作出督查结论").click()
    page.get_by_label("督查结论").fill("发现一个问题，已整改到位。")
    type_code(page, county.accounts["xinyong"])
    page.keyboard.press("Enter")
    page.wait_for_url(address)
    unit.goto(f"{live_server.url}/desk/")
    unit.get_by_role("link", name="去签收").click()
    unit.get_by_role("link", name="签收督查结论").click()
    unit.get_by_role("button", name="签收").click()
    unit.wait_for_url(address)
    expect(unit.get_by_text(re.compile("收到结论。"))).to_be_visible()
    assert Finding.objects.filter(verdict="problem").get().rechecks.get().resolved
    other.close()
    # Of the form that lacked a day the browser itself says that it was not taken.
    assert [line for line in said if "status of 422" not in line] == []


PAGES = (
    "inspections/",
    "inspections/new/",
    "inspections/designations/",
    "inspections/designations/new/",
    "inspections/{campaign}/",
    "inspections/units/{case}/",
    "inspections/units/{case}/items/1/",
    "rectifying/",
    "rectifying/new/",
    "issues/",
    "issues/new/",
)


@pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True)
@pytest.mark.sqlite_story
def test_every_page_fits_a_phone_and_everybody_can_use_it(
    phone: BrowserContext, live_server: LiveServer, county: County, case: Case
) -> None:
    page = enter(phone, live_server, "xinyong")
    for path in PAGES:
        page.goto(f"{live_server.url}/desk/" + path.format(case=case.pk, campaign=case.campaign_id))
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.response["violations"] == [], (path, found.generate_report())


@pytest.mark.sqlite_story
def test_anybody_computes_the_draw_again(demo_county: Home) -> None:
    [shown] = json.loads(demo_county.run("inspection", "list", "--json"))
    told = json.loads(demo_county.run("inspection", "draw", shown["number"], "--json"))
    assert told["same"] is True
    line = sorted(
        (each["code"] for each in told["population"]),
        key=lambda code: hashlib.sha256(f"{told['seed']}\n{code}".encode()).hexdigest(),
    )
    assert [each["code"] for each in told["drawn"]] == line[: told["n"]]
    assert "与登记的一致" in demo_county.run("inspection", "draw", shown["number"])
    assert "没有找到这次督查" in demo_county.run("inspection", "draw", 99, fails=True)
    [again, _first] = json.loads(demo_county.run("issue", "list", "--json"))
    assert again["nth"] == 2
    running = json.loads(demo_county.run("rectification", "list", "--open", "--json"))
    assert {each["unit"] for each in running} == {"示例县水利局", "示例县交通运输局"}


@pytest.mark.sqlite_story
def test_the_page_hands_out_the_same_inputs_to_a_unit_that_was_not_drawn(
    demo_county: Home,
) -> None:
    told = json.loads(demo_county.run("inspection", "draw", 1, "--json"))
    with demo_county.serving() as address, closing(sign_in(address, "shichang")) as client:
        answer: httpx.Response = client.get("/desk/inspections/1/sampling/")
    given = answer.json()
    assert {name: given[name] for name in ("seed", "n", "per_kind", "population", "drawn")} == {
        name: told[name] for name in ("seed", "n", "per_kind", "population", "drawn")
    }
