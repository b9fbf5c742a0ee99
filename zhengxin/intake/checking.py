"""Checking one upload: one pass of the engine over every rule, then words for the suspected rows only."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from zhengxin.intake.explaining import (
    explain_cell,
    explain_count,
    explain_kinds,
    explain_row,
    explain_twin,
    label,
    mark_code,
    refused_words,
    shown,
)
from zhengxin.intake.ground import Ground
from zhengxin.intake.organs import on_behalf, others_decisions, write_deciders
from zhengxin.intake.parties import split_parties
from zhengxin.intake.reading import goes_on_so, read_upload, reread_exactly
from zhengxin.intake.tables import (
    PARTS,
    ROWS,
    WORDS,
    checked_rows,
    doubted_sql,
    records_sql,
    rows_sql,
    whole_sql,
)
from zhengxin.intake.types import (
    BITS,
    Checked,
    ColumnType,
    Fault,
    FaultKind,
    Reading,
    Severity,
    Source,
    Suspicion,
)
from zhengxin.intake.uploads import UploadRefused
from zhengxin.kernel.say import say
from zhengxin.lake.engine import IrregularText
from zhengxin.lake.queries import one, rows, write_in_order, write_parquet
from zhengxin.lake.sql import copy_to_parquet, parquet
from zhengxin.rulebook.queries import normalise_penalty_kinds

CELL_FAULTS, ROW_FAULTS = "faults-cells.parquet", "faults-rows.parquet"
_ALIKE, _WHOLE = "alike.parquet", "whole.parquet"
FAULT_COLUMNS = {
    "row_number": "BIGINT",
    "place": "INTEGER",
    "header": "VARCHAR",
    "value": "VARCHAR",
    "code": "VARCHAR",
    "because": "VARCHAR",
    "remedy": "VARCHAR",
    "severity": "VARCHAR",
    "field": "VARCHAR",
}


def check_upload(ground: Ground) -> tuple[Reading, Checked]:
    """Read and check a whole upload; leaves rows, parts, words and faults in the folder.

    Raises UploadRefused or HeaderRefused for a file that cannot be read as rows at all.
    """
    reading, checks, many = _judge_once(ground)
    cells = _CellFaults(ground, reading, checks, many)
    found = chain(cells.lines(), _wrong_codes(ground, reading), _wrong_organs(ground, reading))
    with ThreadPoolExecutor(max_workers=1) as aside:
        parts = aside.submit(_write_parts, ground)
        write_parquet(ground.folder / CELL_FAULTS, FAULT_COLUMNS, found)
        parts.result()
    write_deciders(ground)
    write_parquet(ground.folder / ROW_FAULTS, FAULT_COLUMNS, _row_faults(ground, reading))
    return reading, _summed(ground)


def _judge_once(ground: Ground) -> tuple[Reading, tuple[Suspicion, ...], int]:
    """Judge a text while its rest is still being looked through; once more where that differs."""
    reading = read_upload(ground.upload, ground.folder, ground.source, hasty=True, kind=ground.kind)
    with ThreadPoolExecutor(max_workers=1) as aside:
        same = aside.submit(goes_on_so, ground.upload, reading)
        try:
            judged = _judge(ground, reading)
        except IrregularText as error:
            # A table that was written out here comes out the same once more.
            if reading.numbered:
                raise _not_rows() from error
            exact = reread_exactly(ground.upload, ground.folder, ground.source)
            return exact, *_judge_finally(ground, exact)
    if not same.result():
        reading = read_upload(ground.upload, ground.folder, ground.source, kind=ground.kind)
        judged = _judge_finally(ground, reading)
    return reading, *judged


def _judge_finally(ground: Ground, reading: Reading) -> tuple[tuple[Suspicion, ...], int]:
    """Judge, where there is no other way to read the file: what cannot be read now never will be."""
    try:
        return _judge(ground, reading)
    except IrregularText as error:
        raise _not_rows() from error


def _not_rows() -> UploadRefused:
    return UploadRefused(
        say("文件里有无法分清单元格的内容。"),
        say("某些单元格里有不常见的换行或控制字符，读不成一行一行的表。"),
        say("请打开原表，清除单元格里的换行和看不见的字符，另存后重新上传。"),
    )


def _judge(ground: Ground, reading: Reading) -> tuple[tuple[Suspicion, ...], int]:
    sql, checks, many = rows_sql(ground, reading)
    with ground.engine() as engine:
        if ground.small or reading.numbered:
            engine.execute(copy_to_parquet(sql, ground.folder / ROWS))
        else:
            write_in_order(engine, sql, ground.folder / ROWS)
    return checks, many


def fault_line(fault: Fault, field: str) -> tuple[object, ...]:
    """A fault in the order of FAULT_COLUMNS."""
    return (
        fault.row_number,
        fault.column,
        fault.header,
        fault.value,
        fault.code,
        fault.because,
        fault.remedy,
        str(fault.severity),
        field,
    )


class _CellFaults:
    """Words for every confirmed suspicion, row by row."""

    def __init__(
        self, ground: Ground, reading: Reading, checks: Sequence[Suspicion], many: int
    ) -> None:
        self.ground, self.reading, self.checks, self.many = ground, reading, checks, many
        self.source = ground.source
        self.places = {name: place for place, name in enumerate(reading.fields) if name}
        self.kept = [column.field for column in ground.source.kept]

    def lines(self) -> Iterator[tuple[object, ...]]:
        names = [f"m{n}" for n in range(self.many)]
        where = " OR ".join(f"{name} <> 0" for name in names)
        sql = (
            f"SELECT row_number, cells, raw_cells, clean_cells, {', '.join(names)} "
            f"FROM {checked_rows(self.ground.folder)} WHERE {where}"
        )
        for batch in rows(sql):
            for row in batch:
                yield from self._row(row)

    def _row(self, row: tuple[Any, ...]) -> Iterator[tuple[object, ...]]:
        number, cells, raws, cleans, *bits = row
        values = dict(zip(self.kept, cleans, strict=True))
        for group, mask in enumerate(bits):
            left = mask
            while left:
                low = left & -left
                left ^= low
                check = self.checks[group * BITS + low.bit_length() - 1]
                fault = self._fault(check, number, cells, raws, values)
                if fault is not None:
                    yield fault_line(fault, check.field)

    def _fault(
        self,
        check: Suspicion,
        number: int,
        cells: int,
        raws: list[str],
        values: dict[str, str | None],
    ) -> Fault | None:
        field, words = check.field, ""
        if not field and check.place >= 0:
            field, words = refused_words(self.source.rules[check.place], values)
        column = self.source.by_field.get(field)
        place = self.places.get(field, -1)
        raw = (raws[place] or "") if place >= 0 else ""
        code = check.code
        if check.code == "cell_count":
            reason = explain_count(cells, len(self.reading.headers))
        elif check.place >= 0:
            reason = explain_row(self.source.rules[check.place], self.source, values)
        else:
            assert column is not None
            found = explain_cell(code, column, values[check.field], raw, self.ground.today)
            if found is None:
                return None
            reason = found
            if code == "mark":
                code = mark_code(raw)
        return Fault(
            row_number=number,
            column=place + 1,
            header=self._header(place, column.header if column else ""),
            value=words or shown(column, raw),
            code=code,
            because=reason[0],
            remedy=reason[1],
            severity=check.severity,
        )

    def _header(self, place: int, otherwise: str) -> str:
        return self.reading.headers[place] if place >= 0 else otherwise or say("整行")


def _wrong_codes(ground: Ground, reading: Reading) -> Iterator[tuple[object, ...]]:
    """Parties' codes are checked once for each, however many rows bear it."""
    column = ground.source.by_role.get("party_code")
    if column is None:
        return
    for batch in rows(doubted_sql(ground, reading)):
        for number, code in batch:
            reason = explain_cell("bad_code", column, code, code, ground.today)
            if reason is not None:
                place = _at(reading, ground.source, column.field, number, code)
                yield fault_line(Fault(*place, "bad_code", *reason, Severity.REFUSE), column.field)


def _wrong_organs(ground: Ground, reading: Reading) -> Iterator[tuple[object, ...]]:
    for rule, number, column, text, reason in others_decisions(ground):
        place = _at(reading, ground.source, column.field, number, text)
        yield fault_line(Fault(*place, rule.rule, *reason, rule.severity), column.field)


def _write_parts(ground: Ground) -> None:
    """The parties of every distinct cell that may hold several, one line each."""
    separator = ground.source.by_role["party_name"].separator
    if not separator:
        return
    distinct = f"SELECT DISTINCT party FROM {checked_rows(ground.folder)} WHERE party IS NOT NULL"
    write_parquet(
        ground.folder / PARTS,
        {"cell": "VARCHAR", "part": "INTEGER", "name": "VARCHAR", "nth": "INTEGER"},
        (
            (cell, part, name, nth)
            for batch in rows(distinct)
            for (cell,) in batch
            for part, (name, nth) in enumerate(split_parties(cell, separator))
        ),
    )


def _row_faults(ground: Ground, reading: Reading) -> Iterator[tuple[object, ...]]:
    yield from _unknown_kinds(ground, reading)
    yield from _twins(ground, reading)


def _unknown_kinds(ground: Ground, reading: Reading) -> Iterator[tuple[object, ...]]:
    """Penalty kinds are read once for each distinct text; the codes serve the drafts later."""
    table, words = checked_rows(ground.folder), ground.folder / WORDS
    distinct = f"SELECT DISTINCT kinds FROM {table} WHERE kinds IS NOT NULL"
    columns = {"text": "VARCHAR", "codes": "VARCHAR", "strange": "VARCHAR"}
    write_parquet(
        words, columns, (_read_kinds(text) for batch in rows(distinct) for (text,) in batch)
    )
    sql = (
        f"SELECT r.row_number, r.kinds, w.strange FROM {table} AS r "
        f"JOIN {parquet(words)} AS w ON w.text = r.kinds WHERE w.strange <> '' ORDER BY r.row_number"
    )
    column = next((c for c in ground.source.columns if c.type is ColumnType.PENALTY_KINDS), None)
    for batch in rows(sql):
        for number, text, strange in batch:
            assert column is not None
            place = _at(reading, ground.source, column.field, number, text)
            because, remedy = explain_kinds(strange)
            fault = Fault(*place, "unknown_kind", because, remedy, Severity.REFUSE)
            yield fault_line(fault, column.field)


def _read_kinds(text: str) -> tuple[str, str, str]:
    codes, strange = normalise_penalty_kinds(text)
    return text, ";".join(codes), "、".join(strange)


def _at(
    reading: Reading, source: Source, field: str, number: int, value: str
) -> tuple[int, int, str, str]:
    column = source.by_field[field]
    if field in reading.fields:
        place = reading.fields.index(field)
        return number, place + 1, reading.headers[place], shown(column, value)
    return number, 0, column.header, shown(column, value)


def _twins(ground: Ground, reading: Reading) -> Iterator[tuple[object, ...]]:
    """Rows with one natural key: the same content is one row too many, another content refuses all.

    A record without a key is its own content's twin.
    """
    sound = (
        "(SELECT row_number, title, coalesce(whole_key, 'w' || CAST(whole AS VARCHAR)) AS mark "
        f"FROM ({records_sql(ground)}) WHERE row_number NOT IN (SELECT row_number FROM "
        f"{parquet(ground.folder / CELL_FAULTS)} WHERE severity = 'refuse'))"
    )
    # Comparing hashes first is cheap; mostly none is shared, and nothing remains to be compared.
    shared = f"SELECT hash(mark) FROM {sound} GROUP BY hash(mark) HAVING count(*) > 1"
    if not one(f"SELECT count(*) FROM ({shared})")[0]:
        return
    alike = f"SELECT * FROM {sound} WHERE hash(mark) IN ({shared})"
    _write(ground, _ALIKE, alike)
    contents = whole_sql(
        ground, reading, f"SELECT row_number FROM {parquet(ground.folder / _ALIKE)}"
    )
    _write(ground, _WHOLE, contents)
    sql = f"""
    WITH alike AS (SELECT a.*, w.whole FROM {parquet(ground.folder / _ALIKE)} AS a
                   JOIN {parquet(ground.folder / _WHOLE)} AS w USING (row_number)),
    contents AS (SELECT mark, whole, min(row_number) AS place FROM alike GROUP BY mark, whole),
    twins AS (SELECT mark, min(place) AS first, max(place) AS other, count(*) AS many
              FROM contents GROUP BY mark)
    SELECT a.row_number, any_value(a.title), bool_and(t.many = 1),
           min(CASE WHEN t.many > 1 AND c.place = t.first THEN t.other ELSE t.first END)
    FROM alike AS a JOIN contents AS c USING (mark, whole) JOIN twins AS t USING (mark)
    WHERE t.many > 1 OR a.row_number > t.first
    GROUP BY a.row_number ORDER BY a.row_number
    """
    column = ground.source.by_role.get("document_number")
    for batch in rows(sql):
        for number, title, same, other in batch:
            because, remedy = explain_twin(other, same=same)
            code = "repeated" if same else "contradicting"
            if column is None:
                place = (number, 0, say("整行"), "")
            else:
                place = _at(reading, ground.source, column.field, number, title or "")
            yield fault_line(Fault(*place, code, because, remedy, Severity.REFUSE), "")


def _write(ground: Ground, name: str, select: str) -> None:
    with ground.engine() as engine:
        engine.execute(copy_to_parquet(select, ground.folder / name))


def fault_files(folder: Path) -> list[Path]:
    """Every file of faults a submission has by now."""
    return sorted(folder.glob("faults-*.parquet"))


def count_kinds(folder: Path) -> tuple[FaultKind, ...]:
    """Faults counted by kind, most frequent first."""
    files = fault_files(folder)
    sql = (
        f"SELECT code, severity, count(*) FROM {parquet(files)} "
        "GROUP BY code, severity ORDER BY count(*) DESC, code"
    )
    return tuple(
        FaultKind(code, label(code), Severity(severity), int(many))
        for batch in rows(sql)
        for code, severity, many in batch
    )


def _summed(ground: Ground) -> Checked:
    refused = (
        f"SELECT DISTINCT row_number FROM {parquet(fault_files(ground.folder))} "
        "WHERE severity = 'refuse'"
    )
    records = records_sql(ground)
    total, bad = one(
        f"SELECT count(*), count(*) FILTER (row_number IN ({refused})) FROM ({records})"
    )
    found = int(one(f"SELECT count(*) FROM {checked_rows(ground.folder)}")[0])
    return Checked(
        rows=found,
        records=int(total),
        refused=int(bad),
        kinds=count_kinds(ground.folder),
        warnings=_warnings(ground.source, found) + on_behalf(ground, refused),
    )


def _warnings(source: Source, found: int) -> tuple[str, ...]:
    if source.fewest_rows <= found <= source.most_rows:
        return ()
    return (
        say(
            "这份文件有{found}行，平常在{least}至{most}行之间，请核对是否完整。",
            found=found,
            least=source.fewest_rows,
            most=source.most_rows,
        ),
    )
