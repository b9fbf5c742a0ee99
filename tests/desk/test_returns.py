"""Quarterly returns at the desk: who sees what, two editors, signing, taking in, figures and their lists, exports."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desk.test_papers import hand_in, on_paper
from tests.desk.test_papers import own_folder as own_folder
from tests.factors import DeskClient, SoftPasskey
from tests.oversight.returns.conftest import own_folders as own_folders
from tests.oversight.returns.conftest import story as story
from tests.oversight.returns.story import DONE, NOTHING, Story, at, with_passkeys
from tests.oversight.returns.test_figures import everything
from zhengxin.evidence.models import Piece
from zhengxin.ledger.models import Entry
from zhengxin.oversight.reading import document_lines

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
Enter = Callable[[str], DeskClient]
UNTIL = "/desk/returns/?until=2026Q3"
WRITTEN = {"kind": "report", "work": DONE.work, "problems": "", "next_steps": ""}


@pytest.fixture
def enter(story: Story) -> Enter:
    """A browser signed in as the named account, with its second factor proven."""
    keys: dict[str, SoftPasskey] = with_passkeys(story)
    return lambda username: DeskClient(story.accounts[username], keys.get(username))


def unit_page(story: Story, short: str = "县住建局", quarter: str = "2026Q3") -> str:
    return f"/desk/returns/unit/{story.units[short]}/{quarter}/"


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_from_a_draft_to_accepted_through_the_pages(story: Story, enter: Enter) -> None:
    story.open("2026Q3", at("10-01"))
    first, second = (story.row("县住建局", "2026Q3", n) for n in (1, 2))
    clerk, leader, office = enter("jingban"), enter("fuze"), enter("gongkai")
    assert "2项任务还没有签署" in read(clerk, UNTIL)
    piece = SimpleUploadedFile("核对表.pdf", b"%PDF-1.7 fictional")
    other = SimpleUploadedFile("照片.png", b"\x89PNG\r\n\x1a\n fictional")
    sent = {**WRITTEN, "saving": "0", "evidence": [piece, other]}
    assert clerk.post(f"/desk/returns/{first.pk}/write/", sent).status_code == 302
    zero = {"kind": "zero", "zero_because": NOTHING.zero_because, "saving": "0"}
    assert clerk.post(f"/desk/returns/{second.pk}/write/", zero).status_code == 302
    assert "2项已写好，请本单位负责人签署" in read(clerk, unit_page(story))
    assert clerk.get(f"{unit_page(story)}sign/").status_code == 403
    shown = read(leader, f"{unit_page(story)}sign/")
    assert DONE.work in shown
    assert NOTHING.zero_because in shown
    assert leader.sign(f"{unit_page(story)}sign/", {}).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, len(first.pieces)) == ("reported", "zero", 2)
    assert "2项" in read(office, UNTIL)
    said = {"return_ids": [str(first.pk)], "because": "内容与佐证相符"}
    assert office.sign(f"{unit_page(story)}accept/", said).status_code == 302
    back = {"because": "没有写与谁核对过"}
    assert office.post(f"/desk/returns/{second.pk}/send-back/", back).status_code == 302
    assert office.sign(f"/desk/returns/{first.pk}/reopen/", back).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, second.stage, second.state) == ("reopened", "returned", "missing")
    page = read(clerk, unit_page(story))
    assert page.count("顾清和") >= 2
    assert "没有写与谁核对过" in page
    assert DONE.work in read(clerk, f"/desk/returns/{first.pk}/")


def test_the_second_editor_sees_both_texts_and_can_save_again(story: Story, enter: Enter) -> None:
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    path = f"/desk/returns/{row.pk}/write/"
    enter("jingban").post(path, {**WRITTEN, "saving": "0"})
    mine = {**WRITTEN, "work": "（虚构）负责人写的另一份", "saving": "0"}
    answer = enter("fuze").post(path, mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "林禾" in text
    assert DONE.work in text
    assert text.count("（虚构）负责人写的另一份") == 2
    found = re.search(r'name="saving" value="(\d+)"', text)
    assert found is not None
    assert enter("fuze").post(path, {**mine, "saving": found[1]}).status_code == 302
    row.refresh_from_db()
    assert row.work == "（虚构）负责人写的另一份"


def test_what_one_editor_attached_is_not_lost_by_the_other(story: Story, enter: Enter) -> None:
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    path, clerk, leader = f"/desk/returns/{row.pk}/write/", enter("jingban"), enter("fuze")
    piece = SimpleUploadedFile("核对表.pdf", b"%PDF-1.7 fictional")
    assert clerk.post(path, {**WRITTEN, "saving": "0", "evidence": piece}).status_code == 302
    row.refresh_from_db()
    [kept] = row.pieces
    answer = leader.post(path, {**WRITTEN, "saving": "0"})
    assert answer.status_code == 409
    assert re.search(rf'name="keep" value="{kept}"[^>]* checked', answer.content.decode())
    # Taken off by one while the other has it still on the page: told as a conflict, not as a fault.
    assert leader.post(path, {**WRITTEN, "saving": "1"}).status_code == 302
    again = clerk.post(path, {**WRITTEN, "saving": "1", "keep": [kept]})
    assert again.status_code == 409, again.content.decode()


def test_what_is_sent_twice_is_done_once(story: Story, enter: Enter) -> None:
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    clerk = enter("jingban")
    for _ in range(2):
        sent = {
            **WRITTEN,
            "saving": "0",
            "once": "ab" * 16,
            "evidence": SimpleUploadedFile("表.pdf", b"%PDF-1.7"),
        }
        assert clerk.post(f"/desk/returns/{row.pk}/write/", sent).status_code == 302
    row.refresh_from_db()
    assert (row.saving, Piece.objects.count()) == (1, 1)


def test_faults_of_a_draft_are_told_at_the_field(story: Story, enter: Enter) -> None:
    story.open("2026Q3", at("10-01"))
    row = story.row("县住建局", "2026Q3", 1)
    clerk, path = enter("jingban"), f"/desk/returns/{row.pk}/write/"
    for odd, told in (
        ({"work": "联系13800138000"}, "号码"),
        ({"evidence": SimpleUploadedFile("表.exe", b"MZ")}, "只收PDF"),
        ({"kind": "nothing"}, "nothing"),
    ):
        answer = clerk.post(path, {**WRITTEN, "saving": "0", **odd})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    row.refresh_from_db()
    assert (row.saving, row.work) == (0, "")


@pytest.mark.parametrize("username", ["shichang", "shichang-fuze"])
def test_another_units_returns_are_not_there(story: Story, enter: Enter, username: str) -> None:
    story.reported()
    row, client = story.row("县住建局", "2026Q3", 1), enter(username)
    piece = row.pieces[0]
    for path in (
        unit_page(story),
        f"{unit_page(story)}paper/",
        f"{unit_page(story)}sign/",
        f"{unit_page(story)}accept/",
        f"/desk/returns/{row.pk}/",
        f"/desk/returns/{row.pk}/write/",
        f"/desk/returns/{row.pk}/send-back/",
        f"/desk/returns/{row.pk}/figures/duties_met/",
        f"/desk/returns/{row.pk}/evidence/{piece}/",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post(f"{unit_page(story)}figures/").status_code == 404
    page = read(client, UNTIL)
    assert "示例县市场监督管理局" in page
    assert "示例县住房和城乡建设局" not in page
    assert client.get("/desk/returns/summary/2026Q3/").status_code == 403


def test_evidence_of_another_return_is_not_there(story: Story, enter: Enter) -> None:
    story.reported()
    first, second = (story.row("县住建局", "2026Q3", n) for n in (1, 2))
    clerk = enter("jingban")
    found = clerk.get(f"/desk/returns/{first.pk}/evidence/{first.pieces[0]}/")
    assert found.content == b"%PDF-1.7 fictional"
    assert found["Content-Disposition"].startswith("attachment")
    other = f"/desk/returns/{second.pk}/evidence/{first.pieces[0]}/"
    assert clerk.get(other).status_code == 404


def test_every_figure_on_the_page_leads_to_exactly_so_many_rows(story: Story, enter: Enter) -> None:
    everything(story)
    story.reported()
    clerk = enter("jingban")
    row = story.row("县住建局", "2026Q3", 1)
    links = re.findall(
        r'href="(/desk/returns/\d+/figures/[\w-]+/)">(\d+)', read(clerk, unit_page(story))
    )
    signed = re.findall(
        r'href="(/desk/returns/\d+/figures/[\w-]+/\?version=1)">(\d+)',
        read(clerk, f"/desk/returns/{row.pk}/"),
    )
    # Two returns with five figures of their mandates, and those of the unit once; all of a version.
    assert len(links) == 2 * 5 + 10
    assert len(signed) == 5 + 10
    assert sum(int(n) for _path, n in links) >= 10
    for path, n in [*links, *signed]:
        assert read(clerk, path).count('class="zx-listed"') == int(n), path


def test_filters_stay_in_the_address_and_totals_add_up(story: Story, enter: Enter) -> None:
    story.reported()
    office = enter("gongkai")
    page = read(office, f"{UNTIL}&state=zero&unit={story.units['县住建局']}")
    assert '<option value="zero" selected>' in page
    assert f'<option value="{story.units["县住建局"]}" selected>' in page
    assert "应报1项，已报0，确认为零1，未报0。" in page
    assert "示例县市场监督管理局</th>" not in page
    assert "没有符合筛选的报送" in read(office, f"{UNTIL}&unit=999999")
    # What is no filter is none.
    assert "应报4项" in read(office, f"{UNTIL}&state=nonsense&unit=x")


def test_the_pages_ask_a_bounded_number_of_questions(story: Story, enter: Enter) -> None:
    story.open("2026Q2", at("07-01"))
    story.reported()
    office = enter("gongkai")

    def asked(path: str) -> int:
        office.get(path)
        with CaptureQueriesContext(connections["default"]) as found:
            assert office.get(path).status_code == 200
        return len(found)

    assert asked(UNTIL) < 45
    few = asked(unit_page(story, "县市场监管局"))
    # Two mandates, one of them with a version, ask as few questions as one.
    assert asked(unit_page(story)) <= few + 6


def test_exports_are_what_the_page_shows(story: Story, enter: Enter, tmp_path: Path) -> None:
    story.reported()
    office = enter("gongkai")
    answer = office.get("/desk/returns/workbook/?until=2026Q3&state=zero")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [row[2] for row in sheet.iter_rows(values_only=True)] == ["应报", 1, 1]
    paper = tmp_path / "报告.docx"
    paper.write_bytes(office.get(f"{unit_page(story)}paper/?number=示住建〔2026〕9号").content)
    assert "示住建〔2026〕9号" in document_lines(paper)
    paper.write_bytes(office.get("/desk/returns/summary/2026Q3/").content)
    assert "合计\t4\t1\t1\t2\t2" in document_lines(paper)
    assert office.get("/desk/returns/summary/2199Q3/").status_code == 404


def test_accepting_and_reopening_can_be_signed_by_hand(story: Story, enter: Enter) -> None:
    story.reported()
    row = story.row("县住建局", "2026Q3", 1)
    said = {"because": "内容与佐证相符"}
    for path, form, stage in (
        (f"{unit_page(story)}accept/", {**said, "return_ids": [str(row.pk)]}, "accepted"),
        (f"/desk/returns/{row.pk}/reopen/", said, "reopened"),
    ):
        officer = enter("xinyong")
        paper = on_paper(officer, path, form)
        hand_in(officer, paper)
        done = enter("fuhe").sign(paper, {})
        assert done.status_code == 302, done.content.decode()
        row.refresh_from_db()
        assert row.stage == stage


def test_an_empty_county_is_told_what_to_do(story: Story, enter: Enter) -> None:
    page = read(enter("gongkai"), "/desk/returns/")
    assert "还没有建立过季度报送" in page
    assert "zhengxin returns open" in page


def test_the_duty_leads_to_the_return(story: Story, enter: Enter) -> None:
    story.reported()
    row = story.row("县住建局", "2026Q3", 1)
    page = read(enter("gongkai"), f"/desk/duties/{row.duty_id}/")
    assert unit_page(story) in page
    assert f"/desk/duties/{row.duty_id}/verify/" not in page


def test_the_ledger_names_what_a_page_says(story: Story, enter: Enter) -> None:
    story.reported()
    entry = Entry.objects.get(kind="return_signed")
    row = story.row("县住建局", "2026Q3", 1)
    assert f"登记簿第{entry.id}条" in read(enter("fuze"), f"/desk/returns/{row.pk}/")
