"""Returns opened, written by two, signed, accepted, given back, reopened: what stands after each, and in the ledger."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connections, transaction

from tests.oversight.returns.story import DONE, NOTHING, PDF, SYSTEM, Story, at
from zhengxin import journey
from zhengxin.accounts.signatures import ContentChanged
from zhengxin.audit.models import AuditLine
from zhengxin.duties.models import Duty
from zhengxin.journey.owing import extend_duty, find_breach
from zhengxin.journey.reasons import NoReason, NumberInReason
from zhengxin.journey.returning import signing_sheet
from zhengxin.journey.showing import NothingToSign, duty_sheet, plan_end_sheet
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Entry
from zhengxin.oversight.returns.actions import DraftChanged, ReturnNotThus
from zhengxin.oversight.returns.matrix import latest, matrix
from zhengxin.oversight.returns.models import Listing, QuarterlyReturn, Step
from zhengxin.oversight.returns.queries import NoSuchReturn, QuarterNotOver, sheet
from zhengxin.oversight.returns.types import Quarter, Words
from zhengxin.subjects import actions as subjects
from zhengxin.subjects.models import Unit

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def duty(row: QuarterlyReturn) -> Duty:
    row.refresh_from_db()
    return Duty.objects.get(pk=row.again_id or row.duty_id)


def test_each_leading_unit_owes_one_return_a_mandate(story: Story) -> None:
    assert story.open("", at("10-01")) == 4
    owed = QuarterlyReturn.objects.order_by("mandate__number", "unit__position")
    assert [(row.mandate.number, row.unit_id, row.quarter, row.state) for row in owed] == [
        (1, story.units["县住建局"], "2026Q3", "missing"),
        (2, story.units["县住建局"], "2026Q3", "missing"),
        (2, story.units["县市场监管局"], "2026Q3", "missing"),
        (3, story.units["县政务公开办"], "2026Q3", "missing"),
    ]
    found = duty(owed[0])
    assert (found.kind, found.period, found.bearer_id) == (
        "quarterly_return", "2026Q3", story.units["县住建局"],
    )  # fmt: skip
    assert found.to_id == story.units["县政务公开办"]
    assert found.source_id == owed[0].mandate.entry_id
    # Ten working days after 30 September: 10 October, a Saturday, is worked.
    assert found.due_on == date(2026, 10, 20)
    # The office does not owe to itself.
    assert duty(owed[3]).to_id is None


def test_opening_again_opens_nothing_twice(story: Story) -> None:
    assert story.open("2026Q3", at("10-01")) == 4
    before = Entry.objects.count()
    assert story.open("2026Q3", at("10-01")) == 0
    assert story.open("", at("12-31")) == 0
    assert (QuarterlyReturn.objects.count(), Entry.objects.count()) == (4, before)


def test_a_succession_confirmed_after_the_opening_opens_nothing_twice(story: Story) -> None:
    assert story.open("2026Q3", at("10-01")) == 4
    line = subjects.record_succession(
        predecessor_id=story.units["县市场监管局"],
        successor_id=story.units["县发改局"],
        kind="merged",
        on=date(2026, 9, 15),
        basis="（虚构）机构改革方案",
        at=at("10-12"),
        actor=SYSTEM,
    )
    reviewer = story.actor("fuhe", at("10-12"))
    subjects.confirm_succession(succession_id=line.pk, at=at("10-12"), actor=reviewer)
    assert story.open("2026Q3", at("10-13")) == 0
    # From the next quarter on the new unit owes it.
    assert story.open("2026Q4", at("12-31").replace(year=2027)) == 4
    assert QuarterlyReturn.objects.filter(
        quarter="2026Q4", unit_id=story.units["县发改局"], mandate__number=2
    ).exists()


def test_a_closed_unit_that_nobody_followed_owes_nothing_from_its_last_day_on(story: Story) -> None:
    gone = story.units["县市场监管局"]
    Unit.objects.filter(pk=gone).update(closed_on=date(2026, 10, 1))
    assert story.open("2026Q3", at("10-01")) == 4
    january = at("01-02").replace(year=2027)
    assert story.open("2026Q4", january) == 3
    assert not QuarterlyReturn.objects.filter(quarter="2026Q4", unit_id=gone).exists()
    found = matrix(until=latest(january.date()), on=january.date())
    assert {row.unit: row.gone_on for row in found.rows if row.gone_on} == {
        "示例县市场监督管理局": date(2026, 10, 1)
    }
    # What it owed before stays to be seen.
    [row] = [row for row in found.rows if row.gone_on]
    assert row.total.missing == 1


def test_the_daily_turning_opens_them(story: Story) -> None:
    journey.turn_clocks(at=at("10-01", "03:00"), actor=SYSTEM)
    assert set(QuarterlyReturn.objects.values_list("quarter", flat=True)) == {"2026Q3"}
    journey.turn_clocks(at=at("10-02", "03:00"), actor=SYSTEM)
    assert QuarterlyReturn.objects.count() == 4


def test_quarters_before_the_plan_and_not_over_owe_nothing(story: Story) -> None:
    assert story.open("2026Q1", at("10-01")) == 0
    with pytest.raises(QuarterNotOver):
        story.open("2026Q4", at("10-01"))
    with pytest.raises(NoSuchReturn):
        story.open("2026年3季度", at("10-01"))
    with pytest.raises(NotAllowed):
        journey.open_returns(at=at("10-01"), actor=story.actor("jingban", at("10-01")))


def test_a_plan_that_ended_before_the_quarter_owes_nothing(story: Story) -> None:
    sheet = plan_end_sheet(story.plan.pk)
    story.sign(journey.end_plan, "fuhe", sheet, at("07-15"), plan_id=story.plan.pk, because="期满")
    assert story.open("2026Q3", at("10-01")) == 4
    assert story.open("2026Q4", at("12-31", "23:00").replace(year=2027)) == 0


@pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True)
def test_two_workers_at_once_open_nothing_twice(story: Story) -> None:
    found: list[int | str] = []
    gate = threading.Barrier(2)

    def turn() -> None:
        gate.wait()
        try:
            found.append(story.open("2026Q3", at("10-01")))
        except Exception as error:
            found.append(repr(error))
        finally:
            connections.close_all()

    both = [threading.Thread(target=turn) for _ in range(2)]
    [each.start() for each in both]
    [each.join() for each in both]
    assert sorted(map(str, found)) == ["0", "4"]
    assert QuarterlyReturn.objects.count() == 4
    assert Duty.objects.filter(kind="quarterly_return").count() == 4


def test_the_second_of_two_editors_is_told_who_saved_and_loses_nothing(story: Story) -> None:
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    story.save("jingban", row, DONE, at("10-05"))
    mine = Words("report", "（虚构）我写的另一份")
    with pytest.raises(DraftChanged) as refused:
        story.save("fuze", row, mine, at("10-06"), PDF, saving=0)
    assert "林禾" in str(refused.value)
    assert refused.value.row.work == DONE.work
    row.refresh_from_db()
    # Nothing of the refused saving is left, neither words nor file.
    assert (row.work, row.pieces, row.saving) == (DONE.work, [], 1)
    story.save("fuze", row, mine, at("10-06"), saving=refused.value.row.saving)
    row.refresh_from_db()
    assert (row.work, row.saved_by_name) == (mine.work, "周远山")


def test_no_number_of_a_person_is_saved(story: Story) -> None:
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    with pytest.raises(NumberInReason):
        story.save("jingban", row, Words("report", "联系13800138000"), at("10-05"))
    with pytest.raises(NotAllowed):
        story.save("shichang", row, DONE, at("10-05"))


def test_signing_writes_what_was_read_into_the_ledger(story: Story) -> None:
    story.reported()
    report, zero = (story.row("县住建局", "2026Q3", n) for n in (1, 2))
    assert (report.state, report.stage, report.version) == ("reported", "signed", 1)
    assert (zero.state, zero.stage) == ("zero", "signed")
    [signed] = Entry.objects.filter(kind="return_signed")
    [nothing] = Entry.objects.filter(kind="zero_signed")
    assert (signed.about_id, signed.unit_id) == (report.mandate.entry_id, report.unit_id)
    content = ledger.payload(signed.id)
    assert content.open["words"]["work"] == DONE.work
    assert content.open["version"] == 1
    assert content.closed["by"] == "周远山"
    assert content.open["as_of"].startswith("2026-10-01")
    assert [each["name"] for each in content.open["evidence"]] == ["核对表.pdf"]
    assert {each["code"] for each in content.open["figures"]} >= {"duties_met", "evidence"}
    assert ledger.payload(nothing.id).open["words"] == {"because": NOTHING.zero_because}
    assert (duty(report).state, duty(report).reported_on) == ("reported", date(2026, 10, 8))
    # What nobody wrote stays missing.
    assert story.row("县市场监管局", "2026Q3", 2).state == "missing"


def test_only_the_own_leader_signs_and_only_what_is_shown(story: Story) -> None:
    story.open("2026Q3", at("10-01"))
    with pytest.raises(NothingToSign):
        signing_sheet(story.units["县住建局"], "2026Q3", date(2026, 10, 8))
    row = story.row("县住建局", "2026Q3", 1)
    story.save("jingban", row, DONE, at("10-05"))
    unit = story.units["县住建局"]
    sheet = signing_sheet(unit, "2026Q3", date(2026, 10, 8))
    said = {"unit_id": unit, "quarter": "2026Q3"}
    for username in ("shichang-fuze", "gongkai", "xinyong"):
        with pytest.raises(NotAllowed):
            story.sign(journey.sign_returns, username, sheet, at("10-08"), **said)
    row.refresh_from_db()
    story.save("jingban", row, NOTHING, at("10-07"))
    with pytest.raises(ContentChanged):
        story.sign(journey.sign_returns, "fuze", sheet, at("10-08"), **said)
    assert story.row("县住建局", "2026Q3", 1).state == "missing"


def test_what_is_signed_is_locked_even_for_the_database(story: Story) -> None:
    story.reported()
    row = story.row("县住建局", "2026Q3", 1)
    with pytest.raises(ReturnNotThus):
        story.save("jingban", row, NOTHING, at("10-09"))
    rows = QuarterlyReturn.objects.filter(pk=row.pk)
    for changed in ({"work": "改了"}, {"figures": []}, {"quarter": "2026Q2"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changed)
    for kept in (Step.objects.all(), Listing.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            kept.delete()


def test_accepting_meets_the_duty_and_locks(story: Story) -> None:
    story.reported()
    assert story.accept("gongkai", "县住建局", "2026Q3", at("10-12"), 1) == 1
    report, zero = (story.row("县住建局", "2026Q3", n) for n in (1, 2))
    assert (report.stage, zero.stage) == ("accepted", "signed")
    assert (duty(report).state, duty(report).met_on) == ("on_time", date(2026, 10, 8))
    assert Entry.objects.get(kind="return_accepted").about_id == report.mandate.entry_id
    # The second of two who accept is told who did it.
    with pytest.raises(ReturnNotThus, match="顾清和10月12日9:30办过：受理并锁定"):
        story.accept("xinyong", "县住建局", "2026Q3", at("10-12"), 1)
    story.accept("gongkai", "县住建局", "2026Q3", at("10-13"), 2)
    with pytest.raises(NothingToSign, match="顾清和10月13日"):
        story.accept("xinyong", "县住建局", "2026Q3", at("10-13"), 2)


@pytest.mark.parametrize("username", ["fuze", "jingban", "shichang-fuze", "jiandu"])
def test_who_may_not_take_returns_in(story: Story, username: str) -> None:
    story.reported()
    with pytest.raises(NotAllowed):
        story.accept(username, "县住建局", "2026Q3", at("10-12"), 1)
    with pytest.raises(NotAllowed):
        story.send_back(username, story.row("县住建局", "2026Q3", 1), at("10-12"))


def test_the_offices_own_returns_are_taken_in_by_others(story: Story) -> None:
    story.open("2026Q3", at("10-01"))
    row = story.row("县政务公开办", "2026Q3", 3)
    story.save("gongkai", row, DONE, at("10-05"))
    story.sign_sheet("gongkai", "县政务公开办", "2026Q3", at("10-08"))
    with pytest.raises(NotAllowed):
        story.accept("gongkai", "县政务公开办", "2026Q3", at("10-12"), 3)
    assert story.accept("xinyong", "县政务公开办", "2026Q3", at("10-12"), 3) == 1


def test_what_is_given_back_is_missing_again_and_late_when_it_comes_late(story: Story) -> None:
    story.reported()
    row = story.row("县住建局", "2026Q3", 1)
    with pytest.raises(NoReason):
        journey.send_back_return(
            return_id=row.pk, because=" ", at=at("10-12"), actor=story.actor("gongkai", at("10-12"))
        )
    story.send_back("gongkai", row, at("10-12"))
    row.refresh_from_db()
    assert (row.state, row.stage, duty(row).state) == ("missing", "returned", "open")
    [version] = story.versions(row)
    assert (version.settled, version.settled_by) == ("returned", "顾清和")
    assert version.settled_because == "没有写付清的份数"
    with pytest.raises(ReturnNotThus):
        story.send_back("xinyong", row, at("10-12"))
    story.save("jingban", row, DONE, at("10-26"))
    story.sign_sheet("fuze", "县住建局", "2026Q3", at("10-27"))
    story.accept("gongkai", "县住建局", "2026Q3", at("10-28"), 1)
    row.refresh_from_db()
    assert (row.state, row.version, duty(row).state) == ("reported", 2, "late")
    second = ledger.payload(story.versions(row)[0].entry_id).open
    assert second["supersedes"] == version.entry_id


def test_reopening_opens_a_second_version_and_keeps_the_first(story: Story) -> None:
    story.reported()
    row = story.row("县住建局", "2026Q3", 1)
    with pytest.raises(NothingToSign):
        story.reopen("gongkai", row, at("10-12"))
    story.accept("gongkai", "县住建局", "2026Q3", at("10-12"), 1)
    first = duty(row)
    story.reopen("gongkai", row, at("10-20"))
    row.refresh_from_db()
    # What was accepted stands until the next version is signed.
    assert (row.state, row.stage) == ("reported", "reopened")
    again = duty(row)
    assert again.pk != first.pk
    assert (again.state, again.period, again.due_on) == ("open", "2026Q3", date(2026, 11, 3))
    story.save("jingban", row, NOTHING, at("10-21"))
    story.sign_sheet("fuze", "县住建局", "2026Q3", at("10-22"))
    row.refresh_from_db()
    assert (row.state, row.version) == ("zero", 2)
    # Given back, the accepted one stands again; the first duty stays met.
    story.send_back("gongkai", row, at("10-23"))
    row.refresh_from_db()
    assert (row.state, row.stage) == ("reported", "returned")
    first.refresh_from_db()
    assert first.state == "on_time"
    assert [each.number for each in story.versions(row)] == [2, 1]
    assert story.versions(row)[1].words.work == DONE.work
    kinds = list(Step.objects.filter(quarterly_return=row).values_list("act", flat=True))
    assert kinds == ["signed", "accepted", "reopened", "zero_signed", "returned"]


def test_a_return_after_its_breach_was_found_is_still_taken_in(story: Story) -> None:
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    found = duty(row)
    moment = at("11-02")
    sheet = duty_sheet("duty_breached", found.pk)
    story.sign(find_breach, "xinyong", sheet, moment, duty_id=found.pk,
                          because="催办两次没有报")  # fmt: skip
    story.save("jingban", row, DONE, at("11-03"))
    story.sign_sheet("fuze", "县住建局", "2026Q3", at("11-04"))
    story.accept("gongkai", "县住建局", "2026Q3", at("11-05"), 1)
    row.refresh_from_db()
    assert (row.state, row.stage, duty(row).state) == ("reported", "accepted", "breached")


def test_a_day_that_passed_stays_passed_though_another_was_set_since(story: Story) -> None:
    story.open("2026Q3", at("10-01"))
    row, moment = story.row("县住建局", "2026Q3", 1), at("10-25")
    asked = duty_sheet("duty_extended", duty(row).pk)
    story.sign(extend_duty, "xinyong", asked, moment, duty_id=duty(row).pk, due_on=date(2026, 11, 10),
                          because="机构改革", basis="方案第三条")  # fmt: skip
    story.save("jingban", row, DONE, at("11-02"))
    story.sign_sheet("fuze", "县住建局", "2026Q3", at("11-03"))
    [came] = sheet(row.unit_id, Quarter(2026, 3), on=date(2026, 11, 5))[:1]
    assert came.late
    story.accept("gongkai", "县住建局", "2026Q3", at("11-05"), 1)
    assert duty(row).state == "late"


def test_every_act_leaves_a_line(story: Story) -> None:
    story.reported()
    story.accept("gongkai", "县住建局", "2026Q3", at("10-12"), 1)
    story.reopen("gongkai", story.row("县住建局", "2026Q3", 1), at("10-13"))
    story.send_back("gongkai", story.row("县住建局", "2026Q3", 2), at("10-13"))
    acts = set(AuditLine.objects.values_list("act", flat=True))
    assert acts >= {
        "returns.open", "return.save", "return.sign", "return.accept", "return.reopen", "return.send_back",
    }  # fmt: skip


def test_a_rebuild_gives_the_same_duties(story: Story) -> None:
    story.reported()
    story.accept("gongkai", "县住建局", "2026Q3", at("10-12"), 1)
    story.reopen("gongkai", story.row("县住建局", "2026Q3", 1), at("10-13"))
    before = list(Duty.objects.order_by("pk").values())
    journey.rebuild(name="duties", at=at("10-14"), actor=SYSTEM)
    assert list(Duty.objects.order_by("pk").values()) == before
