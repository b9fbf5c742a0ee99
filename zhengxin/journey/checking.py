"""The tree signed on request."""

from datetime import datetime

from zhengxin.kernel.actor import Actor
from zhengxin.ledger import actions as ledger


def sign_checkpoint(*, at: datetime, actor: Actor) -> str:
    """Signs today's size and root; returns the signed note."""
    return ledger.sign_checkpoint(at=at, actor=actor).note
