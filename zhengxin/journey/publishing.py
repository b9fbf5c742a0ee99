"""What is due appears, what is over ends: the daily step, safe to run at any time."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.duties import actions as duties
from zhengxin.journey.imposing_showing import show_criticisms
from zhengxin.journey.letters import put_letter_key
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.objections import public as objections
from zhengxin.oversight import public as plans
from zhengxin.oversight.inspections import public as inspections
from zhengxin.oversight.proposals import public as replies
from zhengxin.oversight.rectifying import public as orders
from zhengxin.publication import actions as publication
from zhengxin.publication.types import Published
from zhengxin.rulebook import public as measures


def publish_due(
    *, at: datetime, actor: Actor, progress: Callable[[int, int], None] | None = None
) -> Published:
    """Signs the tree if it grew, counts the duties whose calendar has come, then brings the board in
    step with the notices of day `at`."""
    with transaction.atomic():
        publication.redraw(entry_ids=duties.recount(at=at), at=at)
    latest = ledger_queries.latest_checkpoint()
    if latest is None or latest.size != ledger_queries.size():
        ledger.sign_checkpoint(at=at, actor=actor)
    published = publication.publish_due(at=at, progress=progress)
    _put_oversight(at, actor)
    if published.shown or published.ended:
        audit.record(
            act="publication.due",
            object_kind="board",
            object_id="",
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            shown=published.shown,
            ended=published.ended,
        )
    return published


def _put_oversight(at: datetime, actor: Actor) -> None:
    """Plans, inspections, orders, replies and the list of measures stand on the board as they are today."""
    today = timezone.localdate(at)
    publication.put_plans(plans=plans.published(today), at=at, actor=actor)
    stories = (
        ("inspections", inspections.published(today)),
        ("orders", orders.published(today)),
        ("replies", replies.published(today)),
        ("measures", measures.published(today)),
    )
    publication.put_standings(rows=objections.published(), at=at, actor=actor)
    put_letter_key(at=at, actor=actor)
    for name, rows in stories:
        publication.put_story(name=name, rows=rows, at=at, actor=actor)
    show_criticisms(at=at, actor=actor)


def write_downloads(*, at: datetime, actor: Actor) -> int:
    """Writes the files that anybody may take, as of day `at`; returns how many. Slow on a full board."""
    return len(publication.write_downloads(at=at))
