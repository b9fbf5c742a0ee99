"""How a record stood towards the public as known on an earlier day."""

from datetime import date, datetime, timedelta

import pytest

from tests.publication.county import AT, record
from zhengxin.ledger.types import Draft
from zhengxin.publication.as_known import standing_on
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
ARRIVED = date(2026, 11, 20)


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


def penalty(n, trait, **changes):
    return record(kind="penalty", number=f"示罚〔2026〕{n}号", trait=trait, **changes)


def read(entry_id, days):
    found = standing_on(entry_id, ARRIVED + timedelta(days=days))
    return (found.state, found.withheld) if found else None


def test_it_was_not_known_before_it_came(county):
    [entry] = county.send(penalty(1, "closure"))
    assert read(entry, -1) is None
    assert read(entry, 0) == ("公示中", "")


def test_what_persons_said_counts_from_the_day_they_said_it(county):
    [entry] = county.send(penalty(1, "fine"))
    county.act("grading", entry, at=later(2), grade="serious")
    county.act("withholding", entry, at=later(5), reason="privacy", because="含住址", review_on="")
    assert [read(entry, days) for days in (1, 2, 4, 5)] == [
        ("待定级", ""),
        ("公示中", ""),
        ("公示中", ""),
        ("不公开", "个人隐私"),
    ]
    # The newest day says what the notice says now.
    assert Notice.objects.get(entry_id=entry).withheld == "privacy"


def test_a_correction_and_its_withdrawal_each_on_their_day(county):
    [old] = county.send(penalty(1, "closure"))
    [new] = county.send(penalty(1, "closure", about_id=old, known_at=later(3)), at=later(3))
    county.act("withdrawal", county.batch_of(new), at=later(6), because="传错了")
    assert [read(old, days) for days in (2, 3, 5, 6)] == [
        ("公示中", ""),
        ("不公开", "已更正"),
        ("不公开", "已更正"),
        ("公示中", ""),
    ]
    assert [read(new, days) for days in (2, 3, 6)] == [
        None,
        ("公示中", ""),
        ("不公开", "已撤回"),
    ]


def test_the_period_ends_on_the_day_the_law_says(county):
    [entry] = county.send(penalty(1, "closure"))
    last = Notice.objects.get(entry_id=entry).display_to
    assert last is not None
    assert standing_on(entry, last).state == "公示中"
    over = standing_on(entry, last + timedelta(days=1))
    assert (over.state, over.withheld) == ("已终止公示", "公示期已满")


def test_an_objection_marks_the_days_it_ran(county):
    [entry] = county.send(penalty(1, "closure"))
    county.act("objection_lodged", entry, at=later(2), claim="有误")
    county.act("objection_dismissed", entry, at=later(7), reasons="属实")
    days = [ARRIVED + timedelta(days=n) for n in (1, 2, 6, 7)]
    assert [standing_on(entry, each).disputed for each in days] == [False, True, True, False]


def test_a_repair_ends_the_display_from_its_day(county):
    [entry] = county.send(penalty(1, "closure"))
    granted = Draft(
        kind="repair_granted",
        subject_id=None,
        unit_id=1,
        true_on=ARRIVED + timedelta(days=4),
        known_at=later(4),
        open={"because": "已履行"},
        about_id=entry,
    )
    county.send(granted, at=later(4))
    assert [read(entry, days) for days in (3, 4)] == [("公示中", ""), ("已终止公示", "已修复")]
