"""The tree as it stands in the database: leaves, tiles, roots and proofs."""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from zhengxin.kernel.merkle import (
    EMPTY_ROOT,
    TILE,
    TILE_HEIGHT,
    consistency_ranges,
    fold,
    inclusion_ranges,
    range_root,
    split_hashes,
)
from zhengxin.kernel.refused import Refused
from zhengxin.ledger.models import Entry, Node, Seal

_STRETCH = 50_000


class NotInTree(Refused):
    """A position or size that the tree does not have."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            _("账本当前共有 {n} 条。").format(n=size()),
            _("请核对编号后重试。"),
        )


@dataclass(frozen=True, slots=True)
class Head:
    """The tree at one size: its root and frontier."""

    size: int
    root: bytes
    frontier: tuple[bytes, ...]


def head() -> Head:
    """The tree as the last seal left it."""
    last = Seal.objects.order_by("-base").first()
    if last is None:
        return Head(0, EMPTY_ROOT, ())
    return Head(last.base + last.n, bytes(last.root), split_hashes(bytes(last.frontier)))


def size() -> int:
    """How many entries are sealed."""
    last = Seal.objects.order_by("-base").values_list("base", "n").first()
    return sum(last) if last else 0


def leaves_by_id(first: int, last: int) -> bytes:
    """Leaf hashes of the entries first..last in the order of their ids, packed."""
    parts: list[bytes] = []
    with connection.cursor() as cursor:
        for start in range(first, last + 1, _STRETCH):
            cursor.execute(
                "SELECT leaf FROM ledger_entry WHERE id BETWEEN %s AND %s ORDER BY id",
                [start, min(last, start + _STRETCH - 1)],
            )
            parts += [bytes(leaf) for (leaf,) in cursor.fetchall()]
    return b"".join(parts)


def id_runs(start: int, stop: int) -> list[tuple[int, int]]:
    """First and last entry id of the sealed positions [start, stop), in order, neighbours joined."""
    columns = ("base", "first_id", "n")
    first = Seal.objects.filter(base__lte=start).order_by("-base").values_list(*columns)[:1]
    rest = Seal.objects.filter(base__gt=start, base__lt=stop).order_by("base")
    runs: list[tuple[int, int]] = []
    for base, first_id, n in [*first, *rest.values_list(*columns)]:
        low = first_id + max(start - base, 0)
        high = first_id + min(stop - base, n) - 1
        if high < low:
            continue
        if runs and runs[-1][1] + 1 == low:
            runs[-1] = (runs[-1][0], high)
        else:
            runs.append((low, high))
    return runs


def tile(level: int, index: int, size: int) -> bytes:
    """Tile `index` of a level in the tree of `size` leaves: up to 256 hashes of 32 bytes.

    Level 0 holds leaves, level 1 the roots of 256 leaves, and so on. Raises NotInTree.
    """
    start = index * TILE
    stop = min(start + TILE, size >> TILE_HEIGHT * level) if level >= 0 else 0
    if index < 0 or stop <= start:
        raise NotInTree(_("账本中没有这一块哈希。"))
    if level:
        nodes = Node.objects.filter(level=level, index__gte=start, index__lt=stop)
        found = b"".join(bytes(h) for h in nodes.order_by("index").values_list("hash", flat=True))
    else:
        found = b"".join(leaves_by_id(*run) for run in id_runs(start, stop))
    if len(found) != (stop - start) * 32:
        raise NotInTree(_("账本中没有这一块哈希。"))
    return found


@dataclass(slots=True)
class _Reader:
    """Perfect subtrees of one tree size, each tile read once."""

    size: int
    _tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def subtree(self, height: int, index: int) -> bytes:
        level, inner = divmod(height, TILE_HEIGHT)
        first, n = index << inner, 1 << inner
        place = (level, first // TILE)
        if place not in self._tiles:
            self._tiles[place] = tile(*place, self.size)
        offset = first % TILE * 32
        return fold(self._tiles[place][offset : offset + n * 32])

    def prove(self, ranges: list[tuple[int, int]]) -> list[bytes]:
        return [range_root(lo, hi, self.subtree) for lo, hi in ranges]


def _within(wanted: int) -> None:
    if not 0 <= wanted <= size():
        raise NotInTree(_("账本没有过 {n} 条时的状态。").format(n=wanted))


def inclusion_proof(position: int, size: int) -> list[bytes]:
    """Audit path of the leaf at `position` in the tree of `size` leaves, lowest first. Raises NotInTree."""
    _within(size)
    if not 0 <= position < size:
        raise NotInTree(_("账本中没有第 {n} 个位置。").format(n=position))
    return _Reader(size).prove(inclusion_ranges(position, size))


def consistency_proof(old: int, new: int) -> list[bytes]:
    """Proof that the tree of `new` leaves extends the one of `old`. Raises NotInTree."""
    _within(new)
    if not 0 <= old <= new:
        raise NotInTree(_("账本没有过 {n} 条时的状态。").format(n=old))
    return _Reader(new).prove(consistency_ranges(old, new)) if old else []


def root(size: int) -> bytes:
    """The root of the tree when it had `size` leaves. Raises NotInTree."""
    _within(size)
    return range_root(0, size, _Reader(size).subtree) if size else EMPTY_ROOT


def sealed_entries() -> QuerySet[Entry]:
    """Entries of sealed batches; the others do not exist for anybody."""
    return Entry.objects.filter(Exists(Seal.objects.filter(batch_id=OuterRef("batch_id"))))
