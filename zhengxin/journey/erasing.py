"""The content of a record erased for good: its keys first, then every public copy, in one call."""

from datetime import datetime
from functools import partial

from django.db import transaction

from zhengxin.accounts import permissions
from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import erasure_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.publication import actions as publication


def erase(*, entry_id: int, because: str, signed: Signed, at: datetime, actor: Actor) -> None:
    """Destroys the content of one entry; its place in the tree and every old proof stay.

    What is public of it leaves board, search and downloads before this returns. Three stores take
    part, so no transaction holds it: broken off anywhere, the same call again does the rest, and
    the next publish_due takes an erased entry off the board by itself. Raises EntryMissing,
    StillBeingRead.
    """
    permissions.check_erase(actor)
    insist_on_reason(because)
    entry = ledger_queries.entry(entry_id)
    pen = take_pen(
        showing=partial(erasure_sheet, entry_id),
        said={"because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        signature = pen.sign()
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
            **traces(signature),
        )
        ledger.erase(entry_id=entry_id, because=because[:200], at=at, actor=actor)
    publication.take_off_erased(entry_id=entry_id, at=at, actor=actor)
