"""Reads of duties that acts open: one of them, where it stands by the ledger, what was done about it."""

from typing import Any

from django.utils.translation import gettext as _

from zhengxin.duties.following import duty_id_of as duty_id_of
from zhengxin.duties.following import folded
from zhengxin.duties.models import Duty
from zhengxin.duties.owing import done_in_clear as done_in_clear
from zhengxin.duties.owing import due, opened_in_clear
from zhengxin.duties.owing import fits as fits
from zhengxin.duties.types import Due, DutyAct, Folded, Opened, Owed, Step
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import queries as ledger
from zhengxin.rulebook.enums import LimitUnit
from zhengxin.rulebook.queries import calendar, duty_limit

# The kind of duty by which a new leader accepts what the unit owes.
TAKEOVER = "takeover"
# Everything that an objection makes somebody owe.
OF_OBJECTIONS = frozenset(
    {
        "objection_check",
        "objection_answer",
        "objection_decision",
        "objection_correction",
        "correction_receipt",
    }
)
# Kinds whose report is an act of a case of their own, on its own page.
OF_CASES = frozenset(
    {
        TAKEOVER,
        "quarterly_return",
        "proposal_reply",
        "proposal_opinion",
        "inspection_review",
        "written_explanation",
        *OF_OBJECTIONS,
        "repair_acceptance",
        "repair_decision",
        "appeal_decision",
    }
)
# Kinds that are met as they are reported: nobody looks them over.
MET_AT_ONCE = frozenset({"proposal_opinion"})
_ALL_BUT_BREACH = frozenset(DutyAct) - {DutyAct.OPENED, DutyAct.BREACHED}
_VERIFYING = frozenset({DutyAct.VERIFIED, DutyAct.RETURNED, DutyAct.HANDED_OVER})
# Of these the case also settles: the acts that its own page does, so that the page of the duty does not.
SETTLED_IN_CASES = {
    "proposal_reply": _ALL_BUT_BREACH,
    "repair_acceptance": _ALL_BUT_BREACH,
    "repair_decision": _ALL_BUT_BREACH,
    "appeal_decision": _ALL_BUT_BREACH,
    "proposal_opinion": _VERIFYING,
    "quarterly_return": _VERIFYING,
    "inspection_review": _VERIFYING,
    TAKEOVER: _VERIFYING,
    **dict.fromkeys(OF_OBJECTIONS, frozenset(DutyAct) - {DutyAct.OPENED, DutyAct.BREACHED}),
    # Only who was ordered to can say why.
    "written_explanation": frozenset({DutyAct.HANDED_OVER}),
}
# What a duty is, in so many characters.
MOST_WORDS = 300


class UnknownDuty(Refused):
    """No duty that an act opened has this number."""


def duty(duty_id: int) -> Duty:
    """One duty that an act opened. Raises UnknownDuty."""
    found = Duty.objects.filter(pk=duty_id, source_id__isnull=False).first()
    if found is None:
        raise UnknownDuty(_("没有找到这项职责。"), "", _("请从职责列表中打开。"))
    return found


def standing_now(duty_id: int, *, lock: bool = False) -> Folded:
    """Where it stands by the ledger at this moment; with `lock` nobody else acts on it in this transaction."""
    rows = Duty.objects.select_for_update() if lock else Duty.objects.all()
    entry_id = rows.get(pk=duty_id).entry_id
    return folded([entry_id])[entry_id]


def opening(owed: Owed) -> tuple[str, dict[str, Any]]:
    """What the entry that opens this duty says in clear, and its content.

    Without a day where a person sets it, the duty stays open without one. Raises NoRule.
    """
    limit = duty_limit(owed.kind, owed.case, owed.opened_on)
    if limit.unit is LimitUnit.SET:
        found = Due(owed.due_on, limit.rule)
        counting = None
    elif owed.due_on is not None:
        raise ValueError(f"the law sets the day of {owed.kind}")
    else:
        found = due(limit, owed.opened_on, calendar())
        counting = (str(limit.unit), limit.count) if found.due_on is None else None
    trait = opened_in_clear(Opened(owed.kind, found.due_on, counting, owed.to_id, owed.period))
    content = {
        "what": owed.what[:MOST_WORDS],
        "supporters": list(dict.fromkeys(owed.supporter_ids)),
        "because": found.because,
        "basis": limit.citation.text,
    }
    return trait, content


def history(duty_id: int) -> list[Step]:
    """What was done about a duty, from its opening on, in the order of the ledger."""
    opened = duty(duty_id).entry_id
    ids = [opened, *ledger.entries_about(opened)]
    contents = ledger.payloads(ids)
    return [
        Step(
            entry_id=entry.id,
            act=entry.kind,
            on=entry.true_on,
            at=entry.known_at,
            by=str(contents[entry.id].closed.get("by", "")) if entry.id in contents else "",
            content=contents[entry.id].open if entry.id in contents else {},
        )
        for entry in ledger.entries(ids)
    ]
