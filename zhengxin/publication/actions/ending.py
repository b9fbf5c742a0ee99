"""A record's display ends, or may begin again, by a decision: the board loses it in the same call."""

from datetime import datetime

from zhengxin.kernel.actor import Actor
from zhengxin.publication.actions.restating import restate
from zhengxin.publication.judging import arrivals


def settle_repair(*, entry_id: int, at: datetime, actor: Actor) -> None:
    """States the notices of a record, in all its versions, by the repair just decided or revoked.

    Does not wait for the followers, which come to the same. In the transaction of the act.
    """
    restate(sorted(arrivals([entry_id])))
