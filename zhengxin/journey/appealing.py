"""Somebody concerned appeals against a decision; others review it, and what is set aside is decided anew."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.signatures import last_signature
from zhengxin.accounts.types import Signed
from zhengxin.appeals import actions, permissions
from zhengxin.appeals import queries as appeals
from zhengxin.appeals.enums import AppealState
from zhengxin.appeals.models import Appeal
from zhengxin.duties.types import Owed
from zhengxin.evidence.types import Sent
from zhengxin.journey.chasing import meet
from zhengxin.journey.facts import keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.imposing_deciding import end_all_with
from zhengxin.journey.imposing_showing import show_criticisms
from zhengxin.journey.owing import open_duties
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import Sheet, entry_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.subjects import queries as subjects

# Of these the unit that decided decides anew; of the others the credit office.
_OF_THE_UNIT = (Act.REPAIR_DECLINED, Act.REPAIR_REFUSED, Act.REPAIR_REVOKED)


def appeal_sheet(appeal_id: int) -> Sheet:
    """One appeal as whoever reviews it reads it: the record, the decision, what is said against it."""
    row = appeals.appeal(appeal_id)
    content = {
        "record": dict(entry_sheet("appeal_decided", row.record_id).content),
        "against": [row.against_id, row.kind],
        "lodged_on": row.lodged_on.isoformat(),
        "words": row.words,
        "files": [[each["name"], each["digest"]] for each in row.files],
        "state": row.state,
    }
    after = last_signature("appeal", str(appeal_id))
    return Sheet("appeal_decided", "appeal", str(appeal_id), content, after)


def lodge_appeal(
    *, decision_id: int, words: str, files: Sequence[Sent], at: datetime, actor: Actor
) -> int:
    """Takes an appeal in; returns its number. decision_id: the act's entry.

    Raises NotAllowed, NoSuchDecision, NotThus (too late, with the last day; appealed against before), NoReason.
    """
    permissions.check_lodge(actor)
    decision = appeals.decision(decision_id)
    permissions.check_lodge_about(
        actor,
        subject_id=None if decision.person else decision.subject_id,
        units=own_units(actor, at),
    )
    actions.insist_in_time(decision=decision, at=at, actor=actor)
    actions.insist_not_appealed(decision=decision, at=at, actor=actor)
    insist_on_reason(words)
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.APPEAL_LODGED,
            unit_id=decision.unit_id,
            content={"words": words},
            about_id=decision_id,
            files=files,
            at=at,
            actor=actor,
        )
        row = actions.put_appeal(
            decision=decision,
            words=words,
            files=kept.files,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
        what = say("复核对第{id}号决定的申诉", id=decision_id)
        duty_id = _owe("appeal_decision", _reviewing(at), what, kept.entry_id, at, actor)
        actions.note_duties(appeal=row, duty_id=duty_id, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return row.pk


@signable
def decide_appeal(
    *, appeal_id: int, outcome: str, reasons: str, signed: Signed, at: datetime, actor: Actor
) -> None:
    """Keeps the decision or sets it aside (values of AppealState), with reasons, by somebody who took no part in it.

    Set aside, it is to be decided anew within the law's time; a measure ends with its decision. Raises NotAllowed, NotThus, NoReason.
    """
    row = appeals.appeal(appeal_id)
    decision = appeals.decision(row.against_id)
    permissions.check_decide(
        actor, row, decided_by=decision.decided_by, county=county_governments(at)
    )
    insist_on_reason(reasons)
    to = AppealState(outcome)
    actions.insist_open(appeal=row, to=to, at=at, actor=actor)
    pen = take_pen(
        showing=lambda: appeal_sheet(appeal_id),
        said={"outcome": outcome, "reasons": reasons},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        aside = to == AppealState.SET_ASIDE
        kept = keep_fact(
            kind=Act.APPEAL_SET_ASIDE if aside else Act.APPEAL_KEPT,
            unit_id=row.unit_id,
            content={"reasons": reasons, **traces(pen.sign())},
            about_id=row.against_id,
            at=at,
            actor=actor,
        )
        said = {
            "reasons": reasons,
            "decided_on": timezone.localdate(at),
            "decision_entry_id": kept.entry_id,
        }
        actions.move(appeal=row, to=to, said=said, at=at, actor=actor)
        meet([row.duty_id], reasons, at, actor)
        if aside and row.kind == Act.SANCTION_DECIDED:
            # Nothing is left to decide anew: what was imposed ends, and whoever applied it owes the lifting.
            end_all_with(
                entry_id=row.record_id, because=say("复核撤销了决定。"), at=at, actor=actor
            )
        elif aside:
            what = say("重新作出第{id}号决定", id=row.against_id)
            bearer = _redoing(row, at)
            duty_id = _owe("appeal_redo", bearer, what, kept.entry_id, at, actor, _reviewing(at))
            actions.note_duties(appeal=row, redo_duty_id=duty_id, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    show_criticisms(at=at, actor=actor)


def withdraw_appeal(*, appeal_id: int, because: str, at: datetime, actor: Actor) -> None:
    """The one concerned takes the appeal back; it may be lodged again while there is time. Raises NotAllowed, NotThus."""
    row = appeals.appeal(appeal_id)
    permissions.check_withdraw(actor, row, units=own_units(actor, at))
    actions.insist_open(appeal=row, to=AppealState.WITHDRAWN, at=at, actor=actor)
    insist_on_reason(because)
    with transaction.atomic():
        keep_fact(
            kind=Act.APPEAL_WITHDRAWN,
            unit_id=row.unit_id,
            content={"because": because},
            about_id=row.against_id,
            at=at,
            actor=actor,
        )
        said = {"reasons": because, "decided_on": timezone.localdate(at)}
        actions.move(appeal=row, to=AppealState.WITHDRAWN, said=said, at=at, actor=actor)
        meet([row.duty_id], because, at, actor)
    follow(at=at, at_most=PATIENCE)


def county_governments(at: datetime) -> frozenset[int]:
    """The units that are the county's government itself: their leaders may review."""
    found = subjects.units(timezone.localdate(at))
    return frozenset(unit.id for unit in found if unit.kind == "government")


def _reviewing(at: datetime) -> int:
    """Who owes the review: the county's government; where the register has none, the credit office."""
    for unit_id in sorted(county_governments(at)):
        return unit_id
    return _office(at)


def _redoing(row: Appeal, at: datetime) -> int:
    return row.unit_id if row.kind in _OF_THE_UNIT else _office(at)


def _office(at: datetime) -> int:
    found = subjects.credit_office(timezone.localdate(at))
    return found.id if found is not None else 0


def _owe(
    kind: str,
    bearer_id: int,
    what: str,
    source_id: int,
    at: datetime,
    actor: Actor,
    to_id: int | None = None,
) -> int:
    owed = Owed(kind, bearer_id, what, source_id, timezone.localdate(at), to_id=to_id)
    [duty_id] = open_duties(owed=[owed], at=at, actor=actor)
    return duty_id
