"""When a legal hold stands, what it stops, and who may lift it."""

from collections.abc import Iterable
from datetime import date

from zhengxin.kernel.say import say
from zhengxin.retention.types import Bearing, Held, Verdict


def stands(hold: Held, on: date) -> bool:
    """Whether the hold is in force on that day."""
    ended = hold.until is not None and hold.until < on
    return not hold.lifted and not ended and hold.begins_on <= on


def may_erase(records: Iterable[Bearing], holds: Iterable[Held], on: date) -> Verdict:
    """No record may be erased over which a hold stands: erasing one of a chain would break what is held of it."""
    standing = [hold for hold in holds if stands(hold, on)]
    for record in records:
        for hold in standing:
            if hold.target_id in record.belongs.get(hold.on, frozenset()):
                return Verdict(
                    False,
                    say(
                        "编号{entry}的内容依法保全中（保全第{hold}号，依据：{basis}）。",
                        entry=record.entry_id,
                        hold=hold.hold_id,
                        basis=hold.legal_basis,
                    ),
                )
    return Verdict(True)


def may_lift(hold: Held, account_id: int | None) -> Verdict:
    """Another person than the one who placed it lifts a hold; once."""
    if hold.lifted:
        return Verdict(False, say("这项保全已经解除。"))
    if account_id is None or account_id == hold.placed_by:
        return Verdict(False, say("保全是您设的，解除要由另一人决定。"))
    return Verdict(True)
