"""Where backups lie: DIR/data and DIR/keys (or two media), a folder a run in each, complete or not there at all."""

import os
import shutil
from datetime import datetime
from pathlib import Path

from zhengxin.kernel.say import say
from zhengxin.retention import journal
from zhengxin.safekeeping.homefiles import JOURNAL
from zhengxin.safekeeping.manifests import FILE, read_manifest
from zhengxin.safekeeping.refusals import Damaged, RestoreRefused
from zhengxin.safekeeping.rules import staying
from zhengxin.safekeeping.types import Keep, Manifest

ARCHIVE = "archive.tar.gz.age"
PART = ".part-"


def runs(folder: Path) -> list[tuple[str, datetime]]:
    """The complete runs in a folder, oldest first; what cannot be read is passed over."""
    found = []
    for place in folder.glob("*/" + FILE):
        try:
            manifest, _ = read_manifest(place.parent)
        except Damaged:
            continue
        if manifest.run == place.parent.name:
            found.append((manifest.run, manifest.at))
    return sorted(found, key=lambda run: run[1])


def prune(folder: Path, keep: Keep) -> int:
    """Remove what the rule does not keep, and what killed backups left; returns how many runs went."""
    there = runs(folder)
    kept = staying(there, keep)
    for place in folder.glob(f"{PART}*"):
        shutil.rmtree(place, ignore_errors=True)
    gone = [name for name, _ in there if name not in kept]
    for name in gone:
        # Out of sight in one step, so that no half of it is taken for a backup.
        leaving = folder / f"{PART}{name}"
        (folder / name).rename(leaving)
        shutil.rmtree(leaving)
    return len(gone)


def publish(part: Path, run: str) -> Path:
    """A finished folder takes its name."""
    place = part.with_name(run)
    part.rename(place)
    for folder in (place, place.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return place


def keep_journal(home_journal: Path, folder: Path) -> None:
    """The newest journal of erasures beside the backups; lines that are there stay."""
    target = folder / JOURNAL
    fresh = folder / f".{JOURNAL}"
    lines = {}
    for path in (target, home_journal):
        if path.exists():
            lines.update(dict.fromkeys(path.read_text(encoding="utf-8").splitlines()))
    with fresh.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines if line)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.chmod(0o600)
    fresh.replace(target)


def journals(folders: list[Path], given: Path | None) -> list[Path]:
    """The journals of erasures that a restore replays. Raises RestoreRefused."""
    if given is not None and not any(True for _ in journal.read(given)) and not given.exists():
        raise RestoreRefused(
            say("没有恢复：没有文件{path}。", path=given), "", say("请核对--erasures。")
        )
    found = [folder / JOURNAL for folder in folders]
    return [path for path in [*found, *([given] if given else [])] if path.exists()]


def both_halves(data: Path, keys: Path, run: str | None) -> tuple[Manifest, str, Path, Path]:
    """The run asked for, or the newest that is whole in both folders. Raises RestoreRefused, Damaged."""
    there = [name for name, _ in runs(data)]
    if run is not None and not (data / run).is_dir():
        raise RestoreRefused(
            say("没有恢复：{folder}里没有{run}这一次备份。", folder=data, run=run),
            say("有的是：{runs}。", runs="、".join(there) or say("无")),
            say("请核对文件夹和--run。"),
        )
    if run is None and not there:
        for place in sorted(data.glob("*/" + FILE)):
            read_manifest(place.parent)
        raise RestoreRefused(
            say("没有恢复：{folder}里没有备份。", folder=data), "", say("请核对文件夹。")
        )
    wanted = run or there[-1]
    manifest, note = read_manifest(data / wanted)
    if not (keys / wanted / FILE).exists():
        raise RestoreRefused(
            say("没有恢复：{folder}里没有{run}的密钥备份。", folder=keys, run=wanted),
            say("数据和密钥分两处存放，同一次的两份都在才能恢复。"),
            say("请接上存密钥备份的介质，用--keys指到它。"),
        )
    _, other = read_manifest(keys / wanted)
    if other != note:
        raise RestoreRefused(
            say("没有恢复：数据和密钥不是同一次备份的。"), "", say("请找出同一次的两份。")
        )
    return manifest, note, data / wanted, keys / wanted
