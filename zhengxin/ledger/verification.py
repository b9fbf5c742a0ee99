"""Recomputing the whole ledger from its columns and saying exactly what does not hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from zhengxin.kernel.merkle import EMPTY_ROOT, Growth, grow, verify_consistency
from zhengxin.ledger.commitments import quick_leaf
from zhengxin.ledger.contents import check_contents
from zhengxin.ledger.keys import log_name, signers
from zhengxin.ledger.models import Batch, Checkpoint, Node, Seal
from zhengxin.ledger.notes import NoteWrong, read_checkpoint, read_signed, verifier_key
from zhengxin.ledger.tree import NotInTree, consistency_proof, size
from zhengxin.ledger.types import Problem, Report

_STRETCH = 20_000
_LEAF_COLUMNS = (
    "ledger_entry.(kind, subject_id, unit_id, true_on, known_at, about_id, trait, commitment, leaf)"
)
# Text of the two clocks exactly as the leaf has it; a fraction of a second would show.
_CLOCKS = {
    "sqlite": "true_on || '', replace(known_at, ' ', 'T') || 'Z'",
    "postgresql": "to_char(true_on, 'YYYY-MM-DD'), replace(to_char(known_at AT TIME ZONE 'UTC', "
    "'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '.000000', '') || 'Z'",
}


@dataclass(slots=True)
class Findings:
    """What was found so far."""

    problems: list[Problem] = field(default_factory=list)
    payloads: int = 0
    erased: int = 0

    def add(self, where: str, row: object, because: str) -> None:
        self.problems.append(Problem(where, str(row), because))


def verify(progress: Callable[[int, int], None] | None = None, *, payloads: bool = False) -> Report:
    """Recompute every leaf, subtree, root and checkpoint; with `payloads` decrypt them all too.

    progress gets the number of entries done and of all. Without payloads 4 to 8 s a million entries;
    only with them are the columns key and content covered, and the payloads themselves.
    """
    findings = Findings()
    total = size()
    state = Growth(0, (), ())
    levels: dict[tuple[int, int], bytes] = {}
    roots: dict[int, bytes] = {0: EMPTY_ROOT}
    batches = {batch.id: batch for batch in Batch.objects.all()}
    for seal in Seal.objects.order_by("base").iterator():
        _check_seal(seal, batches.get(seal.batch_id), state, findings)
        for leaves in _leaves(seal, findings, payloads):
            state = grow(state.size, state.frontier, leaves)
            levels.update({(level, index): value for level, index, value in state.nodes})
            if progress is not None:
                progress(state.size, total)
        if state.root != bytes(seal.root):
            findings.add("ledger_seal.root", seal.batch_id, _("与重算的根不符。"))
        if b"".join(state.frontier) != bytes(seal.frontier):
            findings.add("ledger_seal.frontier", seal.batch_id, _("与重算的右缘不符。"))
        roots[state.size] = state.root
    _check_nodes(levels, findings)
    checkpoints = _check_checkpoints(state, roots, findings)
    return Report(
        size=state.size,
        root=state.root,
        checkpoints=checkpoints,
        payloads=findings.payloads,
        erased=findings.erased,
        problems=tuple(findings.problems),
        contents_read=payloads,
    )


def _check_seal(seal: Seal, batch: Batch | None, state: Growth, findings: Findings) -> None:
    if batch is None:
        findings.add("ledger_seal.batch_id", seal.batch_id, _("没有对应的批次。"))
    else:
        for name in ("first_id", "n"):
            if getattr(batch, name) != getattr(seal, name):
                findings.add(f"ledger_seal.{name}", seal.batch_id, _("与批次登记不符。"))
    if seal.base != state.size:
        findings.add("ledger_seal.base", seal.batch_id, _("与之前的条数不符。"))


def _leaves(seal: Seal, findings: Findings, payloads: bool) -> Iterator[bytes]:
    """Recomputed leaf hashes of one batch, packed; where a row is missing, zeros keep the place."""
    clocks = _CLOCKS[connection.vendor]
    last = seal.first_id + seal.n - 1
    for start in range(seal.first_id, last + 1, _STRETCH):
        stop = min(last, start + _STRETCH - 1)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, kind, subject_id, unit_id, {clocks}, about_id, trait, commitment, "
                "leaf, batch_id, key, content FROM ledger_entry WHERE id BETWEEN %s AND %s "
                "ORDER BY id",
                [start, stop],
            )
            rows = cursor.fetchall()
        if len(rows) != stop - start + 1:
            rows = _with_gaps(rows, start, stop, findings)
        parts: list[bytes] = []
        for row in rows:
            if row is None:
                parts.append(bytes(32))
                continue
            leaf = _recomputed(row)
            if leaf != row[9]:
                findings.add(_LEAF_COLUMNS, row[0], _("按各列重算的叶哈希与 leaf 列不符。"))
            if row[10] != seal.batch_id:
                findings.add("ledger_entry.batch_id", row[0], _("不属于这一批次。"))
            parts.append(leaf)
        yield b"".join(parts)
        if payloads:
            check_contents([row for row in rows if row is not None], findings)


def _recomputed(row: tuple[Any, ...]) -> bytes:
    """The leaf hash from the columns; a value that no leaf can hold gives another hash."""
    try:
        entry_id, kind, subject, unit, true_on, known_at, about, trait, committed = row[:9]
        return quick_leaf(
            entry_id, kind, subject, unit, true_on, known_at, about, trait, committed.hex()
        )
    except ValueError:
        return bytes(32)


def _with_gaps(rows: list[tuple[Any, ...]], start: int, stop: int, findings: Findings) -> list[Any]:
    there = {row[0]: row for row in rows}
    for missing in sorted(set(range(start, stop + 1)) - there.keys()):
        findings.add("ledger_entry.id", missing, _("该条记录缺失。"))
    return [there.get(entry_id) for entry_id in range(start, stop + 1)]


def _check_nodes(levels: dict[tuple[int, int], bytes], findings: Findings) -> None:
    places = Node.objects.order_by("level", "index").values_list("level", "index", "hash")
    for level, index, value in places.iterator():
        expected = levels.pop((level, index), None)
        if expected != bytes(value):
            findings.add("ledger_node.hash", f"{level}/{index}", _("与重算的节点不符。"))
    for level, index in sorted(levels):
        findings.add("ledger_node", f"{level}/{index}", _("该节点缺失。"))


def _check_checkpoints(state: Growth, roots: dict[int, bytes], findings: Findings) -> int:
    """Every saved checkpoint: signed by us, true to its columns, and extended by today's tree."""
    checked = 0
    keys, name = signers(), log_name()
    for saved in Checkpoint.objects.order_by("id").iterator():
        checked += 1
        signer = next(each for each in reversed(keys) if each.in_force(saved.signed_at))
        key = verifier_key(name, signer.public)
        try:
            stated = read_checkpoint(read_signed(saved.note, key))
        except NoteWrong as wrong:
            findings.add("ledger_checkpoint.note", saved.id, wrong.why)
            continue
        if stated.size != saved.size:
            findings.add("ledger_checkpoint.size", saved.id, _("与已签名的内容不符。"))
        if stated.root != bytes(saved.root):
            findings.add("ledger_checkpoint.root", saved.id, _("与已签名的内容不符。"))
        if not _extended(stated.size, stated.root, state, roots):
            findings.add("ledger_checkpoint.note", saved.id, _("现有账本不是该检查点的延续。"))
    return checked


def _extended(old: int, root: bytes, state: Growth, roots: dict[int, bytes]) -> bool:
    if old > state.size or roots.get(old, root) != root:
        return False
    if old in roots:
        return True
    try:
        proof = consistency_proof(old, state.size)
    except NotInTree:
        return False
    return verify_consistency(old, state.size, root, state.root, proof)
