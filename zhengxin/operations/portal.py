"""Whether the portal's own process may serve: it opens the board and knows nothing of the rest."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhengxin.operations import rules
from zhengxin.operations.enums import Verdict
from zhengxin.operations.machine import disk_finding
from zhengxin.operations.stores import store_findings
from zhengxin.operations.types import Finding
from zhengxin.publication.board import queries as board


def readiness(now: datetime) -> list[Finding]:
    """What bears on whether this process may be sent requests now."""
    found = [disk_finding(Path(settings.ZHENGXIN_HOME)), *store_findings()]
    if any(each.verdict is Verdict.FAIL for each in found):
        return found
    last = board.updated_at()
    return [
        *found,
        rules.published(timezone.localdate(last) if last else None, timezone.localdate(now)),
    ]


def figures(now: datetime) -> dict[str, dict[str, float]]:
    """Figures of the board at this moment."""
    last = board.updated_at()
    found = {"board_entries": {"": float(board.entries_total())}}
    if last is not None:
        found["board_age_seconds"] = {"": max((now - last).total_seconds(), 0.0)}
    return found
