"""Files, agreements, recipients and the log."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.desk.rows import days_ago, licence, penalty, table
from tests.factors import DeskClient
from zhengxin import journey
from zhengxin.audit import actions as audit
from zhengxin.audit.models import AuditLine
from zhengxin.journey.records import labels_of
from zhengxin.publication.models import Notice, Recipient
from zhengxin.subjects import actions as subjects
from zhengxin.subjects.models import SharingAgreement, Subject

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_a_file_opens_only_with_a_purpose_and_the_look_is_logged(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client, unit = signed_in("xinyong"), county.units["县住建局"]
    found = client.get("/desk/files/", {"q": "住房"}).content.decode()
    assert f"/desk/files/{unit}/" in found
    assert client.get(f"/desk/files/{unit}/")["Location"] == f"/desk/files/{unit}/purpose/"
    assert not AuditLine.objects.filter(act="file.open").exists()
    blank = client.post(f"/desk/files/{unit}/purpose/", {"purpose": "other", "detail": ""})
    assert blank.status_code == 422
    assert "请写明是什么用途。" in blank.content.decode()
    client.post(
        f"/desk/files/{unit}/purpose/", {"purpose": "监督检查", "detail": "示督〔2026〕3号"}
    )
    page = client.get(f"/desk/files/{unit}/")
    assert page.status_code == 200
    line = AuditLine.objects.get(act="file.open")
    assert (line.subject_id, line.purpose) == (unit, "监督检查：示督〔2026〕3号")
    # The unit itself sees who looked, with the purpose.
    today = signed_in("jingban").get("/desk/").content.decode()
    assert "许知" in today
    assert "监督检查：示督〔2026〕3号" in today


def test_the_file_is_shown_as_known_on_a_day(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client, unit = signed_in("xinyong"), county.units["县住建局"]
    client.post(f"/desk/files/{unit}/purpose/", {"purpose": "监督检查", "detail": ""})
    page = client.get(f"/desk/files/{unit}/", {"known_on": "2025-03-01"}).content.decode()
    assert "按2025年3月1日当天所知" in page
    wrong = client.get(f"/desk/files/{unit}/", {"known_on": "去年"}).content.decode()
    assert "不是一个日期" in wrong


def test_a_purpose_holds_half_an_hour(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client, unit = signed_in("xinyong"), county.units["县住建局"]
    session = client.session
    old = (timezone.now() - timedelta(minutes=31)).isoformat()
    session["purposes"] = {str(unit): ["监督检查", old]}
    session.save()
    assert client.get(f"/desk/files/{unit}/").status_code == 302


def test_another_units_subjects_only_under_an_agreement(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    owner, reader = county.units["县发改局"], county.units["县住建局"]
    clerk = signed_in("jingban")
    clerk.post(f"/desk/files/{owner}/purpose/", {"purpose": "监督检查", "detail": ""})
    refused = clerk.get(f"/desk/files/{owner}/")
    assert refused.status_code == 403
    assert "共享协议" in refused.content.decode()
    assert AuditLine.objects.filter(outcome="refused", subject_id=owner).count() == 1
    today = timezone.localdate()
    terms = {
        "owner": owner,
        "reader": reader,
        "fields_shared": ["XK_WSH", "XK_JDRQ", "XK_XDR_MC", "CF_XDR_MC"],
        "basis": "示发改发〔2026〕2号",
        "purpose": "核对项目许可",
        "valid_from": today.isoformat(),
        "expires_on": today.isoformat(),
    }
    officer = signed_in("xinyong")
    wrong = officer.post("/desk/agreements/new/", terms)
    assert wrong.status_code == 422
    assert "到期日期要晚于生效日期。" in wrong.content.decode()
    long_ago = {"valid_from": "2020-01-01", "expires_on": "2020-12-31"}
    expired = officer.post("/desk/agreements/new/", terms | long_ago)
    assert expired.status_code == 422
    assert "到期日期已经过去" in expired.content.decode()
    assert "示发改发〔2026〕2号" in expired.content.decode()  # what was typed stays
    terms["expires_on"] = (today + timedelta(days=90)).isoformat()
    assert officer.sign("/desk/agreements/new/", terms).status_code == 302
    assert clerk.get(f"/desk/files/{owner}/").status_code == 200
    listed = clerk.get("/desk/agreements/").content.decode()
    assert "行政许可决定文书号" in listed
    assert "行政相对人名称（行政许可）" in listed
    assert "行政相对人名称（行政处罚）" in listed
    agreement = SharingAgreement.objects.get()
    end = f"/desk/agreements/{agreement.pk}/end/"
    assert clerk.post(end).status_code == 403
    assert "从现在起" in officer.get(end).content.decode()
    assert officer.post(end).status_code == 409  # not signed
    assert SharingAgreement.objects.get().ended_at is None
    assert officer.sign(end, {}).status_code == 302
    again = officer.sign(end, {})
    assert again.status_code == 409
    assert "许知已于" in again.content.decode()
    assert AuditLine.objects.filter(act="agreement.end").count() == 1
    assert clerk.get(f"/desk/files/{owner}/").status_code == 403


def send_adverse(clerk: Client, officer: DeskClient) -> None:
    """A penalty on the board."""
    clerk.post("/desk/submissions/new/penalties/", {"file": table("penalties", penalty(1))})
    entry = Notice.objects.get().entry_id
    officer.sign(f"/desk/grading/{entry}/", {"grade": "serious", "because": "裁量基准第三条"})
    journey.publish_due(at=timezone.now(), actor=SYSTEM)


def test_a_recipients_key_is_shown_once(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("xinyong")
    sent = {"name": "示例银行", "contact": "3001", "purpose": "授信审核"}
    assert client.post("/desk/recipients/", sent)["Location"] == "/desk/recipients/"
    first = client.get("/desk/recipients/").content.decode()
    key = re.search(r'<code class="zx-key">([^<]+)</code>', first)
    assert key
    assert key[1] not in client.get("/desk/recipients/").content.decode()
    kept = Recipient.objects.get()
    assert kept.key_digest != key[1]
    send_adverse(signed_in("jingban"), client)
    asked = {"Authorization": f"Bearer {key[1]}"}
    given = Client().get("/api/v1/entries?adverse=only", headers=asked)
    assert len(given.json()["items"]) == 1
    assert "1次共1条" in client.get("/desk/recipients/").content.decode()
    client.post(f"/desk/recipients/{kept.pk}/end/")
    kept.refresh_from_db()
    assert kept.ended_at is not None
    assert key[1] not in str(list(AuditLine.objects.values()))


def test_the_log_is_filtered_and_exported_without_formulas(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    for n in range(55):
        audit.record(
            act="trial",
            object_kind="page",
            object_id=f"=1+{n}",
            outcome="done",
            at=timezone.now(),
            actor=SYSTEM,
        )
    client = signed_in("shenji")
    page = client.get("/desk/audit/", {"act": "trial"}).content.decode()
    assert page.count('<tr><th scope="row">') == 50
    older = re.search(r'href="\?([^"]*before=\d+[^"]*)"', page)
    assert older
    assert "act=trial" in older[1]  # the filter survives
    rest = client.get("/desk/audit/?" + older[1].replace("&amp;", "&")).content.decode()
    assert rest.count('<tr><th scope="row">') == 5
    sheet = client.get("/desk/audit/export/")
    assert "filename*=utf-8''" in sheet["Content-Disposition"]
    text = sheet.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    trials = [row for row in rows if row["事项"] == "trial"]
    assert len(trials) == 55
    assert all(row["对象编号"].startswith("'=") for row in trials)
    line = AuditLine.objects.get(act="audit.export")
    assert (line.outcome, line.actor_name) == ("read", "顾明")
    assert set(line.detail["asked"]) == {"since", "until"}
    assert any(row["事项"] == "导出审计记录" for row in rows)
    assert signed_in("xinyong").get("/desk/audit/export/").status_code == 403
    assert AuditLine.objects.filter(act="audit.export").count() == 1


def test_lines_of_a_unit_seen_under_an_agreement_show_only_its_fields(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    owner, reader = county.units["县住建局"], county.units["县市场监管局"]
    at, today = timezone.now(), timezone.localdate()
    subjects.grant_power(unit_id=reader, source="licences", basis="三定规定", at=at, actor=SYSTEM)
    own = {"XK_XKJG": "示例县市场监督管理局"}
    for username, row in (
        ("jingban", licence(1)),
        ("shichang", licence(2, XK_NR="准予经营", **own)),
    ):
        sent = signed_in(username).post(
            "/desk/submissions/new/licences/", {"file": table("licences", row)}
        )
        assert sent.status_code == 302
    firm = Subject.objects.get(name="示例县惠民建材有限公司").pk
    clerk = signed_in("shichang")

    def read() -> str:
        clerk.post(f"/desk/files/{firm}/purpose/", {"purpose": "监督检查", "detail": ""})
        return clerk.get(f"/desk/files/{firm}/").content.decode()

    alone = read()
    assert "只显示您单位报送的记录。" in alone
    assert "有效记录1条" in alone
    assert f"示住建许〔{days_ago(1).year}〕1号" not in alone
    subjects.make_agreement(
        owner_id=owner,
        reader_id=reader,
        fields=["XK_WSH"],
        basis="示发改发〔2026〕2号",
        purpose="核对项目许可",
        valid_from=today,
        expires_on=today + timedelta(days=90),
        at=at,
        actor=SYSTEM,
    )
    page = read()
    assert "有效记录2条" in page
    own, shared = sorted(
        re.findall(r"<li><time.*?</li>", page.split('id="rd"')[0], re.DOTALL),
        key=lambda line: "协议写明" in line,
    )
    assert [own.count(f"〔{days_ago(1).year}〕2号"), own.count("<dt>") > 10] == [1, True]
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", shared) == [
        ("行政许可决定文书号", f"示住建许〔{days_ago(1).year}〕1号")
    ]


def test_a_home_made_source_renames_no_field_of_its_kind_of_record(settings: LazySettings) -> None:
    examples = Path(__file__).resolve().parents[2] / "docs" / "examples"
    settings.SOURCES_DIRS = [examples, *settings.SOURCES_DIRS]
    labels = labels_of("penalty")
    assert labels["CF_WSH"] == "行政处罚决定书文号"
    assert labels["CF_WFXW"] == "违法行为类型"
    assert labels["CF_NR_FK"] == "罚款金额（万元）"
    assert labels["CF_ZQDM"] == "stock_code"  # its own field keeps its own name
