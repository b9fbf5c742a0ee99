"""A session's list row by row, and what rules say without a database."""

from datetime import date

import pytest

from zhengxin.oversight.proposals import rules
from zhengxin.oversight.proposals.reading import Ground, ListFaulty, named, read_list
from zhengxin.oversight.proposals.sheets import ListUnreadable, rows_of
from zhengxin.oversight.proposals.types import Name, Rated, Term

HEAD = ["类别", "编号", "标题", "内容", "领衔人", "代表团", "联名人", "是否公开"]
ROW = [
    "建议",
    "12",
    "关于信号灯",
    "装灯",
    "江雨眠",
    "城关代表团",
    "石清和、顾南风（柳湾代表团）",
    "",
]
GROUND = Ground(
    session="第五次会议",
    received_on=date(2026, 11, 2),
    kinds={"suggestion", "proposal"},
    taken={("suggestion", "7")},
    delegations={("suggestion", "李四"): ("城关代表团", "柳湾代表团")},
)


def faults(*rows: list[str], head: list[str] = HEAD) -> list[tuple[int, str, str]]:
    with pytest.raises(ListFaulty) as caught:
        read_list([head, *rows], GROUND)
    return [(each.row, each.column, each.why) for each in caught.value.faults]


def changed(**cells: str) -> list[str]:
    return [cells.get(name, cell) for name, cell in zip(HEAD, ROW, strict=True)]


def test_a_sound_row_is_read_as_it_stands() -> None:
    [raised] = read_list([HEAD, ROW, ["", "", ""]], GROUND)
    assert raised.signers == (
        Name("江雨眠", "城关代表团"),
        Name("石清和"),
        Name("顾南风", "柳湾代表团"),
    )
    assert (raised.kind, raised.number, raised.consent, raised.difficult) == (
        "suggestion",
        "12",
        "unsaid",
        False,
    )


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        ({"类别": "议案"}, "类别", "不是人大代表建议，也不是政协提案。"),
        ({"编号": ""}, "编号", "没有填。"),
        ({"编号": "7"}, "编号", "这一届次已经登记过这个编号。"),
        ({"标题": "长" * 121}, "标题", "超过120个字，现有121个。"),
        ({"领衔人": "甲、乙"}, "领衔人", "要写一位，现在没有写或者不止一位。"),
        ({"联名人": "江雨眠（城关代表团）"}, "领衔人", "同一人署名两次。"),
        ({"联名人": "李四"}, "联名人", "叫李四的有2位：城关代表团、柳湾代表团。"),
        ({"联名人": "（柳湾）"}, "联名人", "姓名认不出来。"),
        ({"是否公开": "大概"}, "是否同意公开", "认不出来。"),
        ({"内容": "请打13800138000"}, "内容", "里面有手机号码。"),
    ],
)
def test_every_fault_has_its_column_and_reason(
    cells: dict[str, str], column: str, why: str
) -> None:
    assert faults(changed(**cells)) == [(2, column, why)]


def test_faults_of_several_rows_are_all_told() -> None:
    assert [row for row, _, _ in faults(changed(类别="?"), ROW, ROW, changed(标题=""))] == [2, 4, 5]


def test_columns_are_known_once_and_needed() -> None:
    head = ["类别", "类型", "编号", "标题", "内容", "备注"]
    told = faults(["x"] * 6, head=head)
    assert told == [
        (1, "类型", "这一列有两次。"),
        (1, "备注", "不认识这一列。"),
        (1, "领衔人", "缺这一列。"),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("张三 李四，王五", [Name("张三"), Name("李四"), Name("王五")]),
        ("张三(城关、东河代表团)", [Name("张三", "城关、东河代表团")]),
        ("（无名）", None),
    ],
)
def test_names_as_people_write_them(text: str, names: list[Name] | None) -> None:
    assert named(text) == names


def test_gb18030_is_read_and_broken_quotes_are_not() -> None:
    assert rows_of("a.csv", "类别,编号\n建议,1\n".encode("gb18030"))[1] == ["建议", "1"]
    for name, content in (
        ("a.csv", b'"a"b,c\n'),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.csv", b""),
        ("a.csv", b"a\n" * 2001),
        ("a.csv", b"a," * 41),
    ):
        with pytest.raises(ListUnreadable):
            rows_of(name, content)


def test_days_and_terms_read_well() -> None:
    assert rules.term_words(Term("working_days", 3)) == "3个工作日"
    assert rules.place_of("A-012号") == 12
    with pytest.raises(ValueError, match="no term"):
        rules.read_term({"suggestion": {"unit": "weeks", "count": 1}}, "suggestion")
    with pytest.raises(ValueError, match="no number"):
        rules.read_count("one")


@pytest.mark.parametrize(
    ("result", "nth", "most", "again"),
    [
        ("dissatisfied", 1, 1, True),
        ("dissatisfied", 2, 1, False),
        ("dissatisfied", 1, 0, False),
        ("mostly", 1, 1, False),
        ("satisfied", 1, 1, False),
    ],
)
def test_a_second_handling_as_often_as_the_rules_allow(
    result: str, nth: int, most: int, again: bool
) -> None:
    assert rules.goes_again(Rated("satisfied", result, "不行"), nth=nth, most=most) is again
