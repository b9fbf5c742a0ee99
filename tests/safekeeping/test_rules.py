"""Which backups stay, and what counts as a difference."""

from datetime import UTC, datetime, timedelta

from zhengxin.safekeeping import rules
from zhengxin.safekeeping.types import Keep, Totals

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def totals(entries: dict[str, int], erased: int = 0, **more: object) -> Totals:
    found = {"tables": {"default": {"a": 3}}, "migrations": {"default": ["x.1"]}, **more}
    return Totals(entries=entries, erased=erased, **found)  # type: ignore[arg-type]


def test_the_newest_of_each_day_week_and_month_stays():
    runs = [(f"{days:03d}", NOW - timedelta(days=days)) for days in range(400)]
    runs += [("early", NOW - timedelta(hours=2))]
    kept = rules.staying(runs, Keep(daily=3, weekly=2, monthly=3))
    # Three days; this week and the end of the last; this month and the ends of the two before.
    assert kept == {"000", "001", "002", "006", "028", "059"}


def test_the_newest_stays_whatever_the_rule():
    assert rules.staying([("a", NOW)], Keep(0, 0, 0)) == {"a"}
    assert rules.staying([], Keep()) == set()


def test_rows_that_are_more_or_fewer_are_told():
    then = totals({})
    assert rules.differing_tables(then, then) == []
    fewer = totals({}, tables={"default": {"a": 2}})
    assert rules.differing_tables(then, fewer) == ["表a应有3行，有2行。"]
    assert len(rules.differing_tables(then, totals({}, erased=1))) == 1
    assert len(rules.differing_tables(then, totals({}, migrations={"default": []}))) == 1


def test_only_erasures_may_be_added():
    then = totals({"penalty/1": 5, "erasure/": 1}, erased=1)
    now = totals({"penalty/1": 5, "erasure/": 3}, erased=3)
    assert rules.differing_entries(then, now, erased=2, acts=2) == []
    assert rules.differing_entries(then, now, erased=2, acts=1) != []
    assert rules.differing_entries(then, now, erased=1, acts=2) != []
    lost = totals({"penalty/1": 4, "erasure/": 3}, erased=3)
    assert rules.differing_entries(then, lost, erased=2, acts=2) == [
        "种类penalty、单位1：应有5条，有4条。"
    ]


def test_a_newer_backup_is_known_by_its_migrations():
    assert rules.unknown_migrations(totals({}), ["x.1", "x.2"]) == []
    assert rules.unknown_migrations(totals({}), ["x.2"]) == ["x.1"]
