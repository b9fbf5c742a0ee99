"""A new leader accepts, item by item, what the unit owes: no promise ends with whoever made it."""

from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.duties import lists, permissions, standing
from zhengxin.duties.types import Owed
from zhengxin.journey.acting import act_about
from zhengxin.journey.following import follow
from zhengxin.journey.owing import open_duties, report_with, verify_with
from zhengxin.journey.papering import signable
from zhengxin.journey.showing import taken_over, takeover_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.ledger.types import Draft
from zhengxin.subjects import queries as subjects


def list_for_successor(*, unit_id: int, from_on: date, at: datetime, actor: Actor) -> int | None:
    """A unit has a new leader from that day: who comes owes an answer to the list of what the unit owes.

    In the transaction that gives the post; None where the unit owes nothing, or a list waits already.
    """
    units = subjects.lineage(unit_id, timezone.localdate(at))
    owed = lists.running(units)
    if (
        not owed.exclude(kind=standing.TAKEOVER).exists()
        or owed.filter(kind=standing.TAKEOVER).exists()
    ):
        return None
    change = Draft(
        kind=Act.LEADER_CHANGED,
        subject_id=None,
        unit_id=unit_id,
        true_on=from_on,
        known_at=at,
        open={"from": from_on.isoformat()},
        closed={"by": actor.name, "account": str(actor.account_id or "")},
    )
    [source_id] = ledger.append(drafts=[change], at=at, actor=actor)
    duty = Owed(
        kind=standing.TAKEOVER,
        bearer_id=unit_id,
        what=say("接收前任留下的职责清单"),
        source_id=source_id,
        opened_on=from_on,
    )
    [duty_id] = open_duties(owed=[duty], at=at, actor=actor)
    return duty_id


@signable
def accept_takeover(
    *, duty_id: int, because: str, signed: Signed, at: datetime, actor: Actor
) -> int:
    """The leader signs for the whole list as it stands. Raises NotAllowed, ContentChanged when it changed meanwhile."""
    duty = standing.duty(duty_id)
    units = subjects.lineage(actor.unit_id or 0, timezone.localdate(at))
    permissions.check_take_over(actor, duty, units=units)
    pen = take_pen(
        showing=partial(takeover_sheet, duty_id),
        said={"because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content = {
            "because": because,
            "duties": [each.pk for each in taken_over(duty)],
            **traces(pen.sign()),
        }
        opened = ledger_queries.entry(duty.entry_id)
        draft = act_about(opened, kind=Act.TAKEOVER, content=content, at=at, actor=actor)
        [act_id] = ledger.append(drafts=[draft], at=at, actor=actor)
        report_with(duty_id=duty_id, content={"words": because}, at=at, actor=actor)
        verify_with(duty_id=duty_id, content={"because": because}, at=at, actor=actor)
        audit.record(
            act="duty.take_over",
            object_kind="duty",
            object_id=duty_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            number=len(content["duties"]),
        )
    follow(at=at, at_most=PATIENCE)
    return act_id
