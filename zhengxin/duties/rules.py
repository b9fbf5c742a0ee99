"""Timeliness: the decision opens the duty, the arrival meets it."""

from collections.abc import Iterable, Mapping
from datetime import date

from zhengxin.duties.types import Standing, Totals
from zhengxin.kernel.say import say
from zhengxin.kernel.workdays import Calendar, CalendarMissing
from zhengxin.rulebook.types import DutyTerm

ON_TIME = "on_time"
LATE = "late"
MISSING = "missing"
NO_CALENDAR = "no_calendar"


def timeliness(
    *, decided_on: date | None, arrived_on: date, terms: Iterable[DutyTerm], calendar: Calendar
) -> tuple[Standing, ...]:
    """One standing a term. Days are county days; terms count working days from the decision.

    The day of the decision is excluded and make-up days count (docs of kernel.workdays). Without a
    decision day the record is `missing`, never late; where the calendar of a year on the way is
    not loaded, `no_calendar`.
    """
    return tuple(_standing(term, decided_on, arrived_on, calendar) for term in terms)


def _standing(
    term: DutyTerm, decided_on: date | None, arrived_on: date, calendar: Calendar
) -> Standing:
    if decided_on is None:
        return Standing(
            term.duty,
            None,
            MISSING,
            say("没有填写决定日期，无法计算{name}期限，不计入按时或迟报。", name=term.name),
        )
    try:
        due_on = calendar.add_working_days(decided_on, term.working_days)
    except CalendarMissing as missing:
        return Standing(
            term.duty,
            None,
            NO_CALENDAR,
            _wanting(missing.year, arrived_on),
            missing.year,
        )
    counted = say(
        "{decided}作出决定，次日起算第{n}个工作日是{due}（{article}）；",
        decided=_day(decided_on),
        n=term.working_days,
        due=_day(due_on),
        article=term.citation.text,
    )
    if arrived_on <= due_on:
        arrived = say("{arrived}报送，按时。", arrived=_day(arrived_on))
        return Standing(term.duty, due_on, ON_TIME, counted + arrived)
    return Standing(term.duty, due_on, LATE, counted + _late(due_on, arrived_on, calendar))


def _wanting(year: int, arrived_on: date) -> str:
    """A year that has begun has its notice, so only the file is missing; a later one may have none yet."""
    if year <= arrived_on.year:
        return say(
            "{year}年的放假安排未导入，期限无法计算；加入law/calendar/{year}.yaml后自动重算。",
            year=year,
        )
    return say(
        "{year}年的放假安排尚未公布或未导入，期限待定；公布后加入law/calendar/{year}.yaml，自动重算。",
        year=year,
    )


def arrival_sentences(
    totals: Totals, lacking: Mapping[int, int], before: int = 0, first_day: date | None = None
) -> tuple[str, ...]:
    """What a receipt says of the days its records arrived on; nothing where no limit could run.

    before: how many were decided earlier than `first_day`, the first on which a limit was in force.
    """
    found: list[str] = []
    if totals.on_time or totals.late:
        found.append(say("按时报送{good}行，迟报{late}行。", good=totals.on_time, late=totals.late))
    if totals.missing:
        found.append(say("{n}行没有决定日期，无法计算期限，不计入按时或迟报。", n=totals.missing))
    found += [
        say("{n}行的期限无法计算：{year}年的放假安排未导入。", n=n, year=year)
        for year, n in sorted(lacking.items())
    ]
    if before and first_day:
        found.append(
            say(
                "{n}行在{day}以前作出决定，当时没有双公示期限，不计入按时或迟报。",
                n=before,
                day=_day(first_day),
            )
        )
    return tuple(found)


def _late(due_on: date, arrived_on: date, calendar: Calendar) -> str:
    try:
        days = calendar.working_days_between(due_on, arrived_on)
    except CalendarMissing:
        return say("{arrived}报送，迟报。", arrived=_day(arrived_on))
    if days == 0:
        return say("{arrived}报送，在期限之后的休息日，迟报。", arrived=_day(arrived_on))
    return say("{arrived}报送，迟了{days}个工作日。", arrived=_day(arrived_on), days=days)


def _day(value: date) -> str:
    return say("{y}年{m}月{d}日", y=value.year, m=value.month, d=value.day)
