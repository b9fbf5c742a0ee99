"""What a day brings to measures: those whose time is over end, and a unit on the defaulter list gets its case."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.archive import queries as archive
from zhengxin.journey.facts import keep_fact
from zhengxin.journey.following import follow
from zhengxin.journey.imposing import ground_of
from zhengxin.journey.imposing_deciding import end_all_with, end_with
from zhengxin.journey.imposing_showing import show_criticisms
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.messages import actions as messages
from zhengxin.sanctions import actions
from zhengxin.sanctions import queries as sanctions
from zhengxin.subjects import queries as subjects

_ROUND = "sanctions"
_LIST = "judgment_defaulter"


def turn_sanctions(*, at: datetime, actor: Actor) -> int:
    """Ends what is over, drops what rests on a record that fell, opens cases by the list; returns how many of all."""
    with transaction.atomic():
        # Two at once: the second waits, and finds it done.
        messages.hold_round(name=_ROUND, at=at, actor=actor)
        turned = _end_over(at, actor) + _end_fallen(at, actor) + _open_listed(at, actor)
    follow(at=at, at_most=PATIENCE)
    show_criticisms(at=at, actor=actor)
    return turned


def _end_over(at: datetime, actor: Actor) -> int:
    found = sanctions.over_on(timezone.localdate(at))
    for measure in found:
        because = say("到期自行终止。") if measure.until_on else say("已经办完，自行终止。")
        end_with(measure=measure, because=because, at=at, actor=actor)
    return len(found)


def _end_fallen(at: datetime, actor: Actor) -> int:
    """Corrected or withdrawn records carry nothing."""
    entry_ids = sanctions.running_entries()
    fallen = [pk for pk, line in archive.lines(entry_ids).items() if line.ending]
    for entry_id in fallen:
        because = say("登记簿第{n}号已经更正或者撤回。", n=entry_id)
        end_all_with(entry_id=entry_id, because=because, at=at, actor=actor)
    return len(fallen)


def _open_listed(at: datetime, actor: Actor) -> int:
    units = {unit.id for unit in subjects.units(timezone.localdate(at))}
    found = archive.standing_of(units, kind=_LIST)
    known = sanctions.known_entries(found)
    for entry_id, unit_id in found.items():
        if entry_id in known:
            continue
        kept = keep_fact(
            kind=Act.SANCTION_OPENED,
            unit_id=unit_id,
            content={"entry": str(entry_id), "because": say("单位被列入失信被执行人名单。")},
            about_id=entry_id,
            at=at,
            actor=actor,
        )
        actions.open_case(
            unit_id=unit_id,
            ground=ground_of(entry_id),
            fact_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    return len(found.keys() - known)
