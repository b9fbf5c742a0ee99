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
class Beat:
    """The worker's last sign of life. failures: rounds that failed since it started, the last one when."""

    beat_at: datetime
    round_at: datetime
    rounds: int
    failures: int
    failed_at: datetime | None
    failed_with: str
