"""One record is erased, and no byte of it is left anywhere in the house; every old proof still holds."""

import base64
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.homes import Home, new_home
from tests.journeys.erased import (
    CODE,
    CORRECTED,
    FIRM,
    ID_NUMBER,
    LEADER,
    NUMBER,
    OTHER,
    PERSON,
    PERSON_TEXT,
    TEXT,
    TRADER,
    TRADER_TEXT,
    as_csv,
    as_workbook,
    firm,
    person,
    records,
    trader,
)
from tests.traces import database_files, found_in, kinds, written, written_bytes
from zhengxin.kernel import merkle

pytestmark = pytest.mark.sqlite_story
UNIT = "县市场监管局"
SETTING = """
from zhengxin.console.ready import ready; ready()
from datetime import timedelta
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from zhengxin import journey
from zhengxin.kernel.actor import Actor, Role
from zhengxin.ledger.models import Entry
from zhengxin.ledger.vault.models import Secret
now = timezone.now()
reviewer = Actor(7007, "方正言", None, frozenset({Role.REVIEWER, Role.CREDIT_OFFICER}))
from tests.factors import add_app, signed_soon
from zhengxin.accounts.models import Account
from zhengxin.journey.showing import entry_sheet, erasure_sheet, mention_sheet
account, new = Account.objects.get_or_create(pk=7007, defaults={"username": "ren7007", "name": "方正言", "created_at": now})
if new:
    add_app(account)
"""
COUNTY = """
register = settings.BASE_DIR / "registers" / "example.yaml"
journey.open_county(register=register, at=now, actor=Actor.system("试"))
"""
ERASE = """
answer = journey.erase(entry_id={entry_id}, because="依县人民法院裁定", actor=reviewer, **signed_soon(7007, erasure_sheet({entry_id})))
"""


@dataclass
class Story:
    """A home in which the record came in several ways, and what was saved before it was erased."""

    home: Home
    entry_id: int = 0
    person_ids: list[int] = field(default_factory=list)
    secrets: list[bytes] = field(default_factory=list)
    proof: dict[str, object] = field(default_factory=dict)
    checkpoint: str = ""
    other: str = ""

    def wanted(self, *, person: bool = False) -> dict[str, set[bytes]]:
        """What must not be found."""
        words = [
            PERSON,
            ID_NUMBER,
            PERSON_TEXT,
            "示珀许",
            TRADER,
            TRADER_TEXT,
            "示瑙许",
            "司徒璎珞",
        ]
        if not person:
            words = [FIRM, TEXT, CORRECTED, NUMBER, LEADER, CODE]
        keys = {f"key {n}": written_bytes(key) for n, key in enumerate(self.secrets)}
        return {word: written(word) for word in words} | ({} if person else keys)

    def found(self, wanted: dict[str, set[bytes]]) -> set[tuple[str, str]]:
        """Wherever it stands: in the home's files, and in the server's where there is one."""
        found = found_in(self.home.path, wanted)
        if url := self.home.environment.get("DATABASE_URL"):
            found |= {
                (what, f"server/{file}") for what, file in found_in(database_files(url), wanted)
            }
        return found

    def do(self, code: str) -> object:
        return self.home.ask(SETTING + code)


def told(home: Home, tmp_path: Path) -> Story:
    """The record arrives refused, then sound, again word for word, corrected; is published, fetched and downloaded."""
    story = Story(home)
    rows = records(tmp_path, 40)
    story.other = rows[1]["XK_XDR_MC"]
    sent = tmp_path / "sent"
    sent.mkdir()
    mine, other = firm(rows[0]), {**rows[1], "XK_NR": OTHER}
    wrong = {**mine, "XK_XDR_SHXYM": CODE[:-1] + ("A" if CODE[-1] != "A" else "B")}
    # Only its name says whose it was.
    all_wrong = {**wrong, "XK_WSH": "无从查考〔2026〕70号"}
    files = [
        as_csv(sent / f"{FIRM}等.csv", [rows[2], wrong, {**rows[3], "XK_JDRQ": "不详"}, all_wrong]),
        as_csv(
            sent / "二.csv",
            [rows[4], mine, other, person(rows[5]), trader(rows[6]), *rows[7:30]],
            "gb18030",
        ),
        as_workbook(sent / "三.xlsx", [rows[30], mine, {**rows[31], "XK_JDRQ": "不详"}]),
        as_csv(sent / "四.csv", [firm(rows[0], XK_NR=CORRECTED), rows[32]]),
    ]
    saved = story.do(
        COUNTY
        + f"""
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.subjects.models import Subject, Unit
from zhengxin.subjects.queries import unit_by_name
clerk = Actor.system("经办人")
for path in {[str(path) for path in files]!r}:
    unit_id = unit_by_name({UNIT!r}, timezone.localdate(now)).id
    with open(path, "rb") as upload:
        journey.submit(upload=upload, filename=Path(path).name, source="licences", unit_id=unit_id, at=now, actor=clerk, wait=True)
[row] = WaitingRecord.objects.filter(mention_text={TRADER!r})
journey.decide_attribution(waiting_id=row.pk, choice="new", because="核对过营业执照", actor=reviewer, **signed_soon(7007, mention_sheet(row.pk)))
newest = Entry.objects.filter(kind="licence", about_id__isnull=False).get()
journey.release_text(entry_id=newest.id, fields=["XK_NR"], because="已核对", actor=reviewer, **signed_soon(7007, entry_sheet("text_release", newest.id)))
journey.publish_due(at=now, actor=reviewer)
journey.write_downloads(at=now, actor=reviewer)
firm, person, trader = (Subject.objects.get(name=name) for name in {[FIRM, PERSON, TRADER]!r})
ids = list(Entry.objects.filter(subject_id=firm.pk, kind="licence").order_by("id").values_list("id", flat=True))
marked = [journey.marked_workbook(submission_id=n, at=now, actor=clerk) for n in (1, 3)]
answer = {{
    "ids": ids,
    "persons": [Entry.objects.get(subject_id=each.pk).id for each in (person, trader)],
    "keys": [bytes(s.secret).hex() for s in Secret.objects.filter(entry_id__in=ids)],
    "marked": sum(len(book.read()) > 0 for book in marked),
    "put away": Submission.objects.filter(put_away_at__isnull=False).count(),
}}
"""
    )
    shutil.rmtree(sent)
    assert isinstance(saved, dict)
    assert len(saved["ids"]) == 2
    assert (saved["marked"], saved["put away"]) == (2, 4)
    story.entry_id, story.person_ids = saved["ids"][0], saved["persons"]
    story.secrets = [bytes.fromhex(key) for key in saved["keys"]]
    story.proof = json.loads(home.run("ledger", "prove", story.entry_id))
    story.checkpoint = home.run("ledger", "checkpoint")
    return story


def proofs_hold(story: Story, tmp_path: Path) -> None:
    """The ledger verifies with its contents; the proof and the checkpoint saved before still do."""
    home = story.home
    assert json.loads(home.run("ledger", "verify", "--payloads", "--json"))["ok"]
    saved = tmp_path / "saved.txt"
    saved.write_text(story.checkpoint, encoding="utf-8")
    assert json.loads(home.run("ledger", "consistency", saved))["consistent"]
    old = story.proof
    steps = [base64.b64decode(step) for step in old["proof"]]  # type: ignore[attr-defined]
    assert merkle.verify_inclusion(
        old["leaf_index"],
        old["tree_size"],
        base64.b64decode(str(old["leaf_hash"])),
        steps,
        base64.b64decode(str(old["root"])),
    )
    again = json.loads(home.run("ledger", "prove", story.entry_id))
    assert again["leaf_hash"] == old["leaf_hash"]


@pytest.fixture
def home(tmp_path: Path):
    with new_home(tmp_path / "home") as made:
        yield made


def test_no_byte_of_an_erased_record_is_left_anywhere(home: Home, tmp_path: Path) -> None:
    story = told(home, tmp_path)
    before = kinds(story.found(story.wanted()))
    # In clear stand the published words and the subject; the keys in their store. The uploads are sealed.
    assert {FIRM, CORRECTED, NUMBER, CODE, "key 0", "key 1"} <= before
    uploads = found_in(home.path / "submissions", story.wanted() | {OTHER: written(OTHER)})
    assert uploads == set()
    erased = story.do(ERASE.format(entry_id=story.entry_id))
    assert len(erased) == 2  # type: ignore[arg-type]
    home.run("worker", "--once")
    assert story.found(story.wanted()) == set()
    # Those of others stand as before, until theirs is erased as well.
    assert story.found({"other": written(story.other)})
    assert {PERSON, TRADER} <= kinds(story.found(story.wanted(person=True)))
    for entry_id in story.person_ids:
        story.do(ERASE.format(entry_id=entry_id))
    home.run("worker", "--once")
    assert story.found(story.wanted(person=True)) == set()
    proofs_hold(story, tmp_path)
    told_now = story.do(
        """
import openpyxl
from zhengxin.intake import queries as intake
from zhengxin.intake.folders import reading_in
from zhengxin.intake.keeping import opened
from zhengxin.intake.tables import raw_sql
from zhengxin.lake.queries import rows
from zhengxin.retention import queries as retention
tables = {}
for n in (1, 2, 3, 4):
    with opened(n) as place:
        reading = reading_in(place)
        tables[n] = [row for batch in rows(raw_sql(reading, counted=True)) for row in batch]
book = openpyxl.load_workbook(journey.marked_workbook(submission_id=3, at=now, actor=Actor.system("试")))
answer = {
    "rows": {n: sorted(row[0] for row in found) for n, found in tables.items()},
    "others": sum("准予运玳瑁" in row for row in tables[2]),
    "marked": [[cell.value for cell in row] for row in book["需改正的行"].iter_rows(min_row=2)],
    "faults": [[f.row_number, f.because] for f in intake.faults(1).faults],
    "pending": len(retention.pending()),
}
"""
    )
    assert isinstance(told_now, dict)
    assert told_now["rows"]["1"] == [2, 4]
    assert told_now["rows"]["2"] == [2, 4, *range(7, 30)]
    assert told_now["rows"]["3"] == [2, 4]
    assert told_now["rows"]["4"] == [3]
    assert told_now["others"] == 1
    assert len(told_now["marked"]) == 1
    assert any("不详" in str(cell) for cell in told_now["marked"][0])
    assert [3, "这一行的内容已依法删除。"] in told_now["faults"]
    assert told_now["pending"] == 0


# Functions of an erasure after whose call, or before it, the process is killed.
POINTS = [
    ("zhengxin.retention.journal", "note", "after"),
    ("zhengxin.ledger.actions", "erase", "after"),
    ("zhengxin.publication.actions", "take_off", "after"),
    ("zhengxin.subjects.actions", "forget", "after"),
    ("zhengxin.intake.forgetting", "seal_anew", "before"),
    ("zhengxin.intake.forgetting", "seal_anew", "after"),
    ("zhengxin.intake.actions", "strike_rows", "after"),
    ("zhengxin.ledger.scrubbing", "_scrub_file", "before"),
    ("zhengxin.retention.actions", "mark_cleaned", "before"),
]
KILLED = """
import importlib, os, signal
from zhengxin.intake.models import Submission
module = importlib.import_module({module!r})
plain = getattr(module, {name!r})
def fatal(*given, **named):
    if {when!r} == "after":
        plain(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, {name!r}, fatal)
journey.erase(entry_id={entry_id}, because="依县人民法院裁定", actor=reviewer, **signed_soon(7007, erasure_sheet({entry_id})))
journey.finish_erasures(at=now, actor=reviewer)
answer = "survived"
"""


def test_killed_in_the_middle_it_is_finished_by_the_next_attempt(
    home: Home, tmp_path: Path
) -> None:
    story = told(home, tmp_path)
    for module, name, when in POINTS:
        if name == "_scrub_file" and "DATABASE_URL" in home.environment:
            name = "_scrub_tables"
        code = KILLED.format(module=module, name=name, when=when, entry_id=story.entry_id)
        with pytest.raises(AssertionError):
            story.do(code)
    erased = story.do(ERASE.format(entry_id=story.entry_id))
    assert len(erased) == 2  # type: ignore[arg-type]
    home.run("worker", "--once")
    assert story.found(story.wanted()) == set()
    proofs_hold(story, tmp_path)
    acts = story.do("answer = Entry.objects.filter(kind='erasure').count()")
    assert acts == 2
    journal = (home.path / "erasures.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["entry"] for line in journal] == erased


def test_a_restored_backup_loses_again_what_was_erased_since(home: Home, tmp_path: Path) -> None:
    story = told(home, tmp_path)
    with backup(home, tmp_path / "copy") as restore:
        story.do(ERASE.format(entry_id=story.entry_id))
        home.run("worker", "--once")
        journal = tmp_path / "erasures.jsonl"
        shutil.copy(home.path / "erasures.jsonl", journal)
        restore()
    assert "key 0" in kinds(story.found(story.wanted()))
    for _ in range(2):
        answer = story.do(
            f"""
done = journey.replay_erasures(journal_path=Path({str(journal)!r}), at=now, actor=Actor.system("恢复备份"))
answer = [list(done.erased), list(done.unknown)]
"""
        )
        assert isinstance(answer, list)
        assert (len(answer[0]), answer[1]) == (2, [])
    home.run("worker", "--once")
    assert story.found(story.wanted()) == set()
    proofs_hold(story, tmp_path)


@contextmanager
def backup(home: Home, copy: Path) -> Iterator[Callable[[], None]]:
    """A copy of the home (and of its database on a server); what it gives puts everything back."""
    shutil.copytree(home.path, copy)
    url = home.environment.get("DATABASE_URL", "")
    name = urlsplit(url).path.removeprefix("/")

    def restore() -> None:
        shutil.rmtree(home.path)
        shutil.copytree(copy, home.path)
        if url:
            _copied(f"{name}_copy", name)

    if url:
        _copied(name, f"{name}_copy")
    try:
        yield restore
    finally:
        if url:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
                server.execute(f'DROP DATABASE IF EXISTS "{name}_copy"')


def _copied(name: str, other: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{other}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{other}" TEMPLATE "{name}"')
