"""What is erased leaves everything public in the same call, down to the bytes of the files."""

import json
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import County as DeskCounty
from tests.desk.conftest import county as desk_county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.conftest import signed_in as signed_in
from tests.desk.rows import licence, table
from tests.factors import add_app, signed_at
from tests.publication.county import AT, County, record
from zhengxin import journey
from zhengxin.accounts.models import Account
from zhengxin.accounts.types import Proof, Signed
from zhengxin.audit.models import AuditLine
from zhengxin.intake.models import Submission
from zhengxin.journey.reasons import NoReason
from zhengxin.journey.showing import NothingToSign, erasure_sheet, hold_sheet, new_hold_sheet
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.lake.queries import rows
from zhengxin.lake.sql import parquet
from zhengxin.ledger.models import Entry
from zhengxin.ledger.queries import EntryMissing
from zhengxin.publication import actions as publication
from zhengxin.publication.board import models, queries
from zhengxin.publication.models import Notice
from zhengxin.retention import queries as retention
from zhengxin.retention.actions import HeldByLaw, HoldRefused

county = desk_county
everything = pytest.mark.django_db(transaction=True, databases="__all__")
REVIEWER = Actor(7, "方正言", None, frozenset({Role.REVIEWER}))
LATER = AT + timedelta(days=1)
# Each code of an app passes once.
_moments = count(1)
# Names of this record alone: its subject, its content, the prefix of its document number.
FIRM, WORDS, PREFIX = "示例抹去建材有限公司", "准予抹去路施工", "示抹许"


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    settings.DOWNLOADS_DIR = tmp_path / "downloads"
    settings.SUBMISSIONS_DIR = tmp_path / "submissions"
    settings.ERASURE_JOURNAL = tmp_path / "erasures.jsonl"


def with_app(actor: Actor) -> None:
    """An account of this person whose app is enrolled."""
    account, new = Account.objects.get_or_create(
        pk=actor.account_id,
        defaults={"username": f"ren{actor.account_id}", "name": actor.name, "created_at": AT},
    )
    if new:
        add_app(account, AT)


def place_hold(actor: Actor, **asked) -> int:
    """Signed by the person, each time half a minute later."""
    with_app(actor)
    at = LATER + timedelta(seconds=30 * next(_moments))
    signed = signed_at(actor.account_id, new_hold_sheet("00"), at)
    return journey.place_hold(signed=signed, at=at, actor=actor, **asked)


def lift_hold(actor: Actor, hold_id: int, because: str) -> None:
    """Signed by the person, each time half a minute later."""
    with_app(actor)
    at = LATER + timedelta(seconds=30 * next(_moments))
    signed = Signed("", "00", Proof())
    if retention.hold(hold_id).lifted_at is None:
        signed = signed_at(actor.account_id, hold_sheet(hold_id), at)
    journey.lift_hold(hold_id=hold_id, because=because, signed=signed, at=at, actor=actor)


def erase(entry_id: int, **changes) -> None:
    """Signed by the reviewer, each time half a minute later."""
    with_app(REVIEWER)
    at = changes.pop("at", LATER) + timedelta(seconds=30 * next(_moments))
    signed = Signed("", "", Proof())
    if Entry.objects.filter(pk=entry_id).exists():
        signed = signed_at(REVIEWER.account_id, erasure_sheet(entry_id), at)
    asked = {"because": "法院裁定", "signed": signed, "at": at, "actor": REVIEWER}
    journey.erase(entry_id=entry_id, **(asked | changes))


def cleaned() -> bool:
    """What the worker does next: whether nothing is left to do."""
    return journey.finish_erasures(at=LATER, actor=Actor.system("后台办理"))


def shown(settings, others: int = 60) -> int:
    """A published record among others, in the downloads as well; returns its entry id."""
    built = County()
    built.subject(13, FIRM)
    mine = record(
        subject_id=13,
        number=f"{PREFIX}〔2026〕5号",
        key=5,
        open={
            "XK_XDR_MC": FIRM,
            "XK_WSH": f"{PREFIX}〔2026〕5号",
            "XK_XKWS": "许可证",
            "XK_NR": WORDS,
        },
    )
    before = [record(number=f"示住建许〔2026〕{n}号", key=10 + n) for n in range(others)]
    after = [record(number=f"示住建许〔2026〕{n}号", key=10 + n) for n in range(others, 2 * others)]
    entry_id = built.send(*before, mine, *after)[others]
    built.publish()
    publication.write_downloads(at=AT)
    assert found_in(settings.DOWNLOADS_DIR, WORDS) == ["licence.csv", "licence.parquet"]
    return entry_id


def found_in(folder: Path, words: str) -> list[str]:
    """The files of the folder with these words; Parquet is compressed, so its rows are read."""
    found = [path.name for path in folder.iterdir() if words.encode() in path.read_bytes()]
    for path in folder.glob("*.parquet"):
        if any(
            words in str(row) for batch in rows(f"SELECT * FROM {parquet(path)}") for row in batch
        ):
            found.append(path.name)
    return sorted(set(found))


def on_board(words: str) -> bool:
    """Whether the words lie anywhere in the board's files, also as JSON writes them."""
    content = _board_bytes()
    return words.encode() in content or json.dumps(words).strip('"').encode() in content


def _board_bytes() -> bytes:
    """Every byte of the board's file and its log; of its tables on PostgreSQL."""
    board = connections["board"]
    if board.vendor == "sqlite":
        file = Path(str(board.settings_dict["NAME"]))
        return b"".join(
            path.read_bytes() for path in file.parent.glob(f"{file.name}*") if path.is_file()
        )
    held = [
        repr(row)
        for model in (models.BoardItem, models.BoardSubject, models.BoardPrefix, models.BoardFigure)
        for row in model.objects.using("board").values()
    ]
    return "\n".join(held).encode()


@everything
def test_no_byte_of_an_erased_record_is_left_where_the_public_reads(settings) -> None:
    entry_id = shown(settings)
    for words in (FIRM, WORDS, PREFIX):
        assert on_board(words), words
    erase(entry_id)
    assert cleaned()
    assert queries.item(entry_id, timezone.localdate(AT)) is None
    assert Notice.objects.get(entry_id=entry_id).withheld == "erased"
    [told] = queries.corrections()
    assert (told.entry_id, told.reason) == (entry_id, "erased")
    for words in (FIRM, WORDS, PREFIX):
        assert not on_board(words), words
        assert found_in(settings.DOWNLOADS_DIR, words) == []
    for gram in ("抹去", "示抹"):
        assert not models.BoardGram.objects.using("board").filter(gram=gram).exists()
    assert queries.search(FIRM, timezone.localdate(AT)).items == ()
    assert "示住建许" in (settings.DOWNLOADS_DIR / "licence.csv").read_text(encoding="utf-8-sig")
    assert queries.entries_total() == 120
    line = AuditLine.objects.get(act="entry.erase")
    assert (line.object_id, line.detail["because"]) == (str(entry_id), "法院裁定")


@everything
def test_moved_rows_leave_no_copy_between_the_others(settings) -> None:
    entry_id = shown(settings, others=200)
    # Rows that grow and move copy their neighbours from page to page.
    for row in models.BoardItem.objects.using("board").order_by("-entry_id")[::3]:
        row.title = "改" * 90
        row.save(using="board")
    erase(entry_id)
    assert cleaned()
    assert not on_board(WORDS)


@everything
def test_an_erasure_that_was_broken_off_is_finished_by_the_next_step(settings, monkeypatch) -> None:
    entry_id = shown(settings)

    def killed(**_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(publication, "take_off", killed)
        with pytest.raises(KeyboardInterrupt):
            erase(entry_id)
    assert queries.item(entry_id, timezone.localdate(AT)) is not None
    journey.publish_due(at=LATER, actor=REVIEWER)
    assert queries.item(entry_id, timezone.localdate(AT)) is None
    assert WORDS in (settings.DOWNLOADS_DIR / "licence.csv").read_text(encoding="utf-8-sig")
    # Asked once more, the same call removes the rest, and is not an erasure again.
    erase(entry_id)
    assert cleaned()
    assert found_in(settings.DOWNLOADS_DIR, WORDS) == []
    assert not on_board(WORDS)
    assert AuditLine.objects.filter(act="entry.erase").count() == 1


@everything
def test_stores_in_use_are_cleaned_later(settings, monkeypatch) -> None:
    entry_id = shown(settings, others=1)
    with monkeypatch.context() as busy:
        busy.setattr("zhengxin.ledger.scrubbing.scrub", lambda alias, tables: False)
        erase(entry_id)
        assert queries.item(entry_id, timezone.localdate(AT)) is None
        assert not cleaned()
    assert [each.entry_id for each in retention.pending()] == [entry_id]
    assert cleaned()
    assert retention.pending() == []


@everything
def test_a_legal_hold_stops_an_erasure_until_another_person_lifts_it(settings) -> None:
    entry_id = shown(settings, others=1)
    officer = Actor(3, "许知", None, frozenset({Role.CREDIT_OFFICER}))
    for on, target in (("entry", entry_id), ("subject", 13)):
        asked = {
            "legal_basis": "行政诉讼法第三十五条",
            "because": "正在诉讼",
            "until": None,
        }
        with pytest.raises(NotAllowed):
            journey.place_hold(
                on=on,
                target_id=target,
                signed=Signed("", "00", Proof()),
                at=AT,
                actor=Actor.system("命令行"),
                **asked,
            )
        hold_id = place_hold(REVIEWER, on=on, target_id=target, **asked)
        with pytest.raises(HeldByLaw, match="行政诉讼法第三十五条"):
            erase(entry_id)
        assert WORDS in (settings.DOWNLOADS_DIR / "licence.csv").read_text(encoding="utf-8-sig")
        lift = {"hold_id": hold_id, "because": "诉讼已结"}
        with pytest.raises(NotAllowed):
            lift_hold(officer, **lift)
        with pytest.raises(HoldRefused, match="另一人"):
            lift_hold(REVIEWER, **lift)
        other = Actor(8, "程鉴", None, frozenset({Role.REVIEWER}))
        lift_hold(other, **lift)
        with pytest.raises(NothingToSign, match="已经解除"):
            lift_hold(other, **lift)
    kinds = Entry.objects.filter(kind__startswith="hold").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == ["hold", "hold_lift"] * 2
    erase(entry_id)
    assert cleaned()
    assert not on_board(FIRM)


@everything
def test_a_hold_ends_on_its_last_day(settings) -> None:
    entry_id = shown(settings, others=1)
    day = timezone.localdate(LATER)
    place_hold(
        REVIEWER,
        on="entry",
        target_id=entry_id,
        legal_basis="行政诉讼法第三十五条",
        because="正在诉讼",
        until=day,
    )
    with pytest.raises(HeldByLaw):
        erase(entry_id)
    erase(entry_id, at=LATER + timedelta(days=1))
    assert retention.erasure(entry_id) is not None


@pytest.mark.django_db(databases="__all__")
def test_only_a_reviewer_with_a_reason_erases(settings) -> None:
    entry_id = shown(settings, others=1)
    for refused, changes in (
        (NotAllowed, {"actor": Actor.system("命令行")}),
        (NotAllowed, {"actor": Actor(3, "林禾", 1, frozenset({Role.CREDIT_OFFICER}))}),
        (NoReason, {"because": " "}),
    ):
        with pytest.raises(refused):
            erase(entry_id, **changes)
    with pytest.raises(EntryMissing):
        erase(10**6)
    assert queries.item(entry_id, timezone.localdate(AT)) is not None
    assert not AuditLine.objects.filter(act="entry.erase").exists()


@pytest.mark.django_db(databases=["default", "keys", "board"])
def test_a_reviewer_erases_at_the_desk(county: DeskCounty, signed_in) -> None:
    clerk, reviewer, officer = signed_in("jingban"), signed_in("fuhe"), signed_in("xinyong")
    sent: Client = clerk
    sent.post("/desk/submissions/new/licences/", {"file": table("licences", licence(1))})
    entry_id = Notice.objects.get().entry_id
    journey.publish_due(at=timezone.now(), actor=REVIEWER)
    path = f"/desk/notices/{entry_id}/erase/"
    assert path in reviewer.get(f"/desk/notices/{entry_id}/").content.decode()
    assert path not in officer.get(f"/desk/notices/{entry_id}/").content.decode()
    assert officer.get(path).status_code == 403
    assert "惠民建材" not in reviewer.get(path).content.decode()
    assert reviewer.post(path, {"because": "法院裁定"}).status_code == 422
    decided = {"because": "法院裁定", "confirmed": "on"}
    assert reviewer.sign(path, decided)["Location"] == path
    assert "正在清理" in reviewer.get(path).content.decode()
    assert queries.item(entry_id, timezone.localdate(AT)) is None
    told = reviewer.get(f"/desk/notices/{entry_id}/").content.decode()
    assert "内容已依法删除" in told
    assert "准予施工" not in told


@pytest.mark.django_db(databases=["default", "keys", "board"])
def test_a_hold_is_placed_and_lifted_at_the_desk(county: DeskCounty, signed_in) -> None:
    clerk, reviewer, officer = signed_in("jingban"), signed_in("fuhe"), signed_in("xinyong")
    clerk.post("/desk/submissions/new/licences/", {"file": table("licences", licence(1))})
    entry_id = Notice.objects.get().entry_id
    assert clerk.get("/desk/holds/").status_code == 403
    assert "还没有设过保全" in officer.get("/desk/holds/").content.decode()
    asked = {
        "on": "submission",
        "target": Submission.objects.get().number,
        "legal_basis": "〔2026〕示01行初3号",
        "because": "正在诉讼",
    }
    assert officer.post("/desk/holds/new/", {**asked, "legal_basis": ""}).status_code == 422
    assert officer.sign("/desk/holds/new/", asked)["Location"] == "/desk/holds/"
    path = f"/desk/notices/{entry_id}/erase/"
    assert "依法保全中" in reviewer.get(path).content.decode()
    refused = reviewer.get(path)
    assert "永久抹去</button>" not in refused.content.decode()
    assert "行初3号" in refused.content.decode()
    lift = f"/desk/holds/{retention.holds().get().pk}/lift/"
    assert officer.get(lift).status_code == 403
    assert reviewer.sign(lift, {"because": "诉讼已结"})["Location"] == "/desk/holds/"
    assert "诉讼已结" in officer.get("/desk/holds/").content.decode()
    assert reviewer.sign(path, {"because": "当事人申请", "confirmed": "on"})["Location"] == path
    assert retention.erasure(entry_id) is not None
