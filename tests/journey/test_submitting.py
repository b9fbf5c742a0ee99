"""A submission that is overtaken by its withdrawal, or whose work breaks off, ends calmly and is taken up again."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from threading import Timer
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.rows import licence, table
from zhengxin import journey
from zhengxin.intake import actions as intake
from zhengxin.intake import queries as intake_queries
from zhengxin.intake.child import WorkFailed
from zhengxin.intake.models import Submission
from zhengxin.journey.submitting import Interrupted, claim
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import staging
from zhengxin.ledger.chunks import StagingStopped
from zhengxin.ledger.models import Entry, Seal

pytestmark = pytest.mark.django_db(databases="__all__")
ACTOR = Actor.system("测试")
BECAUSE = "传错了文件。"


def send(county: County, *serials: int, wait: bool = True) -> Submission:
    return journey.submit(
        upload=table("licences", *(licence(n) for n in serials)),
        filename="许可.csv",
        source="licences",
        unit_id=county.units["县住建局"],
        at=timezone.now(),
        actor=ACTOR,
        wait=wait,
    )


def withdraw_newest() -> None:
    newest = Submission.objects.latest("id")
    journey.withdraw(submission_id=newest.pk, because=BECAUSE, at=timezone.now(), actor=ACTOR)


def overtaken_at(monkeypatch: pytest.MonkeyPatch, where: object, name: str) -> None:
    """The next submission that comes to this step is withdrawn just before it."""
    step, waiting = getattr(where, name), [True]

    def withdrawn_first(*args: object, **kwargs: object) -> object:
        if waiting:
            waiting.clear()
            withdraw_newest()
        return step(*args, **kwargs)

    monkeypatch.setattr(where, name, withdrawn_first)


def breaks(monkeypatch: pytest.MonkeyPatch, where: object, name: str, error: Exception) -> None:
    def broken(*args: object, **kwargs: object) -> object:
        raise error

    monkeypatch.setattr(where, name, broken)


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (intake, "check"),
        (intake, "prepare"),
        (ledger, "stage"),
        (staging, "stage_chunk"),
        (ledger, "seal"),
        (intake, "mark_sealed"),
        (intake, "mark_followed"),
    ],
)
def test_a_withdrawal_that_overtakes_any_step_ends_it_calmly(
    county: County, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    overtaken_at(monkeypatch, where, name)
    overtaken = send(county, 1, 2)
    assert overtaken.state == "withdrawn"
    assert overtaken.withdrawn_because == BECAUSE
    assert send(county, 3).state == "followed"
    # What was sealed before the withdrawal is on the ledger, with the act that takes it back.
    records = Entry.objects.filter(kind="licence", batch_id__in=Seal.objects.values("batch_id"))
    withdrawn = Entry.objects.filter(kind="withdrawal").count()
    assert records.count() == (3 if withdrawn else 1)
    assert withdrawn == (name in ("mark_sealed", "mark_followed"))


def test_the_worker_goes_on_with_the_next(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("zhengxin.journey.submitting.AT_ONCE", 0)
    first, second = send(county, 1, wait=False), send(county, 2, wait=False)
    check = intake.check

    def fails_on_the_first(**kwargs: Any) -> object:
        if kwargs["submission_id"] == first.pk:
            raise WorkFailed("Killed: out of memory")
        return check(**kwargs)

    monkeypatch.setattr(intake, "check", fails_on_the_first)
    assert journey.resume(at=timezone.now(), actor=ACTOR) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("received", "followed")
    assert "out of memory" in caplog.text
    monkeypatch.setattr(intake, "check", check)
    assert journey.resume(at=timezone.now(), actor=ACTOR) == 1
    first.refresh_from_db()
    assert first.state == "followed"
    assert intake_queries.interruption(first) is None


def test_any_other_error_stops_one_submission_only(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("zhengxin.journey.submitting.AT_ONCE", 0)
    stuck = send(county, 1, wait=False)
    breaks(monkeypatch, intake, "check", OSError("disk full"))
    assert journey.resume(at=timezone.now(), actor=ACTOR) == 0
    assert "disk full" in caplog.text
    stuck.refresh_from_db()
    assert stuck.report["interrupted"]["times"] == 1


@pytest.mark.parametrize("error", [WorkFailed("Killed"), StagingStopped("batch 1: 5 of 9")])
def test_who_waits_at_the_command_line_gets_sentences(
    county: County, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    breaks(monkeypatch, ledger, "stage", error)
    with pytest.raises(Interrupted) as told:
        send(county, 1)
    assert "不必重报" in str(told.value)
    assert Submission.objects.get().state == "staged"


def test_who_waits_at_a_page_sees_the_receipt_say_so(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(monkeypatch, ledger, "stage", WorkFailed("Killed"))
    stopped = send(county, 1, wait=False)
    assert stopped.state == "staged"
    clerk = Client()
    clerk.force_login(county.accounts["jingban"])
    for address in ("", "progress/"):
        page = clerk.get(f"/desk/submissions/{stopped.pk}/{address}").content.decode()
        assert "办理中途停了，第1次" in page
        assert "Killed" not in page


def test_what_stops_again_and_again_is_left_to_rest(county: County) -> None:
    submission = intake.receive(
        upload=table("licences", licence(1)),
        filename="许可.csv",
        source="licences",
        unit_id=county.units["县住建局"],
        at=timezone.now(),
        actor=ACTOR,
    )
    at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    rests = []
    for _ in range(12):
        intake.note_interruption(submission_id=submission.pk, at=at, actor=ACTOR)
        minutes = 0
        while not intake_queries.unfinished(at + timedelta(minutes=minutes)):
            minutes += 1
        rests.append(minutes)
    assert rests == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_who_waits_waits_for_a_process_that_has_it_in_hand(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive, hands = intake.receive, ExitStack()

    def received(**given: Any) -> Submission:
        submission = receive(**given)
        hands.enter_context(claim(submission.pk))
        Timer(0.3, hands.close).start()
        return submission

    monkeypatch.setattr(intake, "receive", received)
    assert send(county, 1).state == "followed"
