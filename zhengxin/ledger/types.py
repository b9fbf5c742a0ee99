"""What crosses the ledger's doorway."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from zhengxin.kernel.say import say


@dataclass(frozen=True)
class Draft:
    """What enters the ledger: one record, or one act about a record.

    Two clocks: true_on (None when the source does not say) and known_at (aware). key and content
    are keyed 63-bit digests of the natural key and of the whole content, None for acts.
    """

    kind: str
    subject_id: int | None
    unit_id: int | None
    true_on: date | None
    known_at: datetime
    # Fields that may be published with the record.
    open: Mapping[str, Any]
    # Free-text fields, published one by one and only after a person released them.
    text: Mapping[str, str] = field(default_factory=dict)
    # Never published.
    closed: Mapping[str, Any] = field(default_factory=dict)
    key: int | None = None
    content: int | None = None
    about_id: int | None = None
    trait: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """The content of an entry, decrypted."""

    open: Mapping[str, Any]
    text: Mapping[str, str]
    closed: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Range:
    """n sealed entries of one batch: ids first_id, first_id+1, ... at positions position, position+1, ..."""

    batch_id: int
    position: int
    first_id: int
    n: int


@dataclass(frozen=True, slots=True)
class KeyMatch:
    """A sealed entry with a natural key that was asked for. standing: it was neither withdrawn nor revoked."""

    entry_id: int
    content: int | None
    about_id: int | None
    batch_id: int
    trait: str
    standing: bool


@dataclass(frozen=True, slots=True)
class Signer:
    """A public key (32 bytes) that checks checkpoints signed from from_at until before until_at (None: open)."""

    number: int
    public: bytes
    from_at: datetime | None
    until_at: datetime | None

    def in_force(self, at: datetime) -> bool:
        """Whether checkpoints of this moment are signed by it."""
        return (self.from_at is None or self.from_at <= at) and (
            self.until_at is None or at < self.until_at
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold: which table and column, which row (entry id, batch id, ...), why."""

    where: str
    row: str
    because: str


# Problems told to a reader: one changed row makes every later root wrong.
FEW = 20


@dataclass(frozen=True, slots=True)
class Report:
    """The result of recomputing the ledger. root is the recomputed one (32 bytes).

    contents_read: whether the payloads were decrypted and compared too.
    """

    size: int
    root: bytes
    checkpoints: int
    payloads: int
    erased: int
    problems: tuple[Problem, ...]
    contents_read: bool = False

    @property
    def ok(self) -> bool:
        """True when nothing was found wrong."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """The report for machines; the root in hexadecimal."""
        return {
            "ok": self.ok,
            "contents_read": self.contents_read,
            "size": self.size,
            "root": self.root.hex(),
            "checkpoints": self.checkpoints,
            "payloads": self.payloads,
            "erased": self.erased,
            "problems": [
                {"where": p.where, "row": p.row, "because": p.because} for p in self.problems
            ],
        }

    def as_text(self) -> str:
        """The report for a reader, a line for each of the first problems."""
        lines = [
            say("账本共{n}条，重算的根为 {root}。", n=self.size, root=self.root.hex()),
            say("已核对检查点{n}个。", n=self.checkpoints),
        ]
        if self.payloads or self.erased:
            lines.append(
                say(
                    "已解密核对内容{n}条；依法删除{erased}条。", n=self.payloads, erased=self.erased
                )
            )
        if self.ok and self.contents_read:
            lines.append(say("全部相符。"))
        elif self.ok:
            lines.append(say("所查各项相符。"))
        else:
            lines.append(say("发现{n}处不符：", n=len(self.problems)))
            lines += [
                say("{where}（编号{row}）：{because}", where=p.where, row=p.row, because=p.because)
                for p in self.problems[:FEW]
            ]
            if len(self.problems) > FEW:
                lines.append(say("只列出前{n}处，后面的多半由它们引起；全部见 --json。", n=FEW))
        if not self.contents_read:
            lines.append(
                say(
                    "注意：这次没有核对各条的内容。密文或密钥若被改动或丢失，"
                    "这次核验发现不了；要一并核对，加 --payloads。"
                )
            )
        return "\n".join(lines)
