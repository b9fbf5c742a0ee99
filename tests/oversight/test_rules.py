"""What a plan becomes with everything decided beside its reading; without a database."""

from dataclasses import replace
from datetime import date

import pytest

from zhengxin.oversight import rules
from zhengxin.oversight.enums import AmendmentKind
from zhengxin.oversight.grammar.plans import read_lines
from zhengxin.oversight.public import free_of_numbers
from zhengxin.oversight.types import (
    Change,
    MandateLine,
    Plan,
    PlanDraft,
    Registered,
    Role,
    Rule,
    RuleKind,
    Term,
    TermKind,
    TermUnit,
    Trouble,
)


def unit(pk: int, name: str, kind: str = "department", closed: date | None = None) -> Registered:
    return Registered(pk, name, kind, frozenset({name}), closed)


REGISTER = (
    unit(1, "县财政局"),
    unit(2, "县教育局"),
    unit(3, "县公安局"),
    unit(4, "县旧局", closed=date(2020, 1, 1)),
    unit(5, "东河镇", "town"),
    unit(6, "柳湾镇", "town"),
)
TEXT = """示例县诚信方案
一、任务
1.压缩时限。2025年底前完成。（牵头单位：县财政局；配合单位：县财政局、各镇、各有关部门）
2.公开结果。（责任单位：县教育局、县公安局）
3.另一件事。（牵头单位：县没有局；配合单位：县旧局）
2025年3月1日
"""


def plan(text: str = TEXT) -> Plan:
    return read_lines(text.split("\n"))


def draft(*changes: Change, text: str = TEXT) -> PlanDraft:
    return rules.amended(plan(text), REGISTER, changes)


def roles(of: PlanDraft, place: int) -> list[tuple[str, str, bool]]:
    return [(each.unit, each.role.value, each.leads) for each in of.tasks[place].units]


def choose(name: str, *ids: int) -> Change:
    return Change(AmendmentKind.CHOOSE, "查过", name=name, unit_ids=ids)


def test_a_unit_named_by_itself_is_not_meant_again_by_a_group() -> None:
    found = roles(draft(), 0)
    assert found[0] == ("县财政局", "lead", True)
    # Named twice by itself, in two roles, as the plan has it; the open group brings only the others.
    assert found[1] == ("县财政局", "supporting", False)
    assert [name for name, _, _ in found[2:]] == ["东河镇", "柳湾镇", "县教育局", "县公安局"]
    assert not any(leads for _, _, leads in found[1:])


def test_everybody_responsible_answers_and_by_a_standing_rule_the_first() -> None:
    assert [leads for _, _, leads in roles(draft(), 1)] == [True, True]
    ruled = TEXT.replace("县教育局、县公安局）", "县教育局、县公安局，列第一位的为牵头单位，下同）")
    assert roles(draft(text=ruled), 1) == [
        ("县教育局", "responsible", True),
        ("县公安局", "responsible", False),
    ]


def test_what_is_in_the_way_is_told_name_by_name() -> None:
    found = draft()
    assert {stand.name: stand.trouble for stand in found.names if stand.trouble} == {
        "各有关部门": Trouble.OPEN,
        "县没有局": Trouble.UNKNOWN,
        "县旧局": Trouble.CLOSED,
    }
    assert {each.where for each in found.hindrances} == {"各有关部门", "县没有局", "县旧局"}


def test_every_name_settled_leaves_nothing_in_the_way() -> None:
    put_off = Change(AmendmentKind.SUSPEND, "单位还没有挂牌", name="县没有局")
    found = draft(choose("各有关部门", 3), choose("县旧局", 2), put_off)
    assert found.hindrances == ()
    assert [name for name, _, _ in roles(found, 0)][-1] == "县公安局"
    # Put off by a person: the task stands without that unit, and the choice is kept beside the name.
    assert roles(found, 2) == [("县教育局", "supporting", False)]
    [stand] = [each for each in found.names if each.name == "县没有局"]
    assert (stand.units, stand.settled) == ((), put_off)


def test_a_dropped_task_asks_for_nothing() -> None:
    found = draft(choose("各有关部门", 3), Change(AmendmentKind.DROP_TASK, "已办完", task=3))
    assert found.hindrances == ()
    assert [each.task.number for each in found.mandates] == [1, 2]
    assert found.tasks[2].dropped == "已办完"


def test_a_task_that_nobody_leads_is_in_the_way() -> None:
    gone = Change(AmendmentKind.DROP_UNIT, "不再承担", task=2, unit_ids=(2, 3))
    settled = (choose("各有关部门", 3), Change(AmendmentKind.DROP_TASK, "已办完", task=3))
    [hindrance] = draft(gone, *settled).hindrances
    assert hindrance.where == "任务2"
    assert "没有牵头或责任单位" in hindrance.because
    added = Change(AmendmentKind.ADD_UNIT, "新任务", task=2, unit_ids=(5,), role="lead")
    found = draft(gone, added, *settled)
    assert found.hindrances == ()
    assert roles(found, 1) == [("东河镇", "lead", True)]


def test_a_plan_without_a_task_cannot_be_confirmed() -> None:
    drops = [Change(AmendmentKind.DROP_TASK, "已办完", task=number) for number in (1, 2, 3)]
    assert [each.where for each in draft(*drops).hindrances] == ["方案"]


def test_a_number_of_a_person_in_a_task_is_in_the_way() -> None:
    found = draft(text=TEXT.replace("公开结果。", "公开结果，联系人电话13912345678。"))
    assert "任务2" in {each.where for each in found.hindrances}


def test_a_number_in_the_title_or_beside_a_unit_is_in_the_way() -> None:
    titled = draft(text=TEXT.replace("示例县诚信方案", "示例县诚信方案（13912345678）"))
    assert "标题" in {each.where for each in titled.hindrances}
    beside = draft(text=TEXT.replace("县教育局、", "县教育局（李某13912345678）、"))
    assert ("县教育局", "responsible", True) in roles(beside, 1)
    assert "任务2" in {each.where for each in beside.hindrances}
    # One confirmed before that was looked for does not reach the public either.
    assert "139" not in free_of_numbers("示例县诚信方案（13912345678）")
    assert free_of_numbers("示例县诚信方案") == "示例县诚信方案"


def test_a_term_takes_the_year_of_the_plan_and_can_be_changed() -> None:
    said = TEXT.replace("2025年底前", "6月底前")
    [term] = draft(text=said).tasks[0].terms
    assert term.due_on(None) == date(2025, 6, 30)
    later = Term(TermKind.BY, "改为2026年3月31日", year=2026, month=3, day=31)
    changed = draft(Change(AmendmentKind.CHANGE_TERM, "来不及", task=1, terms=(later,)))
    assert changed.tasks[0].terms == (later,)
    # The reading itself stays what it was.
    assert changed.plan == plan()


@pytest.mark.parametrize(
    ("title", "signed", "due"),
    [
        # The year of the title, not that of the signature in the December before.
        ("示例县2027年诚信方案", "2026年12月20日", date(2027, 3, 31)),
        ("示例县诚信方案", "2027年1月5日", date(2027, 3, 31)),
        # 2026 would be over before the plan was made, and nobody says that 2027 is meant.
        ("示例县诚信方案", "2026年12月20日", None),
        ("示例县诚信方案（2026—2027年）", "2026年12月20日", None),
        ("示例县诚信方案（2026—2027年）", "2026年2月20日", date(2026, 3, 31)),
        ("示例县2027年诚信方案", "", date(2027, 3, 31)),
        ("示例县2030年前碳达峰方案", "2026年2月20日", date(2026, 3, 31)),
    ],
)
def test_no_term_lies_before_its_plan(title: str, signed: str, due: date | None) -> None:
    said = TEXT.replace("2025年底前", "3月底前").replace("示例县诚信方案", title)
    [term] = draft(text=said.replace("2025年3月1日", signed)).tasks[0].terms
    assert term.due_on(None) == due


def test_the_last_of_february_is_a_day_in_every_year() -> None:
    assert Term(TermKind.BY, "2月29日前", month=2, day=29).due_on(2025) == date(2025, 2, 28)


def test_units_that_a_standing_rule_adds_are_responsible() -> None:
    rule = Rule(RuleKind.ALSO_RESPONSIBLE, "各镇均为责任单位，不再列出", 1, units=("各镇",))
    ruled = tuple(replace(task, rules=(rule,)) for task in plan().tasks)
    found = rules.amended(replace(plan(), tasks=ruled), REGISTER, ())
    assert [name for name, _, _ in roles(found, 1)] == ["县教育局", "县公安局", "东河镇", "柳湾镇"]
    assert ("东河镇", "responsible", False) in roles(found, 2)


def mandate(*terms: Term) -> MandateLine:
    units = rules.amended(plan(), REGISTER, ()).tasks[0].units
    return MandateLine(7, 1, "一1", "压缩时限", "压缩时限。还有一句。", 70, units, terms)


def test_named_days_are_owed_by_whoever_leads() -> None:
    by = Term(TermKind.BY, "2025年底前", year=2025)
    every = Term(TermKind.EVERY, "每年", unit=TermUnit.YEARS)
    within = Term(TermKind.WITHIN, "七天内", count=7, unit=TermUnit.CALENDAR_DAYS)
    [owed] = rules.terms_owed([mandate(by, every, within)], opened_on=date(2025, 3, 2), to_id=9)
    assert (owed.kind, owed.bearer_id, owed.due_on) == ("mandate_term", 1, date(2025, 12, 31))
    assert (owed.source_id, owed.to_id, owed.opened_on) == (70, 9, date(2025, 3, 2))
    assert owed.what == "任务1：压缩时限（2025年底前）"
    assert set(owed.supporter_ids) == {2, 3, 5, 6}


def test_a_long_task_is_told_in_brief() -> None:
    assert rules.brief("一" * 80) == "一" * 59 + "…"
    assert rules.brief("第一句。第二句。") == "第一句"


def test_roles_of_a_draft_are_those_of_the_reading() -> None:
    assert {each.role for each in draft().tasks[0].units} == {Role.LEAD, Role.SUPPORTING}
