"""Checkpoints go out to the witnesses, their signatures come back, and the mirror shows both."""

from datetime import datetime

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.publishing import publish_due
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger
from zhengxin.publication import actions as publication
from zhengxin.witnesses import actions as witnesses
from zhengxin.witnesses import queries
from zhengxin.witnesses.types import Sent


def write_mirror(*, at: datetime, actor: Actor) -> int | None:
    """Puts on the board who has seen what, and brings the mirror in step; returns the mirror's size.

    A witnesses.yaml that cannot be read is told (WitnessesUnreadable) after the mirror was written.
    """
    try:
        _tell_board(at)
    finally:
        size = publication.write_mirror()
    return size


def _tell_board(at: datetime) -> None:
    publication.put_key_notes(notes=ledger.key_notes(), at=at)
    publication.put_witnesses(
        seen=[
            {
                "office": each.witness.office,
                "name": each.witness.name,
                "verifier": each.witness.verifier,
                "size": each.size,
                "signed_at": each.signed_at and each.signed_at.isoformat(),
                "silent_after": each.witness.silent_after,
            }
            for each in queries.seen()
        ],
        cosigned=queries.newest_cosigned(),
        at=at,
    )


def tend_witnesses(*, at: datetime, actor: Actor) -> list[Sent]:
    """The daily step: the mirror, then the checkpoint it shows to every witness it is due for."""
    return _send(only_due=True, at=at, actor=actor)


def send_checkpoints(*, at: datetime, actor: Actor) -> list[Sent]:
    """Publishes what is due, then sends the newest checkpoint to every witness now."""
    publish_due(at=at, actor=actor)
    return _send(only_due=False, at=at, actor=actor)


def receive_cosigned(*, note: str, at: datetime, actor: Actor) -> int:
    """Takes in a checkpoint that a witness sent back; returns how many signatures are new."""
    try:
        new = witnesses.receive(note=note, at=at, actor=actor)
    except witnesses.OtherTree as other:
        audit.record(
            act="cosignature.receive",
            object_kind="checkpoint",
            object_id="",
            outcome=Outcome.REFUSED,
            at=at,
            actor=actor,
            because=other.why,
        )
        raise
    audit.record(
        act="cosignature.receive",
        object_kind="checkpoint",
        object_id=note.split("\n")[1],
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        new=new,
    )
    write_mirror(at=at, actor=actor)
    return new


def _send(*, only_due: bool, at: datetime, actor: Actor) -> list[Sent]:
    size = write_mirror(at=at, actor=actor)
    if size is None:
        return []
    sent = witnesses.send(size=size, only_due=only_due, at=at, actor=actor)
    if any(each.cosigned for each in sent):
        write_mirror(at=at, actor=actor)
    return sent
