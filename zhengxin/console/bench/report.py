"""The table a bench prints and the JSON it gives."""

import os
import platform
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Target:
    """One promise: what was asked, what came out."""

    name: str
    target: str
    measured: str
    met: bool


@dataclass
class Report:
    """All rows of one run."""

    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, target: str, measured: str, met: bool) -> None:
        """One more row."""
        self.targets.append(Target(name, target, measured, met))

    def as_json(self) -> dict[str, Any]:
        """{"machine", "targets": [{"name", "target", "measured", "met"}], "notes"}."""
        return {
            "machine": machine(),
            "targets": [asdict(target) for target in self.targets],
            "notes": self.notes,
        }

    def as_text(self) -> str:
        """A Markdown table."""
        lines = [machine(), "", "| 项目 | 目标 | 测得 | 达到 |", "|---|---|---|---|"]
        lines += [
            f"| {t.name} | {t.target} | {t.measured} | {'是' if t.met else '否'} |"
            for t in self.targets
        ]
        return "\n".join([*lines, "", *self.notes])


def machine() -> str:
    """The machine in one line."""
    cpu = ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        cpu = names[0].split(":", 1)[1].strip() if names else ""
    return (
        f"{cpu or platform.processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
