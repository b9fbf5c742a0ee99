"""From the ledger through the followers to a page that the browser can prove."""

import pytest
from playwright.sync_api import Browser, expect

from tests.publication.county import County, record

pytestmark = [
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.urls("zhengxin.config.portal_urls"),
]


def test_what_went_into_the_ledger_is_what_the_browser_proves(
    browser: Browser, live_server, settings, tmp_path
):
    settings.KEYS_DIR = tmp_path / "keys"
    settings.DOWNLOADS_DIR = tmp_path / "downloads"
    county = County()
    ids = county.send(
        record(),
        record(kind="penalty", number="示市监罚〔2026〕77号"),
        record(number="示住建许〔2026〕19号", text={"XK_NR": "一行\r\n二行"}),
    )
    county.act("grading", ids[1], grade="general", because="核过")
    county.act("text_release", ids[1], fields=["CF_SY"], because="没有隐私")
    county.publish()
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    for entry_id in ids:
        page.goto(f"{live_server.url}/entries/{entry_id}/")
        expect(page.locator("[data-proof]")).to_have_attribute("data-state", "ok")
    page.goto(f"{live_server.url}/entries/{ids[1]}/")
    expect(page.locator("main")).to_contain_text("货架上摆着三袋过期奶粉")
    expect(page.locator("main")).not_to_contain_text("李四")
    page.goto(f"{live_server.url}/search/?q=示市监罚77号")
    expect(page.locator("#results")).to_contain_text("1条记录")
    for address in ("/", "/units/", "/units/1/", "/items/", "/withheld/", "/verify/", "/about/"):
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200, address
    context.close()
