"""What the law sealed once stays sealed, whatever words the same document comes in afterwards."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.rows import penalty, table
from tests.factors import signed_at
from tests.journeys.test_deciding import ODD, Story, assert_rebuild_changes_nothing
from tests.journeys.test_deciding import own_keys as own_keys
from tests.journeys.test_deciding import story as story
from zhengxin import journey
from zhengxin.intake import queries as intake
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.journey.showing import mention_sheet
from zhengxin.publication.models import Notice
from zhengxin.rulebook.queries import penalty_kinds

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
FIRST, AGAIN = (datetime(2026, 11, day, 2, tzinfo=UTC) for day in (4, 20))
NUMBER = "示公罚决字〔2026〕31号"
SEALING = {"CF_YJ": "《中华人民共和国治安管理处罚法》第二十三条"}
RIGHT = "示例县惠民建材有限公司"


def send(story: Story, at: datetime, **changes: str) -> Submission:
    row = penalty(31, CF_JDRQ="2026-11-02", **{"CF_WSH": NUMBER, **changes})
    return journey.submit(
        upload=BytesIO(table("penalties", row).read()),
        filename="报送.csv",
        source="penalties",
        unit_id=story.county.units["县住建局"],
        at=at,
        actor=story.actor("jingban"),
        wait=True,
    )


def withdraw(story: Story, sent: Submission) -> None:
    journey.withdraw(
        submission_id=sent.pk, because="传错了", at=AGAIN, actor=story.actor("jingban")
    )


def decide(story: Story, waiting: WaitingRecord, choice: int | str) -> None:
    at, actor = story.later(), story.actor("xinyong")
    journey.decide_attribution(
        waiting_id=waiting.pk,
        choice=choice,
        because="对照过执照",
        signed=signed_at(actor.account_id, mention_sheet(waiting.pk), at),
        at=at,
        actor=actor,
        whole_mention=False,
    )


def newest() -> str:
    return Notice.objects.filter(kind="penalty").latest("entry_id").withheld


@pytest.mark.parametrize("spelt", [NUMBER, "示公罚决字〔2026〕第031号"])
def test_withdrawn_and_sent_again_in_other_words_it_stays_sealed(story: Story, spelt: str) -> None:
    withdraw(story, send(story, FIRST, **SEALING))
    again = send(story, AGAIN, CF_WSH=spelt)
    assert (again.admitted, newest()) == (1, "public_order")
    assert_rebuild_changes_nothing()


@pytest.mark.parametrize("since", ["waits", "nobody's", "withdrawn"])
def test_what_waits_seals_its_mended_version(story: Story, since: str) -> None:
    sent = send(story, FIRST, CF_XDR_MC=ODD, **SEALING)
    waiting = WaitingRecord.objects.get(submission=sent)
    if since == "nobody's":
        decide(story, waiting, "drop")
    if since == "withdrawn":
        withdraw(story, sent)
    assert send(story, AGAIN, CF_XDR_MC=RIGHT).admitted == 1
    assert newest() == "public_order"
    assert_rebuild_changes_nothing()


def test_of_two_that_wait_the_one_in_other_words_is_sealed_too(story: Story) -> None:
    other = send(story, FIRST, CF_XDR_MC=ODD)
    sealed = send(story, AGAIN, CF_XDR_MC=ODD, **SEALING)
    withdraw(story, sealed)
    decide(story, WaitingRecord.objects.get(submission=other), story.right)
    assert newest() == "public_order"


def test_the_receipt_says_how_many_records_are_sealed(story: Story) -> None:
    told = "1条依治安管理处罚法封存，不公示，也不提供；更正、撤回以后再报，仍然封存。"
    first = send(story, FIRST, **SEALING)
    waits = send(story, AGAIN, CF_XDR_MC=ODD, CF_WSH="示公罚决字〔2026〕33号", **SEALING)
    plain = send(story, AGAIN, CF_WSH="示公罚决字〔2026〕34号")
    assert [told in intake.receipt(sent.pk).warnings for sent in (first, waits, plain)] == [
        True,
        True,
        False,
    ]


def test_another_document_of_the_same_party_is_judged_by_its_own_words(story: Story) -> None:
    send(story, FIRST, **SEALING)
    send(story, AGAIN, CF_WSH="示公罚决字〔2026〕32号")
    assert newest() == ""


def test_a_penalty_of_every_kind_enters(story: Story) -> None:
    kinds = "；".join(kind.name for kind in penalty_kinds() if kind.code != "detention")
    sent = send(story, AGAIN, CF_CFLB=kinds, **SEALING)
    assert (sent.admitted, newest()) == (1, "public_order")
