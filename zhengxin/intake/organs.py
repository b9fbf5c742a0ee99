"""Whose decision is it? A unit reports its own; what is written as another unit's goes back. Where the unit that
collects for the whole county reports it, it becomes that unit's record, and that unit owed the report.

Asked once for each name or code and day, however many rows bear it. An organ the register does not know (a county
court, an agency of the city) is nobody's namesake: its rows are left to their sender.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from zhengxin.intake.explaining import explain_organ
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
_OTHERS = "others.parquet"
_READ = {"unit_name": ("organ", fold_name), "unit_code": ("organ_code", normalise_code)}
# The rule, row number, column, value, reason and remedy of a row whose organ is another unit.
Found = tuple[RowRule, int, Column, str, tuple[str, str]]


def others_decisions(ground: Ground) -> Iterator[Found]:
    """The cells of a checked file that name another unit as the one that decided."""
    rule = _rule(ground)
    if rule is None or ground.collects:
        return
    known = _known(ground)
    for role, (cell, read) in _READ.items():
        column = ground.source.by_role.get(role)
        if column is None:
            continue
        table = checked_rows(ground.folder)
        distinct = f"SELECT DISTINCT {cell}, true_on FROM {table} WHERE {cell} IS NOT NULL"
        others = [
            (text, day, other)
            for batch in rows(distinct)
            for text, day in batch
            if (other := "、".join(dict.fromkeys(e.unit for e in _others(known[read(text)], day))))
        ]
        if others:
            yield from _rows_of(ground, rule, column, cell, others)


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


def on_behalf(ground: Ground) -> tuple[str, ...]:
    """What the receipt says of records that become other units'."""
    if not (ground.folder / DECIDERS).exists():
        return ()
    others = (
        f"SELECT unit_id, row_number FROM ({records_sql(ground)}) WHERE unit_id <> {ground.unit_id}"
    )
    n, units = one(f"SELECT count(DISTINCT row_number), count(DISTINCT unit_id) FROM ({others})")
    return (
        say(
            "{n}行是登记册里其他{units}个单位作出的决定，由{sender}代报：记在各决定机关名下，报送期限按各机关算。",
            n=f"{n:,}",
            units=units,
            sender=ground.sender,
        ),
    )


def _decider(
    known: defaultdict[str, list[Spelling]], organ: str | None, code: str | None, day: date | None
) -> int | None:
    """The one other unit that the name means or, where it means none or several, the code."""
    for role, written in (("unit_name", organ), ("unit_code", code)):
        if written:
            meant = {each.unit_id for each in _others(known[_READ[role][1](written)], day)}
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


def _others(known: list[Spelling], day: date | None) -> list[Spelling]:
    """Who stands under it on the day (or, if nobody, on any); none where the sender does."""
    then = [each for each in known if day is None or each.valid_on(day)] or known
    return [] if any(each.own for each in then) else then


def _rows_of(
    ground: Ground, rule: RowRule, column: Column, cell: str, others: list[tuple[str, date, str]]
) -> Iterator[Found]:
    file = ground.folder / _OTHERS
    write_parquet(file, {"written": "VARCHAR", "day": "DATE", "other": "VARCHAR"}, iter(others))
    sql = (
        f"SELECT r.row_number, r.{cell}, o.other FROM {checked_rows(ground.folder)} AS r "
        f"JOIN {parquet(file)} AS o ON o.written = r.{cell} AND o.day IS NOT DISTINCT FROM r.true_on "
        "ORDER BY r.row_number"
    )
    for batch in rows(sql):
        for number, text, other in batch:
            because, remedy = explain_organ(column.header, other, ground.sender)
            yield rule, number, column, text, (rule.because or because, rule.remedy or remedy)
    file.unlink()
