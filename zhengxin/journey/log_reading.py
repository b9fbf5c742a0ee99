"""Reading the audit log is an act in it: a page, one line with its proof, an export that can be checked."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhengxin.audit import actions as audit
from zhengxin.audit import queries as audit_queries
from zhengxin.audit.enums import Outcome
from zhengxin.audit.leaves import leaf_of, line_bytes
from zhengxin.audit.permissions import check_read_audit
from zhengxin.audit.types import Line, Page, Place, Wanted
from zhengxin.journey.exports import Exported, Sealing, json_lines, signed_text
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.merkle import verify_inclusion
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.commitments import leaf_fields
from zhengxin.ledger.commitments import leaf_of as entry_leaf
from zhengxin.ledger.keys import log_name, signing_key
from zhengxin.ledger.models import Entry
from zhengxin.ledger.notes import TreeHead, sign


@dataclass(frozen=True, slots=True)
class Check:
    """One step of a proof and whether it holds."""

    what: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ProvedLine:
    """A line and its way up: line, root of its block, ledger entry, signed checkpoint.

    place: None before the line is sealed. note: the checkpoint that covers the entry, empty before
    one was signed. path: hashes from the entry's leaf to the checkpoint's root.
    """

    line: Line
    place: Place | None
    entry: Entry | None
    position: int
    head: TreeHead | None
    path: tuple[bytes, ...]
    note: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """True when the line is sealed and every step holds."""
        return bool(self.checks) and all(check.holds for check in self.checks)

    def as_json(self, *, content: bool) -> dict[str, Any]:
        """Everything that is needed to check the proof without this program.

        content: also what the line says, from which its leaf is computed.
        """
        proof: dict[str, Any] = {"line": self.line.id, "holds": self.holds}
        if self.place is not None and self.entry is not None:
            if content and self.line.disposal_id is None:
                proof["leaf_input"] = line_bytes(self.line).decode()
            proof |= {
                "leaf": _base64(self.place.leaf),
                "block": self.place.block,
                "index": self.place.index,
                "lines": self.place.n,
                "path": [_base64(value) for value in self.place.path],
                "block_root": self.place.root.hex(),
                "entry": _fields(self.entry),
                "entry_index": self.position,
                "entry_path": [_base64(value) for value in self.path],
                "checkpoint": self.note,
                "verifier_key": ledger_queries.verifier_key(),
            }
        proof["checks"] = [{"what": each.what, "holds": each.holds} for each in self.checks]
        return proof


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _fields(entry: Entry) -> dict[str, Any]:
    return leaf_fields(
        entry_id=entry.id,
        kind=entry.kind,
        subject_id=entry.subject_id,
        unit_id=entry.unit_id,
        true_on=entry.true_on,
        known_at=entry.known_at,
        about_id=entry.about_id,
        trait=entry.trait,
        commitment=bytes(entry.commitment),
    )


def read_audit(
    *, wanted: Wanted, before: int | None, limit: int, at: datetime, actor: Actor
) -> Page:
    """A page of the log, newest first; the reading stands in the log first, and not on its own page."""
    check_read_audit(actor)
    reading = _note("audit.read", "", Outcome.READ, wanted, at, actor)
    return audit_queries.lines(wanted, before=before, limit=limit, up_to=reading.id - 1)


def read_audit_line(*, line_id: int, at: datetime, actor: Actor) -> ProvedLine:
    """One line and its proof, each step checked now. Raises LineMissing."""
    check_read_audit(actor)
    _note("audit.read", line_id, Outcome.READ, Wanted(), at, actor)
    return _proved(line_id)


def prove_audit_line(*, line_id: int, at: datetime, actor: Actor) -> ProvedLine:
    """The proof of a line for whoever runs the machine, who is not told what it says. Raises LineMissing."""
    _note("audit.prove", line_id, Outcome.DONE, Wanted(), at, actor)
    return _proved(line_id)


def _proved(line_id: int) -> ProvedLine:
    line = audit_queries.line(line_id)
    place = audit_queries.place_of(line_id)
    if place is None:
        return ProvedLine(line, None, None, 0, None, (), "", ())
    entry = ledger_queries.entry(place.entry_id)
    position = ledger_queries.position(entry.id)
    checks = [
        Check(
            say("这一行的叶值经{n}步算到第{block}块的根值。", n=len(place.path), block=place.block),
            verify_inclusion(place.index, place.n, place.leaf, place.path, place.root),
        ),
        Check(
            say("登记簿第{n}号写着这一块的根值。", n=entry.id),
            entry.trait == f"{place.block};{place.root.hex()}",
        ),
    ]
    saved = ledger_queries.latest_checkpoint()
    if saved is None or saved.size <= position:
        return ProvedLine(line, place, entry, position, None, (), "", tuple(checks))
    head = ledger_queries.read_checkpoint(saved.note)
    path = ledger_queries.inclusion_proof(position, head.size)
    leaf = entry_leaf(_fields(entry))
    checks.append(
        Check(
            say("登记簿第{n}号包含在共{size:,}条的签名检查点里。", n=entry.id, size=head.size),
            verify_inclusion(position, head.size, leaf, path, head.root),
        )
    )
    return ProvedLine(line, place, entry, position, head, tuple(path), saved.note, tuple(checks))


@dataclass(frozen=True)
class AuditExport:
    """What was asked for, oldest line first; read it once, then sign what was written."""

    wanted: Wanted
    at: datetime
    by: str
    note: str
    verifier_key: str
    up_to: int

    def lines(self) -> Iterator[Exported]:
        """Every line, streamed. Lines written after the export began are not part of it."""
        blocks = self._all_blocks()
        block = next(blocks, None)
        for line in audit_queries.every_line(self.wanted, up_to=self.up_to):
            while block is not None and block.last_id < line.id:
                block = next(blocks, None)
            yield Exported(
                line,
                None if line.disposal_id is not None else leaf_of(line),
                block.block if block is not None else None,
            )

    def blocks(self, numbers: set[int]) -> Iterator[Sealing]:
        """The blocks with these numbers, in order."""
        return (block for block in self._all_blocks() if block.block in numbers)

    def _all_blocks(self) -> Iterator[Sealing]:
        for each in audit_queries.seals().iterator():
            yield Sealing(
                each.number,
                each.first_id,
                each.last_id,
                each.n,
                bytes(each.root).hex(),
                each.entry_id,
            )

    def as_json_lines(self) -> Iterator[str]:
        """The export as JSON Lines (see journey.exports)."""
        return json_lines(
            head={
                "asked": self.wanted.said(),
                "at": self.at.isoformat(),
                "by": self.by,
                "checkpoint": self.note,
                "verifier_key": self.verifier_key,
            },
            lines=self.lines(),
            blocks=self.blocks,
            sign=self.sign,
        )

    def sign(self, *, n: int, sha256: str) -> str:
        """A note, signed with the log's key, over the number of lines and the digest of all that was
        written before it. Its form is no checkpoint's."""
        return sign(signed_text(n=n, sha256=sha256), log_name(), signing_key())


def export_audit(*, wanted: Wanted, at: datetime, actor: Actor) -> AuditExport:
    """Taking lines away is a read like any other: it stands in the log first, with what was asked for."""
    check_read_audit(actor)
    noted = _note("audit.export", "", Outcome.READ, wanted, at, actor)
    saved = ledger_queries.latest_checkpoint()
    return AuditExport(
        wanted=wanted,
        at=at,
        by=actor.name,
        note=saved.note if saved else "",
        verifier_key=ledger_queries.verifier_key(),
        up_to=noted.id,
    )


def _note(
    act: str, object_id: object, outcome: str, wanted: Wanted, at: datetime, actor: Actor
) -> Line:
    return audit.record(
        act=act,
        object_kind="audit",
        object_id=object_id,
        outcome=outcome,
        at=at,
        actor=actor,
        asked=wanted.said(),
    )
