"""The attribution table without a database."""

from datetime import date

import pytest

from zhengxin.kernel.names import fold_name
from zhengxin.subjects import enums, types
from zhengxin.subjects.rules import (
    attribute,
)
from zhengxin.subjects.types import (
    DatedName,
    Follower,
    Found,
    Judged,
    Known,
    Mention,
)

CODE, OTHER_CODE = "91210321MA0000031B", "92210321MA000004X0"
DAY = date(2026, 11, 20)
HASH = "ab" * 32


def named(text, kind="official", since=None, until=None):
    return DatedName(text, fold_name(text), kind, since, until)


def known(pk, name, *names, **more):
    return Known(pk, name, more.pop("uscc", ""), names or (named(name),), **more)


FIRM = known(1, "示例县公路养护有限公司", uscc=CODE)
NAMESAKE = known(2, "示例县公路养护有限公司", uscc=OTHER_CODE)
REFORM = known(
    10,
    "示例县发展和改革局",
    named("示例县发展和改革局", since=date(2019, 3, 15)),
    named("县发改局", "short", since=date(2019, 3, 15)),
    named("示例县发展改革委员会", "former", until=date(2019, 3, 14)),
    is_unit=True,
)
HEALTH = Follower(21, "示例县卫生健康局", confirmed=False)
CLOSED = known(
    20,
    "示例县卫生和计划生育局",
    named("示例县卫生和计划生育局"),
    named("县卫计局", "short"),
    is_unit=True,
    closed_on=date(2019, 3, 14),
    successors=(HEALTH,),
)
MARKET = known(
    30,
    "示例县市场监督管理局",
    is_unit=True,
    opened_on=date(2019, 3, 15),
    predecessors=(Follower(31, "示例县工商行政管理局", confirmed=True),),
)
ZHANG = known(40, "张𠮷", is_person=True)
JUDGED = Judged(7, "营业执照上是同一家", "许知", date(2026, 11, 1))

CASES = [
    # mention, found, day, certainty, subject, candidates, words of the reason
    (Mention(FIRM.name, CODE), Found(by_code=FIRM), DAY, "certain", 1, (), "代码与名称都一致"),
    (
        Mention(" 示例县公路养护 有限公司", CODE.lower()),
        Found(by_code=FIRM),
        DAY,
        "certain",
        1,
        (),
        "",
    ),
    (
        Mention("示例路桥养护中心", CODE),
        Found(by_code=FIRM),
        DAY,
        "unsure",
        None,
        (1,),
        "登记名称是“示例县公路养护有限公司”",
    ),
    (Mention("", CODE), Found(by_code=FIRM), DAY, "unsure", None, (1,), ""),
    (Mention("新来的公司", CODE), Found(), DAY, "none", None, (), "尚无此主体"),
    (Mention(FIRM.name, CODE), Found(by_name=(NAMESAKE,)), DAY, "none", None, (), "同名主体"),
    (
        Mention(REFORM.name, CODE),
        Found(by_name=(REFORM,)),
        DAY,
        "unsure",
        None,
        (10,),
        "没有这个代码",
    ),
    (Mention("某公司", CODE[:-1] + "A"), Found(), DAY, "none", None, (), "末位应为B"),
    (Mention(FIRM.name, "12345"), Found(by_name=(FIRM,)), DAY, "unsure", None, (1,), "代码不成立"),
    (Mention("县发改局", CODE), Found(by_code=REFORM), DAY, "certain", 10, (), "简称"),
    (
        Mention("示例县发展改革委员会", CODE),
        Found(by_code=REFORM),
        DAY,
        "certain",
        10,
        (),
        "另一时期",
    ),
    (
        Mention("示例县发展改革委员会", CODE),
        Found(by_code=REFORM),
        date(2018, 5, 1),
        "certain",
        10,
        (),
        "当日所用",
    ),
    (
        Mention("示例县发展改革委员会", CODE),
        Found(by_code=REFORM, by_name=(known(11, "示例县发展改革委员会", is_unit=True), REFORM)),
        DAY,
        "unsure",
        None,
        (10, 11),
        "另一主体",
    ),
    (
        Mention("县卫计局", CODE),
        Found(by_code=CLOSED),
        DAY,
        "unsure",
        None,
        (21, 20),
        "已于2019年3月14日撤销",
    ),
    (Mention("县卫计局", CODE), Found(by_code=CLOSED), date(2019, 3, 14), "certain", 20, (), ""),
    # Names alone.
    (
        Mention("示例县发展和改革局"),
        Found(by_name=(REFORM,)),
        DAY,
        "certain",
        10,
        (),
        "单位名称一致",
    ),
    (Mention("县发改局"), Found(by_name=(REFORM,)), DAY, "certain", 10, (), "简称"),
    (Mention("县发改局", "0" * 17 + "X"), Found(by_name=(REFORM,)), DAY, "certain", 10, (), "简称"),
    (
        Mention("县发改局"),
        Found(by_name=(REFORM,)),
        date(2018, 1, 2),
        "unsure",
        None,
        (10,),
        "当日不是",
    ),
    (
        Mention("示例县发展改革委员会"),
        Found(by_name=(REFORM,)),
        date(2019, 3, 14),
        "certain",
        10,
        (),
        "当日所用",
    ),
    (
        Mention("示例县发展改革委员会"),
        Found(by_name=(REFORM,)),
        DAY,
        "unsure",
        None,
        (10,),
        "当日不是",
    ),
    (Mention("县卫计局"), Found(by_name=(CLOSED,)), date(2018, 6, 1), "certain", 20, (), "简称"),
    (Mention("县卫计局"), Found(by_name=(CLOSED,)), DAY, "unsure", None, (21, 20), "尚未确认"),
    (Mention(MARKET.name), Found(by_name=(MARKET,)), date(2019, 3, 15), "certain", 30, (), ""),
    (
        Mention(MARKET.name),
        Found(by_name=(MARKET,)),
        date(2019, 3, 14),
        "unsure",
        None,
        (31, 30),
        "才成立",
    ),
    (Mention(FIRM.name), Found(by_name=(FIRM,)), DAY, "unsure", None, (1,), "只有名称"),
    (Mention(FIRM.name), Found(by_name=(FIRM, NAMESAKE)), DAY, "unsure", None, (1, 2), "2个主体"),
    (
        Mention("县发改局"),
        Found(by_name=(REFORM, known(12, "县发改局"))),
        DAY,
        "unsure",
        None,
        (10, 12),
        "",
    ),
    (Mention("没人听说过的店"), Found(), DAY, "none", None, (), "没有这一名称"),
    (Mention(""), Found(), DAY, "none", None, (), "没有名称"),
    # Natural persons.
    (Mention("张𠮷", id_hash=HASH), Found(by_hash=ZHANG), DAY, "certain", 40, (), "姓名都一致"),
    (Mention("李四", id_hash=HASH), Found(by_hash=ZHANG), DAY, "unsure", None, (40,), "姓名不同"),
    (Mention("张𠮷", id_hash=HASH), Found(), DAY, "none", None, (), "没有持这一证件"),
    (Mention("张𠮷"), Found(by_name=(ZHANG,)), DAY, "none", None, (), "不能只凭姓名"),
    (
        Mention("县发改局", natural_person_hint=True),
        Found(by_name=(REFORM,)),
        DAY,
        "none",
        None,
        (),
        "不能只凭姓名",
    ),
    # A person filed as a firm.
    (Mention("张三", CODE), Found(), DAY, "unsure", None, (), "名称像是自然人的姓名"),
    (Mention("张三（经营者）", CODE), Found(), DAY, "unsure", None, (), "像是自然人"),
    (
        Mention("张三", CODE),
        Found(by_name=(known(41, "张三", uscc=OTHER_CODE),)),
        DAY,
        "unsure",
        None,
        (41,),
        "像是自然人",
    ),
    (
        Mention("示例县建筑有限公司", CODE, natural_person_hint=True),
        Found(),
        DAY,
        "unsure",
        None,
        (),
        "类别填的是自然人",
    ),
    # An individual business may bear its owner's name; a firm of that name was established before.
    (Mention("张三", OTHER_CODE), Found(), DAY, "none", None, (), "尚无此主体"),
    (Mention("张三", CODE), Found(by_code=known(42, "张三")), DAY, "certain", 42, (), "都一致"),
    (Mention("张三", CODE), Found(judged=JUDGED), DAY, "certain", 7, (), "许知"),
    # What a person decided.
    (
        Mention("示例路桥养护中心", CODE),
        Found(by_code=FIRM, judged=JUDGED),
        DAY,
        "certain",
        7,
        (),
        "许知于2026年11月1日认定",
    ),
    (Mention("没人听说过的店"), Found(judged=JUDGED), DAY, "certain", 7, (), "同一家"),
    (
        Mention("张三", id_hash=HASH),
        Found(by_hash=ZHANG, judged=Judged(None, "外县的人", "许知", DAY)),
        DAY,
        "none",
        None,
        (),
        "外县的人",
    ),
    (Mention("县卫计局"), Found(by_name=(CLOSED,), judged=JUDGED), DAY, "certain", 7, (), "认定"),
    # One judgement cannot be right for every day: the old body's own days stay its own.
    (
        Mention("县卫计局"),
        Found(by_name=(CLOSED,), judged=JUDGED),
        date(2018, 6, 1),
        "certain",
        20,
        (),
        "简称",
    ),
]


@pytest.mark.parametrize(
    ("mention", "found", "day", "certainty", "subject_id", "candidates", "words"), CASES
)
def test_the_attribution_table(mention, found, day, certainty, subject_id, candidates, words):
    verdict = attribute(mention, found, day)
    assert (verdict.certainty, verdict.subject_id) == (certainty, subject_id)
    assert verdict.candidates == candidates
    assert words in verdict.because
    assert verdict.because.endswith(("。", "店", "家", "人"))


def test_a_persons_registered_name_is_not_given_away():
    verdict = attribute(Mention("李四", id_hash=HASH), Found(by_hash=ZHANG), DAY)
    assert "张" not in verdict.because


def test_the_certainties_are_those_of_the_database():
    assert {types.CERTAIN, types.UNSURE, types.NONE} == set(enums.Certainty.values)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Mention("阿依古丽•买买提", id_hash=HASH), Mention("阿依古丽·买买提", id_hash=HASH)),
        (Mention("示例（县）商店", CODE.lower()), Mention("示例(县)商店", CODE + " ")),
        (Mention("某店", "0" * 17 + "X"), Mention("某 店")),
    ],
)
def test_two_spellings_have_one_key(first, second):
    assert first.key == second.key
