"""Delivering: what waits in the outbox is brought to the peer, in order, for as long as it takes."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from zhengxin.handover import carrying
from zhengxin.handover.actions.packing import outbox_claim
from zhengxin.handover.enums import AttemptOutcome, DispatchState
from zhengxin.handover.ground import outbox
from zhengxin.handover.manifests import MANIFEST
from zhengxin.handover.models import Attempt, Dispatch, RecordStanding
from zhengxin.handover.rules import next_try
from zhengxin.handover.shutting import holds_sealed
from zhengxin.handover.types import Outcome, Peer, Standing, Told
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say

_ARRIVED = (Told.DELIVERED, Told.ALREADY)
# States of a line that nothing more is expected of before its files may go.
_OPEN = (Standing.PACKED, Standing.SENT)


def deliver(
    *, peer: Peer, pressed: bool = False, at: datetime, actor: Actor
) -> list[tuple[str, Outcome]]:
    """Try every waiting dispatch whose pause is over (pressed: all), oldest first; number and outcome of each.

    A peer that cannot be reached is not asked for the next one. One that refuses a dispatch still
    gets those after it. One that holds what was sealed since waits for void_sealed. Nothing is given up: what did not arrive is tried again, with pauses up to
    an hour. A process killed after the peer took a dispatch brings it once more; number and digest
    tell the peer that it has it.
    """
    done: list[tuple[str, Outcome]] = []
    waiting = Dispatch.objects.filter(peer=peer.code, state=DispatchState.WAITING).order_by("id")
    if not waiting.exists():
        return done
    with outbox_claim(peer) as mine:
        for dispatch in waiting if mine else ():
            last = Attempt.objects.filter(dispatch_id=dispatch.id).order_by("-id").first()
            if not pressed and last is not None and not _may_try(dispatch, last, at):
                if last.outcome == AttemptOutcome.REFUSED:
                    continue
                break
            if holds_sealed(dispatch):
                continue
            outcome = _bring(peer, dispatch)
            _record(dispatch, outcome, at, actor)
            done.append((dispatch.number, outcome))
            if outcome.told is Told.UNREACHABLE:
                break
    return done


def _bring(peer: Peer, dispatch: Dispatch) -> Outcome:
    files = _files(dispatch)
    if not files:
        return Outcome(Told.REFUSED, say("批次的文件不见了，请从备份恢复"))
    return carrying.deliver(peer.delivery, files, number=dispatch.number, digest=dispatch.digest)


def _may_try(dispatch: Dispatch, last: Attempt, at: datetime) -> bool:
    ready = next_try(Attempt.objects.filter(dispatch_id=dispatch.id).count(), last.at)
    return ready is None or ready <= at


def _files(dispatch: Dispatch) -> Sequence[Path]:
    """The files of a dispatch, the manifest last."""
    folder = outbox(dispatch.peer) / dispatch.number
    paths = sorted(folder.glob("*")) if folder.is_dir() else []
    return sorted(paths, key=lambda path: path.name.endswith(MANIFEST))


def _record(dispatch: Dispatch, outcome: Outcome, at: datetime, actor: Actor) -> None:
    with transaction.atomic():
        Attempt.objects.create(
            dispatch_id=dispatch.id,
            at=at,
            outcome=AttemptOutcome(outcome.told),
            detail=outcome.detail[:300],
            actor_name=actor.name,
        )
        if outcome.told in _ARRIVED:
            dispatch.state, dispatch.delivered_at = DispatchState.DELIVERED, at
            dispatch.save(update_fields=["state", "delivered_at"])
            rows = RecordStanding.objects.filter(peer=dispatch.peer, dispatch_id=dispatch.id)
            rows.filter(last=Standing.PACKED).update(last=Standing.SENT)
            rows.filter(state=Standing.PACKED).update(state=Standing.SENT, since=at)


def clear_answered(*, peer: Peer, at: datetime, actor: Actor) -> int:
    """Remove the files of dispatches whose every line was answered or told of anew; the tables keep what was sent.

    Returns how many. What lies in the outbox holds personal data and has no use any more.
    """
    delivered = Dispatch.objects.filter(
        peer=peer.code, state=DispatchState.DELIVERED, cleared_at__isnull=True
    )
    cleared = 0
    for dispatch in delivered.order_by("id"):
        open_lines = RecordStanding.objects.filter(dispatch_id=dispatch.id, last__in=_OPEN)
        if not open_lines.exists():
            shutil.rmtree(outbox(peer.code) / dispatch.number, ignore_errors=True)
            dispatch.cleared_at = at
            dispatch.save(update_fields=["cleared_at"])
            cleared += 1
    return cleared
