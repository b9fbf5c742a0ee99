"""Whether this home could be had again: how old the last backup is, and the last drill that showed it."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhengxin.kernel.say import say
from zhengxin.operations.enums import Verdict
from zhengxin.operations.types import Finding
from zhengxin.publication.board import queries as board
from zhengxin.safekeeping import records

# A day's backup may be late by a day; a month's drill by ten.
BACKUP_LATE, BACKUP_LOST, DRILL_LATE = timedelta(days=2), timedelta(days=7), timedelta(days=40)


def backup_findings(now: datetime) -> list[Finding]:
    """Backup and drill. An invented county need not be kept."""
    if board.county().invented:
        invented = say("虚构的县，不必备份。")
        return [
            Finding("backup", say("备份"), Verdict.OK, invented),
            Finding("drill", say("恢复演练"), Verdict.OK, invented),
        ]
    return [_backup(now), _drill(now)]


def _backup(now: datetime) -> Finding:
    title = say("备份")
    remedy = say(
        "请运行zhengxin backup 文件夹，或看systemctl status zhengxin-backup.timer；做法见docs/how-to/backup.md。"
    )
    last = records.last(Path(settings.ZHENGXIN_HOME), "backup", ok=True)
    if last is None:
        return Finding("backup", title, Verdict.WARN, say("还没有备份过。"), remedy)
    what = say("最近一次备份是{at:%Y-%m-%d %H:%M}。", at=timezone.localtime(last.at))
    age = now - last.at
    if age > BACKUP_LOST:
        return Finding("backup", title, Verdict.FAIL, what + say("已过{n}天。", n=age.days), remedy)
    if age > BACKUP_LATE:
        return Finding("backup", title, Verdict.WARN, what + say("已过{n}天。", n=age.days), remedy)
    return Finding("backup", title, Verdict.OK, what)


def _drill(now: datetime) -> Finding:
    title = say("恢复演练")
    remedy = say("请带备份私钥来，运行zhengxin backup drill 文件夹 --identity 私钥文件。")
    last = records.last(Path(settings.ZHENGXIN_HOME), "drill")
    if last is None:
        return Finding(
            "drill", title, Verdict.WARN, say("还没有演练过：备份能不能恢复，没有人知道。"), remedy
        )
    what = say("最近一次演练是{day}，备份{run}。", day=timezone.localdate(last.at), run=last.run)
    if not last.ok:
        return Finding("drill", title, Verdict.FAIL, what + say("没有通过。"), say("请看drills文件夹里的记录，另做一次备份再演练。"))  # fmt: skip
    if now - last.at > DRILL_LATE:
        return Finding("drill", title, Verdict.WARN, what, remedy)
    return Finding("drill", title, Verdict.OK, what)
