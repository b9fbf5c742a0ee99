"""Checks of the machine and of the home's files. Nothing here needs Django, so that it also speaks where nothing else starts."""

import errno
import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhengxin.kernel.say import say
from zhengxin.operations import rules
from zhengxin.operations.enums import Verdict
from zhengxin.operations.types import Finding

PYTHON = (3, 11)
# What Django 5.2 asks for.
SQLITE = (3, 31)
# Read by their owner alone, if they are there. The board is public and may be shared with the portal's account.
PRIVATE = (
    "zhengxin.sqlite3*",
    "keys.sqlite3*",
    "keys",
    "keys/*",
    "submissions",
    "papers",
    "safekeeping",
    "drills",
    "channels.yaml",
    "run",
)

OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL


def machine_findings(home: Path) -> list[Finding]:
    """Everything that can be said before the program is awake. `home` is not created."""
    found = [_versions(), _time_zone()]
    if not home.is_dir():
        return [*found, Finding(
            "home", say("数据文件夹"), FAIL, say("没有文件夹{home}。", home=home),
            say("请用ZHENGXIN_HOME指到原来的数据文件夹；第一次用，运行zhengxin init 县。"),
        )]  # fmt: skip
    found += [_home(home), disk_finding(home), _modes(home)]
    return found


def disk_finding(home: Path) -> Finding:
    """Space left where the home lies."""
    usage = shutil.disk_usage(home)
    return rules.disk(usage.free, usage.total)


def _versions() -> Finding:
    title = say("Python和SQLite")
    python, sqlite = ".".join(map(str, sys.version_info[:3])), sqlite3.sqlite_version
    what = say("Python {python}，SQLite {sqlite}。", python=python, sqlite=sqlite)
    if sys.version_info < PYTHON or sqlite3.sqlite_version_info < SQLITE:
        return Finding(
            "versions", title, FAIL, what, say("需要Python 3.11、SQLite 3.31以上，请换用较新的Python。")
        )  # fmt: skip
    return Finding("versions", title, OK, what)


def _time_zone() -> Finding:
    title = say("时区数据")
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        return Finding(
            "time_zone", title, FAIL, say("没有Asia/Shanghai的时区数据，期限会算错一天。"), say("请安装系统的tzdata包。")
        )  # fmt: skip
    return Finding("time_zone", title, OK, say("有北京时间的时区数据。"))


def _home(home: Path) -> Finding:
    title = say("数据文件夹")
    try:
        with tempfile.NamedTemporaryFile(dir=home, prefix=".doctor-") as trial:
            trial.write(bytes(64 * 1024))
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as fault:
        full = fault.errno in (errno.ENOSPC, errno.EDQUOT)
        return Finding(
            "home", title, FAIL, say("{home}写不进去：", home=home) + (say("磁盘已满。") if full else say("没有权限或文件系统只读。")),
            say("请清出空间。已收下的报送不会丢，有空间后自动接着办。") if full
            else say("请用数据文件夹的属主账号运行，或改属主：chown -R 账号 {home}", home=home),
        )  # fmt: skip
    if home.stat().st_uid != os.geteuid():
        return Finding(
            "home", title, WARN, say("现在运行的账号不是{home}的属主：新建的文件网站会打不开。", home=home),
            say("请换成属主运行：sudo -u {owner} zhengxin doctor", owner=_owner(home)),
        )  # fmt: skip
    return Finding("home", title, OK, say("{home}可以写。", home=home))


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"#{path.stat().st_uid}"


def _modes(home: Path) -> Finding:
    title = say("文件权限")
    open_ones = list(_open_to_others(home))
    if open_ones:
        names = " ".join(str(path) for path in open_ones[:6])
        return Finding(
            "modes", title, FAIL, say("{n}处别的账号也能读写：{names}", n=len(open_ones), names=names),
            say("请运行：chmod go-rwx {names}。密钥曾被别人读过的，请照docs/how-to更换。", names=names),
        )  # fmt: skip
    return Finding("modes", title, OK, say("数据、密钥和报送文件只有属主能读。"))


def _open_to_others(home: Path) -> Iterator[Path]:
    if stat.S_IMODE(home.stat().st_mode) & 0o027:
        yield home
    for pattern in PRIVATE:
        for path in sorted(home.glob(pattern)):
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                yield path
