"""How objections stand, as their codes tell it to the public."""

from zhengxin.objections.models import Objection
from zhengxin.publication.board.letters import Standing


def published(entry_id: int | None = None) -> list[Standing]:
    """Every objection, or those to one record: where it stands and its days."""
    rows = Objection.objects.order_by("id")
    if entry_id is not None:
        rows = rows.filter(entry_id=entry_id)
    return [standing_of(row) for row in rows.iterator(chunk_size=2000)]


def standing_of(row: Objection) -> Standing:
    """One of them."""
    label = str(row.get_state_display())
    return Standing(row.code_digest, label, row.lodged_on, row.decided_on, row.closed_on)
