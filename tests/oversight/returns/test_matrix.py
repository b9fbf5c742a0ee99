"""All units against quarters: parts equal totals, late is told, papers and the public's reading say the same."""

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.oversight.returns.story import DONE, NOTHING, SYSTEM, Story, at
from zhengxin import journey
from zhengxin.console.returns import as_json
from zhengxin.journey.showing import plan_end_sheet
from zhengxin.oversight import public as plans
from zhengxin.oversight.models import Mandate
from zhengxin.oversight.reading import document_lines
from zhengxin.oversight.returns.letterhead import Heading, Letter, Table, docx
from zhengxin.oversight.returns.matrix import QUARTERS, matrix
from zhengxin.oversight.returns.public import published
from zhengxin.oversight.returns.types import Counts, Matrix, PublishedReturn, Quarter
from zhengxin.publication import actions as publication
from zhengxin.publication.board import queries as board

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
Q3 = Quarter(2026, 3)


def reconciles(found: Matrix) -> None:
    """Sums of parts are the totals, both ways."""
    for row in found.rows:
        assert sum(cell.owed for cell in row.cells if cell) == row.total.owed
    for place, column in enumerate(found.columns):
        for name in ("reported", "zero", "missing", "late", "owed"):
            cells = [row.cells[place] for row in found.rows]
            assert sum(getattr(cell, name) for cell in cells if cell) == getattr(column, name)
    assert sum(column.owed for column in found.columns) == found.total.owed
    assert sum(row.total.late for row in found.rows) == found.total.late
    assert found.total.reported + found.total.zero + found.total.missing == found.total.owed


@pytest.fixture
def two_quarters(story: Story) -> Story:
    """Q2: 县住建局 late with 1, missing with 2; Q3: reported and zero; the rest missing."""
    story.open("2026Q2", at("07-01"))
    story.save("jingban", story.row("县住建局", "2026Q2", 1), DONE, at("07-20"))
    story.sign_sheet("fuze", "县住建局", "2026Q2", at("07-21"))
    return story.reported()


def test_the_matrix_reconciles(two_quarters: Story) -> None:
    found = matrix(until=Q3, on=date(2026, 10, 10))
    reconciles(found)
    assert len(found.quarters) == QUARTERS
    assert found.rows[0].unit == "示例县住房和城乡建设局"
    # On 10 October those of Q3 are not late yet.
    assert found.rows[0].cells[-2:] == (Counts(1, 0, 1, 2), Counts(1, 1, 0, 0))
    assert found.columns[-2:] == (Counts(1, 0, 3, 4), Counts(1, 1, 2, 0))
    assert found.opened == {Quarter(2026, 2), Q3}
    assert found.rows[0].cells[0] is None
    overdue = matrix(until=Q3, on=date(2026, 10, 21))
    reconciles(overdue)
    assert overdue.columns[-1].late == 2


def test_filters_and_own_units(two_quarters: Story) -> None:
    unit = two_quarters.units["县住建局"]
    today = date(2026, 10, 10)
    own = matrix(until=Q3, on=today, units={unit})
    assert [row.unit_id for row in own.rows] == [unit]
    for state, total in (
        ("reported", Counts(2, 0, 0, 1)),
        ("zero", Counts(0, 1, 0, 0)),
        ("missing", Counts(0, 0, 5, 3)),
        ("late", Counts(1, 0, 3, 4)),
    ):
        found = matrix(until=Q3, on=today, state=state)
        reconciles(found)
        assert found.total == total, state
    assert matrix(until=Q3, on=today, unit_id=0).rows == ()


def test_the_matrix_asks_few_questions(two_quarters: Story) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        matrix(until=Q3, on=date(2026, 10, 10))
    assert len(asked) <= 5


def test_the_command_prints_it(two_quarters: Story) -> None:
    told = json.loads(json.dumps(as_json(matrix(until=Q3, on=date(2026, 10, 10)))))
    assert told["total"] == {"owed": 8, "reported": 2, "zero": 1, "missing": 5, "late": 4}
    assert told["units"][0]["quarters"]["2026Q3"]["zero"] == 1
    assert "2026Q1" not in told["units"][0]["quarters"]


def lines(content: bytes, folder: Path) -> list[str]:
    path = folder / "paper.docx"
    path.write_bytes(content)
    return document_lines(path)


def test_a_units_paper_is_read_back(two_quarters: Story, tmp_path: Path) -> None:
    made = {
        quarter: journey.return_paper(
            unit_id=two_quarters.units["县住建局"],
            quarter=quarter,
            number="示住建〔2026〕18号",
            at=at("10-10"),
            actor=two_quarters.actor("fuze", at("10-10")),
        )
        for quarter in ("2026Q2", "2026Q3")
    }
    read = lines(made["2026Q3"], tmp_path)
    assert read[:2] == ["示例县住房和城乡建设局", "示住建〔2026〕18号"]
    assert "关于2026年第三季度工作开展情况的报告" in read
    assert "示例县政务公开办公室：" in read
    assert "工作开展情况：" + DONE.work in read
    assert "本季度确无工作开展。理由：" + NOTHING.zero_because in read
    assert "佐证材料1份：核对表.pdf。" in read
    # The figures of the unit stand once, those of a mandate with each.
    assert (read.count("报送佐证\t0份"), read.count("行政许可：迟报\t0条")) == (2, 1)
    assert [each for each in read if each][-2:] == ["示例县住房和城乡建设局", "2026年10月8日"]
    assert "本季度没有报送。" in lines(made["2026Q2"], tmp_path)


def test_a_version_that_was_given_back_stands_nowhere(story: Story, tmp_path: Path) -> None:
    story.reported()
    story.accept("gongkai", "县住建局", "2026Q3", at("10-12"), 1)
    row = story.row("县住建局", "2026Q3", 1)
    story.reopen("gongkai", row, at("10-20"))
    row.refresh_from_db()
    story.save("jingban", row, NOTHING, at("10-21"))
    story.sign_sheet("fuze", "县住建局", "2026Q3", at("10-22"))
    row.refresh_from_db()
    story.send_back("gongkai", row, at("10-23"))
    made = journey.return_paper(
        unit_id=row.unit_id,
        quarter="2026Q3",
        number="",
        at=at("10-24"),
        actor=story.actor("fuze", at("10-24")),
    )
    read = lines(made, tmp_path)
    place = read.index("任务1（已报）")
    assert read[place + 2] == "工作开展情况：" + DONE.work
    entry_ids = list(Mandate.objects.values_list("entry_id", flat=True))
    own = published(entry_ids, date(2026, 10, 24))[row.duty_id or 0]
    assert (own.state, own.accepted, own.signed_on) == ("reported", True, date(2026, 10, 8))


def test_the_countys_summary_is_read_back(two_quarters: Story, tmp_path: Path) -> None:
    made = journey.returns_summary(
        quarter="2026Q3",
        number="",
        at=at("10-21"),
        actor=two_quarters.actor("gongkai", at("10-21")),
    )
    read = lines(made, tmp_path)
    assert read[0] == "示例县政务公开办公室"
    assert "〔2026〕　　号" in read
    assert "单位\t应报\t已报\t确认为零\t未报\t其中迟" in read
    assert "示例县住房和城乡建设局\t2\t1\t1\t0\t0" in read
    assert "合计\t4\t1\t1\t2\t2" in read
    assert "示例县市场监督管理局1项、示例县政务公开办公室1项。" in read


def test_a_paper_holds_whatever_was_typed(tmp_path: Path) -> None:
    odd = "<w:t>&\x00\x0b\ufffe\ud800 😀𠮷\t尾"
    letter = Letter(
        "甲局", "", odd, "", (odd, Heading("一"), Table([("a", odd)])), "甲局", None, 2026
    )
    assert docx(letter) == docx(letter)
    read = lines(docx(letter), tmp_path)
    assert "<w:t>& 😀𠮷\t尾" in read
    assert "　　年　　月　　日" in read


def test_the_workbook_counts_alike(two_quarters: Story) -> None:
    made = journey.returns_workbook(
        until="2026Q3", units=None, unit_id=None, state="", at=at("10-10"), actor=SYSTEM
    )
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("单位", "季度", "应报", "已报", "确认为零", "未报", "其中迟")
    assert ("示例县住房和城乡建设局", "2026Q3", 2, 1, 1, 0, 0) in rows
    for place in range(2, 7):
        assert sum(row[place] for row in rows[1:-1]) == rows[-1][place]


def test_the_publics_plan_tells_a_zero_from_a_report_and_days_of_the_county(story: Story) -> None:
    story.reported()
    sheet = plan_end_sheet(story.plan.pk)
    early = at("11-02", "06:30")
    story.sign(journey.end_plan, "fuhe", sheet, early, plan_id=story.plan.pk, because="期满")
    [page] = plans.published(date(2026, 11, 3))
    assert (page.confirmed_on, page.ended_on) == (date(2026, 4, 7), date(2026, 11, 2))
    assert [clause.standing for clause in page.clauses] == ["evidence", "zero", "nothing"]


def test_the_public_sees_states_and_no_words(two_quarters: Story) -> None:
    entry_ids = list(Mandate.objects.order_by("number").values_list("entry_id", flat=True))
    own = two_quarters.row("县住建局", "2026Q3", 1)

    def shown() -> PublishedReturn:
        return published(entry_ids, date(2026, 10, 21))[own.duty_id or 0]

    before = shown()
    assert (before.state, before.accepted, before.evidence, before.figures) == (
        "reported", False, 1, (),
    )  # fmt: skip
    two_quarters.accept("gongkai", "县住建局", "2026Q3", at("10-12"), 1)
    found = published(entry_ids, date(2026, 10, 21))
    assert len(found) == 8
    first = shown()
    assert (first.state, first.late, first.accepted, first.signed_on) == (
        "reported", False, True, date(2026, 10, 8),
    )  # fmt: skip
    assert ("职责按时办结", 0, "项") in first.figures
    zero = found[two_quarters.row("县住建局", "2026Q3", 2).duty_id or 0]
    assert (zero.state, zero.state_label) == ("zero", "确认为零")
    told = repr(found)
    assert DONE.work not in told
    assert "周远山" not in told
    missing = [each for each in found.values() if each.state == "missing"]
    assert len(missing) == 5
    assert all(each.late and not each.figures and each.signed_on is None for each in missing)


def test_the_living_page_never_mixes_a_zero_with_a_report(two_quarters: Story) -> None:
    two_quarters.accept("gongkai", "县住建局", "2026Q3", at("10-12"), 2)
    [page] = plans.published(date(2026, 10, 21))
    second = next(clause for clause in page.clauses if clause.number == 2)
    [zero] = [duty for duty in second.duties if duty.said == "zero"]
    # The duty to report is met; of the mandate nothing was done, and the page says no other.
    assert (zero.state, zero.reported, zero.accepted) == ("on_time", False, True)
    assert (second.standing, second.zeros) == ("zero", 1)
    publication.put_plans(plans=[page], at=at("10-21"), actor=SYSTEM)
    assert board.plan(page.id) == page
    told = Client().get(f"/plans/{page.id}/?only=zero").content.decode()
    assert "只报了1次确认为零" in told
    assert "确认为零，已受理" in told
    assert "没有佐证" not in told
    assert "只有文字，没有佐证" not in told
    assert "本季度数字" in told
    assert NOTHING.zero_because not in told
    assert 'id="c2"' in told
    assert 'id="c3"' not in told


def test_what_is_overdue_stays_on_the_page_however_much_came_after(
    two_quarters: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MOST_DUTIES", 1)
    [page] = plans.published(date(2026, 10, 10))
    second = next(clause for clause in page.clauses if clause.number == 2)
    # Of the second quarter two are missing and overdue; of the third one is not due yet.
    assert [duty.overdue_days > 0 for duty in second.duties] == [True, True, False]
    assert (second.overdue, second.left_out) == (2, 1)
