"""Followed from the beginning again, in steps of any size, the followers are what they were."""

import fcntl
from datetime import date, timedelta

import pytest
from django.apps import apps

from tests.publication.county import ACTOR, AT, record
from zhengxin import journey
from zhengxin.journey.following import RebuildRunning
from zhengxin.ledger import actions as ledger

pytestmark = pytest.mark.django_db(databases="__all__")
TABLES = ("archive.Line", "duties.Duty", "publication.Notice")
BOARD = (
    "board.BoardSubject",
    "board.BoardItem",
    "board.BoardTile",
    "board.BoardCheckpoint",
    "board.BoardCorrection",
)


def rows(name):
    model = apps.get_model(name)
    found = [
        {
            key: bytes(value) if isinstance(value, memoryview) else value
            for key, value in row.items()
        }
        for row in model.objects.order_by("pk").values()
    ]
    for row in found:
        if name == "board.BoardTile":
            row.pop("id")
        row.pop("prefix_id", None)
    return found


def prefixes():
    """Prefixes, grams and figures by their texts: ids of prefixes are the board's own business."""
    text = dict(apps.get_model("board.BoardPrefix").objects.values_list("id", "text"))
    grams = {
        (of, gram, text[ref] if of == "prefix" else ref)
        for of, gram, ref in apps.get_model("board.BoardGram").objects.values_list(
            "of", "gram", "ref_id"
        )
    }
    items = {
        row: text.get(prefix)
        for row, prefix in apps.get_model("board.BoardItem").objects.values_list(
            "entry_id", "prefix_id"
        )
    }
    figures = dict(apps.get_model("board.BoardFigure").objects.values_list("name", "value"))
    return set(text.values()), grams, items, figures


def test_a_second_rebuild_is_refused_while_one_runs(settings, tmp_path):
    settings.ZHENGXIN_HOME = tmp_path
    with (tmp_path / "rebuild.lock").open("w") as running:
        fcntl.flock(running, fcntl.LOCK_EX)
        with pytest.raises(RebuildRunning, match="另一个重建正在进行"):
            journey.rebuild(name="all", at=AT, actor=ACTOR)
    assert journey.rebuild(name="all", at=AT, actor=ACTOR) == 0


def eventful(county):
    """A bit of everything, published day by day. Returns the last moment."""
    kinds = ["warning", "fine", "confiscation_of_gains", "closure", "public_order", "fine;warning"]
    for day in range(6):
        at = AT + timedelta(days=day)
        ids = county.send(
            *(
                record(
                    "penalty" if n % 2 else "licence",
                    subject_id=(11, 12, 21)[n % 3],
                    unit_id=1 + n % 2,
                    true_on=None if n == 5 else date(2026, 11, 18) - timedelta(days=200 * (n % 6)),
                    known_at=at,
                    trait=kinds[(n + day) % 6] if n % 2 else "",
                    number=f"示字〔2026〕{day * 100 + n}号",
                )
                for n in range(12)
            ),
            at=at,
        )
        if day != 2:
            county.publish(at)
        county.act("grading", ids[1], at=at, grade="serious", because="重大")
        county.act("text_release", ids[1], at=at, fields=["CF_SY"], because="可公开")
        county.act(
            "withholding", ids[2], at=at, reason="privacy", because="申请", review_on="2027-01-01"
        )
        corrected = county.send(
            *(
                # A correction bears the number of what it corrects, and so its key.
                record(about_id=ids[n], known_at=at, number=f"示字〔2026〕{day * 100 + n}号")
                for n in (0, 3, 2)
            ),
            at=at,
        )
        if day % 2:
            county.act("withdrawal", county.batch_of(corrected[0]), at=at, because="传错了")
        if day in (2, 4):
            county.act("revocation", corrected[1], at=at, because="认定有误")
            county.act("revocation", ids[5], at=at, because="认定有误")
        if day == 3:
            county.act("withdrawal", county.batch_of(ids[0]), at=at, because="传错了")
            ledger.erase(entry_id=corrected[1], because="裁定", at=at, actor=ACTOR)
        if day != 4:
            county.publish(at)
    ledger.erase(entry_id=ids[4], because="裁定", at=at, actor=ACTOR)
    county.send(record(open={"XK_NR": "210321190001010014"}, known_at=at), at=at)
    return at


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_rebuilt_equals_live(county, step):
    at = eventful(county)
    county.publish(at)
    before = {name: rows(name) for name in (*TABLES, *BOARD)}
    names = prefixes()
    assert {row["state"] for row in before["publication.Notice"]} == {
        "ungraded",
        "shown",
        "ended",
        "withheld",
    }
    assert len(before["board.BoardItem"]) > 10
    assert len(before["board.BoardCorrection"]) > 5
    county.rebuild(step=step, at=at)
    from zhengxin.publication.actions import publish_due

    publish_due(at=at)
    for name, found in before.items():
        assert rows(name) == found, name
    assert prefixes() == names


def test_cleared_is_empty_but_for_the_feed(county):
    from zhengxin.publication import actions

    eventful(county)
    county.publish(AT + timedelta(days=9))
    actions.clear()
    left = {name: len(rows(name)) for name in (*BOARD, "board.BoardPrefix", "board.BoardGram")}
    feed = left.pop("board.BoardCorrection")
    assert feed > 5
    assert set(left.values()) == {0}
