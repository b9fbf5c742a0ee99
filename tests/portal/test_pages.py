"""What the public pages say, and what they never say."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from tests.portal.boards import FIRM, HONOUR, LICENCE, PENALTY, TOWN, UNIT
from zhengxin.publication.board import models, queries

pytestmark = [
    pytest.mark.django_db(databases=["board"]),
    pytest.mark.usefixtures("board"),
    pytest.mark.urls("zhengxin.config.portal_urls"),
]

PAGES = [
    "/",
    "/units/",
    f"/units/{UNIT}/",
    f"/subjects/{FIRM}/",
    "/items/",
    f"/entries/{LICENCE}/",
    f"/entries/{PENALTY}/",
    f"/entries/{HONOUR}/",
    "/search/",
    "/search/?q=河东",
    "/withheld/",
    "/verify/",
    "/about/",
    "/data/",
    "/accessibility/",
]

OVER = "销售超过保质期食品"
MIDNIGHT = datetime(2026, 11, 21, 16, 15, tzinfo=UTC)
LISTS = [
    "/",
    "/units/",
    f"/units/{UNIT}/",
    f"/units/{UNIT}/?kind=penalty",
    f"/subjects/{FIRM}/",
    "/items/",
    "/items/?kind=penalty&year=2026",
    f"/items/?unit={UNIT}",
    "/search/?q=河东",
    "/search/?q=示市监罚〔2026〕77号",
    "/data/",
]


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_without_scripts_or_styles_of_its_own(client, address):
    page = text_of(client, address)
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert "演示环境" in page
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"\son[a-z]+=", page)
    for script in re.findall(r"<script[^>]*>", page):
        assert "src=" in script or 'type="application/json"' in script
    assert "zx_" not in page
    assert "不出现" not in page


@pytest.mark.parametrize("address", PAGES)
def test_no_page_sets_a_cookie(client, address):
    assert not client.get(address).cookies


def test_the_home_page_says_what_is_the_case(client):
    page = text_of(client, "/")
    assert "13项决定应当公示，" in page
    assert "2项迟了" in page
    assert "84.6" in page
    assert "前一周100.0%" in page
    assert "登记簿共303条。" in page


def test_an_empty_board_is_explained_not_zero(client):
    models.BoardFigure.objects.all().delete()
    models.BoardItem.objects.all().delete()
    page = text_of(client, "/")
    assert "还没有公示的记录。" in page
    assert "没有正在公示的记录" in page


def test_few_decisions_get_no_rate(client):
    page = text_of(client, "/units/")
    assert "不足10项" in page
    assert "2个单位，" in page


def test_a_unit_page_tells_missing_and_waiting_from_late(client):
    page = text_of(client, f"/units/{UNIT}/")
    assert "2项没有决定日期" in page
    assert "1项期限待定" in page
    assert "自然人的记录不公开" in page
    assert "旧县市场监督管理局" in page
    assert "待确认" in page


def test_a_unit_page_filters_by_kind(client):
    page = text_of(client, f"/units/{UNIT}/?kind=licence")
    assert f"/entries/{LICENCE}/" in page
    assert f"/entries/{PENALTY}/" not in page


def test_what_concerns_a_town_stands_on_its_page(client):
    assert f"/entries/{HONOUR}/" in text_of(client, f"/units/{TOWN}/")


def test_a_unit_reached_as_a_subject_has_one_address(client):
    answer = client.get(f"/subjects/{TOWN}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/units/{TOWN}/")


def test_a_ground_that_is_reviewed_says_when(client):
    for path in ("/withheld/", f"/units/{UNIT}/"):
        page = client.get(path).content.decode()
        assert page.count("最早2027年1月1日复核") == 1, path


def test_an_entry_names_period_basis_objection_and_what_is_withheld(client):
    page = text_of(client, f"/entries/{PENALTY}/")
    for words in (
        "公示中，至2099年11月12日",
        "失信，一般",
        "信用修复管理办法第九条，待核实",
        "向作出决定的单位提出",
        "2027年2月12日起",
        "不公开，个人隐私",
        "第十五条，2027年3月1日复核",
        "销售超过保质期的酸奶12盒。",
    ):
        assert words in page
    assert "没有放开的说明" not in page


def test_the_proof_on_a_page_holds_no_copy_of_the_values(client):
    page = text_of(client, f"/entries/{PENALTY}/")
    block = re.search(r'<script id="proof-data"[^>]*>(.*?)</script>', page, re.S)
    assert block is not None
    assert '"path"' in block[1]
    assert "5.2" not in block[1]
    assert "\\u9500" not in block[1]


def test_a_correction_says_so(client):
    assert "它更正了记录12。" in text_of(client, f"/entries/{LICENCE}/")


def test_values_come_back_character_for_character(client):
    page = text_of(client, f"/entries/{LICENCE}/")
    assert "第三小学教学楼&#13;\n二期&quot;甲&quot;区&lt;b&gt;𠮷&lt;/b&gt;&amp;amp;" in page


@pytest.mark.parametrize("entry_id", [1, 299, 999999, 2**63, 10**30])
def test_what_is_not_shown_and_what_does_not_exist_look_alike(client, entry_id):
    first = client.get(f"/entries/{entry_id}/")
    assert first.status_code == 404
    assert "是哪一种，本站不作说明" in first.content.decode()
    assert client.get(f"/entries/{entry_id}/proof.json").status_code == 404
    assert client.get(f"/units/{entry_id}/").status_code == 404
    assert client.get(f"/subjects/{entry_id}/").status_code == 404


def test_an_entry_behind_the_checkpoint_waits(client):
    models.BoardCheckpoint.objects.update(size=HONOUR - 1)
    page = text_of(client, f"/entries/{HONOUR}/")
    assert "下一次签名之后才能核验" in page
    assert "proof/page.js" not in page


def test_a_page_that_no_longer_shows_all_of_the_open_part_says_it_cannot_be_checked(client):
    row = models.BoardItem.objects.get(entry_id=HONOUR)
    row.disclosure["proof"]["hidden"]["open"] = "00" * 32
    del row.disclosure["proof"]["salts"]["open"]
    row.save()
    page = text_of(client, f"/entries/{HONOUR}/")
    assert "本页不能核验" in page
    assert "proof/page.js" not in page


def test_the_list_keeps_its_filters(client):
    page = text_of(client, f"/items/?kind=honour&unit={UNIT}&year=2026")
    assert f"/entries/{HONOUR}/" in page
    assert f"/entries/{LICENCE}/" not in page
    assert '<option value="honour" selected>' in page
    assert f'<option value="{UNIT}" selected>' in page
    assert '<option value="2026" selected>' in page


@pytest.mark.parametrize(
    "query", ["kind=%00", "unit=x", "year=99999", "before=-1", "unit=" + "9" * 30]
)
def test_a_spoilt_filter_is_no_failure(client, query):
    assert client.get(f"/items/?{query}").status_code == 200


def test_search_without_scripts_is_a_page_and_with_htmx_a_part(client):
    whole = text_of(client, "/search/?q=河东")
    part = client.get("/search/?q=河东", headers={"HX-Request": "true"})
    assert "<html" in whole
    assert "<html" not in part.content.decode()
    assert f"/subjects/{FIRM}/" in part.content.decode()
    assert 'aria-live="polite"' in whole


def test_search_asks_for_two_characters_and_says_when_nothing_is_found(client):
    assert "请至少写两个字。" in text_of(client, "/search/?q=河")
    assert "没有找到“没这个”" in text_of(client, "/search/?q=没这个")


def test_search_says_when_its_list_is_cut(client, monkeypatch):
    assert "这里只列最新的" not in text_of(client, "/search/?q=河东")
    monkeypatch.setattr("zhengxin.portal.views.FOUND", 1)
    assert "这里只列最新的" in text_of(client, "/search/?q=河东")


def test_what_is_typed_is_escaped(client):
    assert "<i>" not in text_of(client, "/search/?q=<i>河东")


def test_large_print_is_remembered_and_goes_back_to_this_site_only(client):
    answer = client.get("/mode/?large=1&next=/units/")
    assert answer["Location"] == "/units/"
    assert 'data-mode="large"' in text_of(client, "/units/")
    assert 'class="zx-alt" open' in text_of(client, f"/units/{UNIT}/")
    assert client.get("/mode/?large=0&next=//evil.example/")["Location"] == "/"
    assert client.get("/mode/?large=0&next=https://evil.example/")["Location"] == "/"
    assert 'data-mode="large"' not in text_of(client, "/units/")


def test_the_policy_forbids_what_is_not_ours(client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_proof_file_can_be_taken_home(client):
    answer = client.get(f"/entries/{PENALTY}/proof.json")
    assert "attachment" in answer["Content-Disposition"]
    assert answer.json()["disclosure"]["open"]["CF_NR_FK"] == "5.2"


def test_a_failure_has_a_page_that_needs_no_database(client, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(queries, "home", fail)
    monkeypatch.setattr(queries, "county", fail)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "没有内容丢失" in answer.content.decode()


def test_a_request_for_another_host_is_refused_readably(client):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "这一页不能打开" in answer.content.decode()


@pytest.fixture
def over_at_midnight(monkeypatch):
    """The penalty's last day is 21 November; it is a quarter past midnight in the county, still the 21st in UTC."""
    models.BoardItem.objects.filter(entry_id=PENALTY).update(shown_to=date(2026, 11, 21))
    models.BoardItem.objects.filter(entry_id=LICENCE).update(title="另一条")
    monkeypatch.setattr("django.utils.timezone.now", lambda: MIDNIGHT)


def test_no_list_shows_what_was_over_yesterday_though_no_daily_step_ran(client, over_at_midnight):
    for address in LISTS:
        assert OVER not in text_of(client, address), address
    assert client.get(f"/entries/{PENALTY}/").status_code == 404
    assert client.get(f"/entries/{PENALTY}/proof.json").status_code == 404


def test_on_its_last_day_it_is_still_shown(client, over_at_midnight, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MIDNIGHT - timedelta(minutes=16))
    for address in ("/", f"/units/{UNIT}/", f"/subjects/{FIRM}/", "/items/?year=2026"):
        assert OVER in text_of(client, address), address


def test_numbers_say_when_they_were_counted(client):
    for address in ("/items/", f"/units/{UNIT}/", "/withheld/"):
        assert "条数截至11月19日 9:12。" in text_of(client, address)


def test_the_key_to_the_pictures_stands_once_and_nothing_is_drawn_of_nothing(client):
    figures = models.BoardFigure.objects.get(name="units")
    models.BoardFigure.objects.filter(name="units").update(
        value={str(UNIT): figures.value[str(UNIT)]}
    )
    page = text_of(client, "/units/")
    assert page.count("zx-legend") == 1
    assert page.count('class="zx-p-pic"><svg') == 1
    assert "没有可画的" in text_of(client, f"/units/{TOWN}/")
    assert "zx-legend" in text_of(client, "/")


def test_a_page_about_one_firm_does_not_repeat_its_name_line_by_line(client):
    page = text_of(client, f"/subjects/{FIRM}/")
    lines = page.split('<ol class="zx-list">')[1].split("</ol>")[0]
    assert "示例县河东建材有限公司" not in lines
    assert "示例县河东建材有限公司" in text_of(client, "/items/")
