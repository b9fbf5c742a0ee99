"""What crosses the doorway: how backups are kept, what one holds, what a restored home says of itself."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Keep:
    """How many backups stay: the newest of each of so many days, weeks and months that have one."""

    daily: int = 14
    weekly: int = 8
    monthly: int = 12


@dataclass(frozen=True, slots=True)
class Rules:
    """What backup.yaml says. recipients: public halves (age1…) of the identities that open the archives."""

    recipients: tuple[str, ...]
    folder: Path | None
    keys_folder: Path | None
    keep: Keep


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts by which a home is known again. entries: sealed ones, "kind/unit" to number; tables: rows by store;
    erased: secrets destroyed; migrations: applied ones, by store."""

    entries: dict[str, int]
    tables: dict[str, dict[str, int]]
    erased: int
    migrations: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Archive:
    """One encrypted file: SHA-256 (hexadecimal) and bytes of it as it lies there."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is signed of a backup. verifier: the ledger's public line at that time; size, root: of the tree."""

    run: str
    at: datetime
    program: str
    engine: str
    size: int
    root: str
    verifier: str
    data: Archive
    keys: Archive


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup, and how many old ones went."""

    manifest: Manifest
    data: Path
    keys: Path
    removed: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restored home says of itself. erased: entries erased again; problems: what differs, in Chinese."""

    run: str
    made_at: datetime
    size: int
    root: str
    contents: int
    erased: int
    unknown: int
    kinds: dict[str, int]
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the process that asked."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "made_at": self.made_at.isoformat()
        }


@dataclass(frozen=True, slots=True)
class Done:
    """A line of the home's own record of backups and drills. what: "backup", "drill" or "upgrade"."""

    what: str
    at: datetime
    run: str
    ok: bool
    told: dict[str, Any]
