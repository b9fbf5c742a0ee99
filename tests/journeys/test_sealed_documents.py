"""What the law sealed once stays sealed, whatever words the same document comes in afterwards."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.utils import timezone

from tests.desk.conftest import SYSTEM
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.rows import penalty, table
from tests.factors import signed_at
from tests.journeys.test_deciding import ODD, Story, assert_rebuild_changes_nothing
from tests.journeys.test_deciding import own_keys as own_keys
from tests.journeys.test_deciding import story as story
from zhengxin import journey
from zhengxin.audit.models import AuditLine
from zhengxin.intake import queries as intake
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.journey.showing import entry_sheet, mention_sheet, seal_sheet
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.ledger.models import Entry
from zhengxin.publication import queries as publication
from zhengxin.publication.board.models import BoardItem
from zhengxin.publication.checks import NotSealed
from zhengxin.publication.models import Held, Notice
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


def lift(story: Story, entry_id: int, who: str = "fuhe", **said: str) -> int:
    at, signer = story.later(), story.actor("fuhe")
    given = {"basis": "行政处罚法第二十八条；文书原件第3页", "because": "依据栏误填", **said}
    return journey.lift_seal(
        entry_id=entry_id,
        **given,
        signed=signed_at(signer.account_id, seal_sheet(entry_id), at),
        at=at,
        actor=story.actor(who),
    )


def last() -> Notice:
    return Notice.objects.filter(kind="penalty").latest("entry_id")


def on_the_board() -> set[int]:
    journey.publish_due(at=timezone.now(), actor=SYSTEM)
    return set(BoardItem.objects.using("board").values_list("entry_id", flat=True))


def test_a_lifted_seal_lets_the_document_be_judged_by_what_else_it_says(story: Story) -> None:
    send(story, FIRST, **SEALING)
    shut = last()
    assert (shut.withheld, publication.sealed([shut.entry_id])) == ("public_order", {shut.entry_id})
    act = lift(story, shut.entry_id)
    freed = last()
    assert (freed.state, freed.withheld) == ("ungraded", "")
    assert publication.sealed([shut.entry_id]) == set()
    line = AuditLine.objects.get(act="seal_lifted")
    assert (line.object_id, line.detail["basis"][:5]) == (str(shut.entry_id), "行政处罚法")
    assert Entry.objects.get(id=act).about_id == shut.entry_id
    assert_rebuild_changes_nothing()
    with pytest.raises(NotSealed):
        lift(story, shut.entry_id)


@pytest.mark.parametrize("words", [{}, SEALING], ids=["other words", "the same words"])
@pytest.mark.parametrize("again", ["corrected", "withdrawn"])
def test_what_comes_of_the_document_after_the_lift_is_not_sealed(
    story: Story, again: str, words: dict[str, str]
) -> None:
    first = send(story, FIRST, **SEALING)
    lift(story, last().entry_id)
    if again == "withdrawn":
        withdraw(story, first)
    assert send(story, AGAIN, CF_NR="处罚内容写全了", **words).admitted == 1
    assert (last().state, last().withheld) == ("ungraded", "")
    assert_rebuild_changes_nothing()


def test_a_document_sealed_taken_back_and_sent_in_other_words_is_lifted_as_a_whole(
    story: Story,
) -> None:
    withdraw(story, send(story, FIRST, **SEALING))
    send(story, AGAIN)
    assert (Held.objects.count(), last().withheld) == (1, "public_order")
    send(story, AGAIN, CF_WSH="示公罚决字〔2026〕77号")
    assert last().withheld == "review"
    lift(story, Notice.objects.filter(withheld="public_order").latest("entry_id").entry_id)
    # What resembled it waits no longer, and neither does it itself.
    assert Held.objects.count() == 0
    standing = Notice.objects.filter(kind="penalty").exclude(withheld="withdrawn")
    assert list(standing.values_list("state", "withheld")) == [("ungraded", "")] * 2
    assert_rebuild_changes_nothing()


@pytest.mark.parametrize("who", ["xinyong", "jingban", "fuze", "jiandu"])
def test_only_a_reviewer_lifts_a_seal(story: Story, who: str) -> None:
    send(story, FIRST, **SEALING)
    with pytest.raises(NotAllowed):
        lift(story, last().entry_id, who)
    assert last().withheld == "public_order"


def test_no_second_person_is_who_decided_that_it_enters(story: Story) -> None:
    sent = send(story, FIRST, CF_XDR_MC=ODD, **SEALING)
    waiting, at, fuhe = (
        WaitingRecord.objects.get(submission=sent),
        story.later(),
        story.actor("fuhe"),
    )
    journey.decide_attribution(
        waiting_id=waiting.pk,
        choice=story.right,
        because="对照过执照",
        signed=signed_at(fuhe.account_id, mention_sheet(waiting.pk), at),
        at=at,
        actor=fuhe,
    )
    assert last().withheld == "public_order"
    with pytest.raises(NotAllowed, match="另一人"):
        lift(story, last().entry_id)


@pytest.mark.parametrize(
    "missing", [{"basis": " "}, {"because": ""}, {"basis": "身份证210102199003078888号"}]
)
def test_a_seal_is_lifted_on_a_basis_and_for_a_reason(
    story: Story, missing: dict[str, str]
) -> None:
    send(story, FIRST, **SEALING)
    with pytest.raises(Refused):
        lift(story, last().entry_id, **missing)
    assert not Entry.objects.filter(kind="seal_lifted").exists()


def assert_rebuild_withholds_the_same() -> None:
    """Of a county that has published: a rebuild shows everything anew."""
    grounds = Notice.objects.order_by("entry_id").values_list("entry_id", "withheld")
    board = on_the_board()
    before = list(grounds.all())
    journey.rebuild(name="all", at=timezone.now(), actor=SYSTEM)
    assert on_the_board() == board
    assert list(grounds.all()) == before


def shown(story: Story) -> int:
    """A graded penalty on the board."""
    send(story, FIRST)
    entry_id, at, actor = last().entry_id, story.later(), story.actor("xinyong")
    journey.grade(
        entry_id=entry_id,
        grade="serious",
        because="情节严重",
        signed=signed_at(actor.account_id, entry_sheet("grading", entry_id), at),
        at=at,
        actor=actor,
    )
    assert entry_id in on_the_board()
    return entry_id


def test_what_is_shown_leaves_the_board_while_a_sealed_row_of_its_document_waits(
    story: Story,
) -> None:
    entry_id = shown(story)
    send(story, AGAIN, CF_XDR_MC=ODD, **SEALING)
    assert Notice.objects.get(entry_id=entry_id).withheld == "review"
    # At once, not only when the day's publishing comes.
    assert not BoardItem.objects.using("board").filter(entry_id=entry_id).exists()
    assert entry_id not in on_the_board()
    assert_rebuild_withholds_the_same()
    # A reviewer who compared the two says that it may be shown.
    at, actor = story.later(), story.actor("fuhe")
    journey.withhold(
        entry_id=entry_id,
        reason="",
        because="另一行依据栏误填",
        review_on=None,
        signed=signed_at(actor.account_id, entry_sheet("withholding", entry_id), at),
        at=at,
        actor=actor,
    )
    assert entry_id in on_the_board()
    assert_rebuild_withholds_the_same()
    # One more such row is one more doubt.
    send(story, AGAIN, CF_XDR_MC=ODD, CF_NR="又一行", **SEALING)
    assert entry_id not in on_the_board()


def test_the_row_that_waited_seals_what_was_shown_when_a_person_decides(story: Story) -> None:
    entry_id = shown(story)
    sent = send(story, AGAIN, CF_XDR_MC=ODD, **SEALING)
    decide(story, WaitingRecord.objects.get(submission=sent), story.right)
    assert last().withheld == "public_order"
    assert Notice.objects.get(entry_id=entry_id).withheld == "superseded"
    assert entry_id not in on_the_board()
    assert_rebuild_withholds_the_same()


def test_a_row_of_a_document_whose_seal_was_lifted_raises_no_doubt(story: Story) -> None:
    send(story, FIRST, **SEALING)
    entry_id = last().entry_id
    lift(story, entry_id)
    send(story, AGAIN, CF_XDR_MC=ODD, **SEALING)
    assert Notice.objects.get(entry_id=entry_id).withheld == ""
    assert not Entry.objects.filter(kind="seal_doubted").exists()
