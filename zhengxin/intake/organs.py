"""Whose decision is it? A unit reports its own; what is written as another unit's goes back. Where the unit that
collects for the whole county reports it, it becomes that unit's record, and that unit owed the report; of a closed
unit's decision that is the unit which followed it. Name and code that are two units' go back.

Asked once for each name or code and day, however many rows bear it. An organ the register does not know (a county
court, an agency of the city) is nobody's namesake: its rows are left to their sender.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from zhengxin.intake.explaining import explain_disagreeing, explain_organ
from zhengxin.intake.ground import Ground
from zhengxin.intake.tables import DECIDERS, checked_rows, records_sql
from zhengxin.intake.types import Column, RowRule
from zhengxin.kernel.names import fold_name
from zhengxin.kernel.say import say
from zhengxin.kernel.uscc import normalise_code
from zhengxin.lake.queries import one, rows, write_parquet
from zhengxin.lake.sql import parquet
from zhengxin.subjects.types import Spelling

SENDER_DECIDED = "sender_decided"
DISAGREEING = "two_organs"
_OTHERS = "others.parquet"
_READ = {"unit_name": ("organ", fold_name), "unit_code": ("organ_code", normalise_code)}
# The rule, row number, column, value, reason and remedy of a row whose organ is another unit.
Found = tuple[RowRule, int, Column, str, tuple[str, str]]


def others_decisions(ground: Ground) -> Iterator[Found]:
    """The cells of a checked file that name another unit as the one that decided; where the sender reports for all,
    those whose name is one unit's and whose code another's.
    """
    rule = _rule(ground)
    if rule is None:
        return
    known = _known(ground)
    if ground.collects:
        yield from _disagreeing(ground, rule, known)
        return
    for role, (cell, read) in _READ.items():
        column = ground.source.by_role.get(role)
        if column is None:
            continue
        table = checked_rows(ground.folder)
        distinct = f"SELECT DISTINCT {cell}, true_on FROM {table} WHERE {cell} IS NOT NULL"
        found = []
        for text, day in (each for batch in rows(distinct) for each in batch):
            others = dict.fromkeys(each.unit for each in _others(known[read(text)], day))
            if others:
                because, remedy = explain_organ(column.header, "、".join(others), ground.sender)
                found.append((text, day, rule.because or because, rule.remedy or remedy))
        if found:
            yield from _rows_of(ground, rule, column, (cell,), found)


def write_deciders(ground: Ground) -> None:
    """Write deciders.parquet: which unit of the register decided, for every organ, code and day of a checked file.

    No file where the sender reports its own decisions alone, or all of them are its own or unknown organs'.
    """
    file = ground.folder / DECIDERS
    file.unlink(missing_ok=True)
    if _rule(ground) is None or not ground.collects:
        return
    known = _known(ground)
    distinct = f"SELECT DISTINCT organ, organ_code, true_on FROM {checked_rows(ground.folder)}"
    found = [
        (organ, code, day, unit_id)
        for batch in rows(distinct)
        for organ, code, day in batch
        if (unit_id := _decider(known, organ, code, day)) is not None
    ]
    if found:
        columns = {"organ": "VARCHAR", "organ_code": "VARCHAR", "day": "DATE", "unit_id": "BIGINT"}
        write_parquet(file, columns, iter(found))


def on_behalf(ground: Ground, refused: str) -> tuple[str, ...]:
    """What the receipt says of records that become other units'. refused: the rows that go back, in SQL."""
    if not (ground.folder / DECIDERS).exists():
        return ()
    others = (
        f"SELECT unit_id, row_number FROM ({records_sql(ground)}) WHERE unit_id <> {ground.unit_id} "
        f"AND row_number NOT IN ({refused})"
    )
    n, units = one(f"SELECT count(DISTINCT row_number), count(DISTINCT unit_id) FROM ({others})")
    if not n:
        return ()
    return (
        say(
            "{n}行是登记册里其他{units}个单位作出的决定，由{sender}代报：记在各决定机关名下，报送期限按各机关算。",
            n=f"{n:,}",
            units=units,
            sender=ground.sender,
        ),
    )


def _disagreeing(
    ground: Ground, rule: RowRule, known: defaultdict[str, list[Spelling]]
) -> Iterator[Found]:
    """The codes of organs that are another unit's than the organ's name is."""
    named, coded = (ground.source.by_role.get(role) for role in _READ)
    if named is None or coded is None:
        return
    distinct = (
        f"SELECT DISTINCT organ, organ_code, true_on FROM {checked_rows(ground.folder)} "
        "WHERE organ IS NOT NULL AND organ_code IS NOT NULL"
    )
    found = []
    for organ, code, day in (each for batch in rows(distinct) for each in batch):
        by_code = _standing(known[normalise_code(code)], day)
        named_units = _units(ground, _standing(known[fold_name(organ)], day))
        coded_units = _units(ground, by_code)
        if named_units and coded_units and not named_units & coded_units:
            whose = "、".join(dict.fromkeys(each.unit for each in by_code))
            found.append((organ, code, day, *explain_disagreeing(coded.header, organ, whose)))
    if found:
        yield from _rows_of(
            ground, replace(rule, rule=DISAGREEING), coded, ("organ", "organ_code"), found
        )


def _units(ground: Ground, known: list[Spelling]) -> set[int | None]:
    return {ground.unit_id if each.own else each.unit_id for each in known} - {None}


def _decider(
    known: defaultdict[str, list[Spelling]], organ: str | None, code: str | None, day: date | None
) -> int | None:
    """The one other unit that the name means or, where it means none or several, the code."""
    for role, written in (("unit_name", organ), ("unit_code", code)):
        if written:
            others = _others(known[_READ[role][1](written)], day)
            meant = {each.unit_id for each in others if each.unit_id is not None}
            if len(meant) == 1:
                return meant.pop()
    return None


def _rule(ground: Ground) -> RowRule | None:
    return next((each for each in ground.source.rules if each.rule == SENDER_DECIDED), None)


def _known(ground: Ground) -> defaultdict[str, list[Spelling]]:
    known: defaultdict[str, list[Spelling]] = defaultdict(list)
    for each in ground.spellings:
        known[each.written].append(each)
    return known


def _standing(known: list[Spelling], day: date | None) -> list[Spelling]:
    """Who stands under it on the day or, if nobody, on any."""
    return [each for each in known if day is None or each.valid_on(day)] or known


def _others(known: list[Spelling], day: date | None) -> list[Spelling]:
    """Who stands under it; none where the sender does."""
    then = _standing(known, day)
    return [] if any(each.own for each in then) else then


def _rows_of(
    ground: Ground,
    rule: RowRule,
    column: Column,
    cells: tuple[str, ...],
    found: Sequence[tuple[object, ...]],
) -> Iterator[Found]:
    """The rows with these cells and day; found: the cells, the day, the reason and the remedy."""
    file = ground.folder / _OTHERS
    texts = dict.fromkeys(cells, "VARCHAR")
    write_parquet(
        file, {**texts, "day": "DATE", "because": "VARCHAR", "remedy": "VARCHAR"}, iter(found)
    )
    same = " AND ".join(f"o.{cell} = r.{cell}" for cell in cells)
    sql = (
        f"SELECT r.row_number, r.{cells[-1]}, o.because, o.remedy FROM {checked_rows(ground.folder)} AS r "
        f"JOIN {parquet(file)} AS o ON {same} AND o.day IS NOT DISTINCT FROM r.true_on "
        "ORDER BY r.row_number"
    )
    for batch in rows(sql):
        for number, text, because, remedy in batch:
            yield rule, number, column, text, (because, remedy)
    file.unlink()
