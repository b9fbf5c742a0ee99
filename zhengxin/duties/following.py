"""Duties that acts open follow the ledger: one row an opening, stated anew after each act about it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from zhengxin.archive.changes import chunks
from zhengxin.archive.types import Act
from zhengxin.duties.enums import RUNNING, DutyState
from zhengxin.duties.models import Duty, Supporter
from zhengxin.duties.owing import counted, fold, read_done, read_opened
from zhengxin.duties.types import Done, DutyAct, Folded
from zhengxin.kernel.say import say
from zhengxin.kernel.workdays import CalendarMissing
from zhengxin.ledger.models import Entry
from zhengxin.ledger.queries import entries, payloads
from zhengxin.rulebook.queries import calendar

_AT_ONCE = 1000
_STATED = ["bearer_id", "due_on", "reported_on", "met_on", "late_on", "state", "running", "files"]
_ABOUT = frozenset(DutyAct) - {DutyAct.OPENED}


def duty_id_of(entry_id: int) -> int:
    """The id of the duty that this entry opened."""
    return entry_id * 8


def follow_acts(acts: Sequence[Act]) -> None:
    """Opens and restates the duties that these acts (in ledger order) concern."""
    opened = [act.id for act in acts if act.kind == DutyAct.OPENED]
    for some in chunks(opened, _AT_ONCE):
        _open(some)
    touched = {act.about_id for act in acts if act.kind in _ABOUT}
    for some in chunks(sorted(touched), _AT_ONCE):
        restate(some)


def _open(entry_ids: Sequence[int]) -> None:
    contents = payloads(entry_ids)
    duties: list[Duty] = []
    supporters: list[Supporter] = []
    for entry in entries(entry_ids):
        said = contents[entry.id].open if entry.id in contents else {}
        opened = read_opened(entry.trait)
        duty = Duty(
            id=duty_id_of(entry.id),
            entry_id=entry.id,
            kind=opened.kind,
            record_kind="",
            bearer_id=entry.unit_id or 0,
            opened_on=entry.true_on,
            due_on=_due_on(entry),
            state=DutyState.OPEN,
            running=True,
            to_id=opened.to_id,
            source_id=entry.about_id,
            what=said.get("what", say("内容已依法删除。")),
            period=opened.period,
        )
        duties.append(duty)
        supporters += [
            Supporter(duty_id=duty.id, unit_id=unit)
            for unit in dict.fromkeys(said.get("supporters", ()))
        ]
    Duty.objects.bulk_create(duties)
    Supporter.objects.bulk_create(supporters)


def _due_on(entry: Entry) -> date | None:
    opened = read_opened(entry.trait)
    return opened.due_on or _counted(opened.limit, entry.true_on)


def _counted(limit: tuple[str, int] | None, opened_on: date | None) -> date | None:
    if limit is None or opened_on is None:
        return None
    try:
        return counted(*limit, opened_on, calendar())
    except CalendarMissing:
        return None


def folded(entry_ids: Collection[int]) -> dict[int, Folded]:
    """Where the duties that these entries opened stand by the ledger, by entry."""
    opened = {entry.id: entry for entry in entries(entry_ids)}
    done: dict[int, list[Done]] = {}
    about = Entry.objects.filter(about_id__in=entry_ids, kind__in=_ABOUT).order_by("id")
    for act in about:
        if act.true_on is not None and act.about_id in opened:
            read = read_done(act.kind, act.true_on, act.trait)
            if read.limit is not None:
                read = replace(read, due_on=_counted(read.limit, opened[act.about_id].true_on))
            done.setdefault(act.about_id, []).append(read)
    return {
        pk: fold(entry.unit_id or 0, _due_on(entry), done.get(pk, ()))
        for pk, entry in opened.items()
    }


def restate(entry_ids: Collection[int]) -> None:
    """States the duties that these entries opened anew, from the acts about them."""
    standing = folded(entry_ids)
    duties = list(Duty.objects.filter(id__in=[duty_id_of(i) for i in entry_ids]))
    for duty in duties:
        now = standing[duty.entry_id]
        duty.bearer_id, duty.due_on, duty.files = now.bearer_id, now.due_on, now.files
        duty.reported_on, duty.met_on, duty.state = now.reported_on, now.met_on, now.state
        duty.running, duty.late_on = now.state in RUNNING, now.late_on
    Duty.objects.bulk_update(duties, _STATED, batch_size=200)


def recount_acts() -> None:
    """Counts the days that had no calendar when their duties were opened, also of what was reported or met since."""
    waiting = Duty.objects.filter(source_id__isnull=False, due_on=None).values_list("entry_id")
    for some in chunks([entry_id for (entry_id,) in waiting], _AT_ONCE):
        restate(some)
