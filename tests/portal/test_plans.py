"""Plans on the portal: what has evidence, what has only words, what nobody reported yet."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from zhengxin.kernel.actor import Actor
from zhengxin.publication import actions as publication
from zhengxin.publication.board import queries
from zhengxin.publication.board.plan_types import PlanClause, PlanDuty, PlanPage

pytestmark = pytest.mark.django_db(databases=["board"])
ACTOR = Actor.system("test")
AT = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


def duty(**changes):
    values = {
        "kind": "季度报送",
        "period": "2026Q3",
        "unit": "示例县发展和改革局",
        "due_on": date(2026, 10, 20),
        "state": "open",
        "state_label": "待办",
        "overdue_days": 0,
        "reported_on": None,
        "files": 0,
    }
    return PlanDuty(**values | changes)


def clause(number, *duties, **changes):
    values = {
        "number": number,
        "section": "二（一）",
        "section_title": "督导",
        "text": f"第{number}条的任务<b>。",
        "leads": ((7, "示例县发展和改革局"),),
        "others": (),
        "terms": ("每季度",),
        "duties": duties,
    }
    return PlanClause(**values | changes)


@pytest.fixture
def plan():
    reported = date(2026, 10, 15)
    made = PlanPage(
        id=3,
        title="示例县政务诚信建设工作方案",
        dated=date(2026, 1, 5),
        confirmed_on=date(2026, 1, 8),
        ended_on=None,
        clauses=(
            clause(1, duty(state="on_time", state_label="按时", reported_on=reported, files=2)),
            clause(2, duty(state="on_time", state_label="按时", reported_on=reported)),
            clause(3, duty(overdue_days=39), duty(period="2026Q4", due_on=None)),
            clause(4, leads=(), others=tuple((n, f"示例县第{n}镇") for n in range(10, 20))),
        ),
    )
    publication.put_plans(plans=[made], at=AT, actor=ACTOR)
    return made


def test_the_board_gives_back_what_was_put(plan):
    assert queries.plans() == [plan]
    assert queries.plan(3) == plan
    assert queries.plan(4) is None
    publication.put_plans(plans=[], at=AT, actor=ACTOR)
    assert queries.plans() == []


def test_three_states_are_never_mixed(plan):
    assert [each.standing for each in plan.clauses] == ["evidence", "words", "nothing", "nothing"]
    page = Client().get("/plans/3/").content.decode()
    assert "4项任务：1项有佐证，1项只有文字，0项确认为零，2项还没有报告。" in page
    assert "1项任务有1件逾期。" in page
    assert "逾期39天" in page
    assert page.count("只有文字，没有佐证") == 1
    assert "待定" in page
    assert "方案没有写明" in page
    assert "10个单位" in page
    assert "&lt;b&gt;" in page


def test_a_confirmed_zero_is_no_report(plan):
    zero = duty(
        state="on_time",
        state_label="按时",
        reported_on=date(2026, 10, 8),
        said="zero",
        said_label="确认为零",
    )
    made = replace(plan, clauses=(*plan.clauses, clause(5, zero)))
    publication.put_plans(plans=[made], at=AT, actor=ACTOR)
    assert queries.plan(3) == made
    assert made.clauses[-1].standing == "zero"
    page = Client().get("/plans/3/").content.decode()
    assert "5项任务：1项有佐证，1项只有文字，1项确认为零，2项还没有报告。" in page
    assert "只报了1次确认为零" in page
    only = Client().get("/plans/3/?only=zero").content.decode()
    assert [n for n in range(1, 6) if f'id="c{n}"' in only] == [5]


@pytest.mark.parametrize(
    ("only", "numbers"),
    [
        ("overdue", [3]),
        ("evidence", [1]),
        ("words", [2]),
        ("nothing", [3, 4]),
        ("zero", []),
        ("x", [1, 2, 3, 4]),
    ],
)
def test_a_filter_in_the_address(plan, only, numbers):
    page = Client().get(f"/plans/3/?only={only}").content.decode()
    assert [n for n in range(1, 5) if f'id="c{n}"' in page] == numbers


def test_no_plan_and_an_unknown_one():
    page = Client().get("/plans/").content.decode()
    assert "还没有公布工作方案。" in page
    assert Client().get("/plans/99/").status_code == 404


def test_the_list_says_how_far_each_is(plan):
    page = Client().get("/plans/").content.decode()
    assert "1份工作方案" in page
    assert plan.title in page
    assert "1件逾期" in page
