"""A judgement of identity changes: the records move with it, and rebuilding gives the same files."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.rows import licence, penalty, table
from tests.factors import signed_at
from zhengxin import journey
from zhengxin.accounts.queries import actor_for
from zhengxin.archive.queries import file_of
from zhengxin.audit.models import AuditLine
from zhengxin.duties.models import Duty
from zhengxin.intake import queries as intake
from zhengxin.intake.decided import NotDecidedYet
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.journey.redeciding import NotRedecided
from zhengxin.journey.showing import entry_sheet, mention_sheet, redecision_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed
from zhengxin.kernel.uscc import FILLER, uscc_check_character
from zhengxin.ledger.models import Entry
from zhengxin.publication.models import Notice
from zhengxin.subjects.establishing import IdentifierTaken
from zhengxin.subjects.models import Judgement, Subject

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
ODD = "示例县惠民建筑材料有限公司"
TABLES = ("archive.Line", "duties.Duty", "publication.Notice")


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


@dataclass
class Story:
    """The county, who acts, and the two firms a name may mean."""

    county: County
    right: int
    wrong: int
    now: datetime

    def actor(self, username: str) -> Actor:
        return actor_for(self.county.accounts[username], timezone.localdate())

    def later(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def send(self, source: str, *rows: dict[str, str]) -> Submission:
        return journey.submit(
            upload=BytesIO(table(source, *rows).read()),
            filename="报送.csv",
            source=source,
            unit_id=self.county.units["县住建局"],
            at=self.later(),
            actor=self.actor("jingban"),
            wait=True,
        )

    def decide(self, choice: int | str, nth: int = 0) -> int:
        waiting = WaitingRecord.objects.order_by("id")[nth]
        at, actor = self.later(), self.actor("xinyong")
        return journey.decide_attribution(
            waiting_id=waiting.pk,
            choice=choice,
            because="执照上已更名",
            signed=signed_at(actor.account_id, mention_sheet(waiting.pk), at),
            at=at,
            actor=actor,
        )

    def redecide(
        self, choice: int | str, who: str = "xinyong", because: str = "认错了", nth: int = 0
    ) -> int:
        waiting = WaitingRecord.objects.order_by("id")[nth]
        at, actor = self.later(), self.actor(who)
        # Whoever may not sign has no app either: the refusal does not depend on what was given.
        signer = self.actor("xinyong")
        return journey.redecide_attribution(
            waiting_id=waiting.pk,
            choice=choice,
            because=because,
            signed=signed_at(signer.account_id, redecision_sheet(waiting.pk), at),
            at=at,
            actor=actor,
        )

    def standing(self, subject_id: int) -> list[int]:
        return [line.entry_id for line in file_of(subject_id) if not line.ending]

    def counts(self, submission: Submission) -> tuple[int, int, int]:
        told = intake.receipt(submission.pk)
        assert told.records == told.admitted + told.waiting + told.refused
        return told.admitted, told.waiting, told.refused


@pytest.fixture
def story(county: County) -> Story:
    told = Story(county, 0, 0, timezone.now() - timedelta(hours=3))
    told.send("licences", licence(1))
    told.right = Subject.objects.get(name="示例县惠民建材有限公司").pk
    code = "91999901MA0000045" + uscc_check_character("91999901MA0000045")
    told.send("licences", licence(2, XK_XDR_MC="示例县东河商贸有限公司", XK_XDR_SHXYM=code))
    told.wrong = Subject.objects.get(name="示例县东河商贸有限公司").pk
    return told


def rows_of(name):
    return list(apps.get_model(name).objects.order_by("pk").values())


def assert_rebuild_changes_nothing() -> None:
    before = {name: rows_of(name) for name in TABLES}
    journey.rebuild(name="all", at=timezone.now(), actor=SYSTEM)
    for name in TABLES:
        assert rows_of(name) == before[name], name


def test_records_move_to_the_other_subject_and_keep_their_arrival(story: Story) -> None:
    sent = story.send("licences", licence(3, XK_XDR_MC=ODD), licence(4, XK_XDR_MC=ODD))
    assert story.decide(story.wrong) == 2
    # A later file is certain because of the judgement; it moves as well.
    story.send("licences", licence(5, XK_XDR_MC=ODD))
    held = story.standing(story.wrong)
    assert len(held) == 4
    assert story.redecide(story.right) == 3
    assert len(story.standing(story.wrong)) == 1
    moved = story.standing(story.right)
    assert len(moved) == 4
    new = Entry.objects.filter(id__in=moved, about_id__isnull=False).order_by("id")
    assert sorted(e.about_id or 0 for e in new) == sorted(set(held) & {e.about_id for e in new})
    for entry in new:
        old = Entry.objects.get(id=entry.about_id or 0)
        assert (entry.key, entry.content, entry.true_on) == (old.key, old.content, old.true_on)
        # Known of the other subject from the new decision on; the duty keeps the arrival.
        assert entry.known_at > old.known_at
        met = [
            set(Duty.objects.filter(entry_id=e).values_list("met_on")) for e in (entry.id, old.id)
        ]
        assert met[0] == met[1]
    assert set(
        Duty.objects.filter(entry_id__in=[e.about_id for e in new]).values_list("state")
    ) == {("void",)}
    assert {r.entry_id for r in WaitingRecord.objects.all()} <= set(moved)
    assert story.counts(sent) == (2, 0, 0)
    last = Judgement.objects.latest("id")
    assert last.supersedes is not None
    assert (last.subject_id, last.supersedes.subject_id) == (story.right, story.wrong)
    line = AuditLine.objects.get(act="attribution.redecide")
    assert (line.subject_id, line.detail["records"]) == (story.right, 3)
    assert_rebuild_changes_nothing()


def test_dropped_then_taken_in_again(story: Story) -> None:
    sent = story.send("licences", licence(3, XK_XDR_MC=ODD), licence(4, XK_XDR_MC=ODD))
    story.decide(story.wrong)
    auto = story.send("licences", licence(5, XK_XDR_MC=ODD))
    story.redecide(story.right)
    assert story.redecide("drop") == 3
    # Nothing comes back where it was wrong, neither with the first subject nor with the second.
    assert (len(story.standing(story.wrong)), len(story.standing(story.right))) == (1, 1)
    assert story.counts(sent) == (0, 0, 2)
    assert {row.state for row in WaitingRecord.objects.all()} == {"dropped"}
    assert set(Notice.objects.filter(entry_id__gt=2).values_list("withheld", flat=True)) == {
        "withdrawn"
    }
    assert_rebuild_changes_nothing()
    assert story.redecide(story.wrong) == 3
    assert len(story.standing(story.wrong)) == 4
    assert story.counts(sent) == (2, 0, 0)
    again = Entry.objects.filter(id__in=story.standing(story.wrong)).order_by("-id")[:3]
    assert {entry.about_id for entry in again} == {None}
    arrivals = {each.received_at.replace(microsecond=0) for each in (sent, auto)}
    assert {entry.known_at for entry in again} == arrivals
    assert_rebuild_changes_nothing()


def test_what_was_left_out_from_the_beginning_enters(story: Story) -> None:
    sent = story.send("licences", licence(3, XK_XDR_MC=ODD), licence(4, XK_XDR_MC=ODD))
    story.decide("drop")
    assert story.counts(sent) == (0, 0, 2)
    # The department sends one of them again under its right name: that one stays as it is now.
    story.send("licences", licence(4))
    assert story.redecide(story.right) == 1
    assert story.counts(sent) == (1, 0, 1)
    numbers = [entry.key for entry in Entry.objects.filter(id__in=story.standing(story.right))]
    assert len(numbers) == len(set(numbers)) == 3


def test_a_ground_for_not_showing_moves_with_the_record(story: Story) -> None:
    story.send("licences", licence(3, XK_XDR_MC=ODD))
    story.decide(story.wrong)
    entry = WaitingRecord.objects.get().entry_id
    assert entry is not None
    at, reviewer = story.later(), story.actor("fuhe")
    journey.withhold(
        entry_id=entry,
        reason="trade_secret",
        because="申请保密",
        review_on=timezone.localdate(),
        signed=signed_at(reviewer.account_id, entry_sheet("withholding", entry), at),
        at=at,
        actor=reviewer,
    )
    story.redecide(story.right)
    moved = Notice.objects.get(entry_id=WaitingRecord.objects.get().entry_id or 0)
    assert moved.subject_id == story.right
    assert (moved.state, moved.withheld) == ("withheld", "trade_secret")
    story.redecide("drop")
    story.redecide(story.right)
    again = Notice.objects.get(entry_id=WaitingRecord.objects.get().entry_id or 0)
    assert again.entry_id != moved.entry_id
    assert (again.state, again.withheld) == ("withheld", "trade_secret")
    assert_rebuild_changes_nothing()


def test_refusals_change_nothing(story: Story) -> None:
    story.send("licences", licence(3, XK_XDR_MC=ODD))
    with pytest.raises(NotDecidedYet, match="没有可以改的判断"):
        story.redecide(story.right)
    story.decide(story.wrong)
    before = (Entry.objects.count(), Judgement.objects.count())
    with pytest.raises(NotRedecided, match="与现在的判断相同"):
        story.redecide(story.wrong)
    with pytest.raises(NotAllowed):
        story.redecide(story.right, who="jingban")
    with pytest.raises(journey.reasons.NoReason):
        story.redecide(story.right, because="")
    assert (Entry.objects.count(), Judgement.objects.count()) == before


def test_a_withdrawn_submission_takes_back_what_a_person_had_admitted(story: Story) -> None:
    sent = story.send("penalties", penalty(3, CF_XDR_MC=ODD))
    story.decide(story.wrong)
    story.redecide(story.right)
    journey.withdraw(
        submission_id=sent.pk, because="传错了", at=story.later(), actor=story.actor("jingban")
    )
    assert (len(story.standing(story.wrong)), len(story.standing(story.right))) == (1, 1)
    with pytest.raises(NotDecidedYet):
        story.redecide(story.wrong)
    assert_rebuild_changes_nothing()


def test_the_same_document_waiting_twice_stands_once(story: Story) -> None:
    first = story.send("licences", licence(6, XK_XDR_MC=ODD))
    again = story.send("licences", licence(6, XK_XDR_MC=ODD, XK_NR="更正后的许可内容"))
    assert (story.counts(first)[1], story.counts(again)[1]) == (1, 1)
    before = set(story.standing(story.right))
    assert story.decide(story.right) == 2
    [standing] = set(story.standing(story.right)) - before
    assert Entry.objects.get(id=standing).about_id is not None
    assert Entry.objects.filter(key=Entry.objects.get(id=standing).key).count() == 2
    assert_rebuild_changes_nothing()


def notices() -> set[tuple[str, str, bool]]:
    """State, ground and whether it is on the board of what stands under 张三."""
    journey.publish_due(at=timezone.now(), actor=SYSTEM)
    ids = Subject.objects.filter(name="张三").values_list("pk", flat=True)
    rows = Notice.objects.filter(subject_id__in=ids).exclude(withheld="superseded")
    return set(rows.values_list("state", "withheld", "on_board"))


def test_a_person_filed_as_a_firm_waits_and_is_never_shown(story: Story) -> None:
    code = "91999901MA0000061" + uscc_check_character("91999901MA0000061")
    named = {"XK_XDR_MC": "张三", "XK_XDR_SHXYM": code}
    sent = story.send("licences", licence(8, **named))
    assert story.counts(sent) == (0, 1, 0)
    waiting = WaitingRecord.objects.get()
    assert (waiting.certainty, "像是自然人" in waiting.because) == ("unsure", True)
    assert not Subject.objects.filter(name="张三").exists()
    assert story.decide("person") == 1
    assert notices() == {("withheld", "natural_person", False)}
    # Later files follow the decision; the same decision again is none.
    story.send("licences", licence(9, **named))
    assert notices() == {("withheld", "natural_person", False)}
    with pytest.raises(NotRedecided, match="与现在的判断相同"):
        story.redecide("person")
    assert story.redecide("new") == 2
    assert Subject.objects.get(name="张三", natural_person=False).uscc == code
    assert notices() == {("shown", "", True)}
    assert story.redecide("person") == 2
    assert notices() == {("withheld", "natural_person", False)}
    journey.rebuild(name="all", at=timezone.now(), actor=SYSTEM)
    assert notices() == {("withheld", "natural_person", False)}


def people() -> list[int | None]:
    """The subjects of what stands under 张三's rows, in the rows' order; None where a row has no entry."""
    rows = WaitingRecord.objects.filter(mention_text="张三").order_by("id")
    return [
        Entry.objects.get(id=row.entry_id).subject_id if row.state == "admitted" else None
        for row in rows
    ]


NAMED = {
    "CF_XDR_MC": "张三",
    "CF_XDR_SHXYM": FILLER,
    "CF_XDR_LB": "个体工商户",
    "CF_XDR_GSZC": "2103210012",
}


def test_of_people_who_share_a_name_one_decision_settles_one_row(story: Story) -> None:
    sent = story.send("penalties", penalty(3, **NAMED), penalty(4, **NAMED), penalty(5, **NAMED))
    assert story.counts(sent) == (0, 3, 0)
    assert story.decide("person", nth=1) == 1
    assert story.counts(sent) == (1, 2, 0)
    # The next of that name waits as well, and whoever is decided on is somebody else.
    later = story.send("penalties", penalty(6, **NAMED))
    assert story.counts(later) == (0, 1, 0)
    assert [story.decide("person", nth=nth) for nth in (0, 2, 3)] == [1, 1, 1]
    assert len(set(people())) == 4
    # A person of the register is chosen for one row only, too.
    story.send("penalties", penalty(7, **NAMED), penalty(8, **NAMED))
    known = people()[0]
    assert known is not None
    assert story.decide(known, nth=4) == 1
    assert people()[4:] == [known, None]
    assert_rebuild_changes_nothing()
    assert notices() == {("withheld", "natural_person", False)}


def test_of_people_who_share_a_name_a_changed_decision_moves_one_record(story: Story) -> None:
    story.send("penalties", penalty(3, **NAMED), penalty(4, **NAMED))
    story.decide("person", nth=0)
    story.decide("person", nth=1)
    first, second = people()
    assert story.redecide("drop", nth=1) == 1
    assert people() == [first, None]
    assert story.redecide(story.right, nth=1) == 1
    assert people() == [first, story.right]
    assert story.redecide("person", nth=1) == 1
    assert people()[0] == first
    assert people()[1] not in {None, first, second, story.right}
    # What was a firm's for all rows is one person's for one of them.
    story.send("penalties", penalty(5, **NAMED), penalty(6, **NAMED))
    assert story.decide(story.right, nth=2) == 2
    assert story.redecide("person", nth=3) == 1
    assert people()[2] == story.right
    assert people()[3] not in {*people()[:3], None}
    assert story.redecide(story.wrong, nth=2) == 1
    assert story.redecide("drop", nth=3) == 1
    assert people()[2:] == [story.wrong, None]
    assert_rebuild_changes_nothing()


def test_nothing_new_is_made_of_a_code_that_another_name_has(story: Story) -> None:
    story.send("licences", licence(3, XK_XDR_MC=ODD))
    before = story.standing(story.right)
    with pytest.raises(IdentifierTaken, match="已经登记在“示例县惠民建材有限公司”名下"):
        story.decide("new")
    assert WaitingRecord.objects.get().state == "waiting"
    story.decide("drop")
    with pytest.raises(IdentifierTaken):
        story.redecide("new")
    assert story.standing(story.right) == before
