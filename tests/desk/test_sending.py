"""Sending a file or one row, reading the receipt, mending, withdrawing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.desk.rows import WRONG, licence, table
from tests.factors import DeskClient
from zhengxin.audit.models import AuditLine
from zhengxin.intake.models import Submission
from zhengxin.kernel.idcard import id_check_character
from zhengxin.rulebook.queries import law_folder
from zhengxin.subjects import actions as subjects

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
NEW = "/desk/submissions/new/licences/"


def sent(client: Client, *rows: dict[str, str]) -> Submission:
    """Uploads licences and follows to the receipt."""
    answer = client.post(NEW, {"file": table("licences", *rows)})
    assert answer.status_code == 302, answer.content.decode()
    return Submission.objects.get(pk=int(answer["Location"].split("/")[-2]))


def test_the_receipt_reconciles_and_names_row_column_value_reason_and_remedy(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    bad = licence(3, XK_XDR_SHXYM=WRONG)
    submission = sent(client, licence(1), licence(2), bad)
    page = client.get(f"/desk/submissions/{submission.pk}/").content.decode()
    assert "2行已准入，1行退回。" in page
    assert (submission.records, submission.admitted, submission.refused) == (3, 2, 1)
    row = page.split('class="table zx-stack zx-faults"')[1].split("</tbody>")[0]
    assert ">4<" in row
    assert "统一社会信用代码" in row
    assert WRONG in row
    assert "校验位不符" in row
    assert f"/desk/submissions/{submission.pk}/marked/" in page
    assert f"{NEW}?mends={submission.pk}" in page
    today = client.get("/desk/").content.decode()
    assert f"改好批次{submission.number}里退回的行" in today


def test_the_receipt_says_what_was_late_undated_or_lacks_a_calendar(
    county: County,
    signed_in: Callable[[str], DeskClient],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    law = shutil.copytree(law_folder(), tmp_path / "law")
    (law / "calendar" / "2018.yaml").unlink()
    monkeypatch.setenv("ZHENGXIN_LAW", str(law))
    long_ago = {"XK_JDRQ": "2018-05-14", "XK_YXQZ": "2018-05-14"}
    late = {"XK_JDRQ": "2026-02-02", "XK_YXQZ": "2026-02-02"}
    clerk = signed_in("jingban")
    submission = sent(clerk, licence(1), licence(2, **late), licence(3, **long_ago))
    page = clerk.get(f"/desk/submissions/{submission.pk}/").content.decode()
    assert "按时报送1行，迟报1行。" in page
    assert "1行的期限无法计算：2018年的放假安排未导入。" in page
    for reader, told in (("jingban", True), ("xinyong", True), ("shichang", False)):
        quality = signed_in(reader).get("/desk/quality/").content.decode()
        assert ("1行的期限无法计算：2018年的放假安排未导入" in quality) is told


def test_the_marked_workbook_goes_back_to_its_sender_only(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    submission = sent(client, licence(1), licence(2, XK_WSH=""))
    path = f"/desk/submissions/{submission.pk}/marked/"
    book = client.get(path)
    assert book.getvalue()[:2] == b"PK"
    assert "filename*=utf-8''" in book["Content-Disposition"]
    assert AuditLine.objects.filter(act="submission.marked_workbook").count() == 1
    assert signed_in("shichang").get(path).status_code == 404
    assert signed_in("xinyong").get(path).status_code == 403


def test_the_same_bytes_lead_to_the_same_receipt(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    first = sent(client, licence(1))
    assert sent(client, licence(1)).pk == first.pk
    assert "没有重复收" in client.get(f"/desk/submissions/{first.pk}/").content.decode()
    assert Submission.objects.count() == 1


def test_a_batch_corrected_since_says_what_still_stands(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    first = sent(client, licence(1), licence(2))
    receipt, withdrawal = (f"/desk/submissions/{first.pk}/{page}" for page in ("", "withdraw/"))
    assert "更正过" not in client.get(receipt).content.decode()
    sent(client, licence(1, XK_NR="更正后的许可内容"))
    assert "准入中有1行后来又报送更正过" in client.get(receipt).content.decode()
    page = client.get(withdrawal).content.decode()
    assert "撤回1行" in page
    assert "这一批里有1行已被后来的报送更正" in page
    assert sent(client, licence(1), licence(2)).pk == first.pk
    assert "其中1行后来又报送更正过" in client.get(receipt).content.decode()
    sent(client, licence(2, XK_NR="更正后的许可内容"))
    page = client.get(withdrawal).content.decode()
    assert "撤回这一批" in page.split("<form")[-1]
    assert "还没有入账" not in page


def test_a_printed_receipt_says_where_the_rest_of_its_faults_is(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    bad = [licence(n, XK_XDR_SHXYM=WRONG) for n in range(1, 25)]
    submission = sent(client, *bad)
    page = client.get(f"/desk/submissions/{submission.pk}/").content.decode()
    assert "纸上只有这一页的20处，全部24处" in page


def test_mended_rows_no_longer_wait(county: County, signed_in: Callable[[str], DeskClient]) -> None:
    client = signed_in("jingban")
    first = sent(client, licence(1), licence(2, XK_WSH=""))
    page = client.get(f"{NEW}?mends={first.pk}").content.decode()
    assert f"上传批次{first.number}改好的行" in page
    client.post(f"{NEW}?mends={first.pk}", {"file": table("licences", licence(2))})
    assert f"批次{first.number}里退回的行" not in client.get("/desk/").content.decode()
    second = Submission.objects.latest("id")
    link = f'<a href="/desk/submissions/{second.pk}/">{second.number}</a>'
    back = f'<a href="/desk/submissions/{first.pk}/">批次{first.number}里退回的行</a>'
    assert back in client.get(f"/desk/submissions/{second.pk}/").content.decode()
    assert (
        f"退回的行已经改好重报，见批次{link}"
        in client.get(f"/desk/submissions/{first.pk}/").content.decode()
    )
    client.post(f"/desk/submissions/{second.pk}/withdraw/", {"because": "传错了"})
    assert link not in client.get(f"/desk/submissions/{first.pk}/").content.decode()
    assert f"批次{first.number}里退回的行" in client.get("/desk/").content.decode()


def test_a_file_that_cannot_be_read_is_handed_back_whole(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    page = SimpleUploadedFile("报送.csv", "<html><body>登录超时</body></html>".encode())
    answer = client.post(NEW, {"file": page}, follow=True).content.decode()
    assert "整份退回，没有一行入账。" in answer
    assert "怎么改：" in answer
    assert "合乎规定" not in answer


def test_a_body_over_the_limit_is_refused_before_it_is_read(
    county: County, signed_in: Callable[[str], DeskClient], settings: object
) -> None:
    settings.DESK_UPLOAD_LIMIT = 100  # type: ignore[attr-defined]
    answer = signed_in("jingban").post(NEW, {"file": table("licences", licence(1))})
    assert answer.status_code == 413
    assert "zhengxin intake" in answer.content.decode()
    assert not Submission.objects.exists()


def test_nothing_chosen_is_said_beside_the_input(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    answer = signed_in("jingban").post(NEW, {})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert 'aria-describedby="id_file_helptext id_file_error"' in page


def test_one_row_by_hand_with_errors_tied_to_their_inputs(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    faulty = licence(7, XK_XDR_SHXYM=WRONG, XK_FRDB="")
    number = "11010119900307453"
    faulty["BZ"] = f"联系人身份证{number}{id_check_character(number)}"
    answer = client.post(f"{NEW}row/", faulty)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "校验位不符" in page.split('id="id_XK_XDR_SHXYM_error"')[1][:200]
    assert "这种情况必填" in page.split('id="id_XK_FRDB_error"')[1][:200]
    assert "文字里有身份证件号码" in page.split('id="id_BZ_error"')[1][:200]
    assert 'aria-invalid="true"' in page
    assert not Submission.objects.exists()
    done = client.post(f"{NEW}row/", licence(7), follow=True).content.decode()
    assert "1行已准入。" in done
    client.post(f"{NEW}row/", licence(7))
    assert Submission.objects.count() == 1  # sent twice, taken once


def test_the_form_knows_the_own_unit(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    page = signed_in("jingban").get(f"{NEW}row/").content.decode()
    assert 'value="示例县住房和城乡建设局"' in page


def test_withdrawing_needs_a_reason_and_happens_once(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    submission = sent(client, licence(1), licence(2))
    path = f"/desk/submissions/{submission.pk}/withdraw/"
    assert "撤回2行" in client.get(path).content.decode()
    assert client.post(path, {"because": ""}).status_code == 422
    assert signed_in("shichang").post(path, {"because": "试试"}).status_code == 404
    assert signed_in("jiandu").post(path, {"because": "试试"}).status_code == 403
    assert client.post(path, {"because": "传错了月份"}).status_code == 302
    again = signed_in("fuze").post(path, {"because": "我也看到了"})
    assert (again.status_code, "林禾已于" in again.content.decode()) == (409, True)
    page = client.get(f"/desk/submissions/{submission.pk}/").content.decode()
    assert "这一批已撤回。" in page
    assert "传错了月份" in page
    assert AuditLine.objects.filter(act="submission.withdraw").count() == 1


def test_another_units_submission_does_not_exist(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    submission = sent(signed_in("jingban"), licence(1))
    other = signed_in("shichang")
    assert other.get(f"/desk/submissions/{submission.pk}/").status_code == 404
    assert submission.number not in other.get("/desk/submissions/").content.decode()
    assert submission.number in signed_in("xinyong").get("/desk/submissions/").content.decode()


def test_filters_of_the_list_survive_in_the_address(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    submission = sent(client, licence(1))
    page = client.get("/desk/submissions/", {"source": "licences", "state": "followed"})
    shown = page.content.decode()
    assert submission.number in shown
    assert '<option value="licences" selected>' in shown
    none = client.get("/desk/submissions/", {"source": "penalties"}).content.decode()
    assert submission.number not in none


def test_a_finished_submission_tells_its_page_to_refresh(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    submission = sent(client, licence(1))
    assert client.get(f"/desk/submissions/{submission.pk}/progress/")["HX-Refresh"] == "true"


def test_the_template_is_a_workbook_with_a_chinese_name(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    answer = signed_in("jingban").get(f"{NEW}template/")
    assert answer.content[:2] == b"PK"
    assert "filename*=utf-8''" in answer["Content-Disposition"]


def test_sending_without_a_file_says_what_is_missing(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    answer = signed_in("jingban").post(NEW, {})
    assert answer.status_code == 422
    assert "还没有选择文件。" in answer.content.decode()


def test_a_receipt_says_into_how_many_records_rows_were_split(
    county: County, signed_in: Callable[[str], DeskClient], settings: LazySettings
) -> None:
    root = Path(__file__).resolve().parents[2]
    settings.SOURCES_DIRS = [root / "docs" / "examples"]
    subjects.grant_power(
        unit_id=county.units["县住建局"],
        source="csrc_penalties",
        basis="三定规定",
        at=timezone.now(),
        actor=SYSTEM,
    )
    client = signed_in("jingban")
    twin = root / "tests" / "data" / "intake" / "securities_penalties.csv"
    with twin.open("rb") as file:
        answer = client.post("/desk/submissions/new/csrc_penalties/", {"file": file}, follow=True)
    page = answer.content.decode()
    assert "读到3行，按当事人拆成7条。" in page
    assert "没有准入的记录，2条退回，5条待核。" in page
