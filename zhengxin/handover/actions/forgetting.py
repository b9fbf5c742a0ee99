"""The content of an entry was erased: what is packed of it goes, and peers that hold it are told."""

import shutil
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengxin.handover import carrying
from zhengxin.handover.actions.packing import outbox_claim
from zhengxin.handover.enums import AnswerVerdict, DispatchState
from zhengxin.handover.ground import outbox, peers
from zhengxin.handover.models import Answer, AnswerFile, Arrival, Dispatch, Line, RecordStanding
from zhengxin.handover.rules import state_of_answers
from zhengxin.handover.shutting import holds_sealed
from zhengxin.handover.types import Carrier, Operation, Peer, Place, Standing
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused

_STANDING = (
    "held_entry_id", "held_over", "held_disputed", "state", "since", "operation", "last", "line_entry_id",
    "line_operation", "dispatch_id", "line_id",
)  # fmt: skip


def forget(*, entry_id: int, at: datetime, actor: Actor) -> list[str]:
    """The content of an entry was erased: packed files that hold it are removed, and peers that hold it are told.

    A dispatch that was not delivered yet becomes void: it keeps its number and its place in the
    chain, and its other records go with the next one. Returns the numbers of the dispatches whose
    files were removed. Again is harmless.
    """
    cleared = []
    ids = set(Line.objects.filter(entry_id=entry_id).values_list("dispatch_id", flat=True))
    with transaction.atomic():
        for dispatch in Dispatch.objects.filter(id__in=ids, cleared_at__isnull=True):
            _clear(dispatch, at)
            cleared.append(dispatch.number)
        rows = RecordStanding.objects.filter(entry_id=entry_id).exclude(state=Standing.EXEMPT)
        for row in rows:
            gone = str(_("内容已抹去。"))
            held = row.held_entry_id is not None
            if held and row.line_operation == Operation.REVOKE:
                continue
            row.state = Standing.DUE if held else Standing.EXEMPT
            row.operation = Operation.REVOKE.value if held else ""
            row.because, row.since = gone, at
            row.save(update_fields=["state", "operation", "because", "since"])
    return cleared


def void_waiting(*, entry_ids: Collection[int], at: datetime, actor: Actor) -> list[str]:
    """Dispatches that bear these entries and were not delivered yet become void; their other records are due again.

    What was delivered stays: the peer has it. Returns the numbers.
    """
    ids = Line.objects.filter(entry_id__in=entry_ids).values("dispatch_id")
    voided = []
    with transaction.atomic():
        for dispatch in Dispatch.objects.filter(id__in=ids, state=DispatchState.WAITING):
            _clear(dispatch, at)
            voided.append(dispatch.number)
    return voided


def void_sealed(*, peer: Peer, at: datetime, actor: Actor) -> list[str]:
    """Waiting dispatches that hold what was sealed since they were packed become void; returns their numbers.

    Their other records are due again. Nothing is done while somebody packs or delivers.
    """
    void = []
    with outbox_claim(peer) as mine:
        waiting = Dispatch.objects.filter(peer=peer.code, state=DispatchState.WAITING)
        for dispatch in waiting.order_by("-id") if mine else ():
            if holds_sealed(dispatch):
                with transaction.atomic():
                    _clear(dispatch, at)
                void.append(dispatch.number)
    return void


def _clear(dispatch: Dispatch, at: datetime) -> None:
    """The files of a dispatch go; one that was not delivered yet becomes void."""
    shutil.rmtree(outbox(dispatch.peer) / dispatch.number, ignore_errors=True)
    dispatch.cleared_at = at
    if dispatch.state == DispatchState.WAITING:
        dispatch.state = DispatchState.VOID
        _put_back(dispatch, at)
    dispatch.save(update_fields=["cleared_at", "state"])


def withdraw(
    *, entry_ids: Collection[int], submission_ids: Collection[int], at: datetime, actor: Actor
) -> bool:
    """Remove files that bear erased entries from folders that this house and a peer both see; False: not all, again.

    Whole files go, from where they wait and from where they were laid aside: data files sent, return
    files that answer them, files from above that these submissions came of. Whether the peer had
    taken them nobody knows, so their other records stand as sent, and are told of when nothing is
    answered. A peer that is not described any more has no folder.
    """
    try:
        known = peers()
    except Refused:
        return False
    lines = Line.objects.filter(entry_id__in=entry_ids)
    sent = Dispatch.objects.filter(id__in=lines.values("dispatch_id"))
    files = Answer.objects.filter(line_id__in=lines.values("id")).values("file_id")
    there: list[tuple[Place, list[str]]] = []
    for dispatch in sent:
        if peer := known.get(dispatch.peer):
            there.append((peer.delivery, [each["sha256"] for each in dispatch.files]))
    for answer in AnswerFile.objects.filter(id__in=files):
        peer = known.get(answer.peer)
        if peer is not None and peer.answers is not None:
            there.append((peer.answers, [answer.sha256]))
    for arrival in Arrival.objects.filter(submission_id__in=submission_ids):
        peer = known.get(arrival.peer)
        if peer is not None and peer.inward is not None:
            there.append((Place(Carrier.DROP, folder=peer.inward.folder), [arrival.sha256]))
    return all([carrying.withdraw(place, digests) for place, digests in there])


def _put_back(dispatch: Dispatch, at: datetime) -> None:
    """The records of a void dispatch stand as they did before it was packed, and are due again."""
    lines = {line.root_id: line for line in Line.objects.filter(dispatch_id=dispatch.id)}
    rows = list(RecordStanding.objects.filter(peer=dispatch.peer, dispatch_id=dispatch.id))
    for row in rows:
        line = lines[row.root_id]
        if (line.entry_id, line.over) == (line.before_entry_id, line.before_over):
            # All it would have told is the mark.
            row.held_disputed = not row.held_disputed
        row.held_entry_id, row.held_over = line.before_entry_id, line.before_over
        row.state, row.since, row.operation = Standing.DUE, at, line.operation
        _point_at(row, Line.objects.filter(root_id=row.root_id, id__lt=line.id).order_by("-id"))
    RecordStanding.objects.bulk_update(rows, _STANDING, batch_size=200)


def _point_at(row: RecordStanding, earlier: QuerySet[Line]) -> None:
    """The last line of this peer before the void one, if any, is the last again."""
    ids = Dispatch.objects.filter(peer=row.peer).exclude(state=DispatchState.VOID).values("id")
    line = earlier.filter(dispatch_id__in=ids).first()
    if line is None:
        row.line_id = row.dispatch_id = row.line_entry_id = None
        row.line_operation = row.last = ""
        return
    row.line_id, row.dispatch_id = line.id, line.dispatch_id
    row.line_entry_id, row.line_operation = line.entry_id, line.operation
    row.last = _state_of(line)


def _state_of(line: Line) -> str:
    said = Answer.objects.filter(line_id=line.id).values_list("verdict", flat=True)
    if verdicts := [verdict == AnswerVerdict.ACCEPTED for verdict in said]:
        return state_of_answers(verdicts).value
    state = Dispatch.objects.values_list("state", flat=True).get(id=line.dispatch_id)
    delivered = state == DispatchState.DELIVERED
    return (Standing.SENT if delivered else Standing.PACKED).value
