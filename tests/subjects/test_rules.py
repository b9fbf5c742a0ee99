"""The attribution table without a database."""

from datetime import date

import pytest

from zhengxin.kernel.names import fold_name
from zhengxin.subjects import enums, types
from zhengxin.subjects.rules import (
    attribute,
    looks_like_a_person,
    named_like_a_person,
    person_beside,
)
from zhengxin.subjects.types import (
    DatedName,
    Follower,
    Found,
    Judged,
    Known,
    Mention,
    without_number,
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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三", True),
        ("欧阳娜娜", True),
        ("阿依古丽·买买提", True),
        ("示例县河口镇小吃店", False),
        ("示例县建筑有限公司", False),
        ("示例县会计师事务所（普通合伙）", False),
        ("王局", True),
    ],
)
def test_in_doubt_a_name_is_a_persons(name, expected):
    assert looks_like_a_person(name) is expected


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "张 三",
        "欧阳娜娜",
        "司马相如",
        "李建社",
        "阿依古丽·买买提",
        "阿依古丽.买买提",
        "张𠮷",
        "张\ue123",
        "李某某",
        "王×",
        "赵＊",
        "张三（个人）",
        "John Smith",
        "欧阳建国，王小二",
        "王建国、李四（女）",
        "王建国 李四",
        "王建国等3人",
        "王建国等",
        "王建国先生",
        "王建国女士",
        "户主王建国",
        "自然人：王建国",
        "“王建国”",
        "王建国[个人]",
        "王建国2",
        "王建国和李小红",
        "王建国及李四等2人",
    ],
)
def test_names_that_a_person_may_bear(name):
    assert named_like_a_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "甲公司",
        "大华店",
        "小卖部",
        "面馆",
        "县医院",
        "河口小吃店",
        "百味面馆",
        "星·咖啡店",
        "示例县建筑有限公司",
        "示例县会计师事务所（普通合伙）",
        "示例县气象台",
        "示例县联和商行",
        "示例县和平镇",
        "永和豆浆店",
        "黄河与长江运输队",
        "示例县河口镇双井村",
        "甲2号",
        "大华店、示例县建筑有限公司",
        "王建国、示例县建筑有限公司",
    ],
)
def test_bodies_that_nobody_needs_to_look_at(name):
    assert not named_like_a_person(name)


PERSON_BESIDE = [
    "甲一建材有限公司（经营者王小明）",
    "甲二建材有限公司（实际控制人王小二）",
    "甲三建材有限公司王小三",
    "甲四建材有限公司（法定代表人：王小四）",
    "甲五商贸有限公司（王小五）",
    "甲七商贸有限公司、王小七",
    "甲八商贸有限公司 王小八",
    "王小九、甲九商贸有限公司",
    "甲十商贸有限公司经营者王小十男汉族",
    "甲建材厂(委托代理人 王小明)",
    "甲建材（经营者：王小明）有限公司",
    "王小明经营的甲建材厂",
    "甲公司及王小明",
]


@pytest.mark.parametrize("name", PERSON_BESIDE)
def test_a_new_code_beside_a_body_and_a_person_waits(name):
    assert person_beside(name)
    assert attribute(Mention(name, CODE), Found(), DAY).certainty == "unsure"
    own = Mention(name, OTHER_CODE)
    assert attribute(own, Found(), DAY).certainty == "none"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "张三",
        "示例县建筑有限公司",
        "东河建材（北京）有限公司",
        "东河建材有限公司（泰安市）",
        "示例县会计师事务所（普通合伙）",
        "东河建材厂（个人独资）",
        "东河建材有限公司（东河分公司）",
        "东河建材有限公司第三项目部",
        "东河建材有限公司工会委员会",
        "东河 建材",
        "东河 建材有限公司",
        "和平饭店管理有限公司",
        "示例县中心小学",
        "示例县企业联合会",
        "职业经理人协会",
        "河口饭店、柳湾饭店",
        "星·咖啡店",
        "A-B科技有限公司",
        "示例县粮油集团总公司",
        "半截店牧场",
        "示例矿业有限责任公司许家煤矿",
    ],
)
def test_what_stands_beside_a_body_and_is_no_person(name):
    assert not person_beside(name)


@pytest.mark.parametrize(
    "number",
    [
        "210321190001010014",
        "210321I9000I0I00I4",
        "2103211900⑩⑩0014",
        "13804120000",
        "138-0412-0000",
        "210321********0014",
        "210321：19000101：0014",
    ],
)
def test_a_persons_number_in_a_name_does_not_stand_in_its_key(number) -> None:
    one, other = (Mention(f"示例{number}商行{n}") for n in "甲乙")
    assert not any(run in one.key for run in ("示例", "2103", "0014", "1380", "0412"))
    assert one.key == Mention(f"示例{number}商行甲 ").key
    assert one.key != other.key
    assert Mention("示例县惠民建材有限公司").key == "示例县惠民建材有限公司|"


@pytest.mark.parametrize("number", ["13804120000", "210321********0014"])
def test_a_key_of_before_is_made_like_one_of_now(number) -> None:
    now = Mention(f"示例{number}商行", CODE).key
    assert without_number(f"示例{number}商行|{CODE}") == now
    assert without_number(f"示例******************商行{now}") == now
    assert without_number(now) == now
    for plain in ("示例县惠民建材有限公司|", "#12", f"甲#乙有限公司|{CODE}"):
        assert without_number(plain) == plain
