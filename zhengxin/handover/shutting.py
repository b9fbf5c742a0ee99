"""What was sealed since it was taken up: asked once more before it is packed and before it is brought."""

from collections.abc import Sequence

from zhengxin.archive.changes import chunks
from zhengxin.handover.models import Dispatch, Line
from zhengxin.ledger.models import Entry
from zhengxin.publication.queries import sealed

_AT_ONCE = 10_000


def shut(records: Sequence[tuple[int, int]]) -> set[int]:
    """Those of these versions that are given to nobody now. records: first entry of the record, and the version.

    Only a version that has a history is asked about: nothing else can have been sealed since its arrival.
    """
    ids = [entry_id for _, entry_id in records]
    spoken_of = Entry.objects.filter(about_id__in=ids).values_list("about_id", flat=True)
    old = {i for i in spoken_of if i is not None}
    old |= {entry_id for root_id, entry_id in records if root_id != entry_id}
    return sealed(old) if old else set()


def holds_sealed(dispatch: Dispatch) -> bool:
    """Whether content of a record lies in this dispatch that is given to nobody now."""
    bearing = Line.objects.filter(dispatch_id=dispatch.id, file__gte=0).order_by("id")
    records = list(bearing.values_list("root_id", "entry_id"))
    return any(shut(some) for some in chunks(records, _AT_ONCE))
