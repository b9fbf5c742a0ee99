"""New tables for a home with a past: tried on a copy first, and with a way back until work goes on or something is erased.

Nothing here asks a model before the tables are new: what is read of the old ones is read by name.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.kernel.stores import STORE_FILES
from zhengxin.safekeeping import drilling, engines, homefiles, manifests, rules, settling
from zhengxin.safekeeping.types import Totals

SNAPSHOT, REHEARSAL, LAID_ASIDE = "upgrade", "rehearsal", "laid-aside"
_TOLD, _GOING = "totals.json", "going"


class UpgradeRefused(Refused):
    """An upgrade, or the way back from one, that is not to be had."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The home as it was just before an upgrade. size: of its tree."""

    at: datetime
    size: int
    totals: Totals


def pending() -> list[str]:
    """Migrations of this program that the stores lack; those of a new home are all."""
    found = []
    for alias in engines.ALIASES:
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        found += [f"{m.app_label}.{m.name}" for m, _ in plan]
    return sorted(set(found))


def lived_in() -> bool:
    """Whether a real county stands in the stores; asked by name, as the tables may be old."""
    with connections["default"].cursor() as cursor:
        names = connections["default"].introspection.table_names(cursor)
    if "ledger_seal" not in names:
        return False
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_seal LIMIT 1")
        sealed = cursor.fetchone() is not None
    try:
        with connections["board"].cursor() as cursor:
            cursor.execute("SELECT value FROM board_boardfigure WHERE name = 'county'")
            row = cursor.fetchone()
    except DatabaseError:
        return sealed
    if row is None:
        return sealed
    county = row[0] if isinstance(row[0], dict) else json.loads(row[0])
    return not county.get("invented", False)


def take_snapshot(home: Path, at: datetime) -> Snapshot:
    """The stores and files as they are, kept in the home until the next upgrade or erasure."""
    place = home / homefiles.WORK / SNAPSHOT
    part = homefiles.work_folder(home) / f"backup-{SNAPSHOT}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    with engines.standstill() as pinned:
        for path in homefiles.home_files(home):
            homefiles.link(path, part / homefiles.FILES / path.relative_to(home))
    try:
        (part / homefiles.STORES).mkdir(mode=0o700)
        for alias in engines.ALIASES:
            pinned.write(alias, part / homefiles.STORES / engines.file_name(alias))
        totals, (size, _root) = engines.totals(pinned), engines.tree(pinned)
    finally:
        pinned.close()
    told = {"at": at.isoformat(), "size": size, "totals": manifests.totals_json(totals)}
    (part / _TOLD).write_text(json.dumps(told), encoding="utf-8")
    drop_snapshot(home)
    part.rename(place)
    return Snapshot(at, size, totals)


def snapshot_of(home: Path) -> Snapshot | None:
    """The snapshot that is kept, if there is one."""
    path = home / homefiles.WORK / SNAPSHOT / _TOLD
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    return Snapshot(
        datetime.fromisoformat(found["at"]), found["size"], manifests.totals_of(found["totals"])
    )


def drop_snapshot(home: Path) -> None:
    """There is no way back any more."""
    for name in (SNAPSHOT, REHEARSAL, LAID_ASIDE):
        shutil.rmtree(home / homefiles.WORK / name, ignore_errors=True)


def rehearse(home: Path, environment: Mapping[str, str]) -> None:
    """Upgrades a copy of the snapshot in a process of its own. Raises UpgradeRefused with what it said."""
    stores = home / homefiles.WORK / SNAPSHOT / homefiles.STORES
    place = homefiles.work_folder(home) / REHEARSAL
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    try:
        for path in stores.iterdir():
            if path.name in STORE_FILES.values():
                shutil.copyfile(path, place / path.name)
        with drilling.scratch_databases(environment) as urls:
            there = {**environment, **urls, "ZHENGXIN_HOME": str(place)}
            if there.get("ZHENGXIN_KEY_PROVIDER", "file") == "file":
                there["ZHENGXIN_KEY_PROVIDER"] = f"file:{home / 'keys' / 'master.key'}"
            done = subprocess.run(
                [sys.executable, "-m", "zhengxin", "rehearse-upgrade", str(stores)],
                env=there, capture_output=True, text=True, check=False,
            )  # fmt: skip
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [say("进程中断了。")])[-1]
        raise UpgradeRefused(
            say("没有升级：演练没有通过，现有的数据没有动。"),
            last[:500],
            say("请换回原来的程序，把这句话报给维护的人。"),
        )


def load_and_migrate(stores: Path) -> Totals:
    """In the process of a rehearsal: the copy is loaded and its tables made new. Returns the counts before."""
    engines.load(stores)
    before = engines.totals_now()
    settling.migrate()
    return before


def insist_same(before: Totals, after: Totals) -> None:
    """Raises UpgradeRefused when the new tables hold other entries than the old."""
    found = rules.differing_entries(before, after, erased=0, acts=0)
    if found:
        raise UpgradeRefused(
            say("升级前后的登记簿不同。"), "".join(found), say("请运行zhengxin upgrade --back。")
        )


def go_back(home: Path, *, lose: int | None) -> Snapshot:
    """The home as it was before the upgrade. lose: how many entries made since may go. Raises UpgradeRefused."""
    found = snapshot_of(home)
    if found is None:
        raise UpgradeRefused(
            say("不能退回：没有升级前的快照。"),
            say("没有升级过，或者升级以后抹去过内容，快照已随之销毁。"),
            say("请从备份恢复。"),
        )
    place = home / homefiles.WORK / SNAPSHOT
    # Broken off in the middle: the question was answered then.
    if not (place / _GOING).exists():
        _insist_nothing_lost(found, lose)
        (place / _GOING).touch()
    _put_back(home, place)
    return found


def _insist_nothing_lost(found: Snapshot, lose: int | None) -> None:
    seen = engines.Pinned()
    try:
        seen.pin("default")
        since = engines.tree(seen)[0] - found.size
        lines = seen.rows("default", "SELECT count(*) FROM audit_auditline")[0][0]
        lines -= found.totals.tables["default"]["audit_auditline"]
    finally:
        seen.close()
    if since and lose != since:
        raise UpgradeRefused(
            say("没有退回：升级以后又入账{n}条，退回就没有了。", n=since),
            say("还有{n}行审计记录。", n=lines),
            say("请先把这些导出；确实要退回的，加--lose {n}。", n=since),
        )


def _put_back(home: Path, place: Path) -> None:
    """What is there now is laid aside, the snapshot takes its place."""
    aside = home / homefiles.WORK / LAID_ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    for connection in connections.all():
        connection.close()
    for path in sorted(home.iterdir()):
        store = any(path.name.startswith(name) for name in STORE_FILES.values())
        if store or (place / homefiles.FILES / path.name).exists():
            if (aside / path.name).exists():
                path.unlink() if path.is_file() else shutil.rmtree(path)
            else:
                path.rename(aside / path.name)
    for path in sorted((place / homefiles.STORES).iterdir()):
        if path.name in STORE_FILES.values():
            shutil.copyfile(path, home / path.name)
            (home / path.name).chmod(0o600)
    if engines.engine() == "postgresql":
        engines.unload()
        engines.load(place / homefiles.STORES)
    if (place / homefiles.FILES).exists():
        for path in sorted((place / homefiles.FILES).iterdir()):
            path.rename(home / path.name)
    shutil.rmtree(place)
