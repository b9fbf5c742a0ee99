"""Duties that acts open: how long they may take, what their acts make of them, how both are written in clear. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from zhengxin.duties.types import Done, Due, DutyAct, Folded, Opened
from zhengxin.kernel.periods import add_months
from zhengxin.kernel.say import say
from zhengxin.kernel.workdays import Calendar, CalendarMissing
from zhengxin.rulebook.enums import LimitUnit
from zhengxin.rulebook.types import DutyLimit

# What a ledger entry has room for in clear.
MOST_CLEAR = 80
OPEN, REPORTED, BREACHED, CHANGED = "open", "reported", "breached", "changed"
ON_TIME, LATE = "on_time", "late"
_RUNNING = (OPEN, REPORTED)


def due(limit: DutyLimit, opened_on: date, calendar: Calendar) -> Due:
    """The last day of a limit; the day of opening does not count.

    Days and months end on the next working day where their last day is none (民法典 arts. 201-203).
    Raises ValueError for a limit that a person sets.
    """
    if limit.unit is LimitUnit.SET:
        raise ValueError("a person sets this day")
    words = {
        LimitUnit.WORKING_DAYS: say("{n}个工作日", n=limit.count),
        LimitUnit.DAYS: say("{n}日", n=limit.count),
        LimitUnit.MONTHS: say("{n}个月", n=limit.count),
    }[limit.unit]
    try:
        last = counted(limit.unit, limit.count, opened_on, calendar)
    except CalendarMissing as missing:
        return Due(
            None,
            say(
                "自{opened}的次日起算{words}（{article}）；{year}年的放假安排未导入，期限待定，导入后自动算出。",
                opened=_day(opened_on),
                words=words,
                article=limit.citation.text,
                year=missing.year,
            ),
            missing.year,
        )
    return Due(
        last,
        say(
            "自{opened}的次日起算{words}，到{due}（{article}）。",
            opened=_day(opened_on),
            words=words,
            due=_day(last),
            article=limit.citation.text,
        ),
    )


def counted(unit: str, count: int, opened_on: date, calendar: Calendar) -> date:
    """The last day of `count` of `unit` after that day. Raises CalendarMissing."""
    if unit == LimitUnit.WORKING_DAYS:
        return calendar.add_working_days(opened_on, count)
    if unit == LimitUnit.MONTHS:
        return calendar.roll_forward(add_months(opened_on, count))
    return calendar.roll_forward(opened_on + timedelta(days=count))


def fold(bearer_id: int, due_on: date | None, done: Iterable[Done]) -> Folded:
    """Where a duty stands after these acts, in the order of the ledger.

    Late is measured by the day it was reported, against the day it was due then; what was returned counts from
    its next report. What was late stays late, whatever day was set after it: a report, or a day that passed without.
    An act that no longer fits (two at once) changes nothing.
    """
    now = Folded(OPEN, bearer_id, due_on, None, None, 0)
    for act in done:
        now = _after(now, act)
    return now


def fits(act: DutyAct, state: str) -> bool:
    """Whether the act changes a duty in this state."""
    allowed = {
        DutyAct.REPORTED: (OPEN,),
        DutyAct.RETURNED: (REPORTED,),
        DutyAct.VERIFIED: (REPORTED,),
        DutyAct.BREACHED: (OPEN,),
    }
    return state in allowed.get(act, _RUNNING)


def _after(now: Folded, done: Done) -> Folded:
    if not fits(DutyAct(done.act), now.state):
        return now
    match done.act:
        case DutyAct.REPORTED:
            return replace(now, state=REPORTED, reported_on=done.on, files=now.files + done.files)
        case DutyAct.RETURNED:
            return replace(
                now,
                state=OPEN,
                reported_on=None,
                late_on=_late_on(now),
                # Sent back before its last day, it can be met by that day still.
                returned=now.due_on is not None and done.on >= now.due_on,
            )
        case DutyAct.VERIFIED if now.reported_on is not None:
            state = ON_TIME if _late_on(now) is None else LATE
            return replace(now, state=state, met_on=now.reported_on)
        case DutyAct.EXTENDED:
            late_on = _late_on(now) or (done.on if _passed(now, done.on) else None)
            return replace(now, due_on=done.due_on, late_on=late_on, returned=False)
        case DutyAct.BREACHED:
            return replace(now, state=BREACHED)
        case DutyAct.CHANGED:
            return replace(now, state=CHANGED)
        case DutyAct.HANDED_OVER if done.to_id is not None:
            return replace(now, bearer_id=done.to_id)
    return now


def _passed(now: Folded, on: date) -> bool:
    """Whether by `on` its day passed without a report; one that waited and was sent back on or after it is not late."""
    never = now.state == OPEN and not now.returned
    return never and now.due_on is not None and now.due_on < on


def _late_on(now: Folded) -> date | None:
    """The day of the first report that was late: one before, or the one that stands."""
    late = now.reported_on and now.due_on and now.reported_on > now.due_on
    return now.late_on or (now.reported_on if late else None)


def opened_in_clear(opened: Opened) -> str:
    """The trait of the entry that opens a duty. Raises ValueError when it is too long."""
    return _clear(
        due=opened.due_on.isoformat() if opened.due_on else "",
        kind=opened.kind,
        limit=_limit_in_clear(opened.limit),
        period=opened.period,
        to=str(opened.to_id or ""),
    )


def read_opened(trait: str) -> Opened:
    """The same, read back."""
    words = _words(trait)
    return Opened(
        kind=words["kind"],
        due_on=_date(words),
        limit=_limit(words),
        to_id=int(words["to"]) if "to" in words else None,
        period=words.get("period", ""),
    )


def done_in_clear(
    *,
    due_on: date | None = None,
    to_id: int | None = None,
    files: int = 0,
    limit: tuple[str, int] | None = None,
) -> str:
    """The trait of a later act's entry."""
    return _clear(
        due=due_on.isoformat() if due_on else "",
        files=str(files or ""),
        limit=_limit_in_clear(limit),
        to=str(to_id or ""),
    )


def read_done(act: str, on: date, trait: str) -> Done:
    """The same, read back."""
    words = _words(trait)
    return Done(
        act=act,
        on=on,
        due_on=_date(words),
        to_id=int(words["to"]) if "to" in words else None,
        files=int(words.get("files", "0")),
        limit=_limit(words),
    )


def _limit_in_clear(limit: tuple[str, int] | None) -> str:
    return f"{limit[1]}_{limit[0]}" if limit else ""


def _limit(words: dict[str, str]) -> tuple[str, int] | None:
    count, _, unit = words.get("limit", "").partition("_")
    return (unit, int(count)) if count else None


def _clear(**words: str) -> str:
    written = ";".join(f"{name}={value}" for name, value in sorted(words.items()) if value)
    if len(written) > MOST_CLEAR:
        raise ValueError(f"too long for the ledger: {written}")
    return written


def _words(trait: str) -> dict[str, str]:
    pairs = (word.partition("=") for word in trait.split(";") if word)
    return {name: value for name, _, value in pairs}


def _date(words: dict[str, str]) -> date | None:
    return date.fromisoformat(words["due"]) if "due" in words else None


def _day(value: date) -> str:
    return say("{y}年{m}月{d}日", y=value.year, m=value.month, d=value.day)
