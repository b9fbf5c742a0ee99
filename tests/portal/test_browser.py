"""The portal in a real browser: the proof, tampering, the keyboard, every width."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.portal.boards import FIRM, HONOUR, LICENCE, PENALTY, UNIT, fill_board
from zhengxin.publication.board import models

pytestmark = [
    pytest.mark.sqlite_story,
    pytest.mark.django_db(transaction=True, databases=["board"]),
    pytest.mark.urls("zhengxin.config.portal_urls"),
]

PAGES = [
    "/",
    "/units/",
    f"/units/{UNIT}/",
    f"/subjects/{FIRM}/",
    "/items/",
    f"/entries/{PENALTY}/",
    f"/entries/{LICENCE}/",
    "/search/?q=河东",
    "/search/?q=没这个",
    "/withheld/",
    "/verify/",
    "/about/",
    "/data/",
    "/accessibility/",
    "/entries/1/",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def site(live_server: Any) -> str:
    """The address of a server over the small board."""
    fill_board()
    return str(live_server.url)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose console stays silent."""
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type in ("error", "warning") and "404" not in message.text
            else None
        ),
    )
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.parametrize("entry_id", [LICENCE, PENALTY, HONOUR])
def test_the_browser_rebuilds_the_record_from_what_it_shows(page, site, entry_id):
    page.goto(f"{site}/entries/{entry_id}/")
    expect(page.locator("[data-proof]")).to_have_attribute("data-state", "ok")
    expect(page.get_by_role("heading", name="本页与登记簿相符")).to_be_visible()
    assert page.locator("[data-step].is-ok").count() == 4


def test_one_changed_digit_is_found_and_mended_by_keyboard(page, site):
    page.goto(f"{site}/entries/{PENALTY}/")
    panel = page.locator("[data-proof]")
    expect(panel).to_have_attribute("data-state", "ok")
    page.get_by_role("button", name="改一个数试试").focus()
    page.keyboard.press("Enter")
    expect(panel).to_have_attribute("data-state", "bad")
    expect(page.get_by_role("heading", name="本页与登记簿不符")).to_be_visible()
    assert page.locator(".zx-bad").count() == 1
    assert page.locator("[data-step].is-bad").count() == 2
    page.keyboard.press("Enter")
    expect(panel).to_have_attribute("data-state", "ok")
    assert page.locator(".zx-bad").count() == 0


def test_every_value_shown_as_record_is_tied_to_the_proof(page, site):
    page.goto(f"{site}/entries/{PENALTY}/")
    panel = page.locator("[data-proof]")
    expect(panel).to_have_attribute("data-state", "ok")
    tied = page.locator("[data-field], [data-group], [data-item], time[data-leaf], span[data-leaf]")
    assert tied.count() >= 10
    for index in range(tied.count()):
        whole = tied.nth(index)
        before = whole.inner_html()
        words = whole.text_content() or ""
        last = words[-1]
        changed = (
            words.replace(last, "9") if not last.isdigit() else words[:-1] + str(9 - int(last))
        )
        if whole.evaluate("e => e.localName") == "time":
            changed = words.replace("2026", "2025")
        whole.evaluate("(e, words) => { e.textContent = words; }", changed)
        page.get_by_role("button", name="重新核验").click()
        expect(panel).to_have_attribute("data-state", "bad")
        whole.evaluate("(e, html) => { e.innerHTML = html; }", before)
        page.get_by_role("button", name="重新核验").click()
        expect(panel).to_have_attribute("data-state", "ok")


def test_a_changed_link_to_the_subject_is_found(page, site):
    models.BoardItem.objects.filter(entry_id=PENALTY).update(subject_id=UNIT)
    page.goto(f"{site}/entries/{PENALTY}/")
    expect(page.locator("[data-proof]")).to_have_attribute("data-state", "bad")


@pytest.mark.parametrize("spoil", ["note", "verifier"])
def test_a_checkpoint_signed_by_somebody_else_is_refused(page, site, spoil):
    row = models.BoardCheckpoint.objects.get()
    if spoil == "note":
        signature = row.note.rsplit(" ", 1)[1].strip()
        other = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
        row.note = row.note.replace(signature, other)
    else:
        row.verifier = row.verifier[:-8] + "AAAAAAA="
    row.save()
    page.goto(f"{site}/entries/{PENALTY}/")
    expect(page.locator("[data-proof]")).to_have_attribute("data-state", "bad")


def test_a_downloaded_proof_is_checked_without_the_server(page, site, tmp_path):
    page.goto(f"{site}/entries/{PENALTY}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载凭证").click()
    kept = tmp_path / "proof.json"
    download.value.save_as(kept)
    page.goto(f"{site}/verify/")
    page.get_by_label("凭证文件").set_input_files(kept)
    expect(page.get_by_role("heading", name="凭证与登记簿相符")).to_be_visible()
    expect(page.locator("output")).to_contain_text("销售超过保质期的酸奶12盒。")
    proof = json.loads(kept.read_text())
    proof["disclosure"]["open"]["CF_NR_FK"] = "0.2"
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(proof))
    page.get_by_label("凭证文件").set_input_files(forged)
    expect(page.get_by_role("heading", name="凭证与登记簿不符")).to_be_visible()
    junk = tmp_path / "junk.json"
    junk.write_text("{}")
    page.get_by_label("凭证文件").set_input_files(junk)
    expect(page.get_by_role("heading", name="这个文件不能核验")).to_be_visible()


def test_search_swaps_results_in_and_announces_them(page, site):
    page.goto(f"{site}/search/")
    page.get_by_role("searchbox").fill("河东")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("1个单位或企业，2条记录")
    assert page.url.endswith("?q=%E6%B2%B3%E4%B8%9C")
    assert page.locator("main").count() == 1


def test_without_scripts_everything_but_the_check_works(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/entries/{PENALTY}/")
    expect(page.get_by_role("heading", name="尚未核验")).to_be_visible()
    expect(page.get_by_role("button", name="改一个数试试")).to_be_hidden()
    page.goto(f"{site}/search/")
    page.get_by_role("searchbox").fill("河东")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("#results")).to_contain_text("2条记录")
    context.close()


@pytest.mark.parametrize("mode", ["", "large"])
def test_every_page_is_accessible_and_never_scrolls_sideways(browser, site, mode):
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce")
    if mode:
        context.add_cookies([{"name": "mode", "value": mode, "url": site}])
    page = context.new_page()
    found = []
    for address in PAGES:
        page.goto(site + address)
        if "/entries/3" in address:
            expect(page.locator("[data-proof]")).to_have_attribute("data-state", "ok")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            found += [(address, width, v["id"], v["nodes"][0]["html"]) for v in violations]
        for width in (320, 768, 1600):
            page.set_viewport_size({"width": width, "height": 900})
            root = page.locator("html")
            if root.evaluate("e => e.scrollWidth > e.clientWidth"):
                found.append((address, width, "sideways", ""))
    context.close()
    assert found == []
