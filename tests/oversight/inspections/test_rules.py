"""Drawing, windows and what makes a plan sound. No database."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from zhengxin.oversight.inspections import rules
from zhengxin.oversight.inspections.types import Counts, Member, Planned, Sampling

TODAY = date(2026, 11, 2)
KINDS = ("town", "department", "town", "town", "department", "state_farm")
MEMBERS = tuple(Member(n, f"ZX-{n:02}", f"单位{n}", kind) for n, kind in enumerate(KINDS, start=1))


def by_hand(codes, seed, n):
    """As docs/how-to/inspections.md tells anybody to do it."""
    line = sorted(codes, key=lambda code: hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest())
    return line[:n]


def test_a_draw_is_what_anybody_computes_from_the_published_inputs():
    found = rules.draw(Sampling(MEMBERS, 3, False, "7 12 19 23 31"))
    assert [each.code for each in found] == by_hand([m.code for m in MEMBERS], "7 12 19 23 31", 3)
    # Worked out apart from this program, with sha256sum.
    assert found[0].digest == min(
        hashlib.sha256(b"7 12 19 23 31\n" + m.code.encode()).hexdigest() for m in MEMBERS
    )


def test_by_kind_every_kind_gives_its_share_and_a_small_one_all_it_has():
    found = [each.code for each in rules.draw(Sampling(MEMBERS, 2, True, "x"))]
    towns = [m.code for m in MEMBERS if m.kind == "town"]
    departments = [m.code for m in MEMBERS if m.kind == "department"]
    assert found == [*by_hand(departments, "x", 2), "ZX-06", *by_hand(towns, "x", 2)]


def test_another_seed_draws_others_and_the_order_of_the_population_does_not_matter():
    first = rules.draw(Sampling(MEMBERS, 3, False, "a"))
    assert rules.draw(Sampling(tuple(reversed(MEMBERS)), 3, False, "a")) == first
    assert len({rules.draw(Sampling(MEMBERS, 1, False, str(n))) for n in range(30)}) > 3


PLAN = Planned(
    title="招商承诺兑现督查",
    basis="示政办发〔2026〕9号",
    from_on=date(2026, 11, 9),
    until_on=date(2026, 12, 18),
    items=(("承诺是否按期兑现", "国发〔2016〕76号"), ("政策变更是否补偿", "国发〔2016〕76号")),
    population=MEMBERS,
    n=2,
    per_kind=False,
    seed_kind="public",
    seed_named="11月5日福利彩票双色球开奖号码",
    seed_on=date(2026, 11, 5),
    review_unit_id=90,
)


def test_a_sound_plan_passes():
    rules.check_plan(PLAN, today=TODAY, inspector_id=91)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"items": ()}, "检查清单是空的"),
        ({"items": (("甲", "乙"), ("甲", "丙"))}, "写得一样"),
        ({"items": (("甲", ""),)}, "没有写依据"),
        ({"until_on": date(2026, 11, 8)}, "结束日期在开始日期之前"),
        ({"seed_on": TODAY}, "事先就能知道"),
        ({"seed_on": date(2026, 12, 19)}, "随机数还没有产生"),
        ({"n": 7}, "范围里有6个单位"),
        ({"n": 0}, "范围里有6个单位"),
        ({"review_unit_id": 3}, "自己在抽取范围里"),
    ],
)
def test_an_unsound_plan_is_told_what_is_wrong(changes, why):
    with pytest.raises(rules.PlanUnsound, match=why):
        rules.check_plan(replace(PLAN, **changes), today=TODAY, inspector_id=91)


def test_nobody_draws_before_the_day_of_the_seed():
    with pytest.raises(rules.NotThus, match="2026-11-05"):
        rules.check_draw(date(2026, 11, 5), today=date(2026, 11, 4))
    rules.check_draw(date(2026, 11, 5), today=date(2026, 11, 5))


def test_a_seed_is_one_line():
    assert rules.clean_seed(" 07 12 ") == "07 12"
    for wrong in ("", "  ", "1\n2", "9" * 201):
        with pytest.raises(rules.PlanUnsound):
            rules.clean_seed(wrong)


def test_a_case_is_concluded_when_every_item_is_answered_and_nothing_is_owed():
    rules.check_conclude(Counts({"conform": 1, "problem": 1}, open=0, running=0, settled=1))
    with pytest.raises(rules.NotThus, match="2项没有写检查结果"):
        rules.check_conclude(Counts({}, open=2, running=0, settled=0))
    with pytest.raises(rules.NotThus, match="1个问题没有整改到位"):
        rules.check_conclude(Counts({"problem": 1}, open=0, running=1, settled=0))


def test_a_new_day_lies_after_today_and_after_the_day_before():
    assert rules.check_new_day(date(2026, 11, 3), today=TODAY) == date(2026, 11, 3)
    for day, before in ((None, None), (TODAY, None), (date(2026, 11, 9), date(2026, 11, 9))):
        with pytest.raises(rules.NotThus):
            rules.check_new_day(day, today=TODAY, before=before)


def test_thirty_days_after_the_receipt_to_the_next_working_day():
    received = date(2026, 9, 2)
    found = rules.window(received, 30, lambda day: date(2026, 10, 8))
    assert (found.until, found.certain) == (date(2026, 10, 8), True)
    assert "顺延" in found.because
    rules.check_apply(found, today=date(2026, 10, 8))
    with pytest.raises(rules.TooLate, match="2026-10-08"):
        rules.check_apply(found, today=date(2026, 10, 9))


def test_nothing_is_late_while_the_day_is_not_certain():
    found = rules.window(date(2026, 12, 20), 30, lambda day: None)
    assert (found.until, found.certain) == (date(2027, 1, 19), False)
    assert "2027年的放假安排未导入" in found.because
    rules.check_apply(found, today=found.until + timedelta(days=1))
    rules.check_apply(None, today=TODAY)


def test_whoever_took_part_is_recognised_also_behind_a_delegation():
    assert rules.inspected((5, None), {5})
    assert rules.inspected((9, 5), {5})
    assert not rules.inspected((9, None), {5})
