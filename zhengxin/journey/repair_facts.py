"""What every step of an application for repair leaves: a fact in the ledger, a duty met, a duty owed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from zhengxin.duties import standing as duties
from zhengxin.duties.enums import DutyState
from zhengxin.duties.types import Owed
from zhengxin.evidence.types import Sent
from zhengxin.journey.facts import Kept, keep_fact
from zhengxin.journey.owing import open_duties, report_with, verify_with
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.repair import actions
from zhengxin.repair.models import Application


def repair_fact(
    application: Application,
    act: Act,
    content: dict[str, Any],
    files: Sequence[Sent],
    at: datetime,
    actor: Actor,
) -> Kept:
    """What was done with the application, about it."""
    return keep_fact(
        kind=act,
        unit_id=application.unit_id,
        content=content,
        about_id=application.filed_entry_id,
        files=files,
        at=at,
        actor=actor,
    )


def owe_repair(
    application: Application, kind: str, source_id: int, since: date, at: datetime, actor: Actor
) -> None:
    """The unit that found the breach owes the next step; the law says by when."""
    owed = Owed(
        kind=kind,
        bearer_id=application.unit_id,
        what=say("{receipt}：记录{entry}的信用修复申请", receipt=application.receipt, entry=application.entry_id),
        source_id=source_id,
        opened_on=since,
    )  # fmt: skip
    [duty_id] = open_duties(owed=[owed], at=at, actor=actor)
    actions.set_duty(application=application, duty_id=duty_id, at=at, actor=actor)


def repair_still_owed(duty_id: int) -> bool:
    """Whether nobody met it, found it breached or ended it."""
    return duties.standing_now(duty_id).state == DutyState.OPEN


def meet_repair(
    application: Application, content: dict[str, Any], at: datetime, actor: Actor
) -> None:
    """The case's own act is the report and its acceptance; a breach that somebody found stays one."""
    if application.duty_id is None or not repair_still_owed(application.duty_id):
        return
    report_with(duty_id=application.duty_id, content=content, at=at, actor=actor)
    verify_with(duty_id=application.duty_id, content=content, at=at, actor=actor)
