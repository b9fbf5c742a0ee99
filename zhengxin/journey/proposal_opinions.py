"""The opinions that helping units owe the lead: each a duty, asked for, given, and no longer asked for."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils import timezone

from zhengxin.duties import standing as duties
from zhengxin.duties.types import DutyAct, Owed
from zhengxin.journey.owing import change_with, open_duties, report_with, verify_with
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.oversight.proposals import actions
from zhengxin.oversight.proposals.models import CoHandler, Handling, Proposal


def owe_opinions(
    *,
    part: Handling,
    entry_id: int,
    again: Collection[int] = frozenset(),
    at: datetime,
    actor: Actor,
) -> None:
    """Each helping unit owes the lead its opinion from the day this entry tells; in the transaction of the act.

    again: those of `end_opinions`, who owe it to the lead of now. What the lead before had let go, or found never
    came, is not owed a second time.
    """
    rows = [row for row in _asked(part) if row.duty_id is None or row.pk in again]
    owed = [_owed(part, row, entry_id, at) for row in rows]
    duty_ids = open_duties(owed=owed, at=at, actor=actor)
    actions.put_opinion_duties(cohandlers=rows, duty_ids=duty_ids, at=at, actor=actor)


def meet_opinion(*, cohandler: CoHandler, opinion: str, at: datetime, actor: Actor) -> None:
    """The opinion that was given meets its duty: giving it is all that was owed."""
    duty_id = cohandler.duty_id
    if duty_id is None or not _open(duty_id):
        return
    report_with(duty_id=duty_id, content={"words": opinion}, at=at, actor=actor)
    because = say("会办意见已交给主办单位。")
    verify_with(duty_id=duty_id, content={"because": because}, at=at, actor=actor)


def end_opinions(*, part: Handling, because: str, at: datetime, actor: Actor) -> frozenset[int]:
    """Opinions that are no longer asked for are no longer owed, and nobody failed by it; the rows of who owed them."""
    ended = set()
    for row in _asked(part):
        if row.duty_id is not None and _open(row.duty_id):
            change_with(duty_id=row.duty_id, content={"because": because}, at=at, actor=actor)
            ended.add(row.pk)
    return frozenset(ended)


def _owed(part: Handling, row: CoHandler, entry_id: int, at: datetime) -> Owed:
    about: Proposal = part.proposal
    before = duties.duty(row.duty_id) if row.duty_id is not None else None
    return Owed(
        kind="proposal_opinion",
        bearer_id=row.unit_id,
        what=say("就第{number}号提出会办意见：{title}", number=about.number, title=about.title),
        source_id=entry_id,
        opened_on=timezone.localdate(at),
        # A day that was moved since stays moved.
        due_on=before.due_on if before is not None else row.due_on,
        to_id=part.unit_id,
    )


def _asked(part: Handling) -> Sequence[CoHandler]:
    return list(part.cohandlers.filter(given_on=None).order_by("id"))


def _open(duty_id: int) -> bool:
    """False once the lead ended it or found that it never came; the opinion may still be given."""
    return duties.fits(DutyAct.REPORTED, duties.standing_now(duty_id, lock=True).state)
