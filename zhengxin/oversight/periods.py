"""What a plan asks for again in every month, half-year or year: which period a day lies in, and its last day. Pure.

Quarters have returns of their own; what is to be done every week or day is a standard of work and opens nothing.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from zhengxin.duties.types import Owed
from zhengxin.kernel.say import say
from zhengxin.oversight.rules import brief
from zhengxin.oversight.types import Recurring, Term, TermKind, TermUnit

_MONTHS = {TermUnit.MONTHS: 1, TermUnit.HALF_YEARS: 6, TermUnit.YEARS: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A period by its code (2026M11, 2026H2, 2026), its first day, and the last day by which the term is to be met."""

    code: str
    first: date
    due_on: date


def period_of(term: Term, day: date) -> Period | None:
    """The period of `term` in which `day` lies; None for terms that open nothing by the clock."""
    if term.kind is not TermKind.EVERY or term.unit not in _MONTHS or (term.count or 1) != 1:
        return None
    months = _MONTHS[term.unit]
    number = (day.month - 1) // months
    first = date(day.year, number * months + 1, 1)
    last = _end(day.year, first.month + months - 1)
    code = {
        TermUnit.MONTHS: f"{day.year}M{day.month:02d}",
        TermUnit.HALF_YEARS: f"{day.year}H{number + 1}",
        TermUnit.YEARS: f"{day.year}",
    }[term.unit]
    return Period(code, first, _named(term, first, last))


def owed_in(each: Recurring, day: date, *, to_id: int | None) -> tuple[Owed, ...]:
    """What the leading units owe in the period that runs on that day.

    Nothing where its last day was over when the plan was confirmed.
    """
    period = period_of(each.term, day)
    if period is None or period.due_on < each.confirmed_on:
        return ()
    others = dict.fromkeys(
        unit.unit_id
        for unit in each.mandate.units
        if not unit.leads and unit.unit_id not in each.bearer_ids
    )
    return tuple(
        Owed(
            kind="mandate_period",
            bearer_id=bearer,
            what=say(
                "任务{n}：{text}（{term}）",
                n=each.mandate.number,
                text=brief(each.mandate.text),
                term=each.term.text,
            ),
            source_id=each.mandate.entry_id,
            opened_on=max(period.first, each.confirmed_on),
            due_on=period.due_on,
            to_id=to_id,
            supporter_ids=tuple(others),
            period=period.code,
        )
        for bearer in each.bearer_ids
    )


def _named(term: Term, first: date, last: date) -> date:
    """The day within the period that the term names, else the period's last."""
    if term.unit is TermUnit.YEARS and term.month:
        end = _end(first.year, term.month)
        return end.replace(day=min(term.day, end.day)) if term.day else end
    if term.unit is TermUnit.MONTHS and term.day:
        return first.replace(day=min(term.day, last.day))
    return last


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
