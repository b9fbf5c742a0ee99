"""A row that waits for a person has been reported: its mended version does not come late."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.utils import timezone

from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.rows import licence, table
from tests.factors import signed_at
from tests.journeys.test_deciding import ODD, Story, assert_rebuild_changes_nothing
from tests.journeys.test_deciding import own_keys as own_keys
from tests.journeys.test_deciding import story as story
from zhengxin import journey
from zhengxin.accounts.queries import accounts_in_role
from zhengxin.duties.models import Duty
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.journey.arriving import note_earlier_reports
from zhengxin.journey.showing import mention_sheet
from zhengxin.kernel.actor import Role
from zhengxin.ledger.models import Entry
from zhengxin.messages.models import Message
from zhengxin.subjects.models import Unit

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
DECIDED = "2026-11-02"  # due on the 11th
EARLY, FIRST, MENDED, AGAIN = (datetime(2026, 11, day, 2, tzinfo=UTC) for day in (1, 4, 20, 24))
ODDER = "示例县惠民建筑材料公司"
RIGHT = "示例县惠民建材有限公司"


def send(
    story: Story, at: datetime, name: str, decided: str = DECIDED, **changes: str
) -> Submission:
    row = licence(31, XK_XDR_MC=name, XK_JDRQ=decided, XK_WSH="示住建许〔2026〕31号", **changes)
    return journey.submit(
        upload=BytesIO(table("licences", row).read()),
        filename="报送.csv",
        source="licences",
        unit_id=story.county.units["县住建局"],
        at=at,
        actor=story.actor("jingban"),
        wait=True,
    )


def duty() -> tuple[date | None, str]:
    """When the duty that counts was met, and how; of the document of this story."""
    found = Duty.objects.filter(opened_on=DECIDED).exclude(state="void").get()
    return found.met_on, found.state


def decide(story: Story, name: str, choice: int | str) -> None:
    waiting = WaitingRecord.objects.get(mention_text=name, state="waiting")
    at, actor = story.later(), story.actor("xinyong")
    journey.decide_attribution(
        waiting_id=waiting.pk,
        choice=choice,
        because="对照过执照",
        signed=signed_at(actor.account_id, mention_sheet(waiting.pk), at),
        at=at,
        actor=actor,
    )


def test_the_mended_row_counts_from_the_arrival_of_the_one_that_waits(story: Story) -> None:
    waits = send(story, FIRST, ODD)
    assert story.counts(waits) == (0, 1, 0)
    mended = send(story, MENDED, RIGHT)
    assert story.counts(mended) == (1, 0, 0)
    assert duty() == (date(2026, 11, 4), "on_time")
    act = Entry.objects.get(kind="earlier_report")
    assert (act.known_at, act.about_id) == (FIRST, Entry.objects.get(true_on=DECIDED).id)
    assert_rebuild_changes_nothing()
    # A process that ended in between says it again, and it is said once.
    note_earlier_reports(
        unit_id=mended.unit_id,
        batch_ids={mended.batch_id or 0},
        before=MENDED,
        at=MENDED,
        actor=story.actor("jingban"),
    )
    assert Entry.objects.get(kind="earlier_report").id == act.id
    # A correction of the mended one keeps it.
    send(story, AGAIN, RIGHT, XK_NR="更正后的许可内容")
    assert duty() == (date(2026, 11, 4), "on_time")
    assert_rebuild_changes_nothing()


@pytest.mark.parametrize("choice", ["drop", "right"])
def test_what_is_decided_of_the_waiting_row_later_changes_nothing(
    story: Story, choice: str
) -> None:
    send(story, FIRST, ODD)
    send(story, MENDED, RIGHT)
    decide(story, ODD, story.right if choice == "right" else choice)
    assert not WaitingRecord.objects.filter(state="waiting").exists()
    assert duty() == (date(2026, 11, 4), "on_time")
    assert_rebuild_changes_nothing()


def test_a_row_that_was_nobodys_before_is_as_one_handed_back(story: Story) -> None:
    send(story, FIRST, ODD)
    decide(story, ODD, "drop")
    send(story, MENDED, RIGHT)
    assert duty() == (date(2026, 11, 20), "late")


def test_a_withdrawn_row_was_no_report(story: Story) -> None:
    waits = send(story, FIRST, ODD)
    journey.withdraw(
        submission_id=waits.pk, because="传错了", at=MENDED, actor=story.actor("jingban")
    )
    send(story, MENDED, RIGHT)
    assert duty() == (date(2026, 11, 20), "late")


def test_of_two_that_wait_the_later_may_be_decided_first(story: Story) -> None:
    send(story, FIRST, ODD)
    send(story, MENDED, ODDER)
    decide(story, ODDER, story.right)
    assert duty() == (date(2026, 11, 4), "on_time")
    assert_rebuild_changes_nothing()


def test_what_waits_since_before_the_decision_was_no_report_of_it(story: Story) -> None:
    send(story, EARLY, ODD, decided="2026-10-30")
    send(story, MENDED, RIGHT)
    assert duty() == (date(2026, 11, 20), "late")
    assert Entry.objects.filter(kind="earlier_report").exists()


def behalf(story: Story, at: datetime, name: str) -> Submission:
    """The unit that collects for the whole county sends a licence of the housing bureau."""
    office = story.county.units["县发改局"]
    Unit.objects.filter(pk=office).update(traits=["credit_office"])
    row = licence(31, XK_XDR_MC=name, XK_JDRQ=DECIDED, XK_WSH="示住建许〔2026〕31号")
    return journey.submit(
        upload=BytesIO(table("licences", row).read()),
        filename="代报.csv",
        source="licences",
        unit_id=office,
        at=at,
        actor=story.actor("xinyong"),
        wait=True,
    )


def test_what_is_reported_for_another_unit_is_that_units_record_and_duty(story: Story) -> None:
    housing = story.county.units["县住建局"]
    sent = behalf(story, FIRST, RIGHT)
    assert story.counts(sent) == (1, 0, 0)
    assert Entry.objects.get(true_on=DECIDED).unit_id == housing
    assert set(Duty.objects.filter(opened_on=DECIDED).values_list("bearer_id", flat=True)) == {
        housing
    }
    told = Message.objects.filter(kind="reported_for")
    today = timezone.localdate()
    people = {*accounts_in_role(Role.CLERK, today, unit_id=housing)}
    people |= {*accounts_in_role(Role.LEADER, today, unit_id=housing)}
    assert {each.account_id for each in told} == people
    assert "代报了您单位的1条行政许可。" in told[0].subject
    # Mended by the unit itself, it is the same document, and was in time.
    mended = send(story, MENDED, RIGHT, XK_NR="更正后的许可内容")
    assert (mended.admitted, mended.superseding) == (1, 1)
    assert duty() == (date(2026, 11, 4), "on_time")
    assert Message.objects.filter(kind="reported_for").count() == len(people)
    assert_rebuild_changes_nothing()


@pytest.mark.parametrize("first", ["office", "own"])
def test_a_waiting_row_has_arrived_whoever_of_the_two_sent_it(story: Story, first: str) -> None:
    if first == "office":
        behalf(story, FIRST, ODD)
        send(story, MENDED, RIGHT)
    else:
        send(story, FIRST, ODD)
        behalf(story, MENDED, RIGHT)
    assert duty() == (date(2026, 11, 4), "on_time")
