"""What a plan becomes with everything decided beside its reading, and what is still in the way. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from zhengxin.duties.types import Owed
from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.say import say
from zhengxin.oversight.enums import AmendmentKind
from zhengxin.oversight.resolving import resolve
from zhengxin.oversight.types import (
    Allotted,
    Change,
    Hindrance,
    MandateLine,
    NameStand,
    Plan,
    PlanDraft,
    Registered,
    Resolved,
    Role,
    RuleKind,
    Task,
    TaskDraft,
    Term,
    Trouble,
)

# The longest "what" of a duty that reads in one line of a list.
_WHAT = 60
# 1. （一） 一、 (2) ① before the words of an item.
_NUMBER = re.compile(
    r"(?:[（(][0-9一二三四五六七八九十]+[）)]|[0-9一二三四五六七八九十]+[.．、]|[①-⑳])\s*"
)


def amended(plan: Plan, register: Sequence[Registered], changes: Sequence[Change]) -> PlanDraft:
    """The plan as it would be confirmed: names resolved against the register, then what persons decided, in order."""
    whole = _with_standing_units(plan)
    resolved = resolve(whole, register)
    units = {unit.id: unit for unit in register}
    names = _names(resolved, changes, units)
    stands = {stand.name: stand for stand in names}
    titles = {section.path: section.title for section in plan.sections}
    tasks = tuple(
        _task(task, titles.get(task.section, ""), stands, units, changes, plan)
        for task in whole.tasks
    )
    return PlanDraft(plan, names, tasks, _hindrances(plan.title, names, tasks))


def _with_standing_units(plan: Plan) -> Plan:
    """Units that a standing rule makes responsible without listing them (各镇均为责任单位，不再列出)."""
    tasks = []
    for task in plan.tasks:
        named = {name for _, name in task.units}
        more = [
            name
            for rule in task.rules
            if rule.kind is RuleKind.ALSO_RESPONSIBLE
            for name in rule.units
            if name not in named
        ]
        responsible = tuple(dict.fromkeys([*task.responsible_units, *more]))
        tasks.append(replace(task, responsible_units=responsible))
    return replace(plan, tasks=tuple(tasks))


def _names(
    resolved: Iterable[Resolved], changes: Sequence[Change], units: Mapping[int, Registered]
) -> tuple[NameStand, ...]:
    kinds = (AmendmentKind.CHOOSE, AmendmentKind.SUSPEND)
    decided = {change.name: change for change in changes if change.kind in kinds}
    found = []
    for number, each in enumerate(resolved, start=1):
        change = decided.get(each.name)
        stand = NameStand(number, each.name, each.units, each.collective, each.open_ended)
        if change is None:
            stand = replace(stand, trouble=_trouble(each))
        else:
            chosen = tuple(units[pk] for pk in change.unit_ids if pk in units)
            stand = replace(stand, units=chosen, settled=change)
        found.append(stand)
    return tuple(found)


def _trouble(each: Resolved) -> Trouble | None:
    if not each.units:
        return Trouble.UNKNOWN
    if each.open_ended:
        return Trouble.OPEN
    if not each.collective and each.units[0].closed_on is not None:
        return Trouble.CLOSED
    return None


def _task(
    task: Task,
    title: str,
    stands: Mapping[str, NameStand],
    units: Mapping[int, Registered],
    changes: Sequence[Change],
    plan: Plan,
) -> TaskDraft:
    own = [change for change in changes if change.task == task.number]
    terms: tuple[Term, ...] = task.terms
    dropped = ""
    for change in own:
        if change.kind == AmendmentKind.CHANGE_TERM:
            terms = change.terms
        elif change.kind == AmendmentKind.DROP_TASK:
            dropped = change.because
    return TaskDraft(
        task=task,
        section_title=title,
        names=tuple((role, stands[name]) for role, name in task.units),
        units=_with_leads(task, _allotted(task, stands, units, own)),
        terms=tuple(plan.with_year(term) for term in terms),
        dropped=dropped,
    )


def _allotted(
    task: Task,
    stands: Mapping[str, NameStand],
    units: Mapping[int, Registered],
    changes: Sequence[Change],
) -> list[Allotted]:
    """Units with their roles; whoever is named by itself is not meant again by a group."""
    named = {
        unit.id
        for _, name in task.units
        if not stands[name].collective
        for unit in stands[name].units
    }
    found: dict[tuple[int, Role], Allotted] = {}
    grouped: set[int] = set()
    for role, name in task.units:
        stand = stands[name]
        for unit in stand.units:
            if stand.collective and (unit.id in named or unit.id in grouped):
                continue
            if stand.collective:
                grouped.add(unit.id)
            key = (unit.id, role)
            found.setdefault(key, Allotted(unit.id, unit.name, role, False, name, stand.collective))
    for change in changes:
        if change.kind == AmendmentKind.DROP_UNIT:
            gone = set(change.unit_ids)
            found = {key: each for key, each in found.items() if each.unit_id not in gone}
        elif change.kind == AmendmentKind.ADD_UNIT:
            role = Role(change.role)
            for unit in (units[pk] for pk in change.unit_ids if pk in units):
                added = Allotted(unit.id, unit.name, role, False, "", False)
                found.setdefault((unit.id, role), added)
    return list(found.values())


def _with_leads(task: Task, units: list[Allotted]) -> tuple[Allotted, ...]:
    """Who answers: those that lead; else the first listed where a standing rule says so; else all responsible ones."""
    # A lead that is written and not known yet is no reason for others to answer.
    if task.lead_units or any(each.role is Role.LEAD for each in units):
        answering = {Role.LEAD}
        first = None
    else:
        answering = {Role.RESPONSIBLE}
        first = task.leads[0] if task.leads else None
        if not any(each.as_written == first for each in units):
            first = None
    return tuple(
        replace(each, leads=each.role in answering and first in (None, each.as_written))
        for each in units
    )


def _hindrances(
    title: str, names: Sequence[NameStand], tasks: Sequence[TaskDraft]
) -> tuple[Hindrance, ...]:
    live = [task for task in tasks if not task.dropped]
    used = {stand.name for task in live for _, stand in task.names}
    found = _without_numbers(say("标题"), title)
    found += [
        Hindrance(stand.name, _because(stand.trouble))
        for stand in names
        if stand.trouble is not None and stand.name in used
    ]
    for draft in live:
        where = say("任务{n}", n=draft.task.number)
        # A name that waits is told by itself; one that was put off was put off by a person.
        waits = any(stand.trouble or not stand.units for _, stand in draft.names)
        if not waits and not any(each.leads for each in draft.units):
            because = say("没有牵头或责任单位，请增加单位，或不列为任务。")
            found.append(Hindrance(where, because))
        written = [
            draft.section_title,
            draft.task.text,
            *(rule.text for rule in draft.task.rules),
            *(each.as_written for each in draft.units),
        ]
        found += _without_numbers(where, "\n".join(written))
    if not live:
        found.append(Hindrance(say("方案"), say("没有一项任务，确认不了；不用的请弃用。")))
    return tuple(found)


def _without_numbers(where: str, written: str) -> list[Hindrance]:
    """What goes into the ledger and before the public holds no number of a person."""
    kinds = kinds_found(written)
    if not kinds:
        return []
    because = say("文字里有{kinds}，确认后会写进登记簿；请删去号码后重新上传。", kinds=kinds)
    return [Hindrance(where, because)]


def _because(trouble: Trouble) -> str:
    if trouble is Trouble.UNKNOWN:
        return say("还认不出，请登记名称或选单位。")
    if trouble is Trouble.CLOSED:
        return say("这个单位已撤销，请选承接的单位。")
    return say("没有写明是哪些单位，请选定。")


def terms_owed(
    mandates: Iterable[MandateLine], *, opened_on: date, to_id: int | None
) -> tuple[Owed, ...]:
    """What each leading unit owes by a day that the plan itself names.

    Periods are opened by the clock as they come, and a count of days from some event opens nothing by itself.
    """
    found = []
    for mandate in mandates:
        leads = dict.fromkeys(each.unit_id for each in mandate.units if each.leads)
        others = dict.fromkeys(each.unit_id for each in mandate.units if each.unit_id not in leads)
        for term in mandate.terms:
            due_on = term.due_on(None)
            if due_on is None:
                continue
            what = say(
                "任务{n}：{text}（{term}）",
                n=mandate.number,
                text=brief(mandate.text),
                term=term.text,
            )
            found += [
                Owed(
                    kind="mandate_term",
                    bearer_id=unit_id,
                    what=what,
                    source_id=mandate.entry_id,
                    opened_on=opened_on,
                    due_on=due_on,
                    to_id=to_id,
                    supporter_ids=tuple(others),
                )
                for unit_id in leads
            ]
    return tuple(found)


def _bare(text: str) -> str:
    number = _NUMBER.match(text.strip())
    return text.strip()[number.end() if number else 0 :]


def brief(text: str) -> str:
    """The first sentence of a task without its number, cut where it is long."""
    first = _bare(text).split("\n", 1)[0].split("。", 1)[0]
    return first if len(first) <= _WHAT else first[: _WHAT - 1] + "…"
