"""Every registered figure opens a list of exactly as many rows, whatever changes after it was taken."""

from datetime import date

import pytest

from tests.oversight.returns.story import DONE, PDF, SYSTEM, Story, at
from tests.publication.county import record
from zhengxin import journey
from zhengxin.duties.models import Duty
from zhengxin.duties.types import Owed
from zhengxin.journey import owing
from zhengxin.journey.showing import duty_sheet
from zhengxin.ledger import actions as ledger
from zhengxin.oversight.returns import queries
from zhengxin.oversight.returns.figures import figures
from zhengxin.oversight.returns.models import QuarterlyReturn
from zhengxin.oversight.returns.readings import figures_of
from zhengxin.oversight.returns.types import Compared, Taken
from zhengxin.subjects import actions as subjects

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def taken(row: QuarterlyReturn) -> dict[str, Taken]:
    row.refresh_from_db()
    return {each.code: each for each in figures_of(row.figures)}


def lengths(row: QuarterlyReturn) -> dict[str, int]:
    """How many rows each figure's list shows."""
    return {
        code: len(queries.figure_rows(code, queries.figure_ids(each)))
        for code, each in taken(row).items()
    }


def counts(row: QuarterlyReturn) -> dict[str, int]:
    return {code: each.n for code, each in taken(row).items()}


def send(story: Story, *drafts: object, day: str = "09-30") -> list[int]:
    ids = ledger.append(drafts=list(drafts), at=at(day), actor=SYSTEM)
    journey.follow(at=at(day))
    return ids


def licence(story: Story, n: int, decided: str, day: str) -> object:
    return record(
        subject_id=story.units["县市场监管局"],
        unit_id=story.units["县住建局"],
        true_on=date.fromisoformat(f"2026-{decided}") if decided else None,
        known_at=at(day),
        number=f"示住建许〔2026〕{n}号",
    )


def owe(story: Story, kind: str, mandate: int, due: str | None, opened: str = "08-01") -> int:
    """A duty of 县住建局 that comes from a mandate."""
    source = story.plan.mandates.get(number=mandate).entry_id
    owed = Owed(
        kind=kind,
        bearer_id=story.units["县住建局"],
        what="（虚构）补齐合同台账",
        source_id=source,
        opened_on=at(opened).date(),
        due_on=at(due).date() if due else None,
        to_id=story.units["县政务公开办"],
    )
    [duty_id] = owing.open_duties(owed=[owed], at=at(opened), actor=SYSTEM)
    journey.follow(at=at(opened))
    return duty_id


def report(story: Story, duty_id: int, day: str, *files: object) -> None:
    owing.report_duty(
        duty_id=duty_id,
        words="已补齐",
        files=files,
        at=at(day),
        actor=story.actor("jingban", at(day)),
    )


def verify(story: Story, duty_id: int, day: str) -> None:
    sheet = duty_sheet("duty_verified", duty_id)
    story.sign(owing.verify_duty, "gongkai", sheet, at(day), duty_id=duty_id,
                          because="属实")  # fmt: skip


def everything(story: Story) -> None:
    """Something for every figure: records of each state, duties of each state, files, rectifications."""
    for kind in ("licence", "penalty"):
        send(
            story,
            *(
                record(
                    kind=kind,
                    subject_id=story.units["县市场监管局"],
                    unit_id=story.units["县住建局"],
                    true_on=decided,
                    known_at=at("09-20"),
                    number=f"示{kind}〔2026〕{n}号",
                )
                for n, decided in enumerate(
                    [date(2026, 9, 18), date(2026, 9, 17), date(2026, 7, 2), None]
                )
            ),
        )
    met, late, waiting = (owe(story, "mandate_term", 1, due) for due in ("08-20", "08-10", "09-25"))
    owe(story, "mandate_term", 1, "09-15")
    report(story, met, "08-18", PDF)
    verify(story, met, "08-19")
    report(story, late, "08-18")
    verify(story, late, "08-19")
    report(story, waiting, "09-24")
    rectified = owe(story, "rectification", 2, "09-10")
    report(story, rectified, "09-09")
    verify(story, rectified, "09-11")


def test_every_figure_opens_a_list_of_exactly_so_many_rows(story: Story) -> None:
    everything(story)
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    found = counts(row)
    assert set(found) == {each.code for each in figures()}
    assert lengths(row) == found
    told = {code: n for code, n in found.items() if n}
    assert told == {
        "licence_on_time": 2,
        "licence_late": 1,
        "licence_missing": 1,
        "penalty_on_time": 2,
        "penalty_late": 1,
        "penalty_missing": 1,
        "findings_opened": 1,
        "findings_closed": 1,
        "duties_met": 1,
        "duties_late": 1,
        "duties_waiting": 1,
        # The plan's own term of August, and the one of September.
        "duties_overdue": 2,
        "evidence": 1,
    }


def test_what_was_done_after_the_quarter_was_overdue_at_its_end(story: Story) -> None:
    waiting, verified = (owe(story, "mandate_term", 2, "09-20") for _ in range(2))
    for each in (waiting, verified):
        report(story, each, "10-03")
    verify(story, verified, "10-05")
    story.open("2026Q3", at("10-08"))
    found = counts(story.row("县住建局", "2026Q3", 2))
    assert (found["duties_overdue"], found["duties_late"], found["duties_waiting"]) == (2, 0, 0)


def test_a_list_shows_the_day_by_which_its_rows_were_counted(story: Story) -> None:
    everything(story)
    story.open("2026Q3", at("10-01"))
    found = taken(story.row("县住建局", "2026Q3", 1))
    days = {
        code: queries.figure_rows(code, queries.figure_ids(found[code]))[0].on
        for code in ("findings_opened", "findings_closed")
    }
    assert days == {"findings_opened": date(2026, 8, 1), "findings_closed": date(2026, 9, 9)}


def test_what_comes_later_changes_neither_figure_nor_list(story: Story) -> None:
    everything(story)
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    story.save("jingban", row, DONE, at("10-05"))
    story.sign_sheet("fuze", "县住建局", "2026Q3", at("10-08"))
    before, rows = counts(row), lengths(row)
    [version] = story.versions(row)
    listed = {each.code: queries.figure_ids(each) for each in version.figures}
    send(story, *(licence(story, n, "09-28", "10-09") for n in range(50, 55)), day="10-09")
    waiting = Duty.objects.get(state="reported", kind="mandate_term")
    verify(story, waiting.pk, "10-10")
    for duty_id in Duty.objects.filter(state="open", kind="mandate_term").values_list(
        "pk", flat=True
    ):
        report(story, duty_id, "10-11", PDF)
    journey.rebuild(name="duties", at=at("10-12"), actor=SYSTEM)
    assert (counts(row), lengths(row)) == (before, rows)
    assert {each.code: each.n for each in story.versions(row)[0].figures} == before
    assert listed == {each.code: queries.figure_ids(each) for each in version.figures}


def test_a_row_that_is_gone_keeps_its_place_in_the_list(story: Story) -> None:
    everything(story)
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    ids = queries.figure_ids(taken(row)["licence_on_time"])
    Duty.objects.filter(pk=ids[0]).delete()
    shown = queries.figure_rows("licence_on_time", ids)
    assert [(each.number, bool(each.known)) for each in shown] == [(ids[0], False), (ids[1], True)]
    assert len(queries.figure_rows("no_longer_registered", ids)) == 2


def test_figures_are_taken_anew_only_for_drafts(story: Story) -> None:
    story.open("2026Q3", at("10-01"))
    first, second = (story.row("县住建局", "2026Q3", n) for n in (1, 2))
    story.save("jingban", first, DONE, at("10-05"))
    story.sign_sheet("fuze", "县住建局", "2026Q3", at("10-08"))
    send(story, *(licence(story, n, "09-28", "10-09") for n in range(3)), day="10-09")
    n = journey.take_return_figures(
        unit_id=story.units["县住建局"],
        quarter="2026Q3",
        at=at("10-10"),
        actor=story.actor("jingban", at("10-10")),
    )
    assert n == 1
    assert counts(first)["licence_on_time"] == 0
    assert counts(second)["licence_on_time"] == 3
    assert second.as_of == at("10-10")
    assert lengths(second) == counts(second)


def test_a_figure_of_the_quarter_before_is_never_a_zero_where_there_is_none(story: Story) -> None:
    story.open("2026Q2", at("07-01"))
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    old = story.row("县住建局", "2026Q2", 1)

    def beside(of: QuarterlyReturn) -> Compared:
        [found] = [each for each in queries.compared([of])[of.pk] if each.taken.code == "evidence"]
        return found

    assert (beside(old).before, beside(old).lacking) == (None, "不适用")
    assert (beside(row).before, beside(row).lacking) == (None, "未报")
    story.save("jingban", old, DONE, at("07-05"))
    story.sign_sheet("fuze", "县住建局", "2026Q2", at("07-06"))
    assert (beside(row).before, beside(row).lacking) == (0, "")


def test_a_unit_compares_with_the_one_it_followed(story: Story) -> None:
    story.open("2026Q2", at("07-01"))
    old = story.row("县市场监管局", "2026Q2", 2)
    story.save("shichang", old, DONE, at("07-05"))
    story.sign_sheet("shichang-fuze", "县市场监管局", "2026Q2", at("07-06"))
    line = subjects.record_succession(
        predecessor_id=story.units["县市场监管局"],
        successor_id=story.units["县发改局"],
        kind="merged",
        on=date(2026, 8, 15),
        basis="（虚构）机构改革方案",
        at=at("08-16"),
        actor=SYSTEM,
    )
    reviewer = story.actor("fuhe", at("08-16"))
    subjects.confirm_succession(succession_id=line.pk, at=at("08-16"), actor=reviewer)
    story.open("2026Q3", at("10-01"))
    row = story.row("县发改局", "2026Q3", 2)
    found = {each.taken.code: each for each in queries.compared([row])[row.pk]}
    assert (found["evidence"].before, found["evidence"].lacking) == (0, "")
