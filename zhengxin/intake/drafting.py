"""From checked rows to drafts: the engine writes every record's canonical JSON, byte for byte as the ledger hashes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zhengxin.intake.checking import (
    CELL_FAULTS,
    FAULT_COLUMNS,
    Ground,
    fault_files,
    fault_line,
)
from zhengxin.intake.explaining import explain_recorded
from zhengxin.intake.tables import WORDS, digest63, judged_sql, records_sql
from zhengxin.intake.types import (
    AMOUNT_SUFFIX,
    DATE_SUFFIX,
    Column,
    ColumnType,
    Disclosure,
    Fault,
    Reading,
    Severity,
)
from zhengxin.kernel.say import say
from zhengxin.lake.engine import keep_order, named, quoted
from zhengxin.lake.queries import count, one, rows, write_parquet
from zhengxin.lake.sql import copy_to_parquet, json_object, json_text, parquet

MENTIONS, KNOWN, FATES = "mentions.parquet", "known.parquet", "fates.parquet"
RECORDED, ORDERED = "recorded.parquet", "ordered.parquet"
DRAFTS, WAITING = "drafts.parquet", "waiting.parquet"
RECORDED_FAULTS, WAITING_FAULTS = "faults-recorded.parquet", "faults-waiting.parquet"
MENTION_COLUMNS = {
    "mention": "VARCHAR",
    "mention_key": "VARCHAR",
    "subject_id": "BIGINT",
    "certainty": "VARCHAR",
    "because": "VARCHAR",
    "candidates": "VARCHAR",
}
KNOWN_COLUMNS = {"key": "BIGINT", "entry_id": "BIGINT", "content": "BIGINT"}
_MENTION = (
    "concat_ws(chr(31), name, coalesce(code, ''), coalesce(id_hash, ''), coalesce(category, ''))"
)


# Rows stand nearly, seq says exactly, in the order of the file.
_DRAFT_COLUMNS = (
    "SELECT seq, row_number, kind, subject_id, unit_id, true_on, key, content, about_id, trait, "
    "open_json, text_json, closed_json"
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """How many records became drafts, how many wait, how many the ledger has already."""

    admitted: int
    waiting: int
    recorded: int
    superseding: int


def sound_records(ground: Ground) -> str:
    """The records of rows that no fault refuses."""
    refused = f"SELECT row_number FROM {parquet(_checked_faults(ground.folder))} WHERE severity = 'refuse'"
    records = records_sql(ground.source, ground.folder, ground.pepper)
    return f"SELECT * FROM ({records}) WHERE row_number NOT IN ({refused})"


def _checked_faults(folder: Path) -> list[Path]:
    later = {RECORDED_FAULTS, WAITING_FAULTS}
    return [path for path in fault_files(folder) if path.name not in later]


def distinct_mentions(ground: Ground) -> str:
    """mention, name, code, id_hash, category and the latest day of every distinct mention."""
    return (
        f"SELECT {_MENTION} AS mention, any_value(name), any_value(code), any_value(id_hash), "
        f"any_value(category), max(true_on) FROM ({sound_records(ground)}) GROUP BY mention ORDER BY mention"
    )


def distinct_keys(ground: Ground) -> str:
    """The natural keys of the sound records."""
    return f"SELECT DISTINCT key FROM ({sound_records(ground)}) WHERE key IS NOT NULL"


def write_drafts(ground: Ground, reading: Reading) -> Drafted:
    """Write drafts.parquet and, if any record waits, waiting.parquet from the mentions and known keys found before."""
    folder = ground.folder
    for name in (RECORDED_FAULTS, DRAFTS, WAITING):
        (folder / name).unlink(missing_ok=True)
    with ground.engine() as engine:
        engine.execute(copy_to_parquet(_fates_sql(ground), folder / FATES))
        same = "SELECT 0 AS row_number, 0 AS part, 0 AS about_id WHERE false"
        if count(folder / KNOWN):
            made = _records_json(ground, reading, FATES, "about_id IS NOT NULL")
            same = f"{made} SELECT row_number, part, about_id FROM digested WHERE known_content = content"
        engine.execute(copy_to_parquet(same, folder / RECORDED))
        engine.execute(copy_to_parquet(_ordered_sql(folder), folder / ORDERED))
    recorded = count(folder / RECORDED)
    if recorded:
        write_parquet(folder / RECORDED_FAULTS, FAULT_COLUMNS, _recorded(folder))
    admitted, superseding, waiting = one(
        "SELECT count(*) FILTER (certain), count(about_id) FILTER (certain), "
        f"count(*) FILTER (NOT certain) FROM {parquet(folder / ORDERED)}"
    )
    with ground.engine() as engine:
        if not ground.small:
            keep_order(engine)
        for name, certain, also in (
            (DRAFTS, "certain", ""),
            (WAITING, "NOT certain", ", mention"),
        ):
            if name == WAITING and not waiting:
                continue
            sql = _records_json(ground, reading, ORDERED, certain)
            engine.execute(
                copy_to_parquet(f"{sql} {_DRAFT_COLUMNS}{also} FROM digested", folder / name)
            )
    return Drafted(int(admitted), int(waiting), recorded, int(superseding))


def _ordered_sql(folder: Path) -> str:
    """The fates of what is not in the ledger yet, numbered from 0 in the order of the file, drafts and waiting apart."""
    return (
        "SELECT f.*, row_number() OVER (PARTITION BY certain ORDER BY f.row_number, f.part) - 1 AS seq "
        f"FROM {parquet(folder / FATES)} AS f WHERE (f.row_number, f.part) NOT IN "
        f"(SELECT (row_number, part) FROM {parquet(folder / RECORDED)}) ORDER BY f.row_number, f.part"
    )


def _fates_sql(ground: Ground) -> str:
    folder = ground.folder
    codes = "string_split(coalesce(w.codes, ''), ';')"
    marks = "string_split(coalesce(s.marks, ''), ';')"
    trait = (
        f"array_to_string(list_sort(list_distinct(list_filter(list_concat({codes}, {marks}), "
        "lambda word: word <> ''))), ';')"
    )
    return (
        f"SELECT s.row_number, s.part, s.name, s.mention, s.key, m.subject_id, m.certainty = 'certain' AS certain, "
        f"k.entry_id AS about_id, k.content AS known_content, {trait} AS trait "
        f"FROM (SELECT *, {_MENTION} AS mention FROM ({sound_records(ground)})) AS s "
        f"JOIN {parquet(folder / MENTIONS)} AS m ON m.mention = s.mention "
        f"LEFT JOIN {parquet(folder / KNOWN)} AS k ON k.key = s.key "
        f"LEFT JOIN {parquet(folder / WORDS)} AS w ON w.text = s.kinds"
    )


def _records_json(ground: Ground, reading: Reading, fates: str, where: str) -> str:
    """The records of a file of fates for which `where` holds, with their three JSON objects."""
    source = ground.source
    sql, _ = judged_sql(source, reading, None, counted=True)
    decided = source.by_role.get("decided_on")
    decided_on = "NULL" if decided is None else f"j.{named(decided.field + DATE_SUFFIX)}"
    true_on = f"CAST({decided_on} AS DATE)"
    number = "f.seq" if fates == ORDERED else "0 AS seq"
    hidden_join, hidden = "", False
    hiding = f"{parquet(ground.folder / CELL_FAULTS)} WHERE code = 'id_in_text'"
    if one(f"SELECT count(*) FROM {hiding}")[0]:
        hidden = True
        hidden_join = (
            f" LEFT JOIN (SELECT row_number, list(field) AS fields FROM {hiding} "
            "GROUP BY row_number) AS h ON h.row_number = j.row_number"
        )
    groups = {
        group: json_object(_members(ground, group, hidden=hidden))
        for group in (Disclosure.OPEN, Disclosure.TEXT, Disclosure.CLOSED)
    }
    return (
        f"{sql}, made AS (SELECT {number}, f.row_number, f.part, f.mention, {quoted(source.record_kind)} AS kind, f.subject_id, "
        f"CAST({ground.unit_id} AS BIGINT) AS unit_id, {true_on} AS true_on, f.key, f.about_id, "
        f"f.known_content, f.trait, {groups[Disclosure.OPEN]} AS open_json, "
        f"{groups[Disclosure.TEXT]} AS text_json, {groups[Disclosure.CLOSED]} AS closed_json "
        f"FROM judged AS j JOIN (SELECT * FROM {parquet(ground.folder / fates)} WHERE {where}) AS f "
        f"ON f.row_number = j.row_number{hidden_join}), "
        f"digested AS (SELECT *, "
        f"{digest63(ground.pepper, 'open_json || chr(10) || text_json || chr(10) || closed_json')} "
        f"AS content FROM made)"
    )


def _members(ground: Ground, group: Disclosure, *, hidden: bool) -> dict[str, str]:
    """JSON expressions by field of one disclosure group; texts with an identity number are closed."""
    members: dict[str, str] = {}
    for column in ground.source.kept:
        value = _value(ground, column)
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


def _value(ground: Ground, column: Column) -> str:
    field = f"j.{named(column.field)}"
    if column.role == "party_name":
        return json_text("f.name")
    if column.type is ColumnType.DATE:
        day = f"j.{named(column.field + DATE_SUFFIX)}"
        return f"'\"' || CAST({day} AS VARCHAR) || '\"'"
    if column.type is ColumnType.AMOUNT:
        text = f"CAST(j.{named(column.field + AMOUNT_SUFFIX)} AS VARCHAR)"
        return f"'\"' || rtrim(rtrim({text}, '0'), '.') || '\"'"
    return json_text(field)


def _recorded(folder: Path) -> Iterator[tuple[object, ...]]:
    sql = (
        f"SELECT row_number, min(about_id) FROM {parquet(folder / RECORDED)} "
        "GROUP BY row_number ORDER BY row_number"
    )
    for batch in rows(sql):
        for number, entry_id in batch:
            because, remedy = explain_recorded(entry_id)
            fault = Fault(number, 0, say("整行"), "", "recorded", because, remedy, Severity.REFUSE)
            yield fault_line(fault, "")
