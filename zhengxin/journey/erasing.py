"""The content of a record erased for good: its keys first, then every public copy, in one call."""

from datetime import datetime

from zhengxin.accounts import permissions
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.handover import actions as handover
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.publication import actions as publication


def erase(*, entry_id: int, because: str, at: datetime, actor: Actor) -> None:
    """Destroys the content of one entry; its place in the tree and every old proof stay.

    What is public of it leaves board, search and downloads before this returns. Three stores take
    part, so no transaction holds it: broken off anywhere, the same call again does the rest, and
    the next publish_due takes an erased entry off the board by itself. Raises EntryMissing,
    StillBeingRead.
    """
    permissions.check_erase(actor)
    insist_on_reason(because)
    entry = ledger_queries.entry(entry_id)
    if ledger_queries.payloads([entry_id]):
        # In the log before it happens: a trace without a deed can be explained, the reverse cannot.
        audit.record(
            act="entry.erase",
            object_kind="entry",
            object_id=entry_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            subject_id=entry.subject_id,
            because=because,
        )
        ledger.erase(entry_id=entry_id, because=because[:200], at=at, actor=actor)
    handover.forget(entry_id=entry_id, at=at, actor=actor)
    publication.take_off_erased(entry_id=entry_id, at=at, actor=actor)
