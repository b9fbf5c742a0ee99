"""Which names may be a person's, alone or beside a body's, and what of them stands in the key of a mention."""

from datetime import date

import pytest

from zhengxin.subjects.rules import (
    attribute,
    looks_like_a_person,
    named_like_a_person,
    person_beside,
)
from zhengxin.subjects.types import Found, Mention, without_number

CODE, OTHER_CODE = "91210321MA0000031B", "92210321MA000004X0"
DAY = date(2026, 11, 20)


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
