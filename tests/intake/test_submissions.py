"""A submission from its bytes to its receipt."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from openpyxl import load_workbook

from tests.intake.conftest import AT, establish
from tests.intake.files import FIRM, PERSON, check_bytes, csv_text, sound_row, table
from zhengxin.console.receipts import as_json, as_text
from zhengxin.intake import actions, child, ground, queries
from zhengxin.intake.enums import TRANSITIONS, SubmissionState
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.intake.types import Severity
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import canonical_json
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.lake.queries import batches
from zhengxin.ledger import actions as ledger
from zhengxin.ledger.commitments import content_digest
from zhengxin.ledger.keys import pepper
from zhengxin.ledger.types import Draft

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("store"),
]
DRAFT = ["seq", "row_number", "kind", "subject_id", "unit_id", "true_on", "key", "content"]
JSON = ["about_id", "trait", "open_json", "text_json", "closed_json"]
CLOSED_SHOP = {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": "", "CF_FRDB": ""}


def send(
    content: bytes, clerk: Actor, *, source: str = "penalties", mends: int | None = None
) -> Submission:
    assert clerk.unit_id is not None
    made = actions.receive(
        upload=io.BytesIO(content),
        filename="C:/x/表.csv",
        source=source,
        unit_id=clerk.unit_id,
        at=AT,
        actor=clerk,
        mends=mends,
    )
    if made.state == SubmissionState.RECEIVED:
        made = actions.check(submission_id=made.pk, at=AT, actor=clerk)
    if made.state == SubmissionState.CHECKED:
        actions.prepare(submission_id=made.pk, establish=establish, at=AT, actor=clerk)
        made.refresh_from_db()
    return made


def rows_of(*rows: dict[str, str]) -> bytes:
    return csv_text(table(list(rows))).encode()


def drafts(submission: Submission) -> list[dict[str, object]]:
    path = queries.drafts_path(submission.pk)
    names = [*DRAFT, *JSON]
    return [dict(zip(names, row, strict=True)) for batch in batches(path, names) for row in batch]


def admit(submission: Submission, clerk: Actor) -> list[int]:
    """Put the drafts into the ledger one batch, as journey does."""
    made = [
        Draft(
            kind=str(d["kind"]),
            subject_id=d["subject_id"],  # type: ignore[arg-type]
            unit_id=d["unit_id"],  # type: ignore[arg-type]
            true_on=d["true_on"],  # type: ignore[arg-type]
            known_at=AT,
            open=json.loads(str(d["open_json"])),
            text=json.loads(str(d["text_json"])),
            closed=json.loads(str(d["closed_json"])),
            key=d["key"],  # type: ignore[arg-type]
            content=content_digest(
                pepper(),
                *(str(d[name]).encode() for name in ("open_json", "text_json", "closed_json")),
            ),
            about_id=d["about_id"],  # type: ignore[arg-type]
            trait=str(d["trait"]),
        )
        for d in drafts(submission)
    ]
    return ledger.append(drafts=made, at=AT, actor=clerk)


@pytest.mark.parametrize(
    "basis",
    [
        "《中华人民共和国治安管理\n处罚法》第二十三条",
        "治安管理 处罚法",
        "治安管理处罚条例",
        "治安处罚法",
        "《治罚法》第四十三条",
        "《治安管理》处罚法",
        "治安管理、处罚法",
        "治安管理\u200b处罚法",
        "治安管理處罰法",
        "治安管理行为处罚法",
        "治安管理惩罚法",
    ],
)
def test_a_public_order_penalty_is_known_however_its_law_is_written(
    clerk: Actor, basis: str
) -> None:
    submission = send(rows_of(sound_row(1, CF_YJ=basis)), clerk)
    [draft] = drafts(submission)
    assert "public_order" in str(draft["trait"]).split(";")


@pytest.mark.parametrize(
    ("changed", "sealed"),
    [
        ({"CF_WSH": "示公（治）行罚决字〔2026〕502号"}, True),
        ({"CF_WFXW": "违反治安管理行为"}, True),
        ({"CF_SY": "依照《治安管理处罚法》查明殴打他人"}, True),
        ({"CF_YJ": "《大气污染防治法》第九十九条、《安全生产法》"}, False),
        ({"CF_YJ": "《水污染防治法》《安全管理条例》处罚办法"}, False),
        ({"CF_WSH": "示公交罚〔2026〕5号"}, False),
    ],
)
def test_a_public_order_penalty_is_known_by_its_other_columns(
    clerk: Actor, changed: dict[str, str], sealed: bool
) -> None:
    [draft] = drafts(send(rows_of(sound_row(1, **changed)), clerk))
    assert ("public_order" in str(draft["trait"]).split(";")) is sealed


def test_drafts_are_canonical_and_keep_what_is_closed_closed(clerk: Actor) -> None:
    odd = '引号"反斜杠\\斜杠/制表\t换行\r\n𠮷\u2028\u007f</script>'
    person = CLOSED_SHOP | {"CF_XDR_MC": "王小明", "CF_XDR_ZJHM": PERSON}
    submission = send(
        rows_of(
            sound_row(1, CF_SY=odd, CF_NR_FK="0.200", CF_JDRQ="2026.1.5"),
            sound_row(2, **person),
            sound_row(3, CF_SY=f"身份证{PERSON}", CF_YJ="中华人民共和国治安管理处罚法第二十六条"),
        ),
        clerk,
    )
    assert (submission.admitted, submission.waiting, submission.refused) == (3, 0, 0)
    first, second, third = drafts(submission)
    assert [d["seq"] for d in (first, second, third)] == [0, 1, 2]
    for draft in (first, second, third):
        for name in ("open_json", "text_json", "closed_json"):
            text = str(draft[name])
            assert canonical_json(json.loads(text)) == text.encode()
    opened = json.loads(str(first["open_json"]))
    assert opened["CF_NR_FK"] == "0.2"
    assert opened["CF_JDRQ"] == "2026-01-05"
    assert str(first["true_on"]) == "2026-01-05"
    assert json.loads(str(first["text_json"]))["CF_SY"] == odd.strip()
    assert json.loads(str(first["closed_json"])) == {"CF_FRDB": "张明"}
    assert (first["trait"], third["trait"]) == ("fine;warning", "fine;public_order;warning")
    assert PERSON not in str(second["open_json"]) + str(second["text_json"])
    assert json.loads(str(second["closed_json"]))["CF_XDR_ZJHM"] == PERSON
    assert "CF_SY" not in json.loads(str(third["text_json"]))
    assert PERSON in json.loads(str(third["closed_json"]))["CF_SY"]
    assert len({d["key"] for d in (first, second, third)}) == 3
    for path in queries.drafts_path(submission.pk).parent.glob("*.parquet"):
        if path.name not in ("drafts.parquet", "waiting.parquet", "rows.parquet"):
            assert PERSON.encode() not in path.read_bytes()


def test_the_same_bytes_are_the_same_submission(clerk: Actor) -> None:
    one = send(rows_of(sound_row(1)), clerk)
    again = send(rows_of(sound_row(1)), clerk)
    assert again.pk == one.pk
    other = send(rows_of(sound_row(2)), clerk)
    assert (one.number, other.number) == ("1123-0001", "1123-0002")
    assert one.filename == "表.csv"
    actions.withdraw(submission_id=one.pk, because="传错了", at=AT, actor=clerk)
    assert send(rows_of(sound_row(1)), clerk).pk not in (one.pk, other.pk)


def test_a_recorded_row_is_refused_and_a_corrected_one_supersedes(clerk: Actor) -> None:
    entries = admit(send(rows_of(sound_row(1), sound_row(2)), clerk), clerk)
    later = send(rows_of(sound_row(1), sound_row(2, CF_NR="改为警告。"), sound_row(3)), clerk)
    assert (later.records, later.admitted, later.refused, later.superseding) == (3, 2, 1, 1)
    assert [d["about_id"] for d in drafts(later)] == [entries[1], None]
    page = queries.faults(later.pk, kind="refuse")
    assert [(f.row_number, f.code) for f in page.faults] == [(2, "recorded")]
    assert f"记录号{entries[0]}" in page.faults[0].because


def test_unsure_parties_wait_and_the_sum_stays_whole(clerk: Actor) -> None:
    unknown = CLOSED_SHOP | {"CF_XDR_LB": "个体工商户", "CF_XDR_SHXYM": "0" * 17 + "X"}
    unknown |= {"CF_FRDB": "王五", "CF_XDR_GSZC": "210321600012345", "CF_XDR_MC": "小王粮油店"}
    submission = send(
        rows_of(sound_row(1), sound_row(2, **unknown), sound_row(3, CF_XDR_MC="")), clerk
    )
    receipt = queries.receipt(submission.pk)
    assert (receipt.records, receipt.admitted, receipt.waiting, receipt.refused) == (3, 1, 1, 1)
    [row] = WaitingRecord.objects.all()
    assert (row.row_number, row.mention_text) == (3, "小王粮油店")
    waits = queries.faults(submission.pk, kind="wait")
    assert [(f.row_number, f.severity) for f in waits.faults] == [(3, Severity.WAIT)]
    draft = queries.waiting_draft(row.pk, 77)
    assert (draft.subject_id, draft.open["CF_XDR_MC"]) == (77, "小王粮油店")
    assert [each.pk for each in queries.waiting_alike(row.pk)] == [row.pk]
    actions.settle_waiting(waiting_id=row.pk, entry_id=5, judgement_id=None, at=AT, actor=clerk)
    receipt = queries.receipt(submission.pk)
    assert (receipt.admitted, receipt.waiting, receipt.refused) == (2, 0, 1)
    with pytest.raises(actions.MoveRefused):
        actions.drop_waiting(waiting_id=row.pk, at=AT, actor=clerk)


def test_a_unit_without_the_power_is_refused(clerk: Actor) -> None:
    with pytest.raises(NotAllowed, match="不能报送"):
        send(rows_of(sound_row(1)), clerk, source="honours")
    with pytest.raises(Refused, match="没有名为“nothing”的来源"):
        send(rows_of(sound_row(1)), clerk, source="nothing")
    assert not Submission.objects.exists()
    assert not list(queries.drafts_path(0).parent.parent.glob(".incoming-*"))


def test_an_unreadable_file_is_a_refused_submission(clerk: Actor) -> None:
    submission = send(b"<html></html>", clerk)
    receipt = queries.receipt(submission.pk)
    assert submission.state == SubmissionState.REFUSED
    assert receipt.refusal is not None
    assert "网页" in receipt.refusal.what
    with pytest.raises(actions.MoveRefused, match="整份退回"):
        actions.prepare(submission_id=submission.pk, establish=establish, at=AT, actor=clerk)


def test_the_marked_workbook_can_be_mended_and_sent_again(clerk: Actor) -> None:
    rows = [sound_row(1), sound_row(2, CF_JDRQ="2026-13-01", BZ="=1+1"), sound_row(3, CF_XDR_MC="")]
    submission = send(rows_of(*rows), clerk)
    with queries.marked_workbook(submission.pk) as marked:
        book = load_workbook(marked)
    sheet = book["需改正的行"]
    header = [cell.value for cell in sheet[1]]
    assert header == table([])[0]
    assert sheet.max_row == 3
    bad = sheet.cell(2, header.index("处罚决定日期") + 1)
    assert "没有13月" in bad.comment.text
    assert bad.fill.fgColor.rgb == "FFF8D7D3"
    note = sheet.cell(2, header.index("备注") + 1)
    assert (note.value, note.data_type) == ("=1+1", "s")
    bad.value = "2026-11-01"
    sheet.cell(3, header.index("行政相对人名称") + 1).value = "示例县惠民建材有限公司"
    note.value = "已改"
    mended = io.BytesIO()
    book.save(mended)
    again = send(mended.getvalue(), clerk, mends=submission.pk)
    assert (again.records, again.admitted, again.refused) == (2, 2, 0)
    assert queries.receipt(again.pk).mends == submission.number
    with pytest.raises(actions.NothingToMend):
        send(b"x", clerk, mends=999)


def test_every_move_not_in_the_table_is_refused(clerk: Actor) -> None:
    row = send(rows_of(sound_row(1)), clerk)
    for now in SubmissionState:
        for wanted in SubmissionState:
            Submission.objects.filter(pk=row.pk).update(state=now)
            row.refresh_from_db()
            if wanted in TRANSITIONS[now]:
                actions._move(row, wanted)
                assert row.state == wanted
            else:
                with pytest.raises(actions.MoveRefused):
                    actions._move(row, wanted)


def test_steps_follow_the_table(clerk: Actor) -> None:
    row = send(rows_of(sound_row(1)), clerk)
    assert queries.unfinished(AT) == [row.pk]
    actions.mark_staged(submission_id=row.pk, batch_id=3, at=AT, actor=clerk)
    actions.note_progress(submission_id=row.pk, done=1)
    actions.mark_sealed(submission_id=row.pk, at=AT, actor=clerk)
    actions.mark_followed(submission_id=row.pk, at=AT, actor=clerk)
    receipt = queries.receipt(row.pk)
    assert (receipt.state, receipt.batch_id, receipt.progress) == ("followed", 3, 1)
    assert queries.unfinished(AT) == []
    assert [each.pk for each in queries.submissions(unit_ids=[row.unit_id])] == [row.pk]
    with pytest.raises(actions.MoveRefused):
        actions.mark_sealed(submission_id=row.pk, at=AT, actor=clerk)


def test_a_row_of_the_form_goes_the_same_way(clerk: Actor) -> None:
    upload, name = queries.form_file("penalties", sound_row(1, CF_SY="两\n行"))
    assert name.endswith(".csv")
    submission = send(upload.read(), clerk)
    assert submission.admitted == 1


def test_quality_and_silence(clerk: Actor, unit_id: int) -> None:
    send(rows_of(sound_row(1), sound_row(2, CF_XDR_MC="")), clerk)
    found = queries.quality(
        unit_ids=[unit_id], since=AT - timedelta(days=90), today=(AT + timedelta(days=8)).date()
    )
    by_source = {each.source: each for each in found}
    assert set(by_source) == {"licences", "penalties"}
    assert (by_source["penalties"].rate, by_source["penalties"].silent) == (0.5, True)
    assert by_source["licences"].rate is None
    assert by_source["licences"].silent


def test_a_new_source_is_a_folder_and_no_python(
    clerk: Actor, settings: LazySettings, tmp_path: Path
) -> None:
    root = Path(__file__).resolve().parents[2]
    settings.SOURCES_DIRS = [root / "docs" / "examples"]
    twin = root / "tests" / "data" / "intake" / "securities_penalties.csv"
    submission = send(twin.read_bytes(), clerk, source="csrc_penalties")
    assert (submission.rows_read, submission.records, submission.refused) == (3, 7, 2)
    assert submission.waiting == 5
    told = queries.receipt(submission.pk)
    assert as_json(told, None)["read"] == told.read == "读到3行，按当事人拆成7条"
    printed = as_text(told, None, unit="示例县发展和改革局", behalf=True)
    assert "读到3行，按当事人拆成7条：入账0条" in printed
    assert "由示例县发展和改革局代报。" in printed
    # What was handed back comes first, whatever its row.
    graves = [fault.severity for fault in queries.faults(submission.pk).faults]
    assert graves == sorted(graves, key=list(Severity).index)
    assert (graves[0], told.kinds[0].severity) == (Severity.REFUSE, Severity.REFUSE)
    assert Severity.WAIT in graves
    names = WaitingRecord.objects.order_by("seq").values_list("mention_text", flat=True)
    assert list(names) == [
        "示例农业集团股份有限公司",
        "周某",
        "周某",
        "吴某",
        "示例会计师事务所(普通合伙、示例分所)",
    ]
    draft = queries.waiting_draft(WaitingRecord.objects.order_by("seq").last().pk, 1)  # type: ignore[union-attr]
    assert (draft.true_on, draft.trait) == (None, "confiscation_of_gains;occupation_ban;other")
    assert draft.kind == "penalty"


def test_the_real_summary_table(clerk: Actor, settings: LazySettings, shared_data: Path) -> None:
    settings.SOURCES_DIRS = [Path(__file__).resolve().parents[2] / "docs" / "examples"]
    real = shared_data / "records" / "csrc_penalties_15_masked.csv"
    submission = send(real.read_bytes(), clerk, source="csrc_penalties")
    assert (submission.rows_read, submission.records) == (15, 26)
    page = queries.faults(submission.pk, kind="refuse")
    assert [(f.row_number, f.because) for f in page.faults] == [
        (11, "这是事先告知书，还不是处罚决定。")
    ]
    rows = set(WaitingRecord.objects.values_list("row_number", flat=True))
    rows |= {int(str(d["row_number"])) for d in drafts(submission)}
    assert len(rows) == 14


def test_a_big_file_is_checked_in_a_process_of_its_own(
    clerk: Actor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    content = rows_of(
        sound_row(1), sound_row(2, CF_JDRQ="x"), sound_row(3, CF_XDR_MC="另一家", CF_XDR_SHXYM=FIRM)
    )
    monkeypatch.setattr(ground, "SMALL", 10)
    apart = send(content, clerk)
    assert (apart.records, apart.refused) == (3, 1)
    assert apart.admitted + apart.waiting == 2  # type: ignore[operator]
    here = check_bytes(tmp_path, content)
    assert [
        (f.row_number, f.code) for f in queries.faults(apart.pk, kind="refuse").faults
    ] == here.codes
    with pytest.raises(Refused):
        child.check(_ground(apart, b"%PDF-1.4 long enough"))


def _ground(submission: Submission, content: bytes):  # type: ignore[no-untyped-def]
    from zhengxin.intake.folders import ground_of

    ground = ground_of(submission)
    ground.upload.write_bytes(content)
    return ground


def test_a_table_of_only_faults_does_not_end_a_silence(clerk: Actor) -> None:
    def silent() -> bool:
        assert clerk.unit_id is not None
        later = (AT + timedelta(days=20)).date()
        found = queries.quality(
            unit_ids=[clerk.unit_id], since=AT - timedelta(days=60), today=later
        )
        [one] = [each for each in found if each.source == "penalties"]
        return one.silent

    assert silent()
    Submission.objects.filter(pk=send(rows_of(sound_row(1, CF_WSH="")), clerk).pk).update(
        received_at=AT + timedelta(days=19)
    )
    assert silent()
    Submission.objects.filter(pk=send(rows_of(sound_row(2)), clerk).pk).update(
        received_at=AT + timedelta(days=19)
    )
    assert not silent()
