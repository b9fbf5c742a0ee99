"""Packing, delivering, reading answers, on a real database and real files."""

import csv
import io
import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from defusedxml import ElementTree
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.desk.conftest import County
from tests.handover.cities import describe, return_file
from tests.handover.conftest import ACTOR, licence, penalty, report
from zhengxin import journey
from zhengxin.handover import queries
from zhengxin.handover.manifests import ManifestWrong, signature_of
from zhengxin.handover.models import Answer, Attempt, Dispatch, Line, RecordStanding
from zhengxin.handover.peers import PeerUnreadable, read_peer
from zhengxin.handover.returns import ReturnUnreadable
from zhengxin.intake.models import Submission
from zhengxin.kernel.actor import Actor, Role
from zhengxin.ledger.models import Entry
from zhengxin.ledger.notes import read_signed, verifier_key
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases="__all__")


def export(**more: object) -> str:
    """Packs and delivers; the number of the last dispatch, "" when nothing was due."""
    packed = journey.export(to="city", at=timezone.now(), actor=ACTOR, **more)  # type: ignore[arg-type]
    journey.send(to="city", at=timezone.now(), actor=ACTOR)
    return packed[-1].number if packed else ""


def official(county: County, username: str, role: Role) -> Actor:
    account = county.accounts[username]
    return Actor(account.pk, account.name, county.units["县发改局"], frozenset({role}))


def out(home: Path, end: str) -> Path:
    """The one file in the city's folder whose name ends so."""
    [found] = home.joinpath("exchange", "out").glob(f"*{end}")
    return found


def states() -> dict[int, tuple[str, str]]:
    """Operation and state by the root entry's id."""
    rows = RecordStanding.objects.values_list("root_id", "operation", "state")
    return {root: (operation, state) for root, operation, state in rows}


def answers(*rows: tuple[object, ...], **more: str) -> object:
    return journey.read_answers(
        peer_code="city",
        filename="回执.csv",
        content=return_file(*rows, **more),
        at=timezone.now(),
        actor=ACTOR,
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


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
    journey.grade(
        entry_id=Line.objects.get().entry_id,
        grade="general",
        because="情节一般。",
        at=timezone.now(),
        actor=official(county, "fuhe", Role.REVIEWER),
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
    assert (held.state, held.because) == ("exempt", "治安管理处罚记录封存。")
    assert not list(city.joinpath("exchange/out").glob("*penalty*"))


def test_a_state_secret_is_revoked_where_it_went(city: Path, county: County) -> None:
    report(county, licence(1))
    export()
    journey.withhold(
        entry_id=Line.objects.get().entry_id,
        reason="state_secret",
        because="定密。",
        review_on=None,
        at=timezone.now(),
        actor=official(county, "fuhe", Role.REVIEWER),
    )
    export()
    assert list(states().values()) == [("revoke", "sent")]


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


def test_answers_are_matched_and_counted(city: Path, county: County) -> None:
    report(county, *(licence(n) for n in range(1, 5)))
    number = export()
    file = f"{number}.licence.new.csv"
    taken = answers(
        (number, file, 1, "接收", ""),
        (number, "", 2, "退回", "名称与代码不符（1001）"),
        ("city-2020-000009", "", 1, "接收", ""),
        (number, file, 99, "接收", ""),
        (number, file, 3, "也许", ""),
    )
    assert (taken.accepted, taken.rejected, taken.unknown) == (1, 1, 2)  # type: ignore[attr-defined]
    assert len(taken.problems) == 3  # type: ignore[attr-defined]
    tally = journey.reconcile(peer_code="city", at=timezone.now(), actor=ACTOR)
    assert tally.states == {"accepted": 1, "rejected": 1, "sent": 2}
    # Answers of batches that nobody knows are kept too.
    assert Answer.objects.filter(line_id__isnull=True).count() == 2


def test_a_record_may_be_named_by_document_and_party(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    number = export()
    wsh = licence(2)["XK_WSH"]
    answers(
        (number, wsh, " 示例县惠民建材有限公司", "成功"), header="批次号,文书号,相对人名称,处理结果"
    )
    assert sorted(state for _op, state in states().values()) == ["accepted", "sent"]


def test_the_rest_of_a_batch_may_be_answered_at_once(city: Path, county: County) -> None:
    report(county, *(licence(n) for n in range(1, 5)))
    number = export()
    answers((number, "", 1, "退回", "不全"), (number, "", "全部", "接收", ""))
    counts = queries.counts(queries.peer("city"), at=timezone.now())
    assert (counts["accepted"], counts["rejected"]) == (3, 1)


def test_answers_twice_change_nothing_and_contradictions_are_shown(
    city: Path, county: County
) -> None:
    report(county, licence(1), licence(2))
    number = export()
    row = (number, "", 1, "接收", "")
    answers(row)
    again = answers(row)
    assert again.known_file  # type: ignore[attr-defined]
    other = answers(row, (number, "", 2, "接收", ""))
    assert (other.repeated, other.accepted) == (1, 1)  # type: ignore[attr-defined]
    assert Answer.objects.count() == 2
    told = answers((number, "", 1, "退回", "查重不过"))
    assert told.contradicting == 1  # type: ignore[attr-defined]
    states_now = sorted(state for _op, state in states().values())
    assert states_now == ["accepted", "contradicted"]
    assert Answer.objects.count() == 3


def test_a_rejected_record_goes_again_when_corrected_or_when_a_person_says_so(
    city: Path, county: County
) -> None:
    report(county, licence(1), licence(2))
    number = export()
    answers((number, "", 1, "退回", "内容不全"), (number, "", 2, "退回", "库里没有此户"))
    assert export() == ""
    report(county, licence(1, XK_NR="准予施工，补正"))
    export()
    # The city does not hold it, so it goes as new.
    assert Line.objects.order_by("-id")[0].operation == "new"
    second = RecordStanding.objects.get(state="rejected")
    journey.send_again(
        peer_code="city",
        entry_id=second.entry_id,
        because="市里已补录主体。",
        at=timezone.now(),
        actor=ACTOR,
    )
    export()
    assert {state for _op, state in states().values()} == {"sent"}


def test_a_late_answer_to_an_older_version_is_kept_and_moves_nothing(
    city: Path, county: County
) -> None:
    report(county, licence(1))
    first = export()
    report(county, licence(1, XK_NR="准予扩建"))
    export()
    answers((first, "", 1, "接收", ""))
    [row] = RecordStanding.objects.all()
    assert (row.operation, row.state) == ("correct", "sent")
    assert [len(chapter.answers) for chapter in queries.story(row)] == [1, 0]


def test_a_return_file_in_gb18030_is_read_and_one_in_no_encoding_is_told(
    city: Path, county: County
) -> None:
    report(county, licence(1))
    number = export()
    text = return_file((number, "", 1, "接收", "")).decode()
    folder = city / "exchange" / "answers"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_bytes(b"\xff\xfe\x00\xd8broken")
    (folder / "b.csv").write_bytes(text.encode("gb18030"))
    taken = journey.fetch_answers(peer_code="city", at=timezone.now(), actor=ACTOR)
    assert "编码" in taken[0].problems[0]
    assert taken[1].accepted == 1
    # The unreadable one is kept to be looked at, and neither is read again.
    assert len(list(city.joinpath("exchange/unreadable/city").iterdir())) == 1
    assert journey.fetch_answers(peer_code="city", at=timezone.now(), actor=ACTOR) == []
    assert "unreadable" in [alarm.code for alarm in queries.alarms(at=timezone.now())]
    with pytest.raises(ReturnUnreadable):
        answers(("x",), header="甲,乙")


def test_a_city_that_signs_is_held_to_it(city: Path, county: County) -> None:
    key = Ed25519PrivateKey.generate()
    verifier = verifier_key("city", key.public_key().public_bytes_raw())
    describe(city / "peers", verifier=verifier)
    report(county, licence(1))
    number = export()
    content = return_file((number, "", 1, "接收", ""))
    told = {"peer_code": "city", "filename": "r.csv", "content": content}
    at = timezone.now()
    note = signature_of(content, "r.csv", "city", key)
    forged = signature_of(content, "r.csv", "city", Ed25519PrivateKey.generate())
    for wrong in (forged, signature_of(b"other", "r.csv", "city", key)):
        with pytest.raises(ManifestWrong):
            journey.read_answers(**told, signature=wrong, at=at, actor=ACTOR)  # type: ignore[arg-type]
    folder = city / "exchange" / "answers"
    folder.mkdir(parents=True)
    (folder / "r.csv").write_bytes(content)
    # Without its signature it waits where it lies.
    assert journey.fetch_answers(peer_code="city", at=at, actor=ACTOR) == []
    (folder / "r.csv.sig").write_text(note)
    assert journey.fetch_answers(peer_code="city", at=at, actor=ACTOR)[0].accepted == 1


def test_packing_broken_off_is_done_again_under_the_same_number(
    city: Path, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(county, licence(1))

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("zhengxin.handover.actions.packing._record", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            journey.export(to="city", at=timezone.now(), actor=ACTOR)
    assert Dispatch.objects.count() == 0
    assert export().endswith("000001")
    assert len(rows_of(out(city, "licence.new.csv"))) == 1


def test_killed_between_delivery_and_recording_it_is_recognised(
    city: Path, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(county, licence(1))

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    journey.export(to="city", at=timezone.now(), actor=ACTOR)
    with monkeypatch.context() as patched:
        patched.setattr("zhengxin.handover.actions.sending._record", killed)
        with pytest.raises(KeyboardInterrupt):
            journey.send(to="city", at=timezone.now(), actor=ACTOR)
    [(_, outcome)] = journey.send(to="city", at=timezone.now(), actor=ACTOR)
    assert outcome.told == "already"
    assert Attempt.objects.get().outcome == "already"


def test_another_dispatch_of_the_same_number_is_never_overwritten(
    city: Path, county: County
) -> None:
    report(county, licence(1))
    [packed] = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    folder = city / "exchange" / "out"
    folder.mkdir(parents=True)
    (folder / f"{packed.number}.manifest.json").write_text("{}")
    [(_, outcome)] = journey.send(to="city", at=timezone.now(), actor=ACTOR)
    assert outcome.told == "refused"
    assert (folder / f"{packed.number}.manifest.json").read_text() == "{}"
    assert [a.code for a in queries.alarms(at=timezone.now())] == ["refused"]


def test_erasing_clears_what_is_packed_and_the_city_is_told(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    first = export()
    reviewer = official(county, "fuhe", Role.REVIEWER)
    gone, _other = Line.objects.order_by("id").values_list("entry_id", flat=True)
    journey.erase(entry_id=gone, because="依法删除。", at=timezone.now(), actor=reviewer)
    assert not (city / "exchange" / "outbox" / "city" / first).exists()
    export()
    [line] = rows_of(out(city, "2.lines.csv"))
    assert (line["文件"], line["操作"], line["原批次"], line["原行号"]) == (
        "",
        "revoke",
        first,
        "1",
    )

    # Packed and not delivered: that dispatch becomes void, its other records go with the next one.
    report(county, licence(3), licence(4))
    [waiting] = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    third = Line.objects.filter(dispatch_id=waiting.dispatch_id).order_by("id")[0].entry_id
    journey.erase(entry_id=third, because="依法删除。", at=timezone.now(), actor=reviewer)
    export()
    manifest = json.loads(out(city, "4.manifest.json").read_bytes())
    assert manifest["void"] == [waiting.number]
    assert manifest["previous"] == Dispatch.objects.get(number=waiting.number).digest
    assert manifest["counts"]["operations"] == {"new": 1}
    tally = journey.reconcile(peer_code="city", at=timezone.now(), actor=ACTOR)
    assert tally.states == {"sent": 3, "exempt": 1}


def test_files_go_once_everything_was_answered(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    number = export()
    folder = city / "exchange" / "outbox" / "city" / number
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    answers((number, "", 1, "接收", ""))
    assert folder.exists()
    answers((number, "", 2, "接收", ""))
    assert not folder.exists()


def test_silence_of_the_city_becomes_an_alarm(city: Path, county: County) -> None:
    report(county, licence(1))
    export()
    now = timezone.now()
    assert queries.alarms(at=now) == []
    [alarm] = queries.alarms(at=now + timedelta(days=4))
    assert (alarm.code, alarm.n) == ("unconfirmed", 1)


def test_figures_that_disagree_fail(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    export()
    RecordStanding.objects.order_by("id")[0].delete()
    with pytest.raises(journey.handing_over.FiguresDisagree):
        journey.reconcile(peer_code="city", at=timezone.now(), actor=ACTOR)


def test_what_was_sent_and_said_cannot_be_changed(city: Path, county: County) -> None:
    report(county, licence(1))
    number = export()
    answers((number, "", 1, "接收", ""))
    for change in (
        lambda: Line.objects.update(operation="revoke"),
        lambda: Line.objects.all().delete(),
        lambda: Attempt.objects.update(outcome="refused"),
        lambda: Answer.objects.all().delete(),
        lambda: Dispatch.objects.update(digest="0" * 64),
        lambda: Dispatch.objects.update(state="waiting"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"delivery": {"http": {"url": "http://city.example/box"}}}, "https"),
        ({"delivery": {"sftp": {"host": "h", "user": "u", "folder": "f"}}}, "host_keys"),
        (
            {"delivery": {"sftp": {"host": "h", "user": "u", "folder": "f", "host_keys": []}}},
            "host_keys",
        ),
        ({"colour": "red"}, "colour"),
        ({"form": "pdf"}, "pdf"),
        ({"inward": {"folder": "in", "signed": True}}, "verifier"),
    ],
)
def test_a_description_with_a_mistake_is_refused(
    tmp_path: Path, change: dict[str, object], word: str
) -> None:
    with pytest.raises(PeerUnreadable) as refused:
        read_peer(describe(tmp_path, **change))
    assert word in str(refused.value)


def test_the_shipped_city_can_be_read() -> None:
    peer = read_peer(Path(__file__).parents[2] / "peers" / "city.yaml")
    assert peer.every_minutes == 0
    assert peer.delivery.folder.endswith("out")


def test_records_of_another_submission_do_not_wait(city: Path, county: County) -> None:
    """A backlog goes in several dispatches of at most the agreed size, every record once."""
    describe(city / "peers", most_rows=3)
    report(county, *(licence(n) for n in range(1, 9)))
    assert Submission.objects.count() == 1
    packed = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    assert [each.lines for each in packed] == [3, 3, 2]
    assert len(set(Line.objects.values_list("root_id", flat=True))) == 8
