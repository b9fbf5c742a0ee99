"""The verbs: make a backup, open one into a folder, sweep what killed ones left."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError

import zhengxin
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.keys import log_name, signing_key
from zhengxin.ledger.notes import sign
from zhengxin.safekeeping import drilling, engines, folders, homefiles, manifests, upgrading
from zhengxin.safekeeping.archives import Listing, recipients_of, write_archive
from zhengxin.safekeeping.configured import read_rules
from zhengxin.safekeeping.refusals import BackupRefused
from zhengxin.safekeeping.types import Archive, Made, Manifest, Totals

STAGING = "backup-"
_LOCK = "backup.lock"


class BackupBusy(BackupRefused):
    """Another backup of this home is being made."""


def back_up(
    *, folder: Path, keys_folder: Path, recipients: tuple[str, ...], at: datetime, actor: Actor
) -> Made:
    """The whole home as it is at one instant, into two folders; the last backup stays until this one is whole.

    Writers wait while the instant is taken (files are linked, not copied), not while it is packed.
    Raises BackupRefused, DiskFull.
    """
    home = Path(settings.ZHENGXIN_HOME)
    rules = read_rules(home)
    known = recipients_of(recipients or rules.recipients)
    if not known:
        raise BackupRefused(
            say("没有备份：没有收件公钥，不知道加密给谁。"),
            "",
            say("请先运行zhengxin backup init --identity 文件，把私钥带走保管。"),
        )
    for place in (folder, keys_folder):
        if place.resolve() == home or home in place.resolve().parents:
            raise BackupRefused(
                say("没有备份：{place}在数据文件夹里面。", place=place),
                say("磁盘坏了会一起丢。"),
                say("请换另一块盘或另一台机器上的文件夹。"),
            )
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    run = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    with _alone(home):
        _remove_staging(home)
        staging = homefiles.work_folder(home) / f"{STAGING}{run}"
        parts = [place / f"{folders.PART}{run}" for place in (folder, keys_folder)]
        try:
            staging.mkdir(mode=0o700)
            counted = _take(home, staging)
            for part in parts:
                part.mkdir(mode=0o700)
            manifest = _pack(staging, parts, counted, run, at, known)
            signed = sign(manifests.text_of(manifest), log_name(), signing_key())
            for part in parts:
                (part / manifests.FILE).write_text(signed, encoding="utf-8")
            # Keys first: data whose keys are not there yet must not be the newest.
            keys = folders.publish(parts[1], run)
            data = folders.publish(parts[0], run)
        finally:
            for place in (staging, *parts):
                shutil.rmtree(place, ignore_errors=True)
        for place in (folder, keys_folder):
            folders.keep_journal(Path(settings.ERASURE_JOURNAL), place)
        removed = folders.prune(folder, rules.keep)
        folders.prune(keys_folder, rules.keep)
    return Made(manifest, data, keys, removed)


def sweep_staging(*, at: datetime, actor: Actor) -> bool:
    """Remove what killed backups and drills left in the home; False while one is going on."""
    home = Path(settings.ZHENGXIN_HOME)
    try:
        with _alone(home):
            _remove_staging(home)
    except BackupBusy:
        return False
    return drilling.sweep(home / homefiles.WORK)


def drop_way_back(*, at: datetime, actor: Actor) -> None:
    """The snapshot from before an upgrade goes: something in it was erased."""
    upgrading.drop_snapshot(Path(settings.ZHENGXIN_HOME))


def _remove_staging(home: Path) -> None:
    for place in (home / homefiles.WORK).glob(f"{STAGING}*"):
        shutil.rmtree(place)


def _alone(home: Path) -> AbstractContextManager[object]:
    busy = BackupBusy(say("没有备份：另一次备份正在进行。"), "", say("请等它办完再试。"))
    return homefiles.alone(home / _LOCK, busy)


def _take(home: Path, staging: Path) -> tuple[Totals, int, str]:
    """The instant: files linked and stores pinned while nobody writes; then the stores written out."""
    never = _own_key_file()
    try:
        with engines.standstill() as pinned:
            for path in homefiles.home_files(home, never):
                homefiles.link(path, staging / homefiles.FILES / path.relative_to(home))
            for path in homefiles.key_files(home, never):
                homefiles.link(path, staging / homefiles.KEY_FILES / path.name)
    except OperationalError as busy:
        raise BackupRefused(
            say("没有备份：一分钟里没有等到停笔的一刻（{kind}）。", kind=type(busy).__name__),
            say("有一项写入占着数据库不放。"),
            say("请稍后再试；一再如此的，看日志里是谁。"),
        ) from busy
    try:
        (staging / homefiles.STORES).mkdir(mode=0o700)
        for alias in engines.ALIASES:
            pinned.write(alias, staging / homefiles.STORES / engines.file_name(alias))
        return engines.totals(pinned), *engines.tree(pinned)
    finally:
        pinned.close()


def _own_key_file() -> Path | None:
    """The master key's file, wherever the setting puts it: it goes into no backup."""
    how, _, where = settings.KEY_PROVIDER.partition(":")
    return Path(where).resolve() if how == "file" and where else None


def _pack(
    staging: Path,
    parts: list[Path],
    counted: tuple[Totals, int, str],
    run: str,
    at: datetime,
    known: list[Any],
) -> Manifest:
    totals, size, root = counted
    stores = staging / homefiles.STORES
    keys_store = stores / engines.file_name("keys")

    def data_members() -> Iterator[tuple[str, Path]]:
        yield from (
            (f"{homefiles.STORES}/{p.name}", p) for p in sorted(stores.iterdir()) if p != keys_store
        )
        yield from _members(staging, homefiles.FILES)

    def key_members() -> Iterator[tuple[str, Path]]:
        yield f"{homefiles.STORES}/{keys_store.name}", keys_store
        yield from _members(staging, homefiles.KEY_FILES)

    def told(listed: Listing) -> bytes:
        return manifests.contents_json(listed, run=run, totals=manifests.totals_json(totals))

    archives: list[Archive] = [
        write_archive(part / folders.ARCHIVE, members, told, known)
        for part, members in zip(parts, (data_members(), key_members()), strict=True)
    ]
    return Manifest(
        run,
        at,
        zhengxin.__version__,
        engines.engine(),
        size,
        root,
        ledger.verifier_key(),
        *archives,
    )


def _members(staging: Path, part: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((staging / part).rglob("*")):
        if path.is_file():
            yield str(path.relative_to(staging)), path
