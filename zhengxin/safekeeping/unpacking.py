"""From two archives to a folder that can become a home. Runs without stores, so that it works on an empty machine."""

import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from zhengxin.kernel.say import say
from zhengxin.kernel.stores import STORE_FILES
from zhengxin.safekeeping.archives import Listing, identity_of, read_archive, sha256_of
from zhengxin.safekeeping.folders import ARCHIVE, both_halves, journals
from zhengxin.safekeeping.homefiles import FILES, KEY_FILES, STORES, home_files
from zhengxin.safekeeping.manifests import listing_of
from zhengxin.safekeeping.refusals import Damaged, RestoreRefused
from zhengxin.safekeeping.types import Archive, Manifest

# In a home that is being restored: the home to be, and how far it is.
PLACE, HOME, SETTLED, LOADING = ".restoring", "home", "settled", "loading"
TOLD, NOTE, JOURNALS = "contents.json", "manifest.note", "journals"
# What a process makes by merely waking in a folder.
_OF_WAKING = {"run", "arriving", "keys"}


def insist_vacant(home: Path) -> None:
    """Raises RestoreRefused when something lives in the home."""
    stores = [name for name in STORE_FILES.values() if _holds_tables(home / name)]
    files = (
        [path.name for path in home_files(home) if path.name != "backup.lock"]
        if home.exists()
        else []
    )
    if stores or files:
        raise RestoreRefused(
            say(
                "没有恢复：{home}不是空的（有{names}）。",
                home=home,
                names="、".join([*stores, *files][:3]),
            ),
            say("恢复不会盖掉已有的数据。"),
            say("请用--into或ZHENGXIN_HOME指到一个空文件夹；原来的先改名留着。"),
        )


def _holds_tables(path: Path) -> bool:
    """Whether a store is more than what a process makes that merely looked for one."""
    if not path.exists() or not path.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as store:
            return bool(store.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.DatabaseError:
        return True


def unpack(
    *, data: Path, keys: Path, run: str | None, identity: Path, erasures: Path | None,
    own_journal: Path | None, into: Path,
) -> Manifest:  # fmt: skip
    """The newest whole backup (or that run), checked and unpacked in `into`/home, with what settling it needs beside.

    Raises RestoreRefused, Damaged, WrongIdentity; `into` is then the caller's to remove.
    """
    opened_by = identity_of(identity)
    manifest, note, data_run, keys_run = both_halves(data, keys, run)
    replayed = journals([data, keys], erasures)
    if own_journal is not None and own_journal.exists():
        replayed.append(own_journal)
    for folder, said in ((data_run, manifest.data), (keys_run, manifest.keys)):
        _insist_same(folder / ARCHIVE, said)
    place = into / "unpacked"
    place.mkdir(mode=0o700, parents=True)
    told: list[bytes] = []

    def contents(body: bytes) -> Listing:
        if json.loads(body).get("run") != manifest.run:
            raise Damaged(ARCHIVE, say("里面是另一次备份。"))
        told.append(body)
        return listing_of(body)

    for folder in (keys_run, data_run):
        read_archive(folder / ARCHIVE, place, opened_by, contents)
    _arrange(place, into)
    (into / TOLD).write_bytes(told[-1])
    (into / NOTE).write_text(note, encoding="utf-8")
    _gather_journals(replayed, into / JOURNALS)
    return manifest


def _insist_same(path: Path, said: Archive) -> None:
    if not path.exists():
        raise Damaged(str(path), say("文件不在。"))
    if path.stat().st_size != said.size:
        raise Damaged(
            str(path), say("清单上有{a:,}字节，实有{b:,}字节。", a=said.size, b=path.stat().st_size)
        )
    if sha256_of(path) != said:
        raise Damaged(str(path), say("SHA-256与签名的清单不符。"))


def _arrange(place: Path, into: Path) -> None:
    """Everything where a home has it; dumps of a server stay aside."""
    home = into / HOME
    home.mkdir(mode=0o700)
    for path in sorted((place / FILES).iterdir()) if (place / FILES).exists() else []:
        path.rename(home / path.name)
    (home / "keys").mkdir(mode=0o700)
    for path in sorted((place / KEY_FILES).iterdir()) if (place / KEY_FILES).exists() else []:
        path.rename(home / "keys" / path.name)
    (into / STORES).mkdir(mode=0o700)
    for path in sorted((place / STORES).iterdir()):
        path.rename((home if path.name in STORE_FILES.values() else into / STORES) / path.name)
    shutil.rmtree(place)
    for folder in home.rglob("*"):
        if folder.is_dir():
            folder.chmod(0o700)


def _gather_journals(found: Sequence[Path], target: Path) -> None:
    target.mkdir(mode=0o700)
    for number, path in enumerate(found):
        shutil.copyfile(path, target / f"{number}.jsonl")


def move_in(place: Path, home: Path) -> None:
    """The settled home takes its place, the main store last; again goes on where it was broken off."""
    if not (place / SETTLED).exists():
        # A log left beside an empty store must not be taken for the coming one's.
        for name in STORE_FILES.values():
            for ending in ("-wal", "-shm"):
                (home / f"{name}{ending}").unlink(missing_ok=True)
    (place / SETTLED).touch()
    coming = place / HOME
    names = sorted(
        (path.name for path in coming.iterdir()),
        key=lambda name: (name in STORE_FILES.values(), name),
    )
    for name in names:
        if name in _OF_WAKING:
            _merge(coming / name, home / name)
            continue
        target = home / name
        if target.is_dir():
            shutil.rmtree(target)
        (coming / name).replace(target)
    handle = os.open(home, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    shutil.rmtree(place)


def _merge(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, exist_ok=True)
    for path in source.iterdir():
        if path.is_file() and not (target / path.name).exists():
            path.replace(target / path.name)
