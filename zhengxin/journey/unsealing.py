"""A seal set by mistake is lifted: a record's words named the law and should not have."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from zhengxin.accounts.types import Signed
from zhengxin.intake import queries as intake
from zhengxin.journey.deciding import append_act
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import seal_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.publication import checks, permissions
from zhengxin.publication import queries as publication


class NoBasis(Refused):
    """A seal that the law set is lifted on a stated ground."""


@signable
def lift_seal(
    *, entry_id: int, basis: str, because: str, signed: Signed, at: datetime, actor: Actor
) -> int:
    """A reviewer finds that a document was sealed by mistake; returns the act's entry id.

    From then on the law judges every arrival of it by what else it says: this one, what corrects it, and what comes
    under the same natural key. Raises NotAllowed, NotSealed, NoBasis.
    """
    permissions.check_lift_seal(actor, recorded_by=recorders(entry_id))
    if len(basis.strip()) < 2:
        raise NoBasis(
            say("没有解除：缺少依据。"),
            say("封存是法律规定的，解除要写明依据。"),
            say("请写明这份文书实际依据的法律、条款和核对的文书原件。"),
        )
    insist_on_reason(basis)
    insist_on_reason(because)
    checks.check_sealed(entry_id)
    content: Mapping[str, Any] = {"basis": basis, "because": because}
    return append_act(
        kind=Act.SEAL_LIFTED,
        entry_id=entry_id,
        content=content,
        signed=signed,
        at=at,
        actor=actor,
        showing=partial(seal_sheet, entry_id),
    )


def recorders(entry_id: int) -> set[int]:
    """The accounts that sent any arrival of this record's document, or decided that it enters."""
    return intake.recorders(publication.arrivals([entry_id]))
