"""What goes up, in which form, on which road: on a real database and real files."""

import csv
import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from defusedxml import ElementTree
from django.conf import LazySettings
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.desk.conftest import County
from tests.factors import signed_at
from tests.handover.cities import describe
from tests.handover.conftest import (
    ACTOR,
    export,
    licence,
    official,
    out,
    penalty,
    report,
    rows_of,
    states,
)
from zhengxin import journey
from zhengxin.handover import queries
from zhengxin.handover.models import Dispatch, Line, RecordStanding
from zhengxin.journey.showing import entry_sheet
from zhengxin.kernel.actor import Role
from zhengxin.ledger.models import Entry
from zhengxin.ledger.notes import read_signed
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_dispatch_is_numbered_chained_and_signed(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    report(county, penalty(1))
    first = export()
    manifest = out(city, "1.manifest.json")
    told = json.loads(manifest.read_bytes())
    assert told["number"] == first == f"city-{timezone.localdate().year}-000001"
    assert told["counts"] == {"operations": {"new": 3}, "units": {"示例县住房和城乡建设局": 3}}
    assert told["tree"]["size"] == Entry.objects.count()
    for each in told["files"]:
        assert sha256((manifest.parent / each["name"]).read_bytes()).hexdigest() == each["sha256"]
    signed = read_signed(
        out(city, "1.manifest.json.sig").read_text(), queries.public_line(queries.peer("city"))
    )
    assert signed.split("\n")[1] == sha256(manifest.read_bytes()).hexdigest()

    report(county, licence(3))
    export()
    second = json.loads(out(city, "2.manifest.json").read_bytes())
    assert second["previous"] == sha256(manifest.read_bytes()).hexdigest()
    assert export() == ""


def test_the_columns_are_those_of_the_template_in_their_order(city: Path, county: County) -> None:
    report(county, licence(1))
    export()
    with out(city, "licence.new.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, row = csv.reader(stream)
    assert header[:3] == ["行政相对人名称", "行政相对人类别", "统一社会信用代码"]
    # The representative's papers have a column and are never sent.
    assert row[header.index("法定代表人证件号码")] == ""
    assert row[header.index("法定代表人")] == "张明"
    assert row[header.index("有效期至")] == "2099-12-31"
    assert len(header) == len(set(header)) == 28


@pytest.mark.parametrize("form", ["xlsx", "json", "xml"])
def test_every_form_carries_the_same_row(city: Path, county: County, form: str) -> None:
    describe(city / "peers", form=form, headers="codes", values={"XK_ZT": {"有效": "1"}})
    report(county, licence(1, XK_NR="准予<施工> & 开业"))
    export()
    path = out(city, f"licence.new.{form}")
    if form == "xlsx":
        header, *cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        [row] = [dict(zip(header, each, strict=True)) for each in cells]
    elif form == "json":
        [row] = json.loads(path.read_bytes())["records"]
    else:
        [fields] = ElementTree.parse(path).getroot().find("Body").findall("fields")
        row = {child.tag: child.text or "" for child in fields}
    assert row["XK_NR"] == "准予<施工> & 开业"
    assert row["XK_ZT"] == "1"
    assert row["XK_XDR_MC"] == "示例县惠民建材有限公司"


def test_a_correction_and_a_revocation_travel_the_same_road(city: Path, county: County) -> None:
    wrong = report(county, licence(1), licence(2))
    first = export()
    report(county, licence(1, XK_NR="准予扩建"))
    export()
    [line] = rows_of(out(city, "2.lines.csv"))
    assert line["操作"] == "correct"
    assert (line["原批次"], line["原行号"]) == (first, "1")
    [row] = rows_of(out(city, "licence.correct.csv"))
    assert row["许可内容"] == "准予扩建"

    # The first file is withdrawn: record 2 is revoked; of record 1 the correction stands.
    journey.withdraw(submission_id=wrong.id, because="传错了。", at=timezone.now(), actor=ACTOR)
    export()
    [row] = rows_of(out(city, "licence.revoke.csv"))
    assert row["行政许可决定文书号"].endswith("2号")
    assert sorted(states().values()) == [("correct", "sent"), ("revoke", "sent")]


def test_the_end_of_display_is_told(city: Path, county: County) -> None:
    report(county, penalty(1))
    export()
    later = timezone.now() + timedelta(days=1200)
    at, reviewer = timezone.now(), official(county, "fuhe", Role.REVIEWER)
    journey.grade(
        entry_id=Line.objects.get().entry_id,
        grade="general",
        because="情节一般。",
        signed=signed_at(
            reviewer.account_id, entry_sheet("grading", Line.objects.get().entry_id), at
        ),
        at=at,
        actor=reviewer,
    )
    journey.publish_due(at=timezone.now(), actor=ACTOR)
    assert Notice.objects.get().state == "shown"
    journey.publish_due(at=later, actor=ACTOR)
    assert Notice.objects.get().state == "ended"
    journey.export(to="city", at=later, actor=ACTOR)
    assert list(states().values()) == [("repair", "packed")]


def test_what_must_be_reported_goes_though_it_may_not_be_published(
    city: Path, county: County
) -> None:
    person = {
        "XK_XDR_MC": "卫铁柱",
        "XK_XDR_LB": "自然人",
        "XK_XDR_SHXYM": "",
        "XK_XDR_ZJLX": "身份证",
        "XK_XDR_ZJHM": "21990119940919188X",
    }
    report(county, licence(1, **person))
    report(county, penalty(2, CF_YJ="中华人民共和国治安管理处罚法第四十三条"))
    assert set(Notice.objects.values_list("may_publish", flat=True)) == {False}
    export()
    [row] = rows_of(out(city, "licence.new.csv"))
    assert row["证件号码"] == "21990119940919188X"
    # Sealed on arrival (治安管理处罚法): given to nobody, the city included.
    held = RecordStanding.objects.get(kind="penalty")
    assert (held.state, held.because) == ("exempt", "依规定不在本平台公示。")
    assert not list(city.joinpath("exchange/out").glob("*penalty*"))


def test_a_state_secret_is_revoked_where_it_went(city: Path, county: County) -> None:
    report(county, licence(1))
    export()
    at, reviewer = timezone.now(), official(county, "fuhe", Role.REVIEWER)
    entry_id = Line.objects.get().entry_id
    journey.withhold(
        entry_id=entry_id,
        reason="state_secret",
        because="定密。",
        review_on=None,
        signed=signed_at(reviewer.account_id, entry_sheet("withholding", entry_id), at),
        at=at,
        actor=reviewer,
    )
    export()
    assert list(states().values()) == [("revoke", "sent")]


def test_a_state_secret_leaves_what_is_packed_and_not_delivered(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    [packed] = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    at, reviewer = timezone.now(), official(county, "fuhe", Role.REVIEWER)
    secret, other = Line.objects.order_by("id").values_list("entry_id", flat=True)
    journey.withhold(
        entry_id=secret,
        reason="state_secret",
        because="定密。",
        review_on=None,
        signed=signed_at(reviewer.account_id, entry_sheet("withholding", secret), at),
        at=at,
        actor=reviewer,
    )
    assert Dispatch.objects.get(pk=packed.dispatch_id).state == "void"
    journey.send(to="city", at=timezone.now(), actor=ACTOR)
    assert not list(city.glob("exchange/out/*.csv"))
    export()
    content = b"".join(path.read_bytes() for path in city.glob("exchange/out/*.csv"))
    assert licence(1)["XK_WSH"].encode() not in content
    assert licence(2)["XK_WSH"].encode() in content
    standing = RecordStanding.objects.get(entry_id=secret)
    assert (standing.state, standing.because) == ("exempt", "依规定不在本平台公示。")
    assert RecordStanding.objects.get(entry_id=other).state == "sent"


def test_a_penalty_sealed_by_its_correction_is_given_to_nobody_whatever_ground_it_had(
    city: Path, county: County
) -> None:
    report(county, penalty(1))
    at, reviewer = timezone.now(), official(county, "fuhe", Role.REVIEWER)
    entry_id = Notice.objects.get().entry_id
    journey.withhold(
        entry_id=entry_id,
        reason="privacy",
        because="涉及个人隐私。",
        review_on=None,
        signed=signed_at(reviewer.account_id, entry_sheet("withholding", entry_id), at),
        at=at,
        actor=reviewer,
    )
    report(county, penalty(1, CF_YJ="中华人民共和国治安管理处罚法第五十条"))
    newest = Notice.objects.latest("entry_id")
    assert (newest.entry_id != entry_id, newest.withheld) == (True, "public_order")
    export()
    assert not list(city.joinpath("exchange/out").glob("*penalty*"))


def test_a_row_that_does_not_meet_the_template_is_held_and_told(
    city: Path, county: County, settings: LazySettings
) -> None:
    report(county, licence(1))
    report(county, penalty(1))
    # The peer's template is stricter than ours was when the record came in.
    strict = city / "sources" / "licences"
    strict.mkdir(parents=True)
    ours = Path(__file__).parents[2] / "sources" / "licences" / "source.yaml"
    text = ours.read_text(encoding="utf-8").replace(
        "XK_NR, header: 许可内容,", "XK_NR, header: 许可内容, length: 2,"
    )
    strict.joinpath("source.yaml").write_text(text, encoding="utf-8")
    ours_only = settings.SOURCES_DIRS
    settings.SOURCES_DIRS = [*ours_only, city / "sources"]
    export()
    settings.SOURCES_DIRS = ours_only
    held = RecordStanding.objects.get(kind="licence")
    assert held.state == "held"
    assert "许可内容有4个字，最多2个" in held.because
    assert [alarm.code for alarm in queries.alarms(at=timezone.now())] == ["held"]
    # Nothing of it was dropped: with the template mended it goes.
    export(retry_held=True)
    assert RecordStanding.objects.get(kind="licence").state == "sent"
