"""From checked rows to drafts: the engine writes every record's canonical JSON, byte for byte as the ledger hashes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zhengxin.intake.checking import FAULT_COLUMNS, fault_files, fault_line
from zhengxin.intake.contents import CONTENTS, HIDDEN, PARTY, write_hidden
from zhengxin.intake.explaining import explain_erased, explain_recorded
from zhengxin.intake.ground import Ground
from zhengxin.intake.tables import WORDS, digest63, numbered, records_sql
from zhengxin.intake.types import Fault, Reading, Severity
from zhengxin.kernel.say import say
from zhengxin.lake.engine import keep_order, quoted
from zhengxin.lake.queries import count, one, rows, write_parquet
from zhengxin.lake.sql import copy_to_parquet, json_text, parquet

SOUND, MENTIONS, KNOWN = "sound.parquet", "mentions.parquet", "known.parquet"
FATES, RECORDED, ORDERED = "fates.parquet", "recorded.parquet", "ordered.parquet"
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
KNOWN_COLUMNS = {
    "key": "BIGINT",
    "entry_id": "BIGINT",
    "content": "BIGINT",
    "erased": "BOOLEAN",
    "seal": "VARCHAR",
}
_MENTION = (
    "concat_ws(chr(31), name, coalesce(code, ''), coalesce(id_hash, ''), coalesce(category, ''))"
)


_DRAFT_COLUMNS = (
    "seq", "row_number", "kind", "subject_id", "unit_id", "true_on", "key", "content", "about_id", "trait",
    "open_json", "text_json", "closed_json",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drafted:
    """How many records became drafts, how many wait, how many the ledger has already."""

    admitted: int
    waiting: int
    recorded: int
    superseding: int


def write_sound(ground: Ground) -> None:
    """Write sound.parquet: the records of rows that no fault refuses, with mention and natural key."""
    refused = f"SELECT row_number FROM {parquet(_checked_faults(ground.folder))} WHERE severity = 'refuse'"
    sound = f"SELECT *, {_MENTION} AS mention FROM ({records_sql(ground)}) WHERE row_number NOT IN ({refused})"
    key, before = (
        f"CASE WHEN {text} IS NOT NULL THEN {digest63(ground.pepper, text)} END"
        for text in ("whole_key", "key_before")
    )
    with ground.engine() as engine:
        engine.execute(
            copy_to_parquet(
                f"SELECT row_number, part, name, code, category, id_hash, unit_id, true_on, kinds, marks, mention, "
                f"{key} AS key, {before} AS key_before FROM ({sound})",
                ground.folder / SOUND,
            )
        )


def _checked_faults(folder: Path) -> list[Path]:
    later = {RECORDED_FAULTS, WAITING_FAULTS}
    return [path for path in fault_files(folder) if path.name not in later]


def distinct_mentions(folder: Path) -> str:
    """mention, name, code, id_hash, category and the latest day of every distinct mention."""
    return (
        "SELECT mention, any_value(name), any_value(code), any_value(id_hash), any_value(category), "
        f"max(true_on) FROM {parquet(folder / SOUND)} GROUP BY mention ORDER BY mention"
    )


def distinct_keys(folder: Path) -> str:
    """The natural keys of the sound records, also those that records before them may bear."""
    return (
        f"SELECT key FROM {parquet(folder / SOUND)} WHERE key IS NOT NULL "
        f"UNION SELECT key_before FROM {parquet(folder / SOUND)} WHERE key_before IS NOT NULL"
    )


def write_drafts(ground: Ground, reading: Reading) -> Drafted:
    """Write drafts.parquet and, if any record waits, waiting.parquet from sound records, mentions, known keys
    and contents found before.
    """
    folder = ground.folder
    for name in (RECORDED_FAULTS, DRAFTS, WAITING):
        (folder / name).unlink(missing_ok=True)
    write_hidden(ground, reading)
    with ground.engine() as engine:
        engine.execute(copy_to_parquet(_fates_sql(ground), folder / FATES))
        same = "SELECT 0 AS row_number, 0 AS part, 0 AS about_id, false AS erased WHERE false"
        if count(folder / KNOWN):
            made = _made_sql(ground, FATES, "about_id IS NOT NULL")
            same = (
                f"{made} SELECT row_number, part, about_id, erased FROM digested "
                "WHERE known_content = content OR erased"
            )
        engine.execute(copy_to_parquet(same, folder / RECORDED))
        engine.execute(copy_to_parquet(_ordered_sql(folder), folder / ORDERED))
    recorded = count(folder / RECORDED)
    if recorded:
        write_parquet(folder / RECORDED_FAULTS, FAULT_COLUMNS, _recorded(folder))
    admitted, superseding, waiting = one(
        "SELECT count(*) FILTER (certain), count(about_id) FILTER (certain), "
        f"count(*) FILTER (NOT certain) FROM {parquet(folder / ORDERED)}"
    )
    columns = ", ".join(_DRAFT_COLUMNS)
    with ground.engine() as engine:
        if not ground.small:
            keep_order(engine)
        # The ledger digests the contents of drafts itself, when it reads them: hashing is slow here.
        made = _made_sql(ground, ORDERED, "certain")
        drafts = f"{made} SELECT * EXCLUDE (mention, known_content, erased), CAST(NULL AS BIGINT) AS content FROM made"
        engine.execute(copy_to_parquet(f"SELECT {columns} FROM ({drafts})", folder / DRAFTS))
        if waiting:
            made = _made_sql(ground, ORDERED, "NOT certain")
            rest = f"{made} SELECT {columns}, mention FROM digested"
            engine.execute(copy_to_parquet(rest, folder / WAITING))
    for name in (CONTENTS, HIDDEN):
        (folder / name).unlink()
    return Drafted(int(admitted), int(waiting), recorded, int(superseding))


def _ordered_sql(folder: Path) -> str:
    """The fates of what is not in the ledger yet, numbered from 0 in the order of the file, drafts and waiting apart."""
    left = f"SELECT * FROM {parquet(folder / FATES)} AS f"
    if count(folder / RECORDED):
        left += (
            " WHERE (f.row_number, f.part) NOT IN "
            f"(SELECT (row_number, part) FROM {parquet(folder / RECORDED)})"
        )
    return (
        "SELECT f.*, row_number() OVER (PARTITION BY certain ORDER BY f.row_number, f.part) - 1 AS seq "
        f"FROM ({left}) AS f ORDER BY f.row_number, f.part"
    )


def _fates_sql(ground: Ground) -> str:
    folder = ground.folder
    # What later steps need, and no more: these rows are sorted.
    several = ground.source.by_role["party_name"].separator
    name = "s.name" if several else "CAST(NULL AS VARCHAR) AS name"
    codes = "string_split(coalesce(w.codes, ''), ';')"
    marks = "string_split(coalesce(s.marks, ''), ';')"
    # What the law sealed once stays sealed, whatever words the same document comes in now.
    seal = "[coalesce(k.seal, b.seal, '')]"
    trait = (
        f"array_to_string(list_sort(list_distinct(list_filter({codes} || {marks} || {seal}, "
        "lambda word: word <> ''))), ';')"
    )
    before = "b.entry_id > coalesce(k.entry_id, 0)"
    newest = (
        "greatest(k.entry_id, b.entry_id) AS about_id, "
        f"CASE WHEN {before} THEN b.content ELSE k.content END AS known_content, "
        f"coalesce(CASE WHEN {before} THEN b.erased ELSE k.erased END, false) AS erased,"
    )
    return (
        f"SELECT s.row_number, s.part, {name}, CASE WHEN m.certainty <> 'certain' THEN s.mention END AS mention, "
        f"s.unit_id, s.true_on, s.key, m.subject_id, m.certainty = 'certain' AS certain, {newest} "
        f"{trait} AS trait FROM {parquet(folder / SOUND)} AS s "
        f"JOIN {parquet(folder / MENTIONS)} AS m ON m.mention = s.mention "
        f"LEFT JOIN {parquet(folder / KNOWN)} AS k ON k.key = s.key "
        f"LEFT JOIN {parquet(folder / KNOWN)} AS b ON b.key = s.key_before "
        f"LEFT JOIN {parquet(folder / WORDS)} AS w ON w.text = s.kinds"
    )


def _made_sql(ground: Ground, fates: str, where: str) -> str:
    """WITH ... `digested`: the records of a file of fates for which `where` holds, with content and its digest."""
    folder, source = ground.folder, ground.source
    number = "f.seq" if fates == ORDERED else "0 AS seq"
    values = {
        name: f"coalesce(h.{name}, c.{name})" for name in ("open_json", "text_json", "closed_json")
    }
    if source.by_role["party_name"].separator:
        # One content for all parties of a row; each party's own name goes in here.
        values = {
            name: f"replace({value}, {quoted(PARTY)}, {json_text('f.name')})"
            for name, value in values.items()
        }
    contents = ", ".join(f"{value} AS {name}" for name, value in values.items())
    return (
        f"WITH made AS (SELECT {number}, f.row_number, f.part, f.mention, {quoted(source.record_kind)} AS kind, "
        f"f.subject_id, f.unit_id, CAST(f.true_on AS DATE) AS true_on, f.key, "
        f"f.about_id, f.known_content, f.erased, f.trait, {contents} "
        f"FROM {numbered(folder / CONTENTS)} AS c "
        f"JOIN (SELECT * FROM {parquet(folder / fates)} WHERE {where}) AS f ON f.row_number = c.row_number "
        f"LEFT JOIN {parquet(folder / HIDDEN)} AS h ON h.row_number = c.row_number), "
        f"digested AS (SELECT *, "
        f"{digest63(ground.pepper, 'open_json || chr(10) || text_json || chr(10) || closed_json')} "
        f"AS content FROM made)"
    )


def _recorded(folder: Path) -> Iterator[tuple[object, ...]]:
    sql = (
        f"SELECT row_number, min(about_id), bool_or(erased) FROM {parquet(folder / RECORDED)} "
        "GROUP BY row_number ORDER BY row_number"
    )
    for batch in rows(sql):
        for number, entry_id, erased in batch:
            because, remedy = explain_erased() if erased else explain_recorded(entry_id)
            fault = Fault(number, 0, say("整行"), "", "recorded", because, remedy, Severity.REFUSE)
            yield fault_line(fault, "")
