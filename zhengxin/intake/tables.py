"""The statements that carry a file through the engine: raw, texts, clean, judged; and its records."""

from datetime import date
from pathlib import Path

from zhengxin.intake.compiling import compiled
from zhengxin.intake.ground import Ground
from zhengxin.intake.types import (
    ANY_CODE,
    ANY_DAY,
    BITS,
    DATE_SUFFIX,
    ODD_SUFFIX,
    Column,
    ColumnType,
    Reading,
    Source,
    Suspicion,
)
from zhengxin.kernel import uscc
from zhengxin.lake.engine import named, quoted
from zhengxin.lake.sql import TextTable, parquet, text_table

ROWS, PARTS, WORDS = "rows.parquet", "parts.parquet", "words.parquet"
DECIDERS = "deciders.parquet"
_BLOCK = 64
_OPENING, _CLOSING = "（(【[［〔〖﹝", "）)】]］〕〗﹞"
_FOLDED_FROM = _OPENING + _CLOSING + "".join(chr(0xFF10 + n) for n in range(10)) + " \u3000"
_FOLDED_TO = "(" * len(_OPENING) + ")" * len(_CLOSING) + "0123456789"
_UNUSUAL = r"[（(【\[［〖﹝）)】\]］〗﹞０-９ \x{3000}A-ZＡ-Ｚ]"
# What people write where there is no document number.
_NO_NUMBER = ("无", "无文号", "/", "-", "—", "暂无")
_APART = "chr(31)"
# Ways of writing one number: (2026年)18号, (2026)第18号, (2026)018号.
_SERIAL = r"\(((?:19|20)\d\d)年?\)第?0*([0-9]+号?(?:之[一二三四五六七八九十]+)?)$"
_RARE_SERIAL = (")第", ")0", "年)")


def raw_sql(reading: Reading, *, counted: bool) -> str:
    """The rows of the file, in its order: row_number, cells, c0, c1, ...

    counted: number the rows of a file read in place, which costs the engine its second core. Else their
    number is 0: once written in order, their place in the file that holds them tells it (`numbered`).
    """
    cells = tuple(f"c{place}" for place in range(len(reading.headers)))
    if reading.numbered:
        named_cells = ("row_number", "cells", *cells)
        table = text_table(TextTable(Path(reading.path), named_cells, reading.delimiter))
        select = "CAST(row_number AS BIGINT) AS row_number, CAST(cells AS BIGINT) AS cells"
    else:
        table = text_table(TextTable(Path(reading.path), cells, reading.delimiter))
        number = "row_number() OVER () + 1" if counted else "0"
        select = f"CAST({number} AS BIGINT) AS row_number, CAST({len(cells)} AS BIGINT) AS cells"
    return f"SELECT {select}, {', '.join(cells)} FROM {table}"


def numbered(path: Path) -> str:
    """A FROM item: rows that were written in the order of the file, with their numbers as it shows them."""
    number = "CASE WHEN row_number = 0 THEN file_row_number + 2 ELSE row_number END"
    file = f"read_parquet({quoted(path)}, file_row_number=true)"
    return f"(SELECT * REPLACE ({number} AS row_number) FROM {file})"


def _made(day: date) -> str:
    """A day as the engine's dialect writes it."""
    return f"MAKE_DATE({day.year}, {day.month}, {day.day})"


def judged_sql(
    ground: Ground, reading: Reading, *, with_checks: bool, counted: bool
) -> tuple[str, tuple[Suspicion, ...]]:
    """WITH ... up to `judged`: raw cells, clean texts, typed values and (with_checks) the masks."""
    made = compiled(ground.source, reading, with_checks=with_checks, kept=ground.statements)
    sql = (
        f"WITH raw AS ({raw_sql(reading, counted=counted)}), texts AS ({made.texts}), "
        f"clean AS ({made.clean}), judged AS ({made.judged})"
    )
    sql = sql.replace(_made(ANY_DAY), _made(ground.today))
    return sql.replace(quoted(ANY_CODE), quoted(reading.usual or uscc.FILLER)), made.checks


def doubted_sql(ground: Ground, reading: Reading) -> str:
    """row_number and code of the rows of a checked file whose party's code may be wrong."""
    made = compiled(ground.source, reading, with_checks=True, kept=ground.statements)
    rows = checked_rows(ground.folder)
    return (
        f"WITH codes AS (SELECT DISTINCT code FROM {rows} WHERE code IS NOT NULL) "
        f"SELECT r.row_number, r.code FROM {rows} AS r JOIN ({made.doubted}) AS d ON d.code = r.code "
        "ORDER BY r.row_number"
    )


def whole_sql(ground: Ground, reading: Reading, which: str) -> str:
    """row_number and a digest of the whole content (`whole`) of the rows in `which`, a list in SQL."""
    sql, _ = judged_sql(ground, reading, with_checks=False, counted=True)
    return f"{sql} SELECT row_number, {_whole(ground.source)} AS whole FROM judged WHERE row_number IN ({which})"


def _whole(source: Source) -> str:
    return f"hash({', '.join(named(column.field) for column in source.kept)})"


def rows_sql(ground: Ground, reading: Reading) -> tuple[str, tuple[Suspicion, ...], int]:
    """One row for each row of the file, in its order: what identifies it, its masks, and for suspected
    rows its cells. Also the checks behind the masks, and how many masks there are.
    """
    source = ground.source
    sql, checks = judged_sql(ground, reading, with_checks=True, counted=ground.small)
    many = -(-len(checks) // BITS)
    suspected = " OR ".join(f"m{n} <> 0" for n in range(many))
    raws = ", ".join(f"c{place}" for place in range(len(reading.headers)))
    cleans = ", ".join(named(column.field) for column in source.kept)
    filled = " OR ".join(f"{named(column.field)} IS NOT NULL" for column in source.kept)
    given = " OR ".join(f"trim(c{i}) <> ''" for i, name in enumerate(reading.fields) if not name)
    select = [
        "row_number",
        "cells",
        *(f"m{n}" for n in range(many)),
        f"{_role(source, 'party_name')} AS party",
        f"{_role(source, 'party_code')} AS code",
        f"{_role(source, 'party_category')} AS category",
        f"{_id_hash(ground)} AS id_hash",
        f"{_role(source, 'document_number')} AS title",
        f"{_role(source, 'unit_name')} AS organ",
        f"{_role(source, 'unit_code')} AS organ_code",
        f"{true_on(source)} AS true_on",
        f"{_kinds(source)} AS kinds",
        f"{_marks(source)} AS marks",
        "key_text",
        "key_text_before",
        # Compared only where there is no key; and where a key comes twice, by `whole_sql`.
        f"CASE WHEN key_text IS NULL THEN {_whole(source)} END AS whole",
        f"CASE WHEN {suspected} THEN [{raws}] END AS raw_cells",
        f"CASE WHEN {suspected} THEN [{cleans}] END AS clean_cells",
    ]
    select.append(f"NOT ({filled} OR {given}) AS blank" if given else f"NOT ({filled}) AS blank")
    return f"{sql}, {_keyed(ground)} SELECT {', '.join(select)} FROM keyed", checks, many


def checked_rows(folder: Path) -> str:
    """A FROM item: the rows of a checked file that are not blank, numbered as the file shows them."""
    return f"(SELECT * FROM {numbered(folder / ROWS)} WHERE NOT blank)"


def records_sql(ground: Ground) -> str:
    """The records of a checked file: one for each party of a row, numbered within it from 0.

    whole_key: what makes it the same record as another, as text; NULL when a part of that is missing;
    unit_id: whose decision it is. key_before: the same as it was made of numbers written with 第, 年 or zeros in
    front, until these were folded, and of others' decisions as of the sender's own; NULL for the rest.
    """
    source_rows = f"{checked_rows(ground.folder)} AS r"
    unit_id, key, before = f"CAST({ground.unit_id} AS BIGINT)", "r.key_text", "r.key_text_before"
    if (ground.folder / DECIDERS).exists():
        source_rows += (
            f" LEFT JOIN {parquet(ground.folder / DECIDERS)} AS d ON d.organ IS NOT DISTINCT FROM r.organ "
            "AND d.organ_code IS NOT DISTINCT FROM r.organ_code AND d.day IS NOT DISTINCT FROM r.true_on"
        )
        scope = _key_scope(ground.source, ground.unit_id)
        other = f"{quoted(_key_scope(ground.source))} || d.unit_id || substr(r.key_text, {len(scope) + 1})"
        unit_id = f"coalesce(d.unit_id, {unit_id})"
        key = f"CASE WHEN d.unit_id IS NULL THEN r.key_text ELSE {other} END"
        before = "CASE WHEN d.unit_id IS NULL THEN r.key_text_before ELSE r.key_text END"
    name, part, nth = "r.party", "0", "1"
    if ground.source.by_role["party_name"].separator:
        source_rows += f" LEFT JOIN {parquet(ground.folder / PARTS)} AS p ON p.cell = r.party"
        name, part, nth = "coalesce(p.name, r.party)", "coalesce(p.part, 0)", "coalesce(p.nth, 1)"
    identity = (
        f"CASE WHEN r.code IS NOT NULL AND r.code <> '{uscc.FILLER}' THEN r.code "
        f"WHEN r.id_hash IS NOT NULL THEN r.id_hash ELSE {folded(name)} || "
        f"CASE WHEN {nth} > 1 THEN '#' || {nth} ELSE '' END END"
    )
    return (
        f"SELECT r.row_number, CAST({part} AS BIGINT) AS part, {name} AS name, r.code, r.category, "
        f"r.id_hash, r.title, r.true_on, r.kinds, r.marks, r.whole, {unit_id} AS unit_id, "
        f"{key} AS key_text, {key} || {_APART} || {identity} AS whole_key, "
        f"{before} || {_APART} || {identity} AS key_before FROM {source_rows}"
    )


def digest63(pepper: bytes, expression: str) -> str:
    """The first 63 bits of a keyed SHA-256 of a text expression, as BIGINT."""
    keyed = f"sha256('{pepper.hex()}' || {expression})"
    return f"CAST(CAST('0x' || substr({keyed}, 1, 16) AS UBIGINT) >> 1 AS BIGINT)"


def hmac_hex(pepper: bytes, expression: str) -> str:
    """HMAC-SHA256 of a text expression, as hmac.new(pepper, text, sha256).hexdigest() gives it."""
    key = pepper.ljust(_BLOCK, b"\0")
    inner = "".join(f"\\x{byte ^ 0x36:02X}" for byte in key)
    outer = "".join(f"\\x{byte ^ 0x5C:02X}" for byte in key)
    return f"sha256('{outer}'::BLOB || unhex(sha256('{inner}'::BLOB || encode({expression}))))"


def folded(expression: str) -> str:
    """A text as it is compared: one kind of brackets, half-width digits, no spaces, lower case."""
    slow = f"lower(translate({expression}, {quoted(_FOLDED_FROM)}, {quoted(_FOLDED_TO)}))"
    usual = f"replace(replace({expression}, '〔', '('), '〕', ')')"
    return (
        f"CASE WHEN regexp_matches({expression}, {quoted(_UNUSUAL)}) THEN {slow} ELSE {usual} END"
    )


def _one_serial(number: str) -> str:
    """A folded document number, its serial written in one way, as kernel.documents does."""
    return (
        f"CASE WHEN {_rarely_written(number)} "
        f"THEN regexp_replace({number}, {quoted(_SERIAL)}, '(\\1)\\2') ELSE {number} END"
    )


def _rarely_written(number: str) -> str:
    found = " OR ".join(f"contains({number}, {quoted(sign)})" for sign in _RARE_SERIAL)
    return f"({found})"


def true_on(source: Source) -> str:
    """The day the record bears, NULL when the source does not state one."""
    column = source.by_role.get("decided_on")
    return "CAST(NULL AS DATE)" if column is None else named(column.field + DATE_SUFFIX)


def _role(source: Source, role: str) -> str:
    column = source.by_role.get(role)
    return "CAST(NULL AS VARCHAR)" if column is None else named(column.field)


def _id_hash(ground: Ground) -> str:
    column = ground.source.by_role.get("party_id_number")
    if column is None:
        return "CAST(NULL AS VARCHAR)"
    field = named(column.field)
    return f"CASE WHEN {field} IS NOT NULL THEN {hmac_hex(ground.pepper, field)} END"


def _kinds(source: Source) -> str:
    column = next((c for c in source.columns if c.type is ColumnType.PENALTY_KINDS), None)
    return "CAST(NULL AS VARCHAR)" if column is None else named(column.field)


def _marks(source: Source) -> str:
    cases = [
        f"CASE WHEN {named(rule.field + ODD_SUFFIX)} "
        f"AND regexp_matches({named(rule.field)}, {quoted(rule.pattern)}) "
        f"THEN {quoted(rule.trait)} END"
        for rule in source.traits
    ]
    return f"concat_ws(';', {', '.join(cases)})" if cases else "''"


def _key_scope(source: Source, unit_id: int | str = "") -> str:
    """Numbers are given by a unit: the beginning of the keys of its records."""
    return f"{source.record_kind}/{unit_id}"


def _keyed(ground: Ground) -> str:
    """`keyed`, after `judged`: its rows with their keys. Step by step, since the engine works a repeated piece out anew."""
    pieces = [
        f"{folded(named(column.field))} AS {_folded(column)}"
        for column in _of_key(ground.source)
        if column.type is not ColumnType.DATE
    ]
    texts = f"{_key_text(ground)} AS key_text, {_key_text(ground, before=True)} AS key_text_before"
    return (
        f"folded AS (SELECT {', '.join(['*', *pieces])} FROM judged), "
        f"keyed AS (SELECT *, {texts} FROM folded)"
    )


def _of_key(source: Source) -> list[Column]:
    """The columns of the natural key apart from the party's."""
    found = [source.by_field[name] for name in source.natural_key]
    return [c for c in found if c.role not in ("party_name", "party_code", "party_id_number")]


def _folded(column: Column) -> str:
    return named(f"{column.field}__folded")


def _key_text(ground: Ground, *, before: bool = False) -> str:
    """What makes a record the same record, apart from its party; NULL when a part of it is missing.

    before: with the serial as it is written, and NULL where that makes no difference.
    """
    source = ground.source
    numbers = {column.field for column in source.columns if column.role == "document_number"}
    if before and not numbers & set(source.natural_key):
        return "CAST(NULL AS VARCHAR)"
    pieces = [quoted(_key_scope(source, ground.unit_id))]
    for column in _of_key(source):
        piece = _folded(column)
        if column.role == "document_number":
            nothing = ", ".join(quoted(word) for word in _NO_NUMBER)
            differs = f" AND {piece} <> {_one_serial(piece)}" if before else ""
            written = piece if before else _one_serial(piece)
            piece = (
                f"CASE WHEN {named(column.field)} NOT IN ({nothing}){differs} THEN {written} END"
            )
        if column.type is ColumnType.DATE:
            piece = f"CAST({named(column.field + DATE_SUFFIX)} AS VARCHAR)"
        pieces.append(piece)
    return f" || {_APART} || ".join(pieces)
