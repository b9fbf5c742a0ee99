"""The rules of the grammar one by one, without files."""

import time
from datetime import date

import pytest

from zhengxin.oversight.grammar.headings import mark_of
from zhengxin.oversight.grammar.lines import paragraphs
from zhengxin.oversight.grammar.numerals import number_of
from zhengxin.oversight.grammar.phrases import labels, read_labels, read_phrases
from zhengxin.oversight.grammar.plans import read_lines
from zhengxin.oversight.grammar.spellings import same_units
from zhengxin.oversight.grammar.standing import rules_of
from zhengxin.oversight.grammar.terms import deadline_of, terms_of
from zhengxin.oversight.grammar.units import looks_like_unit, split_units
from zhengxin.oversight.types import (
    FindingKind,
    Plan,
    Role,
    RuleKind,
    Term,
    TermKind,
    TermUnit,
)

L, S, R = Role.LEAD, Role.SUPPORTING, Role.RESPONSIBLE


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("县发改局、县财政局", ["县发改局", "县财政局"]),
        ("县人力资源和社会保障局", ["县人力资源和社会保障局"]),
        ("县发改局和县人力资源和社会保障局", ["县发改局", "县人力资源和社会保障局"]),
        ("县水务局及各乡镇", ["县水务局", "各乡镇"]),
        ("海关总署、文化和旅游部、文物局", ["海关总署", "文化和旅游部", "文物局"]),
        ("市工商局，各区、县级市", ["市工商局", "各区、县级市"]),
        ("各有关区、县级市", ["各有关区、县级市"]),
        ("各县（市、区）人民政府，市教委", ["各县（市、区）人民政府", "市教委"]),
        ("各镇、街道、县教育局", ["各镇、街道", "县教育局"]),
        ("各镇场街道办事处、各开发园区管委会", ["各镇场街道办事处", "各开发园区管委会"]),
        ("各有关部门和单位", ["各有关部门和单位"]),
        ("县委党校〔县行政学院、县社会主义学院〕", ["县委党校〔县行政学院、县社会主义学院〕"]),
        ("县发改局 县财政局", ["县发改局", "县财政局"]),
        ("县自然资源 和规划局", ["县自然资源和规划局"]),
        ("县发改局 张某某", ["县发改局"]),
        ("—", []),
        ("县发改局、无", ["县发改局"]),
    ],
)
def test_lists_of_units(text: str, names: list[str]) -> None:
    assert split_units(text) == (names, False)


@pytest.mark.parametrize(
    "ending", ["等", "等部门", "等有关部门", "等相关部门和单位", "等各有关部门", "等5个部门"]
)
def test_a_list_that_ends_in_others_is_open(ending: str) -> None:
    assert split_units(f"县发改局、县财政局{ending}") == (["县发改局", "县财政局"], True)


@pytest.mark.parametrize(
    "name",
    ["企业自行", "由县财政局", "本地区的部门", "主要负责同志", "加强监管", "局", "县财政局负责"],
)
def test_what_is_no_unit(name: str) -> None:
    assert not looks_like_unit(name)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("县发改局牵头，县财政局配合", [(L, "县发改局"), (S, "县财政局")]),
        ("县发改局牵头负责，各乡镇落实", [(L, "县发改局"), (R, "各乡镇")]),
        ("由县发改局、县财政局按职责分工负责", [(R, "县发改局"), (R, "县财政局")]),
        ("国家发展改革委会同有关部门负责", [(R, "国家发展改革委"), (R, "有关部门")]),
        ("县发改局牵头，会同县财政局落实", [(L, "县发改局"), (S, "县财政局")]),
        ("县发改局牵头会同县财政局实施", [(L, "县发改局"), (S, "县财政局")]),
        ("商务部、海关总署等有关部门负责", [(R, "商务部"), (R, "海关总署")]),
        ("各部门负责，县大数据局统筹", [(R, "各部门"), (L, "县大数据局")]),
        ("县发改局牵头，县财政局、县审计局", [(L, "县发改局"), (S, "县财政局"), (S, "县审计局")]),
        ("税务总局负责，排在第一位的部门为牵头部门，下同", [(R, "税务总局")]),
    ],
)
def test_phrases_with_role_words(text: str, units: list[tuple[Role, str]]) -> None:
    said = read_phrases(text)
    assert said is not None
    assert said.units == units


@pytest.mark.parametrize(
    "text",
    [
        "技工院校内由人力资源社会保障行政部门负责",
        "企业直接向国家发展改革委申报，不需省级发展改革部门转报",
        "县财政局负责解释",
        "地、州、盟",
        "主要负责人对报告的真实性负责",
    ],
)
def test_phrases_that_name_no_duty(text: str) -> None:
    assert read_phrases(text) is None


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("责任单位：县发改局（牵头）、县财政局", [(L, "县发改局"), (R, "县财政局")]),
        ("责任单位：县发改局牵头，县财政局配合", [(L, "县发改局"), (S, "县财政局")]),
        ("牵头部门:县教育局,协办部门:县公安局", [(L, "县教育局"), (S, "县公安局")]),
        ("市级牵头单位：市教育局；县级责任单位：县教育局", [(L, "市教育局"), (R, "县教育局")]),
        ("责 任 单 位：县教育局", [(R, "县教育局")]),
        ("责任单位及责任人：县教育局 王某", [(R, "县教育局")]),
        ("牵头领导：王某；责任单位：县教育局", [(R, "县教育局")]),
        ("主责单位：县教育局；参与单位：县公安局", [(L, "县教育局"), (S, "县公安局")]),
    ],
)
def test_labels_and_their_values(text: str, units: list[tuple[Role, str]]) -> None:
    assert read_labels(text, labels(text)).units == units


def term(kind: TermKind, **values: object) -> tuple[TermKind, dict[str, object]]:
    return kind, values


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("每季度报送一次", TermKind.EVERY, {"unit": TermUnit.QUARTERS, "count": 1}),
        ("每半年召开会议", TermKind.EVERY, {"unit": TermUnit.HALF_YEARS}),
        ("每年2月底前报送", TermKind.EVERY, {"unit": TermUnit.YEARS, "month": 2}),
        ("每月5日前报送", TermKind.EVERY, {"unit": TermUnit.MONTHS, "day": 5}),
        ("每两年一次", TermKind.EVERY, {"unit": TermUnit.YEARS, "count": 2}),
        ("2025年底前完成", TermKind.BY, {"year": 2025, "month": None}),
        ("2025年12月底前", TermKind.BY, {"year": 2025, "month": 12, "day": None}),
        ("2025年10月31日前", TermKind.BY, {"year": 2025, "month": 10, "day": 31}),
        ("3月31日前", TermKind.BY, {"year": None, "month": 3, "day": 31}),
        ("二〇二五年六月底前", TermKind.BY, {"year": 2025, "month": 6}),
        ("今年年底前", TermKind.BY, {"year": None, "month": None}),
        ("2025年第三季度前完成", TermKind.BY, {"year": 2025, "month": 9}),
        ("2025年上半年完成", TermKind.BY, {"year": 2025, "month": 6}),
        ("到2025年", TermKind.BY, {"year": 2025}),
        ("七天“双公示”", TermKind.WITHIN, {"count": 7, "unit": TermUnit.CALENDAR_DAYS}),
        ("15个工作日内", TermKind.WITHIN, {"count": 15, "unit": TermUnit.WORKING_DAYS}),
        ("三个月内", TermKind.WITHIN, {"count": 3, "unit": TermUnit.MONTHS}),
        ("半年内", TermKind.WITHIN, {"count": 6, "unit": TermUnit.MONTHS}),
        ("长期坚持", TermKind.ONGOING, {}),
    ],
)
def test_time_phrases(text: str, kind: TermKind, values: dict[str, object]) -> None:
    (found,) = terms_of(text)
    assert found.kind is kind
    assert {key: getattr(found, key) for key in values} == values


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345热线",
        "国发〔2019〕3号",
        "2018—2035年",
        "13月31日前",
        "2月30日前",
        "投资2000万元",
        "每人补助100元",
    ],
)
def test_what_is_no_time_phrase(text: str) -> None:
    assert terms_of(text) == ()


def test_a_field_for_a_time_may_be_bare() -> None:
    assert deadline_of("2025年12月") == (Term(TermKind.BY, "2025年12月", year=2025, month=12),)
    assert terms_of("2025年12月") == ()


def test_the_last_day_of_a_term() -> None:
    assert Term(TermKind.BY, "", month=2).due_on(2028) == date(2028, 2, 29)
    assert Term(TermKind.BY, "", year=2025).due_on(None) == date(2025, 12, 31)
    assert Term(TermKind.BY, "", month=3, day=31).due_on(None) is None
    assert Term(TermKind.EVERY, "", unit=TermUnit.YEARS).due_on(2025) is None


@pytest.mark.parametrize(
    ("line", "kind", "shown"),
    [
        ("一、总体要求", "one", "一"),
        ("（十二）完善机制", "two", "（十二）"),
        ("1.压缩时限", "three", "1"),
        ("11.121人才梯队项目", "three", "11"),
        ("1﹒全省生产总值", "three", "1"),
        ("（3）加强巡查", "four", "（3）"),
        ("③加强巡查", "five", "③"),
        ("第十一条 本办法", "article", "第十一条"),
        ("第二章 任务", "chapter", "第二章"),
        ("附件2：分工表", "annex", "附件2"),
        ("2.1 编制目的", "decimal", "2.1"),
    ],
)
def test_headings(line: str, kind: str, shown: str) -> None:
    mark = mark_of(line)
    assert mark is not None
    assert (mark.kind, mark.shown) == (kind, shown)


@pytest.mark.parametrize(
    "line",
    ["1.5万亩造林", "2025年底前", "一二三产业融合", "3月31日前完成", "一、二、三产业融合发展"],
)
def test_what_is_no_heading(line: str) -> None:
    assert mark_of(line) is None


def test_numerals() -> None:
    assert [number_of(text) for text in ("十", "二十一", "一百零五", "１２", "二〇二五", "甲")] == [
        10,
        21,
        105,
        12,
        2025,
        None,
    ]


def test_a_number_out_of_its_run_is_no_heading() -> None:
    plan = read_lines(["方案", "一、目标", "二十、三十岁的人员参加培训。", "二、任务"])
    assert [section.number for section in plan.sections] == ["一", "二"]


def test_wrapped_lines_are_joined_and_page_numbers_dropped() -> None:
    text = (
        "为加快推进全县社会信用体系建设，营造诚实守信的社会环境，根据有关要求制定本方案并遵照执行。"
    )
    lines = [text[start : start + 15] for start in range(0, len(text), 15)] * 3
    found = paragraphs([*lines[:2], "- 1 -", *lines[2:]])
    assert found == [text] * 3


def test_scanned_spaces_and_pdf_radicals_go() -> None:
    assert paragraphs(["一 、 重 点 任 务"]) == ["一、重点任务"]
    assert paragraphs(["⾸⻚的⺠⽣⼯作"]) == ["首页的民生工作"]


def test_the_foot_of_a_web_page_goes() -> None:
    assert paragraphs(["一、任务", "打印本页 关闭窗口", "主办单位：县政府 网站标识码：1"]) == [
        "一、任务"
    ]


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (("县发改局", "县发展和改革局"), True),
        (("县人社局", "县人力资源社会保障局"), True),
        (("县市场监管局", "县市场监督管理局"), True),
        (("县政府办", "县人民政府办公室"), True),
        (("发改局", "县发改局"), True),
        (("县财政局", "市财政局"), False),
        (("县工商局", "县工商联"), False),
        (("县委办公室", "县政府办公室"), False),
        (("县公安局", "县公共资源交易管理局"), False),
        (("财政部", "县财政局"), False),
    ],
)
def test_two_spellings_of_one_body(names: tuple[str, ...], same: bool) -> None:
    assert bool(same_units(names)) is same


def kinds(plan: Plan) -> set[str]:
    return {finding.kind for finding in plan.findings}


def test_a_clause_with_supporting_units_only_lacks_a_responsible_one() -> None:
    plan = read_lines(["方案", "一、做好工作。（配合单位：县财政局）"])
    assert kinds(plan) == {FindingKind.NO_RESPONSIBLE_UNIT}


def test_a_label_without_a_unit_is_found() -> None:
    plan = read_lines(["方案", "一、做好工作。", "责任单位：", "二、再做工作。（县财政局负责）"])
    assert kinds(plan) == {FindingKind.NO_RESPONSIBLE_UNIT}
    assert plan.tasks[0].units == ()


def test_a_deadline_before_the_day_of_signing_is_a_contradiction() -> None:
    lines = [
        "方案",
        "一、任务",
        "请于2025年1月5日前完成。（县财政局负责）",
        "县政府",
        "2025年3月1日",
    ]
    assert kinds(read_lines(lines)) == {FindingKind.CONTRADICTING_DATES}
    lines[2] = "请于2025年10月5日前完成。（县财政局负责）"
    assert kinds(read_lines(lines)) == set()


def test_a_document_of_a_later_year_cannot_be_cited() -> None:
    lines = ["方案", "根据县政发〔2026〕2号，一、任务。（县财政局负责）", "县政府", "2025年3月1日"]
    assert kinds(read_lines(lines)) == {FindingKind.CONTRADICTING_DATES}


def test_a_text_without_duties_says_so() -> None:
    assert kinds(read_lines(["通知", "一、开会", "请参加会议。"])) == {FindingKind.NO_TASKS}


@pytest.mark.parametrize(
    "text",
    [
        "（" * 8000,
        "县发改局和" * 2000,
        "（" + "和".join(["县发改局"] * 2000) + "负责）",
        "按职责分工" * 2000,
        "负责" * 4000,
        "（县发改局" + "负责配合" * 90 + "的）",
        "牵头单位：" * 2000,
        "（牵头单位：县发改局）" * 800,
        "完成时限完成" * 1500,
        "各镇（含开发区" * 1200,
        "每" * 8000,
        "1." * 4000,
        "县 " * 4000,
        "（〔【" * 3000,
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    begun = time.perf_counter()
    read_lines([text])
    assert time.perf_counter() - begun < 5


def test_what_stands_below_a_heading_with_a_clause_is_its_task() -> None:
    lines = [
        "方案",
        "一、减负（县财政局负责）",
        "取消收费，每季度公开。",
        "二、提效（县审计局负责）",
    ]
    first, second = read_lines([*lines, "压缩时限。", "县政府"]).tasks
    assert first.text == "一、减负\n取消收费，每季度公开。"
    assert [term.text for term in first.terms] == ["每季度"]
    assert second.text == "二、提效\n压缩时限。"


def test_lines_between_the_units_of_a_clause_do_not_part_it() -> None:
    lines = ["方案", "一、减负", "牵头单位：县财政局", "责任领导：王某", "配合单位：县审计局"]
    (task,) = read_lines([*lines, "整改措施：公开收费。", "整改时限：2025年底前"]).tasks
    assert task.units == ((Role.LEAD, "县财政局"), (Role.SUPPORTING, "县审计局"))
    assert [term.year for term in task.terms] == [2025]


@pytest.mark.parametrize(
    "remark",
    [
        "具体工作均涉及相关乡(镇)人民政府,不再做分工,下同",
        "以下任务均需各乡镇人民政府落实，不再另行说明",
        "上述各项均由各乡镇人民政府配合，不再一一赘述",
    ],
)
def test_who_answers_for_every_task_is_said_once_behind_the_list(remark: str) -> None:
    found = labels(f"责任单位：县商务局、县税务局按职责分工负责。{remark}")
    said = read_labels(f"责任单位：县商务局、县税务局按职责分工负责。{remark}", found)
    assert said.units == [(R, "县商务局"), (R, "县税务局")]
    assert [rule.kind for rule in rules_of(remark, 1)] == [RuleKind.ALSO_RESPONSIBLE]
