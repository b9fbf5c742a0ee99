"""What other rooms and doors ask: every finding, whether the program may serve, figures of this moment."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count

from zhengxin.intake.models import Submission
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.messages import queries as messages
from zhengxin.operations.beats import read_beat
from zhengxin.operations.enums import Verdict
from zhengxin.operations.kept import backup_findings
from zhengxin.operations.machine import disk_finding, machine_findings
from zhengxin.operations.stores import store_findings
from zhengxin.operations.types import Finding
from zhengxin.operations.work import (
    age,
    configured_findings,
    store_sizes,
    unfollowed,
    work_findings,
)


def findings(now: datetime, *, reach: bool = False) -> list[Finding]:
    """Every check, those that fail first. With `reach` peers outside are asked whether they answer."""
    found = machine_findings(Path(settings.ZHENGXIN_HOME)) + store_findings()
    if _sound(found):
        found += _careful(lambda: work_findings(now))
        found += _careful(lambda: configured_findings(now, reach=reach))
        found += _careful(lambda: backup_findings(now))
    order = [Verdict.FAIL, Verdict.WARN, Verdict.OK]
    return sorted(found, key=lambda each: order.index(each.verdict))


def readiness(now: datetime) -> list[Finding]:
    """What bears on whether this process may be sent requests now."""
    found = [disk_finding(Path(settings.ZHENGXIN_HOME)), *store_findings()]
    return found + _careful(lambda: work_findings(now)) if _sound(found) else found


def is_fit(found: list[Finding]) -> bool:
    """True unless a check failed."""
    return all(each.verdict is not Verdict.FAIL for each in found)


def _sound(found: list[Finding]) -> bool:
    """Whether the stores can be asked further questions."""
    codes = ("store_", "migrations")
    return is_fit([each for each in found if each.code.startswith(codes)])


def _careful(checks: Callable[[], list[Finding]]) -> list[Finding]:
    """The findings; where a store breaks down under the questions, one that says so."""
    try:
        return checks()
    except DatabaseError as fault:
        return [Finding(
            "store", say("数据库"), Verdict.FAIL, say("查到一半数据库出错（{kind}）。", kind=type(fault).__name__),
            say("请看磁盘和数据库的日志；SQLite文件损坏的，从备份恢复。"),
        )]  # fmt: skip


def figures(now: datetime) -> dict[str, dict[str, float]]:
    """Figures of this moment by name, each by label ("" where it has none). A fixed number of indexed queries."""
    states = Submission.objects.values_list("state").annotate(n=Count("id")).order_by()
    beat = read_beat(settings.ZHENGXIN_HOME)
    found: dict[str, dict[str, float]] = {
        "submissions": {state: float(n) for state, n in states},
        "outbox_messages": {"": float(messages.outbox())},
        "ledger_entries": {"": float(ledger.size())},
        "unfollowed_entries": {"": float(unfollowed())},
        "store_bytes": {name: float(size) for name, size in store_sizes().items()},
    }
    sealed = age(ledger.last_sealed_at(), now)
    if sealed is not None:
        found["last_seal_age_seconds"] = {"": sealed}
    if beat is not None:
        found["worker_rounds"] = {"": float(beat.rounds)}
        found["worker_failures"] = {"": float(beat.failures)}
        found["errand_failures"] = {each.name: float(each.failures) for each in beat.errands}
        found["worker_beat_age_seconds"] = {"": age(beat.beat_at, now) or 0.0}
    return found
