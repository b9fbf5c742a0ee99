"""Broken off, overtaken, erased: numbers keep their order and nothing is lost."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.desk.conftest import County
from tests.factors import signed_at
from tests.handover.cities import describe
from tests.handover.conftest import ACTOR, answers, export, licence, official, out, report, rows_of
from zhengxin import journey
from zhengxin.handover import queries
from zhengxin.handover.models import Answer, Attempt, Dispatch, Line, RecordStanding
from zhengxin.handover.peers import PeerUnreadable, read_peer
from zhengxin.intake.models import Submission
from zhengxin.journey.showing import erasure_sheet
from zhengxin.kernel.actor import Actor, Role

pytestmark = pytest.mark.django_db(databases="__all__")


def test_packing_broken_off_is_done_again_under_the_same_number(
    city: Path, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(county, licence(1))

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("zhengxin.handover.actions.packing._record", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            journey.export(to="city", at=timezone.now(), actor=ACTOR)
    assert Dispatch.objects.count() == 0
    assert export().endswith("000001")
    assert len(rows_of(out(city, "licence.new.csv"))) == 1


def test_killed_between_delivery_and_recording_it_is_recognised(
    city: Path, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(county, licence(1))

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    journey.export(to="city", at=timezone.now(), actor=ACTOR)
    with monkeypatch.context() as patched:
        patched.setattr("zhengxin.handover.actions.sending._record", killed)
        with pytest.raises(KeyboardInterrupt):
            journey.send(to="city", at=timezone.now(), actor=ACTOR)
    [(_, outcome)] = journey.send(to="city", at=timezone.now(), actor=ACTOR)
    assert outcome.told == "already"
    assert Attempt.objects.get().outcome == "already"


def test_another_dispatch_of_the_same_number_is_never_overwritten(
    city: Path, county: County
) -> None:
    report(county, licence(1))
    [packed] = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    folder = city / "exchange" / "out"
    folder.mkdir(parents=True)
    (folder / f"{packed.number}.manifest.json").write_text("{}")
    [(_, outcome)] = journey.send(to="city", at=timezone.now(), actor=ACTOR)
    assert outcome.told == "refused"
    assert (folder / f"{packed.number}.manifest.json").read_text() == "{}"
    assert [a.code for a in queries.alarms(at=timezone.now())] == ["refused"]


def erase(entry_id: int, reviewer: Actor, at: datetime) -> None:
    signed = signed_at(reviewer.account_id, erasure_sheet(entry_id), at)
    journey.erase(entry_id=entry_id, because="依法删除。", signed=signed, at=at, actor=reviewer)


def test_erasing_clears_what_is_packed_and_the_city_is_told(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    first = export()
    reviewer = official(county, "fuhe", Role.REVIEWER)
    gone, _other = Line.objects.order_by("id").values_list("entry_id", flat=True)
    assert list(city.glob("exchange/out/*.csv"))
    erase(gone, reviewer, timezone.now())
    assert not (city / "exchange" / "outbox" / "city" / first).exists()
    # The folder that city and county both see: the data file is gone, that there was a dispatch is not.
    left = {path.name for path in city.glob("exchange/out/**/*") if path.is_file()}
    assert f"{first}.manifest.json" in left
    content = b"".join(
        path.read_bytes() for path in city.glob("exchange/out/**/*") if path.is_file()
    )
    assert licence(1)["XK_WSH"].encode() not in content
    export()
    [line] = rows_of(out(city, "2.lines.csv"))
    assert (line["文件"], line["操作"], line["原批次"], line["原行号"]) == (
        "",
        "revoke",
        first,
        "1",
    )

    # Packed and not delivered: that dispatch becomes void, its other records go with the next one.
    report(county, licence(3), licence(4))
    [waiting] = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    third = Line.objects.filter(dispatch_id=waiting.dispatch_id).order_by("id")[0].entry_id
    # Each code of the app passes once.
    erase(third, reviewer, timezone.now() + timedelta(minutes=1))
    export()
    manifest = json.loads(out(city, "4.manifest.json").read_bytes())
    assert manifest["void"] == [waiting.number]
    assert manifest["previous"] == Dispatch.objects.get(number=waiting.number).digest
    assert manifest["counts"]["operations"] == {"new": 1}
    tally = journey.reconcile(peer_code="city", at=timezone.now(), actor=ACTOR)
    assert tally.states == {"sent": 3, "exempt": 1}


def test_files_go_once_everything_was_answered(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    number = export()
    folder = city / "exchange" / "outbox" / "city" / number
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    answers((number, "", 1, "接收", ""))
    assert folder.exists()
    answers((number, "", 2, "接收", ""))
    assert not folder.exists()


def test_silence_of_the_city_becomes_an_alarm(city: Path, county: County) -> None:
    report(county, licence(1))
    export()
    now = timezone.now()
    assert queries.alarms(at=now) == []
    [alarm] = queries.alarms(at=now + timedelta(days=4))
    assert (alarm.code, alarm.n) == ("unconfirmed", 1)


def test_figures_that_disagree_fail(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    export()
    RecordStanding.objects.order_by("id")[0].delete()
    with pytest.raises(journey.handing_over.FiguresDisagree):
        journey.reconcile(peer_code="city", at=timezone.now(), actor=ACTOR)


def test_what_was_sent_and_said_cannot_be_changed(city: Path, county: County) -> None:
    report(county, licence(1))
    number = export()
    answers((number, "", 1, "接收", ""))
    for change in (
        lambda: Line.objects.update(operation="revoke"),
        lambda: Line.objects.all().delete(),
        lambda: Attempt.objects.update(outcome="refused"),
        lambda: Answer.objects.all().delete(),
        lambda: Dispatch.objects.update(digest="0" * 64),
        lambda: Dispatch.objects.update(state="waiting"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"delivery": {"http": {"url": "http://city.example/box"}}}, "https"),
        ({"delivery": {"sftp": {"host": "h", "user": "u", "folder": "f"}}}, "host_keys"),
        (
            {"delivery": {"sftp": {"host": "h", "user": "u", "folder": "f", "host_keys": []}}},
            "host_keys",
        ),
        ({"colour": "red"}, "colour"),
        ({"form": "pdf"}, "pdf"),
        ({"inward": {"folder": "in", "signed": True}}, "verifier"),
    ],
)
def test_a_description_with_a_mistake_is_refused(
    tmp_path: Path, change: dict[str, object], word: str
) -> None:
    with pytest.raises(PeerUnreadable) as refused:
        read_peer(describe(tmp_path, **change))
    assert word in str(refused.value)


def test_the_shipped_city_can_be_read() -> None:
    peer = read_peer(Path(__file__).parents[2] / "peers" / "city.yaml")
    assert peer.every_minutes == 0
    assert peer.delivery.folder.endswith("out")


def test_records_of_another_submission_do_not_wait(city: Path, county: County) -> None:
    """A backlog goes in several dispatches of at most the agreed size, every record once."""
    describe(city / "peers", most_rows=3)
    report(county, *(licence(n) for n in range(1, 9)))
    assert Submission.objects.count() == 1
    packed = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    assert [each.lines for each in packed] == [3, 3, 2]
    assert len(set(Line.objects.values_list("root_id", flat=True))) == 8
