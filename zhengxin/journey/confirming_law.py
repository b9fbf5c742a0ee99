"""A named official compares a value of the law folder with the document and signs that it is so."""

from datetime import datetime
from functools import partial

from django.db import transaction

from zhengxin.accounts.types import Signed
from zhengxin.journey.facts import keep_fact
from zhengxin.journey.following import follow
from zhengxin.journey.imposing_sheets import law_sheet
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.enums import Act
from zhengxin.sanctions import actions, permissions
from zhengxin.sanctions import queries as sanctions


@signable
def confirm_law_value(
    *, address: str, words: str, signed: Signed, at: datetime, actor: Actor
) -> None:
    """Confirms the value as it stands now; changed, it needs another confirmation. words: which text was read, where.

    Raises NotAllowed, AlreadyDone.
    """
    permissions.check_approve(actor)
    insist_on_reason(words)
    value = sanctions.confirmable(address).value
    said = {"address": address, "words": words}
    pen = take_pen(
        showing=partial(law_sheet, address), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.LAW_CONFIRMED,
            unit_id=actor.unit_id or 0,
            content={**said, "digest": value.digest, **traces(pen.sign())},
            at=at,
            actor=actor,
        )
        actions.confirm(
            address=address,
            digest=value.digest,
            words=words,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
