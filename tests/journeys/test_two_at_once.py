"""Two files with the same records on their way at the same time: every record enters once."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection, transaction

from tests.rows import licence_file
from zhengxin import journey
from zhengxin.intake import actions as intake
from zhengxin.intake.actions import MoveRefused
from zhengxin.intake.enums import SubmissionState
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.journey.submitting import STEPS, advance
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger
from zhengxin.subjects import queries as subjects

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ACTOR = Actor.system("test")


@pytest.fixture
def received(settings, tmp_path):
    settings.SUBMISSIONS_DIR, settings.KEYS_DIR = tmp_path / "submissions", tmp_path / "keys"
    register = settings.BASE_DIR / "registers" / "example.yaml"
    journey.open_county(register=register, at=AT, actor=ACTOR)
    unit = subjects.unit_by_name("县住建局", AT.date())

    def receive(name, n):
        path = licence_file(
            tmp_path / name, n, unit_name=unit.name, unit_code=unit.uscc, until=AT.date()
        )
        return intake.receive(
            upload=path, filename=name, source="licences", unit_id=unit.id, at=AT, actor=ACTOR
        )

    return receive


def up_to_staged(submission):
    while submission.state != SubmissionState.STAGED:
        STEPS[SubmissionState(submission.state)](submission, AT, ACTOR, None)
        submission.refresh_from_db()


def test_the_slower_file_is_compared_again(received):
    # The first ten records of the longer file are the shorter one.
    fast, slow = received("fast.csv", 10), received("slow.csv", 20)
    up_to_staged(fast)
    up_to_staged(slow)
    assert (fast.admitted, slow.admitted) == (10, 20)
    for submission in (fast, slow):
        advance(submission_id=submission.id, at=AT, actor=ACTOR)
        submission.refresh_from_db()
        assert submission.state == SubmissionState.FOLLOWED
    assert (fast.admitted, fast.refused) == (10, 0)
    assert (slow.admitted, slow.refused) == (10, 10)
    assert ledger.size() == 20
    assert ledger.verify().ok


@pytest.mark.django_db(transaction=True, databases=["default", "keys", "board"])
def test_two_decisions_at_once_keep_the_sums(received):
    submission = received("two.csv", 1)
    Submission.objects.filter(pk=submission.pk).update(waiting=2, admitted=0, refused=0)
    one, two = (
        WaitingRecord.objects.create(
            submission=submission, seq=n, row_number=n + 2, mention=f"某{n}|", mention_text=f"某{n}"
        )
        for n in range(2)
    )
    refusals = []

    def drop(*rows):
        try:
            for row in rows:
                intake.drop_waiting(waiting_id=row.pk, at=AT, actor=ACTOR)
        except MoveRefused as refused:
            refusals.append(refused)
        finally:
            connection.close()

    with transaction.atomic():
        intake.drop_waiting(waiting_id=one.pk, at=AT, actor=ACTOR)
        other = Thread(target=drop, args=(two, one))
        other.start()
        other.join(timeout=1)
    other.join()
    submission.refresh_from_db()
    assert (submission.waiting, submission.refused) == (0, 2)
    assert len(refusals) == 1
