"""What leaves the room: findings, and what the worker last wrote about itself."""

from dataclasses import dataclass
from datetime import datetime

from zhengxin.operations.enums import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. code: stable, for machines; title, what and remedy: Chinese for people."""

    code: str
    title: str
    verdict: Verdict
    what: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding as JSON readers get it."""
        return {
            "code": self.code,
            "title": self.title,
            "verdict": self.verdict.value,
            "what": self.what,
            "remedy": self.remedy,
        }


@dataclass(frozen=True, slots=True)
class ErrandBeat:
    """How the worker's errands of one kind (exchange, witnesses, messages) stand. busy_since: while one is under way."""

    name: str
    turns: int = 0
    busy_since: datetime | None = None
    failures: int = 0
    failed_at: datetime | None = None
    failed_with: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """The worker's last sign of life. failures: rounds that failed since it started, the last one when.

    errands: what runs beside its rounds.
    """

    beat_at: datetime
    round_at: datetime
    rounds: int
    failures: int
    failed_at: datetime | None
    failed_with: str
    errands: tuple[ErrandBeat, ...] = ()
