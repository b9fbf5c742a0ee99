"""Noting what came in from a peer and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from zhengxin.handover.carrying.reaching import READ
from zhengxin.handover.enums import ArrivalState
from zhengxin.handover.manifests import MANIFEST
from zhengxin.handover.models import Arrival, PeerCursor
from zhengxin.handover.types import Incoming, Peer
from zhengxin.kernel.actor import Actor


def note_arrival(
    *,
    peer: Peer,
    incoming: Incoming,
    submission_id: int | None,
    at: datetime,
    actor: Actor,
) -> Arrival:
    """Write down a file from above, once for the same bytes, and move it aside in its folder."""
    state = ArrivalState.TAKEN
    because = _("前一批没有收到。") if incoming.gap else ""
    if incoming.held:
        state, because = ArrivalState.HELD, incoming.held
    arrival, _made = Arrival.objects.get_or_create(
        peer=peer.code,
        sha256=incoming.sha256,
        defaults={
            "number": incoming.number,
            "filename": incoming.filename[:255],
            "received_at": at,
            "submission_id": submission_id,
            "state": state,
            "because": because[:300],
        },
    )
    _move(incoming.path)
    if incoming.filename.endswith(MANIFEST):
        stem = incoming.filename.removesuffix(MANIFEST)
        for path in list(incoming.path.parent.glob(f"{stem}.*")):
            _move(path)
    return arrival


def note_batches(*, batches: Mapping[int, int], at: datetime, actor: Actor) -> None:
    """Write down which block of ledger entries each submission from above became (submission to batch)."""
    for submission_id, batch_id in batches.items():
        Arrival.objects.filter(submission_id=submission_id, batch_id__isnull=True).update(
            batch_id=batch_id
        )


def note_arrival_faults(*, peer: Peer, faults: Sequence[str], at: datetime, actor: Actor) -> None:
    """Write down what kept files from above from being taken in, and since when; nothing ends it."""
    cursor, _made = PeerCursor.objects.get_or_create(pk=peer.code)
    cursor.arrival_fault_since = (cursor.arrival_fault_since or at) if faults else None
    cursor.arrival_fault = "；".join(faults)[:300]
    cursor.save(update_fields=["arrival_fault", "arrival_fault_since"])


def _move(path: Path) -> None:
    if path.is_file():
        aside = path.parent / READ
        aside.mkdir(exist_ok=True)
        path.replace(aside / path.name)
