"""Values that cross the doorway of inspections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Member:
    """One unit of a frozen population: its code, name and kind (a value of UnitKind) on the day it was frozen."""

    unit_id: int
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One unit that was drawn; digest: the 64 hexadecimal digits by which it stood in line."""

    code: str
    digest: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """Everything a draw is computed from. n: how many, in all or (per_kind) of every kind of unit."""

    population: tuple[Member, ...]
    n: int
    per_kind: bool
    seed: str

    def as_json(self) -> dict[str, Any]:
        """What anyone needs to compute the draw again, without this program."""
        return {
            "population": [
                {"code": each.code, "name": each.name, "kind": each.kind}
                for each in self.population
            ],
            "n": self.n,
            "per_kind": self.per_kind,
            "seed": self.seed,
        }


@dataclass(frozen=True, slots=True)
class Planned:
    """A campaign as it is asked for. from_on, until_on: its period; seed_on: the day the seed becomes known.

    items: words and basis of each, in order. seed_named: which public value the seed will be.
    """

    title: str
    basis: str
    from_on: date
    until_on: date
    items: tuple[tuple[str, str], ...]
    population: tuple[Member, ...]
    n: int
    per_kind: bool
    seed_kind: str
    seed_named: str
    seed_on: date
    review_unit_id: int


@dataclass(frozen=True, slots=True)
class Window:
    """Until when something may be asked for; certain: False where a calendar is missing that could move the day."""

    until: date
    certain: bool
    because: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items of a case were found what; open: of these nobody has said anything yet.

    running: problems whose rectification is still owed; settled: problems found rectified.
    """

    by_verdict: Mapping[str, int]
    open: int
    running: int
    settled: int

    @property
    def problems(self) -> int:
        """How many items have a problem."""
        return self.by_verdict.get("problem", 0)
