"""Names against a register: one unit, a group, nobody; never a guess."""

from datetime import date
from pathlib import Path

import pytest

from zhengxin.oversight import queries
from zhengxin.oversight.grammar.plans import read_lines
from zhengxin.oversight.reading import read_plan
from zhengxin.oversight.resolving import findings, resolve
from zhengxin.oversight.types import FindingKind, Registered, Resolved


def unit(number: int, name: str, kind: str, *names: str, closed: date | None = None) -> Registered:
    return Registered(number, name, kind, frozenset(names), closed)


REGISTER = (
    unit(1, "示例县发展和改革局", "department", "县发改局"),
    unit(2, "示例县财政局", "department", "县财政局"),
    unit(3, "中共示例县委党校", "party_body", "县委党校", "县行政学院"),
    unit(4, "示例县东河镇人民政府", "town", "东河镇"),
    unit(5, "示例县西山街道办事处", "subdistrict", "西山街道"),
    unit(6, "示例县红旗农场", "state_farm", "红旗农场"),
    unit(7, "示例县经济开发区管委会", "development_zone", "经济开发区管委会"),
    unit(8, "示例县卫生和计划生育局", "department", "县卫计局", closed=date(2019, 3, 31)),
    unit(9, "示例县旧镇人民政府", "town", "旧镇", closed=date(2019, 3, 31)),
)


def resolved(units: str, *more: str) -> dict[str, Resolved]:
    plan = read_lines(["示例县工作方案", f"一、任务。（责任单位：{units}）", *more])
    return {each.name: each for each in resolve(plan, REGISTER)}


def ids(each: Resolved) -> list[int]:
    return [unit.id for unit in each.units]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("县发改局", 1),
        ("县发展改革局", 1),
        ("示例县发展和改革局", 1),
        ("县委党校〔县行政学院〕", 3),
        ("东河镇", 4),
    ],
)
def test_a_name_in_any_spelling_is_its_unit(name: str, number: int) -> None:
    assert ids(resolved(name)[name]) == [number]


def test_an_unknown_unit_is_neither_dropped_nor_guessed() -> None:
    found = resolved("县审计局、县财政局")
    assert ids(found["县审计局"]) == []
    (finding,) = findings(found.values())
    assert finding.kind is FindingKind.UNKNOWN_UNIT
    assert "县审计局" in finding.message


def test_two_candidates_are_none() -> None:
    twice = (*REGISTER, unit(10, "示例县财政局分局", "department", "县财政局"))
    plan = read_lines(["方案", "一、任务。（县财政局负责）"])
    assert resolve(plan, twice)[0].units == ()


def test_a_group_becomes_its_open_units() -> None:
    found = resolved("各镇场街道办事处、各有关部门和单位、各镇、各部门")
    assert ids(found["各镇场街道办事处"]) == [4, 5, 6]
    assert ids(found["各有关部门和单位"]) == [1, 2, 3]
    assert ids(found["各镇"]) == [4]
    assert [each.open_ended for each in found.values()] == [False, True, False, False]
    assert all(each.collective for each in found.values())


@pytest.mark.parametrize(
    ("name", "open_ended"),
    [
        ("各部门和单位", False),
        ("县直各单位", False),
        ("全县各部门", False),
        ("各审批部门", True),
        ("各窗口单位", True),
        ("县直各行政执法部门", True),
        ("各行业主管部门", True),
        ("县政府各部门", True),
    ],
)
def test_some_departments_are_not_all_of_them(name: str, open_ended: bool) -> None:
    assert resolved(name)[name].open_ended is open_ended


def test_a_group_of_two_kinds_loses_neither() -> None:
    found = resolved("各乡镇、部门")["各乡镇、部门"]
    assert (ids(found), found.open_ended) == ([1, 2, 3, 4], True)


def test_a_standing_rule_adds_to_a_group() -> None:
    more = "各镇场街道办事处(含开发园区管委会,下同)要落实。"
    assert ids(resolved("各镇场街道办事处", more)["各镇场街道办事处"]) == [4, 5, 6, 7]


def test_a_unit_that_is_no_more_is_named_with_its_last_day() -> None:
    found = resolved("县卫计局")
    assert ids(found["县卫计局"]) == [8]
    (finding,) = findings(found.values())
    assert finding.kind is FindingKind.CLOSED_UNIT
    assert "2019-03-31" in finding.message


@pytest.mark.django_db
def test_the_countys_plan_against_its_register(shared_data: Path) -> None:
    from tests.subjects.conftest import AT, REGISTERS, SYSTEM
    from zhengxin.subjects.registers import load_register

    load_register(REGISTERS / "taian.yaml", at=AT, actor=SYSTEM)
    plan = read_plan(shared_data.parent / "plan" / "taian-2018.txt")
    units = queries.register(date(2018, 1, 2))
    found = {each.name: each for each in resolve(plan, units)}
    assert [name for name, each in found.items() if not each.units] == ["各开发园区管委会"]
    assert len(found["各镇场街道办事处"].units) == 14
    first, second = (found[name].units for name in found if "督考办" in name)
    assert first == second
    later = resolve(plan, queries.register(date(2026, 11, 28)))
    assert {each.kind for each in findings(later)} == {
        FindingKind.UNKNOWN_UNIT,
        FindingKind.CLOSED_UNIT,
    }
