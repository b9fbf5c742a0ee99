"""Duties that acts open follow the ledger."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.publication.county import ACTOR, AT, record
from zhengxin import journey
from zhengxin.duties import lists, standing
from zhengxin.duties.models import Duty
from zhengxin.duties.owing import done_in_clear
from zhengxin.duties.types import DutyAct, Owed
from zhengxin.journey.owing import open_duties
from zhengxin.ledger.types import Draft
from zhengxin.rulebook.queries import law_folder

pytestmark = pytest.mark.django_db(databases="__all__")
TODAY = date(2026, 11, 20)


@pytest.fixture
def source(county):
    """An entry from which duties may come."""
    return county.send(record())[0]


def owed(source, **changes):
    return replace(
        Owed(
            kind="rectification",
            bearer_id=1,
            what="改正三处公开栏目的错误",
            source_id=source,
            opened_on=TODAY,
            due_on=date(2026, 12, 1),
            to_id=2,
            supporter_ids=(2,),
        ),
        **changes,
    )


def opened(county, *all_owed):
    ids = open_duties(owed=all_owed, at=AT, actor=ACTOR)
    county.follow()
    return ids


def done(county, duty_id, act, on, trait="", **content):
    entry_id = Duty.objects.get(pk=duty_id).entry_id
    draft = Draft(
        kind=act,
        subject_id=None,
        unit_id=1,
        true_on=on,
        known_at=AT,
        open=content,
        about_id=entry_id,
        trait=trait,
    )
    county.send(draft)


def test_an_opening_makes_a_duty_that_lists_find(county, source):
    (first,) = opened(county, owed(source))
    duty = standing.duty(first)
    assert (duty.state, duty.running, duty.bearer_id, duty.to_id) == ("open", True, 1, 2)
    assert (duty.opened_on, duty.due_on, duty.what) == (
        TODAY,
        date(2026, 12, 1),
        "改正三处公开栏目的错误",
    )
    assert lists.supporters_of(first) == [2]
    assert list(lists.running([1])) == [duty]
    assert list(lists.supported([2])) == [duty]
    assert list(lists.of_sources([source])[source]) == [duty]
    late = date(2026, 12, 4)
    assert list(lists.overdue(None, late)) == [duty]
    assert lists.overdue_by_unit(late) == [lists.Overdue(1, 1, date(2026, 12, 1))]
    assert list(lists.overdue(None, date(2026, 12, 1))) == []
    assert lists.standing([1], TODAY).soon == 1
    assert lists.standing([1], date(2026, 12, 1)).today == 1


def test_acts_restate_and_a_rebuild_gives_the_same_rows(county, source):
    first, second, third = opened(
        county,
        owed(source),
        owed(source, kind="quarterly_return", due_on=None, period="2026Q3"),
        owed(source, due_on=None),
    )
    done(county, first, DutyAct.EXTENDED, TODAY, done_in_clear(due_on=date(2026, 12, 31)))
    done(county, first, DutyAct.REPORTED, TODAY, done_in_clear(files=2))
    done(county, second, DutyAct.HANDED_OVER, TODAY, done_in_clear(to_id=2))
    assert Duty.objects.get(pk=first).due_on == date(2026, 12, 31)
    assert list(lists.to_verify([2])) == [Duty.objects.get(pk=first)]
    assert Duty.objects.get(pk=second).bearer_id == 2
    assert [duty.pk for duty in lists.without_day([1])] == [third]
    done(county, first, DutyAct.VERIFIED, date(2026, 12, 30))
    assert (standing.duty(first).state, standing.duty(first).running) == ("on_time", False)
    assert list(lists.to_verify(None)) == []
    before = list(Duty.objects.order_by("id").values())
    journey.rebuild(name="all", at=AT + timedelta(days=1), actor=ACTOR)
    assert list(Duty.objects.order_by("id").values()) == before
    assert lists.supporters_of(first) == [2]


def test_a_day_without_calendar_is_counted_when_the_calendar_comes(
    county, source, tmp_path, monkeypatch
):
    quarter = {
        "kind": "quarterly_return",
        "due_on": None,
        "opened_on": date(2026, 12, 31),
        "period": "2026Q4",
    }
    (waits,) = opened(county, owed(source, **quarter))
    assert standing.duty(waits).due_on is None
    assert [duty.pk for duty in lists.without_day(None)] == [waits]
    # Reported, and found done, before the calendar came: only then it is known that it was late.
    met, reported = opened(county, *(owed(source, **quarter, bearer_id=n) for n in (3, 4)))
    for duty_id in (met, reported):
        done(county, duty_id, DutyAct.REPORTED, date(2027, 1, 16), words="已报")
    done(county, met, DutyAct.VERIFIED, date(2027, 1, 17), because="看过了")
    county.follow()
    assert standing.duty(met).state == "on_time"
    shutil.copytree(law_folder(), tmp_path / "law")
    (tmp_path / "law" / "calendar" / "2027.yaml").write_text(
        "year: 2027\nstatus: official\ndocument: 通知\nsource: 无\n"
        "days_off: [2027-01-01]\nmake_up_days: []\n"
    )
    monkeypatch.setenv("ZHENGXIN_LAW", str(tmp_path / "law"))
    journey.publish_due(at=AT, actor=ACTOR)
    assert standing.duty(waits).due_on == date(2027, 1, 15)
    assert standing.duty(reported).due_on == date(2027, 1, 15)
    assert (standing.duty(met).state, standing.duty(met).due_on) == ("late", date(2027, 1, 15))
    before = list(Duty.objects.order_by("id").values())
    journey.rebuild(name="all", at=AT + timedelta(days=1), actor=ACTOR)
    assert list(Duty.objects.order_by("id").values()) == before


def test_the_history_says_who_did_what(county, source):
    (first,) = opened(county, owed(source))
    done(county, first, DutyAct.RETURNED, TODAY, because="没有附整改前后的对照")
    done(county, first, DutyAct.REPORTED, TODAY, words="三处都已改正")
    steps = standing.history(first)
    assert [step.act for step in steps] == ["duty_opened", "duty_returned", "duty_reported"]
    assert steps[0].by == ACTOR.name
    assert steps[0].content["supporters"] == [2]
    assert steps[2].content["words"] == "三处都已改正"


def test_only_duties_of_acts_are_asked_for_by_number(county, source):
    with pytest.raises(standing.UnknownDuty):
        standing.duty(source * 8)
