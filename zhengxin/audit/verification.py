"""Recomputing every block from its lines, and comparing it with what the ledger says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from zhengxin.audit.leaves import NO_BLOCK, ids_in, leaf_of, root_of
from zhengxin.audit.models import AuditDisposal, AuditLine, AuditSeal
from zhengxin.audit.queries import line_of
from zhengxin.audit.types import Act, Line, Problem, Report
from zhengxin.kernel.merkle import HASH

_AT_ONCE = 2_000


@dataclass(slots=True)
class _Findings:
    problems: list[Problem] = field(default_factory=list)
    lines: int = 0
    # Disposal number -> how many lines name it, and the running digest of their ids.
    disposed: dict[int, int] = field(default_factory=dict)
    digests: dict[int, Any] = field(default_factory=dict)

    def add(self, block: int, line: int, because: str) -> None:
        self.problems.append(Problem(block, line, because))


def verify(*, blocks: Sequence[Act], disposals: Sequence[Act]) -> Report:
    """Compare every line with the blocks, and the blocks and disposals with the ledger's acts.

    blocks and disposals: what the ledger says, in its order; its own entries are verified there. Lines
    are read once, in order, a block at a time. About 30 s a million lines.
    """
    findings = _Findings()
    promised = _numbered(blocks, findings, _("登记簿里有这一块的两次封存。"))
    stream = _Stream()
    count = before = 0
    for sealed in AuditSeal.objects.order_by("number").iterator(chunk_size=8):
        count += 1
        act = promised.pop(sealed.number, None)
        if act is None:
            findings.add(sealed.number, 0, _("登记簿里没有这一块的封存，是后来加上的。"))
        elif act.digest != bytes(sealed.root) or act.entry_id != sealed.entry_id:
            findings.add(sealed.number, 0, _("封存记录与登记簿里的根值不符，封存后被改过。"))
        if sealed.number != before + 1:
            # The block between is missing (told below): its lines are not this block's.
            for line in stream.up_to(sealed.first_id - 1):
                findings.add(0, line.id, _("所属的封存记录缺失，这一行无法核对。"))
        before = sealed.number
        _check_block(sealed, act, stream, findings)
    for number in sorted(promised):
        findings.add(number, 0, _("登记簿里封存过这一块，封存记录已缺失。"))
    unsealed = 0
    for line in stream.rest():
        unsealed += 1
        if line.disposal_id is not None:
            findings.add(0, line.id, _("还没有封存，内容就被清除了。"))
    _check_disposals(disposals, findings)
    return Report(
        blocks=count,
        lines=findings.lines,
        disposed=sum(findings.disposed.values()),
        unsealed=unsealed,
        problems=tuple(findings.problems),
    )


class _Stream:
    """All lines in the order of their ids, taken up to a number at a time."""

    def __init__(self) -> None:
        rows = AuditLine.objects.order_by("id").iterator(chunk_size=_AT_ONCE)
        self._lines: Iterator[Line] = map(line_of, rows)

    def up_to(self, number: int) -> Iterator[Line]:
        for line in self._lines:
            if line.id > number:
                self._lines = chain([line], self._lines)
                return
            yield line

    def rest(self) -> Iterator[Line]:
        return self._lines


def _numbered(acts: Sequence[Act], findings: _Findings, twice: str) -> dict[int, Act]:
    found: dict[int, Act] = {}
    for act in acts:
        if act.number in found:
            findings.add(act.number, 0, twice)
        found.setdefault(act.number, act)
    return found


def _check_block(sealed: AuditSeal, act: Act | None, stream: _Stream, findings: _Findings) -> None:
    """Every line of the block against its own leaf; without sound leaves, the block as a whole."""
    leaves = bytes(sealed.leaves)
    root = act.digest if act is not None else bytes(sealed.root)
    expected: dict[int, bytes] = {}
    if _runs_fit(sealed, len(leaves)) and root_of(leaves) == root:
        expected = {
            number: leaves[place * HASH : (place + 1) * HASH]
            for place, number in enumerate(ids_in(sealed.runs))
        }
    told = [line for line in stream.up_to(sealed.last_id)]
    findings.lines += len(told)
    for line in told:
        _note_disposal(line, findings)
    if not expected:
        computed = [NO_BLOCK if x.disposal_id is not None else leaf_of(x) for x in told]
        if root_of(b"".join(computed)) != root:
            findings.add(
                sealed.number,
                0,
                _("各行的叶值清单被改过，按各行重算的根值也与封存时不符，不能指出是哪一行。"),
            )
        return
    for line in told:
        leaf = expected.pop(line.id, None)
        if leaf is None:
            findings.add(sealed.number, line.id, _("封存时没有这一行，是后来插入的。"))
        elif line.disposal_id is None and leaf_of(line) != leaf:
            findings.add(sealed.number, line.id, _("这一行写下以后被改过。"))
    for number in expected:
        findings.add(sealed.number, number, _("封存时有这一行，现在缺失。"))


def _runs_fit(sealed: AuditSeal, size: int) -> bool:
    """Whether the runs are pairs that name exactly as many ids as there are leaves."""
    try:
        n = sum(last - first + 1 for first, last in sealed.runs)
    except (TypeError, ValueError):
        return False
    return n * HASH == size and all(first <= last for first, last in sealed.runs)


def _note_disposal(line: Line, findings: _Findings) -> None:
    if line.disposal_id is None:
        return
    number = line.disposal_id
    if any((line.act, line.actor_name, line.object_id, line.purpose, line.detail, line.salt)):
        findings.add(0, line.id, _("写着内容已清除，却还有内容。"))
    findings.disposed[number] = findings.disposed.get(number, 0) + 1
    findings.digests.setdefault(number, sha256()).update(b"%d\n" % line.id)


def _check_disposals(acts: Sequence[Act], findings: _Findings) -> None:
    """Contents may be gone only as the ledger says: these lines, under these decisions."""
    promised = _numbered(acts, findings, _("登记簿里有这一次清除的两次登记。"))
    for decided in AuditDisposal.objects.order_by("number"):
        number = decided.number
        act = promised.pop(number, None)
        gone = findings.disposed.get(number, 0)
        if act is None or act.digest != bytes(decided.digest) or act.entry_id != decided.entry_id:
            findings.add(0, 0, _("第{n}次清除与登记簿不符。").format(n=number))
        elif gone < decided.n:
            because = _("第{n}次清除没有办完：登记{wanted}行，已清除{gone}行，请再运行一次清除。")
            findings.add(0, 0, because.format(n=number, wanted=decided.n, gone=gone))
        elif findings.digests.get(number, sha256()).digest() != act.digest:
            findings.add(0, 0, _("第{n}次清除的行与登记的不符，有行被提前清除。").format(n=number))
    known = set(AuditDisposal.objects.values_list("number", flat=True))
    for number in sorted(findings.disposed.keys() - known):
        findings.add(0, 0, _("有行写着按第{n}次清除，登记簿里没有这一次。").format(n=number))
    for number in sorted(promised):
        findings.add(0, 0, _("登记簿里有第{n}次清除，清除记录已缺失。").format(n=number))
