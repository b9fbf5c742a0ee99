"""Inspections, orders and replies on the portal, as oversight gives them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.oversight.inspections.public import PublicCase, PublicInspection
from zhengxin.oversight.inspections.types import Member, Sampling
from zhengxin.oversight.proposals.public import PublicReply
from zhengxin.oversight.rectifying.public import PublicOrder, PublicStep
from zhengxin.publication import actions as publication
from zhengxin.rulebook import public as measures
from zhengxin.sanctions.public import PublicCriticism

pytestmark = pytest.mark.django_db(databases=["board"])
AT = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
ACTOR = Actor.system("test")
DAY = date(2026, 11, 20)


def put(name, *rows):
    publication.put_story(name=name, rows=rows, at=AT, actor=ACTOR)


def page(path):
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_nothing_yet_says_what_will_stand_there():
    assert "还没有公布的督查。" in page("/inspections/")
    assert "还没有责令说明或整改的。" in page("/orders/")
    assert "还没有公开的答复。" in page("/replies/")
    assert Client().get("/inspections/1/").status_code == 404


def test_only_the_stories_of_oversight_are_put():
    with pytest.raises(ValueError, match="no story"):
        put("plans")


def test_the_list_of_measures_stands_with_the_bases_of_publication():
    assert "可以采取哪些惩戒措施" not in page("/about/")
    put("measures", *measures.published(date(2026, 11, 28)))
    found = page("/about/")
    assert "取消当年评优评先资格" in found
    assert "当年12月31日止" in found
    assert "记大过，18个月：辽宁省政务严重失信行为联合惩戒实施办法（试行）（待核实）" in found


def test_an_order_with_its_steps_and_a_withheld_one():
    steps = (
        PublicStep("rectification", DAY, DAY, "on_time", "限期整改", "按时"),
        PublicStep("written_explanation", None, None, "open", "书面说明", "待办", 8),
    )
    shown = PublicOrder(
        1, "示例县水利局", "示例县发展和改革局", DAY, "合同<b>", "第五条", steps, ""
    )
    hidden = PublicOrder(2, "示例县教育局", "示例县发展和改革局", DAY, "", "", (), "商业秘密")
    put("orders", hidden, shown)
    found = page("/orders/")
    assert "2件责令说明或整改" in found
    assert "合同&lt;b&gt;" in found
    assert "限期整改" in found
    assert "逾期8天" in found
    assert "待定" in found
    assert "商业秘密" in found


def test_a_criticism_of_a_unit_is_shown_up_to_its_day():
    today = timezone.localdate()
    said = {"words": "欠付<b>工程款", "basis": "国发〔2016〕76号", "decided_on": DAY}
    put(
        "criticisms",
        PublicCriticism(2, "示例县水利局", until_on=today, **said),
        PublicCriticism(1, "示例县教育局", until_on=today - timedelta(days=1), **said),
    )
    found = page("/orders/")
    assert "公开通报批评" in found
    assert "欠付&lt;b&gt;工程款" in found
    assert "示例县水利局" in found
    assert "示例县教育局" not in found


def test_an_inspection_says_how_its_units_were_drawn():
    case = PublicCase(
        "示例县水利局",
        "ZX-1",
        "ab",
        "concluded",
        DAY,
        {"conform": 2},
        1,
        "已出结论",
        (("符合", 2),),
    )
    waiting = PublicCase("示例县教育局", "ZX-2", "ac", "open", None, {}, 0, "督查办理中")
    reviewing = PublicCase("示例县民政局", "ZX-3", "ad", "reviewing", DAY, {}, 0, "正在复核")
    revoked = PublicCase(
        "示例县卫健局", "ZX-4", "ae", "reviewed", DAY, {}, 0, "复核已决定", (), "撤销结论"
    )
    made = PublicInspection(
        number=7,
        title="合同兑现专项督查",
        unit="示例县人民政府办公室",
        basis="政府督查工作条例",
        designation="示政发〔2026〕3号",
        from_on=DAY,
        until_on=DAY,
        state="drawn",
        items=((1, "合同是否兑现", "方案第一条"),),
        sampling=Sampling((Member(4, "ZX-1", "示例县水利局", "department"),), 1, False, "9" * 16),
        seed_named="福利彩票第2026期号码",
        seed_on=DAY,
        seed_source="官方网站",
        cases=(case, waiting, reviewing, revoked),
        state_label="正在督查",
    )
    put("inspections", made)
    assert "合同兑现专项督查" in page("/inspections/")
    found = page("/inspections/7/")
    for words in ("符合2项", "已整改1项", "还没有结论", "福利彩票第2026期号码", "9" * 16, "ZX-1"):
        assert words in found
    assert found.count("还没有结论") == 1
    assert "复核决定以后公布" in found
    assert "复核决定撤销结论，原来的检查结果不公布" in found


def test_replies_by_unit_and_their_text_only_when_released():
    def reply(number, unit, text):
        return PublicReply(
            "代表建议",
            "2026年",
            number,
            f"关于{number}的建议",
            unit,
            "A 已解决",
            DAY,
            None,
            text,
            False,
        )

    put("replies", reply("1", "示例县水利局", "已经修好。"), reply("2", "示例县教育局", ""))
    found = page("/replies/")
    assert "2件建议提案的答复。" in found
    assert "已经修好。" in found
    assert "答复原文还没有审核公开。" in found
    only = page("/replies/?unit=示例县教育局")
    assert "关于2的建议" in only
    assert "关于1的建议" not in only
    assert "关于1的建议" in page("/replies/?unit=没有的")
