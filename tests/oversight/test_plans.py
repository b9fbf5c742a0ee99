"""Whole plans: the county's own, real ones of other offices, and invented twins of every style."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from zhengxin.console.bench.plans import compare, run
from zhengxin.oversight.grammar.spellings import same_units
from zhengxin.oversight.reading import read_plan
from zhengxin.oversight.types import FindingKind, Plan, Role, RuleKind, TermKind, TermUnit

TWINS = Path(__file__).resolve().parents[1] / "data" / "plans"


@pytest.fixture(scope="module")
def taian(shared_data: Path) -> Plan:
    return read_plan(shared_data.parent / "plan" / "taian-2018.txt")


def test_the_tree_of_the_countys_plan(taian: Plan) -> None:
    assert taian.title == "台安县加强政务诚信建设工作方案"
    assert taian.dated == date(2017, 1, 2)
    assert Counter(section.level for section in taian.sections) == {1: 3, 2: 8, 3: 21}
    assert [each.title for each in taian.sections if each.level == 1] == [
        "总体要求",
        "工作任务及责任分工",
        "保障措施",
    ]


def test_the_tasks_of_the_countys_plan(taian: Plan) -> None:
    roles = Counter(role for task in taian.tasks for role, _ in task.units)
    assert len(taian.tasks) == 18
    assert roles[Role.LEAD] == 40
    assert roles[Role.SUPPORTING] + roles[Role.RESPONSIBLE] == 44
    assert [task.number for task in taian.tasks] == list(range(1, 19))
    first = taian.tasks[0]
    assert first.section == "二(一)1"
    assert first.text.startswith("1.建立政务诚信专项督导机制。")
    assert first.clause.startswith("(牵头单位:县政府办公室")


def test_two_of_the_25_names_are_one_unit(taian: Plan) -> None:
    assert len(taian.unit_names) == 25
    assert same_units(taian.unit_names) == (
        ("县委政府督查室〔县督考办〕", "县委县政府督查室〔县督考办〕"),
    )


def test_the_terms_and_the_standing_rule_of_the_countys_plan(taian: Plan) -> None:
    by_section = {task.section: task for task in taian.tasks}
    (week,) = by_section["二(二)1"].terms
    assert (week.kind, week.count, week.unit) == (TermKind.WITHIN, 7, TermUnit.CALENDAR_DAYS)
    (quarterly,) = by_section["三(一)"].terms
    assert (quarterly.kind, quarterly.unit) == (TermKind.EVERY, TermUnit.QUARTERS)
    (rule,) = taian.rules
    assert (rule.kind, rule.term, rule.units) == (
        RuleKind.ALSO_INCLUDES,
        "各镇场街道办事处",
        ("开发园区管委会",),
    )
    assert by_section["二(一)1"].rules == (rule,)
    assert by_section["二(三)2"].rules == ()


def test_the_lint_finds_the_wrong_year_and_the_three_day_window(taian: Plan) -> None:
    found = {finding.kind: finding for finding in taian.findings}
    assert set(found) == {
        FindingKind.CONTRADICTING_DATES,
        FindingKind.SHORT_WINDOW,
        FindingKind.TWO_SPELLINGS,
    }
    year = found[FindingKind.CONTRADICTING_DATES]
    assert year.where == "通知"
    assert "2017年1月2日" in year.message
    assert "辽政发〔2017〕19号、鞍政发〔2017〕35号" in year.message
    assert "2018年" in year.message
    assert "1月5日前" in found[FindingKind.SHORT_WINDOW].message
    assert "只有3天" in found[FindingKind.SHORT_WINDOW].message


def test_a_standing_rule_makes_the_first_listed_the_lead(shared_data: Path) -> None:
    path = next(shared_data.joinpath("plans/whole").glob("gwy_05_*"))
    plan = read_plan(path)
    assert plan.tasks[0].responsible_units == ("税务总局", "财政部", "海关总署")
    assert plan.tasks[0].leads == ("税务总局",)
    assert [task.leads for task in plan.tasks[1:4]] == [("海关总署",), ("海关总署",), ("商务部",)]
    assert plan.tasks[5].and_others
    assert not plan.tasks[6].and_others


def test_real_plans_reach_the_targets(shared_data: Path) -> None:
    report = run(shared_data / "plans")
    assert len(report.targets) > 30
    assert [target for target in report.targets if not target.met] == []


def test_the_twin_of_every_style_is_read_whole() -> None:
    report = run(TWINS)
    assert [target for target in report.targets if not target.met] == []


def test_the_bench_counts_what_is_wrong() -> None:
    lead, support = (Role.LEAD, "县财政局"), (Role.SUPPORTING, "县财政局")
    other = (Role.RESPONSIBLE, "县审计局")
    score = compare([frozenset({lead}), frozenset({other})], [frozenset({support})])
    assert (score.truth, score.found, score.matched) == (2, 1, 1)
    assert (score.unit_truth, score.unit_found, score.unit_matched) == (2, 1, 0)
    assert score.recall == 0.5
    assert score.f1 == 0
    none = compare([frozenset({lead})], [frozenset({other})])
    assert (none.matched, none.precision) == (0, 0)


@pytest.mark.parametrize(
    ("twin", "number", "terms"),
    [
        ("03_label_lines", 0, ["2025年8月底前"]),
        ("03_label_lines", 2, ["长期坚持"]),
        ("04_label_inline_tail", 0, ["每月"]),
        ("07_broken_bracket", 0, []),
        ("09_leaders_and_limits", 2, ["每季度"]),
        ("10_tab_table", 0, ["2025年6月底"]),
        ("19_time_in_bracket", 1, ["2025年9月1日前"]),
        ("19_time_in_bracket", 2, ["每年9月底前"]),
    ],
)
def test_terms_belong_to_their_task(twin: str, number: int, terms: list[str]) -> None:
    plan = read_plan(TWINS / "styles" / f"{twin}.txt")
    assert [term.text for term in plan.tasks[number].terms] == terms


def test_an_item_without_a_unit_among_brothers_is_found() -> None:
    plan = read_plan(TWINS / "styles" / "19_time_in_bracket.txt")
    (finding,) = plan.findings
    assert finding.kind is FindingKind.NO_RESPONSIBLE_UNIT
    assert "培训社会体育指导员" in finding.message


def test_also_responsible_bears_on_every_task_after_it() -> None:
    plan = read_plan(TWINS / "styles" / "12_standing_rules.txt")
    kinds = [{rule.kind for rule in task.rules} for task in plan.tasks]
    assert kinds == [{RuleKind.ALSO_RESPONSIBLE, RuleKind.FIRST_LISTED_IS_LEAD}] * 4
    (everywhere,) = [rule for rule in plan.rules if rule.kind is RuleKind.ALSO_RESPONSIBLE]
    assert everywhere.units == ("各区县人民政府",)
