"""Which lines can be sealed, and the next block of them."""

from zhengxin.audit.leaves import NO_BLOCK, leaf_of, root_of, runs_of
from zhengxin.audit.models import AuditLine, AuditSeal
from zhengxin.audit.queries import last_id, line_of
from zhengxin.audit.types import Block

# Lines of one block at most: half a megabyte of leaves.
BLOCK = 16_384
_AT_ONCE = 2_000


def next_block(up_to: int, at_most: int = BLOCK) -> Block | None:
    """The next unsealed lines up to this number as a block; None when there are none."""
    last = AuditSeal.objects.order_by("-number").defer("leaves", "runs").first()
    after = last.last_id if last else None
    rows = AuditLine.objects.filter(id__lte=up_to).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    ids: list[int] = []
    leaves = bytearray()
    for row in rows[:at_most].iterator(chunk_size=_AT_ONCE):
        ids.append(row.id)
        leaves += leaf_of(line_of(row))
    if not ids:
        return None
    return Block(
        number=last.number + 1 if last else 1,
        first_id=ids[0],
        last_id=ids[-1],
        runs=runs_of(ids),
        leaves=bytes(leaves),
        root=root_of(bytes(leaves)),
        previous=bytes(last.root) if last else NO_BLOCK,
    )


def waiting() -> tuple[int, AuditLine | None]:
    """How many numbers are not sealed yet, at most, and the oldest line among them."""
    last = AuditSeal.objects.order_by("-number").values_list("last_id", flat=True).first() or 0
    oldest = AuditLine.objects.filter(id__gt=last).order_by("id").first()
    return (last_id() - oldest.id + 1 if oldest else 0), oldest
