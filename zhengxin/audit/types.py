"""What leaves the audit room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhengxin.kernel.say import say

# Problems told to a reader: one changed block can make many lines wrong.
FEW = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One act, read or refusal as it was written; without content once it was disposed of."""

    id: int
    at: datetime
    account_id: int | None
    actor_name: str
    unit_id: int | None
    act: str
    object_kind: str
    object_id: str
    subject_id: int | None
    purpose: str
    outcome: str
    detail: Mapping[str, object]
    salt: bytes = b""
    disposal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for: those that meet every condition given.

    who: the name exactly, or the account's number. purpose: words in it. since is included, until is not.
    """

    who: str = ""
    act: str = ""
    outcome: str = ""
    object_kind: str = ""
    object_id: str = ""
    subject_id: int | None = None
    purpose: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def said(self) -> dict[str, str]:
        """The conditions that were given, for the log and for an export."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else str(value)
            for name in self.__dataclass_fields__
            if (value := getattr(self, name)) not in ("", None)
        }


@dataclass(frozen=True, slots=True)
class Page:
    """Lines newest first; `older` is the number of the line to go on from, None at the end."""

    lines: list[Line]
    older: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One opening of a subject's file: who, from which unit, when and for which purpose."""

    line_id: int
    at: datetime
    actor_name: str
    unit_id: int | None
    act: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines about to be sealed: leaves packed, 32 bytes each, in the order of ids.

    previous: root of the block before, 32 zero bytes for the first.
    """

    number: int
    first_id: int
    last_id: int
    runs: tuple[tuple[int, int], ...]
    leaves: bytes
    root: bytes
    previous: bytes

    @property
    def n(self) -> int:
        """How many lines."""
        return len(self.leaves) // 32


@dataclass(frozen=True, slots=True)
class Place:
    """A sealed line in its block: leaf number `index` of `n`, with the hashes up to the block's root."""

    block: int
    index: int
    n: int
    leaf: bytes
    path: list[bytes]
    root: bytes
    entry_id: int


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Lines before these moments are past their term: reads, others about a subject, all the rest."""

    reads: datetime
    subjects: datetime
    others: datetime


@dataclass(frozen=True, slots=True)
class Term:
    """How long one class of lines is kept at least, and which law says so."""

    what: str
    months: int
    basis: str
    # True when the law's text has not been read in full yet (待核实).
    unread: bool


@dataclass(frozen=True, slots=True)
class Act:
    """What the ledger says of a block or a disposal: its number, and its root or digest."""

    number: int
    digest: bytes
    entry_id: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold: in which block, which line (0: the block as a whole), why."""

    block: int
    line: int
    because: str

    def __str__(self) -> str:
        block = say("第{n}块", n=self.block) if self.block else ""
        line = say("第{n}行", n=self.line) if self.line else ""
        return f"{block}{line}：{self.because}" if block or line else self.because


@dataclass(frozen=True, slots=True)
class Report:
    """The result of recomputing every block and comparing it with the ledger."""

    blocks: int
    lines: int
    disposed: int
    unsealed: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """True when nothing was found wrong."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "ok": self.ok,
            "blocks": self.blocks,
            "lines": self.lines,
            "disposed": self.disposed,
            "unsealed": self.unsealed,
            "problems": [
                {"block": p.block, "line": p.line, "because": p.because} for p in self.problems
            ],
        }

    def as_text(self) -> str:
        """The report for a reader."""
        told = [
            say(
                "审计记录已封存{lines:,}行，共{blocks:,}块；尚未封存{unsealed:,}行。",
                lines=self.lines,
                blocks=self.blocks,
                unsealed=self.unsealed,
            )
        ]
        if self.disposed:
            told.append(say("其中到期清除内容{n:,}行，行的证明仍在。", n=self.disposed))
        if self.ok:
            told.append(say("每一行都与登记簿中封存的根值相符。"))
        else:
            told.append(say("发现{n}处不符：", n=len(self.problems)))
            told += [str(problem) for problem in self.problems[:FEW]]
            if len(self.problems) > FEW:
                told.append(say("只列出前{n}处，全部见 --json。", n=FEW))
        return "\n".join(told)
