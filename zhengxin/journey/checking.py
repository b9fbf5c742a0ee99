"""The tree signed on request."""

from datetime import datetime

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import actions as ledger


def sign_checkpoint(*, at: datetime, actor: Actor) -> str:
    """Signs today's size and root; returns the signed note."""
    signed = ledger.sign_checkpoint(at=at, actor=actor)
    audit.record(
        act="ledger.checkpoint",
        object_kind="ledger",
        object_id=signed.size,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
    )
    return signed.note
