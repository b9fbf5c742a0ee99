"""A plan as its pages show it: headings in order, under each its tasks with units by role, as written and as meant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from zhengxin.oversight.enums import UnitRole
from zhengxin.oversight.queries import brief
from zhengxin.oversight.types import (
    Allotted,
    FiledBy,
    MandateLine,
    NameStand,
    Role,
    Section,
    TaskDraft,
    Term,
)


@dataclass(frozen=True, slots=True)
class NameShown:
    """One name as written with the units it means; stand: only while the plan is being checked."""

    written: str
    units: tuple[Allotted, ...]
    collective: bool
    stand: NameStand | None = None


@dataclass(frozen=True, slots=True)
class RoleShown:
    """The names of one role."""

    label: str
    names: tuple[NameShown, ...]


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A task or mandate. terms: each with its last day, if it has one.

    parts: of how many units a mandate is; filed: those of them that filed an implementing plan.
    """

    number: int
    heading: str
    text: str
    clause: str
    roles: tuple[RoleShown, ...]
    terms: tuple[tuple[Term, date | None], ...]
    rules: tuple[str, ...] = ()
    dropped: str = ""
    parts: int = 0
    filed: tuple[FiledBy, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A heading with the tasks right under it; None: tasks before the first heading, or that are headings themselves."""

    section: Section | None
    tasks: tuple[TaskShown, ...]


def of_draft(draft: TaskDraft) -> TaskShown:
    """A task of a reading, with what persons decided."""
    by_role: dict[Role, list[NameShown]] = {}
    for role, stand in draft.names:
        meant = [each for each in draft.units if (each.role, each.as_written) == (role, stand.name)]
        shown = NameShown(stand.name, tuple(meant), stand.collective, stand)
        by_role.setdefault(role, []).append(shown)
    for each in draft.units:
        if not each.as_written:
            by_role.setdefault(each.role, []).append(NameShown("", (each,), False))
    return TaskShown(
        number=draft.task.number,
        heading=brief(draft.task.text),
        text=draft.task.text,
        clause=draft.task.clause,
        roles=_in_order(by_role),
        terms=_dated(draft.terms),
        rules=tuple(dict.fromkeys(rule.text for rule in draft.task.rules)),
        dropped=draft.dropped,
    )


def of_mandate(line: MandateLine, parts: Sequence[FiledBy]) -> TaskShown:
    """A task as it was confirmed, with what its units filed."""
    by_role: dict[Role, list[NameShown]] = {}
    meant: dict[tuple[Role, str], list[Allotted]] = {}
    for each in line.units:
        # Each unit that a person added stands by itself.
        key = (each.role, each.as_written or f"+{each.unit_id}")
        meant.setdefault(key, []).append(each)
    for (role, written), units in meant.items():
        name = "" if written.startswith("+") else written
        shown = NameShown(name, tuple(units), units[0].collective)
        by_role.setdefault(role, []).append(shown)
    return TaskShown(
        number=line.number,
        heading=brief(line.text),
        text=line.text,
        clause="",
        roles=_in_order(by_role),
        terms=_dated(line.terms),
        parts=len(parts),
        filed=tuple(part for part in parts if part.filings),
    )


def _in_order(by_role: dict[Role, list[NameShown]]) -> tuple[RoleShown, ...]:
    return tuple(
        RoleShown(str(role.label), tuple(by_role[Role(role)]))
        for role in UnitRole
        if Role(role) in by_role
    )


def _dated(terms: Iterable[Term]) -> tuple[tuple[Term, date | None], ...]:
    return tuple((term, term.due_on(None)) for term in terms)


def tree(sections: Sequence[Section], tasks: Iterable[tuple[str, TaskShown]]) -> Iterator[Branch]:
    """Every heading in the order of the text, with its tasks (each given with the path it stands under)."""
    under: dict[str, list[TaskShown]] = {}
    for path, task in tasks:
        under.setdefault(path, []).append(task)
    known = {section.path for section in sections}
    loose = [task for path, some in under.items() if path not in known for task in some]
    if loose:
        yield Branch(None, tuple(loose))
    for section in sections:
        # Two headings of one path: the first has the tasks.
        own = tuple(under.pop(section.path, ()))
        told = len(own) == 1 and section.title in own[0].text
        yield Branch(None if told else section, own)
