"""Fields and pieces that say when, and what is told of those that set no term; without files."""

from datetime import date

import pytest

from zhengxin.oversight.grammar.plans import read_lines
from zhengxin.oversight.grammar.terms import deadline_of
from zhengxin.oversight.types import FindingKind, TermKind, TermUnit


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026.11.30", date(2026, 11, 30)),
        ("2026-11-30前完成", date(2026, 11, 30)),
        ("2026/11", date(2026, 11, 30)),
        ("2025年第三季度", date(2025, 9, 30)),
        ("四季度", date(2026, 12, 31)),
        ("11月", date(2026, 11, 30)),
        ("10月底", date(2026, 10, 31)),
        ("6月30日", date(2026, 6, 30)),
        ("年底", date(2026, 12, 31)),
        ("上半年", date(2026, 6, 30)),
        ("2025年6月至12月", date(2025, 12, 31)),
        ("1—11月", date(2026, 11, 30)),
        # The first ten days end on the 10th, not with the month.
        ("2025年10月上旬", date(2025, 10, 10)),
        ("12月中旬前", date(2026, 12, 20)),
        ("3月下旬前", date(2026, 3, 31)),
    ],
)
def test_a_field_that_holds_only_a_time(text: str, due: date) -> None:
    [term] = deadline_of(text)
    assert term.due_on(2026) == due


@pytest.mark.parametrize(
    ("text", "unit"), [("按季度推进", TermUnit.QUARTERS), ("按月", TermUnit.MONTHS)]
)
def test_by_the_period(text: str, unit: TermUnit) -> None:
    [term] = deadline_of(text)
    assert (term.kind, term.unit) == (TermKind.EVERY, unit)


@pytest.mark.parametrize("text", ["春节前", "13月", "2026.13.1", "2026.2.30", "立行立改", ""])
def test_what_sets_no_day(text: str) -> None:
    assert deadline_of(text) == ()


@pytest.mark.parametrize(
    "clause",
    [
        "（责任单位：县文明办（12月底前））",
        "（责任单位：县文明办；12月底前评出）",
        "责任单位：县文明办，12月底前评出",
    ],
)
def test_a_time_among_the_names_is_a_term_and_no_unit(clause: str) -> None:
    [task] = read_lines(["示例县2026年方案", f"1.评选典型。{clause}"]).tasks
    assert task.responsible_units == ("县文明办",)
    assert [term.text for term in task.terms] == ["12月底前"]


def test_what_was_not_taken_is_told() -> None:
    plan = read_lines(
        [
            "示例县2026年方案",
            "1.检查热源。（责任单位：县住建局；完成时限：供暖期前）",
            "2.走访企业。由县工商联具体负责，县工信局协助。",
            "3.补齐台账。（责任单位：县财政局等；完成时限：—）",
        ]
    )
    assert [task.responsible_units for task in plan.tasks] == [("县住建局",), ("县财政局",)]
    odd = [each for each in plan.findings if each.kind is FindingKind.UNREAD]
    assert [each.where for each in odd] == ["任务1", "任务3", "第3段"]
    assert "供暖期前" in odd[0].message
    assert "以“等”结尾" in odd[1].message
    assert "县工商联" in odd[2].message


def test_a_term_on_its_own_line_is_no_signature() -> None:
    plan = read_lines(
        [
            "示例县诚信行动分工",
            "1.限制评优。责任单位：县委组织部、县人社局",
            "完成期限—2026年12月31日",
            "2.激励守信。【县发改局负责；年底前】",
        ]
    )
    assert plan.dated is None
    assert [term.year for task in plan.tasks for term in task.terms] == [2026, None]


def test_units_behind_wei_and_sentences_of_towns() -> None:
    plan = read_lines(
        [
            "示例县诚信行动方案",
            "1.查信用。责任部门为县公共资源交易中心，协办部门为县住建局、县水利局。",
            "2.定标准。由县委宣传部负责，5月20日前完成。",
            "3.办申报。由各镇、各街道负责，7月10日前完成。",
            "4.搞评审。由县发改局牵头，县税务局参加。",
        ]
    )
    assert [(task.lead_units, task.supporting_units, task.responsible_units) for task in plan.tasks] == [
        ((), ("县住建局", "县水利局"), ("县公共资源交易中心",)),
        ((), (), ("县委宣传部",)),
        ((), (), ("各镇", "各街道")),
        (("县发改局",), ("县税务局",), ()),
    ]  # fmt: skip


def test_persons_named_above_the_clause_are_no_part_of_the_task() -> None:
    lines = [
        "2.压缩时限。",
        "牵头领导：张某某",
        "牵头单位：县市场监管局",
        "3.公开。",
        "联系人：李某",
    ]
    tasks = read_lines(["示例县2026年方案", *lines, "责任单位：县财政局"]).tasks
    assert [task.text for task in tasks] == ["2.压缩时限。", "3.公开。"]
    assert [task.units[0][1] for task in tasks] == ["县市场监管局", "县财政局"]


def test_persons_of_a_table_are_no_part_of_the_task() -> None:
    rows = ["序号\t名称\t责任领导\t责任单位", "1\t建台账\t张某某\t县财政局"]
    [task] = read_lines(["示例县2026年任务分解表", *rows]).tasks
    assert (task.text, task.responsible_units) == ("建台账", ("县财政局",))


@pytest.mark.parametrize(
    ("clause", "units"),
    [
        ("（县财政局、县审计局，3月底前）", ("县财政局", "县审计局")),
        ("（市场监管、税务、公安等部门负责）", ("市场监管", "税务", "公安")),
        ("（县纪委监委机关、县财政局负责）", ("县纪委监委机关", "县财政局")),
        ("（县教育局、县公安局负责，每学期开展一次）", ("县教育局", "县公安局")),
    ],
)
def test_a_bracket_of_bodies_and_how_or_when(clause: str, units: tuple[str, ...]) -> None:
    # Bare names count where a plan uses them again and again.
    lines = [f"{n}.办好这件事。{clause}" for n in range(1, 4)]
    tasks = read_lines(["示例县2026年工作方案", *lines]).tasks
    assert [task.responsible_units for task in tasks] == [units] * 3


def test_requirements_below_the_units_are_of_the_same_task() -> None:
    [first, second] = read_lines(
        [
            "示例县2026年民生实事方案",
            "1.新建幼儿园。",
            "牵头单位：县教育局",
            "工作要求：3月底前选址，6月底前开工。",
            "2.改造小区。",
            "牵头单位：县住建局",
        ]
    ).tasks
    assert [term.text for term in first.terms] == ["3月底前", "6月底前"]
    assert second.text == "2.改造小区。"


def test_a_row_whose_cell_breaks_into_lines_is_whole() -> None:
    plan = read_lines(
        [
            "示例县2026年任务分解表",
            "序号\t任务\t牵头单位\t配合单位\t完成时间",
            "1\t公开项目\t县发改局\t县住建局",
            "县交通局",
            "县水利局\t6月底前",
            "2\t公开民生\t县教育局",
            "县卫健局\t／\t10月底前",
            "3\t公开预算\t县财政局\t—\t2月底前",
        ]
    )
    assert [(task.lead_units, task.supporting_units) for task in plan.tasks] == [
        (("县发改局",), ("县住建局", "县交通局", "县水利局")),
        (("县教育局", "县卫健局"), ()),
        (("县财政局",), ()),
    ]
    assert [term.month for task in plan.tasks for term in task.terms] == [6, 10, 2]


def test_a_card_of_which_every_cell_is_a_line() -> None:
    [task] = read_lines(
        [
            "示例县2026年民生实事方案",
            "1.建设养老服务中心。",
            "牵头单位",
            "县民政局",
            "配合单位",
            "县卫生健康局",
            "东河镇人民政府",
            "完成时限",
            "2026年第三季度",
        ]
    ).tasks
    assert (task.text, task.lead_units) == ("1.建设养老服务中心。", ("县民政局",))
    assert task.supporting_units == ("县卫生健康局", "东河镇人民政府")
    assert [(term.year, term.month) for term in task.terms] == [(2026, 9)]
