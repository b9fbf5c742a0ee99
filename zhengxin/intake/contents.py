"""The content of every row of a file as the ledger keeps it: three canonical JSON objects, by disclosure group."""

from zhengxin.intake.checking import CELL_FAULTS
from zhengxin.intake.ground import Ground
from zhengxin.intake.tables import judged_sql
from zhengxin.intake.types import (
    AMOUNT_SUFFIX,
    DATE_SUFFIX,
    Column,
    ColumnType,
    Disclosure,
    Reading,
)
from zhengxin.lake.engine import named, quoted
from zhengxin.lake.queries import one, write_in_order
from zhengxin.lake.sql import copy_to_parquet, json_object, json_text, parquet

CONTENTS, HIDDEN = "contents.parquet", "hidden.parquet"
# Stands in a content for the JSON of one party's name, where a row may have several.
PARTY = "\x02"
_HIDING = "code = 'id_in_text'"


def write_contents(ground: Ground, reading: Reading) -> None:
    """Write contents.parquet: one line for each row of the file, in its order (see tables.numbered)."""
    counted = ground.small
    sql, _ = judged_sql(ground, reading, with_checks=False, counted=counted)
    select = f"{sql} SELECT j.row_number, {_groups(ground, hidden=False)} FROM judged AS j"
    with ground.engine() as engine:
        if counted or reading.numbered:
            engine.execute(copy_to_parquet(select, ground.folder / CONTENTS))
        else:
            write_in_order(engine, select, ground.folder / CONTENTS)


def write_hidden(ground: Ground, reading: Reading) -> None:
    """Write hidden.parquet: the contents of rows with an identity number in a text, that text closed.

    Such rows are few: the file is read once more, counted, for them alone.
    """
    faults = parquet(ground.folder / CELL_FAULTS)
    hiding = f"SELECT row_number, list(field) AS fields FROM {faults} WHERE {_HIDING} GROUP BY row_number"
    if one(f"SELECT count(*) FROM {faults} WHERE {_HIDING}")[0]:
        sql, _ = judged_sql(ground, reading, with_checks=False, counted=True)
        select = (
            f"{sql} SELECT j.row_number, {_groups(ground, hidden=True)} "
            f"FROM judged AS j JOIN ({hiding}) AS h ON h.row_number = j.row_number"
        )
    else:
        nothing = ", ".join(f"'' AS {group}_json" for group in _SHOWN)
        select = f"SELECT CAST(0 AS BIGINT) AS row_number, {nothing} WHERE false"
    with ground.engine() as engine:
        engine.execute(copy_to_parquet(select, ground.folder / HIDDEN))


_SHOWN = (Disclosure.OPEN, Disclosure.TEXT, Disclosure.CLOSED)


def _groups(ground: Ground, *, hidden: bool) -> str:
    """open_json, text_json, closed_json of the row j; with `hidden`, h.fields are closed."""
    return ", ".join(
        f"{json_object(_members(ground, group, hidden=hidden))} AS {group}_json" for group in _SHOWN
    )


def _members(ground: Ground, group: Disclosure, *, hidden: bool) -> dict[str, str]:
    """JSON expressions by field of one disclosure group; texts with an identity number are closed."""
    members: dict[str, str] = {}
    for column in ground.source.kept:
        value = _value(column)
        if not hidden or column.type is not ColumnType.TEXT:
            if column.disclosure is group:
                members[column.field] = value
            continue
        hit = f"coalesce(list_contains(h.fields, {quoted(column.field)}), false)"
        if column.disclosure is group:
            stays = "true" if group is Disclosure.CLOSED else f"NOT {hit}"
            members[column.field] = f"CASE WHEN {stays} THEN {value} END"
        elif group is Disclosure.CLOSED:
            members[column.field] = f"CASE WHEN {hit} THEN {value} END"
    return members


def _value(column: Column) -> str:
    field = f"j.{named(column.field)}"
    if column.role == "party_name" and column.separator:
        return quoted(PARTY)
    if column.type is ColumnType.DATE:
        day = f"j.{named(column.field + DATE_SUFFIX)}"
        return f"'\"' || CAST({day} AS VARCHAR) || '\"'"
    if column.type is ColumnType.AMOUNT:
        text = f"CAST(j.{named(column.field + AMOUNT_SUFFIX)} AS VARCHAR)"
        return f"'\"' || rtrim(rtrim({text}, '0'), '.') || '\"'"
    return json_text(field)
