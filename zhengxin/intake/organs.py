"""Whose decision is it? A unit reports its own; what is written as another unit's goes back.

Asked once for each name or code and day, however many rows bear it. An organ the register does not know (a county
court, an agency of the city) is nobody's namesake: its rows are left to their sender.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from zhengxin.intake.explaining import explain_organ
from zhengxin.intake.ground import Ground
from zhengxin.intake.tables import checked_rows
from zhengxin.intake.types import Column, RowRule
from zhengxin.kernel.names import fold_name
from zhengxin.kernel.uscc import normalise_code
from zhengxin.lake.queries import rows, write_parquet
from zhengxin.lake.sql import parquet
from zhengxin.subjects.types import Spelling

SENDER_DECIDED = "sender_decided"
_OTHERS = "others.parquet"
_READ = {"unit_name": ("organ", fold_name), "unit_code": ("organ_code", normalise_code)}
# The rule, row number, column, value, reason and remedy of a row whose organ is another unit.
Found = tuple[RowRule, int, Column, str, tuple[str, str]]


def others_decisions(ground: Ground) -> Iterator[Found]:
    """The cells of a checked file that name another unit as the one that decided."""
    rule = next((each for each in ground.source.rules if each.rule == SENDER_DECIDED), None)
    if rule is None or not ground.spellings:
        return
    known: defaultdict[str, list[Spelling]] = defaultdict(list)
    for each in ground.spellings:
        known[each.written].append(each)
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
            if (other := _other(known.get(read(text), []), day))
        ]
        if others:
            yield from _rows_of(ground, rule, column, cell, others)


def _other(known: list[Spelling], day: date | None) -> str:
    """Who stands under it on the day (or, if nobody, on any); "" where that is nobody or the sender."""
    then = [each for each in known if day is None or each.valid_on(day)] or known
    if any(each.own for each in then):
        return ""
    return "、".join(dict.fromkeys(each.unit for each in then))


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
