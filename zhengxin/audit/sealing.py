"""Which lines can be sealed, and the next block of them."""

from zhengxin.audit.models import AuditLine, AuditSeal
from zhengxin.audit.queries import last_id
from zhengxin.audit.types import Block
from zhengxin.audit.watching import Watch

# Lines of one block at most: half a megabyte of leaves.
BLOCK = 16_384


def next_block(up_to: int, at_most: int = BLOCK, watch: Watch | None = None) -> Block | None:
    """The next unsealed lines up to this number as a block; None when there are none.

    With a watch, the lines as it saw them first.
    """
    watch = watch or Watch()
    watch.look(up_to, at_most)
    return watch.block()


def waiting() -> tuple[int, AuditLine | None]:
    """How many numbers are not sealed yet, at most, and the oldest line among them."""
    last = AuditSeal.objects.order_by("-number").values_list("last_id", flat=True).first() or 0
    oldest = AuditLine.objects.filter(id__gt=last).order_by("id").first()
    return (last_id() - oldest.id + 1 if oldest else 0), oldest
