"""What the process that seals remembers of lines between two seals."""

from zhengxin.audit.leaves import NO_BLOCK, leaf_of, root_of, runs_of
from zhengxin.audit.models import AuditLine, AuditSeal
from zhengxin.audit.queries import line_of
from zhengxin.audit.types import Block

_AT_ONCE = 2_000


class Watch:
    """The leaves of lines that are not sealed yet, as they were when they were first seen; in memory alone.

    A block is made of these. So whoever changes a line, takes it out or slips one in between its being
    seen and being sealed finds the seal closed over what was there before, and `verify` names the line.
    """

    def __init__(self) -> None:
        self._leaves: dict[int, bytes] = {}
        self._up_to = 0
        self._last: AuditSeal | None = None

    def look(self, up_to: int, at_most: int) -> None:
        """Take note of lines up to this number, below which none can appear any more; remember at most so many."""
        self._last = AuditSeal.objects.order_by("-number").defer("leaves", "runs").first()
        sealed = self._last.last_id if self._last else 0
        if sealed >= min(self._leaves, default=sealed + 1):
            self._leaves = {
                number: leaf for number, leaf in self._leaves.items() if number > sealed
            }
        self._up_to = max(self._up_to, sealed)
        room = at_most - len(self._leaves)
        if up_to <= self._up_to or room <= 0:
            return
        rows = AuditLine.objects.filter(id__gt=self._up_to, id__lte=up_to).order_by("id")[:room]
        found = {row.id: leaf_of(line_of(row)) for row in rows.iterator(chunk_size=_AT_ONCE)}
        self._leaves |= found
        self._up_to = up_to if len(found) < room else max(found)

    def block(self) -> Block | None:
        """What is remembered as the block after the last one; None when that is nothing."""
        if not self._leaves:
            return None
        ids = sorted(self._leaves)
        leaves = b"".join(self._leaves[number] for number in ids)
        return Block(
            number=self._last.number + 1 if self._last else 1,
            first_id=ids[0],
            last_id=ids[-1],
            runs=runs_of(ids),
            leaves=leaves,
            root=root_of(leaves),
            previous=bytes(self._last.root) if self._last else NO_BLOCK,
        )
