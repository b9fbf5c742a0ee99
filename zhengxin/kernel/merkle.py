"""The Merkle tree of RFC 6962 over SHA-256: hashing, growing, proving, checking. Pure.

A tree of n leaves is kept as its frontier: the roots of its perfect subtrees, largest first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH = 32
TILE_HEIGHT = 8
TILE = 1 << TILE_HEIGHT
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data), RFC 6962 section 2.1."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Growth:
    """The tree after leaves were added.

    nodes: (level, index, hash) of every subtree of 256**level leaves that these leaves finished.
    """

    size: int
    frontier: tuple[bytes, ...]
    nodes: tuple[tuple[int, int, bytes], ...]

    @property
    def root(self) -> bytes:
        """The root of the whole tree."""
        return root_of_frontier(self.frontier)


def root_of_frontier(frontier: Sequence[bytes]) -> bytes:
    """The tree's root from its frontier (largest subtree first)."""
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def split_hashes(packed: bytes) -> tuple[bytes, ...]:
    """32-byte hashes out of one byte string. Raises ValueError when a hash is cut short."""
    if len(packed) % HASH:
        raise ValueError(f"{len(packed)} bytes are no whole number of hashes")
    return tuple(packed[i : i + HASH] for i in range(0, len(packed), HASH))


def fold(packed: bytes) -> bytes:
    """The root of a perfect subtree from its hashes, 2**k of 32 bytes each in one byte string."""
    while len(packed) > HASH:
        packed = b"".join(
            [sha256(b"\x01" + packed[i : i + 64]).digest() for i in range(0, len(packed), 64)]
        )
    return packed


def grow(size: int, frontier: Sequence[bytes], leaves: bytes) -> Growth:
    """Add leaf hashes (32 bytes each, packed) to a tree of `size` leaves with this frontier.

    Whole tiles of 256 are folded level by level, about 0.6 µs a leaf; the edges leaf by leaf.
    Raises ValueError when the frontier does not fit the size.
    """
    heights = [h for h in range(size.bit_length() - 1, -1, -1) if size >> h & 1]
    if len(heights) != len(frontier) or len(leaves) % HASH:
        raise ValueError("frontier or leaves do not fit the tree")
    stack = list(zip(heights, frontier, strict=True))
    nodes: list[tuple[int, int, bytes]] = []
    position, offset, end = size, 0, len(leaves)
    while offset < end:
        if position % TILE == 0 and end - offset >= TILE * HASH:
            height, step = TILE_HEIGHT, TILE * HASH
            value = fold(leaves[offset : offset + step])
            nodes.append((1, position >> TILE_HEIGHT, value))
            position += TILE
        else:
            height, step = 0, HASH
            value = leaves[offset : offset + HASH]
            position += 1
        offset += step
        while stack and stack[-1][0] == height:
            value = node_hash(stack.pop()[1], value)
            height += 1
            if height % TILE_HEIGHT == 0:
                nodes.append((height // TILE_HEIGHT, (position >> height) - 1, value))
        stack.append((height, value))
    return Growth(position, tuple(value for _, value in stack), tuple(nodes))


Subtree = Callable[[int, int], bytes]


def _split(n: int) -> int:
    """The largest power of two smaller than n (n > 1)."""
    return 1 << (n - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Leaf ranges [lo, hi) whose roots prove leaf `index` in a tree of `size`, lowest first.

    RFC 6962 section 2.1.1 (PATH). Raises ValueError when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    ranges: list[tuple[int, int]] = []
    lo, hi = 0, size
    while hi - lo > 1:
        middle = lo + _split(hi - lo)
        if index < middle:
            ranges.append((middle, hi))
            hi = middle
        else:
            ranges.append((lo, middle))
            lo = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """Leaf ranges whose roots prove that the tree of `new` leaves extends the one of `old`.

    RFC 6962 section 2.1.2 (PROOF). Empty for old = new. Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new}")
    ranges: list[tuple[int, int]] = []
    lo, hi, whole = 0, new, True
    while hi > old:
        middle = lo + _split(hi - lo)
        if old <= middle:
            ranges.append((middle, hi))
            hi = middle
        else:
            ranges.append((lo, middle))
            lo, whole = middle, False
    if not whole:
        ranges.append((lo, hi))
    return ranges[::-1]


def range_root(lo: int, hi: int, subtree: Subtree) -> bytes:
    """Root over leaves [lo, hi), as it stands in a tree ending at hi.

    subtree(height, index) gives the root of the perfect subtree of 2**height leaves at
    index * 2**height; lo must begin such a subtree.
    """
    parts: list[bytes] = []
    while lo < hi:
        height = (hi - lo).bit_length() - 1
        parts.append(subtree(height, lo >> height))
        lo += 1 << height
    return root_of_frontier(parts)


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> bool:
    """True when `proof` shows leaf hash `leaf` at `index` of the tree (size, root); RFC 9162 2.1.3.2."""
    if not 0 <= index < size or any(len(h) != HASH for h in (leaf, root, *proof)):
        return False
    try:
        ranges = inclusion_ranges(index, size)
    except ValueError:
        return False
    if len(ranges) != len(proof):
        return False
    value = leaf
    for (lo, _), sibling in zip(ranges, proof, strict=True):
        value = node_hash(value, sibling) if lo > index else node_hash(sibling, value)
    return value == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """True when `proof` shows that tree (new, new_root) extends tree (old, old_root); RFC 9162 2.1.4.2."""
    if any(len(h) != HASH for h in (old_root, new_root, *proof)) or not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    f, s = old - 1, new - 1
    while f & 1:
        f, s = f >> 1, s >> 1
    older = newer = path[0]
    for value in path[1:]:
        if s == 0:
            return False
        if f & 1 or f == s:
            older, newer = node_hash(value, older), node_hash(value, newer)
            while f and not f & 1:
                f, s = f >> 1, s >> 1
        else:
            newer = node_hash(newer, value)
        f, s = f >> 1, s >> 1
    return s == 0 and older == old_root and newer == new_root
