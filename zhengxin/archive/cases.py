"""Rules run once for every distinct case of a stretch of the ledger, not once for every entry.

`Cases` gathers the distinct combinations a query gives; `answer` puts the verdicts beside them in
one temporary table. A follower then joins entries to that table in one INSERT.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import connection

from zhengxin.archive.changes import run

_HERE = ZoneInfo("Asia/Shanghai")
_ROWS = 400


class Cases:
    """Temporary tables of one stretch; `<name>_rule` holds each case's columns and its verdicts."""

    def __init__(self, name: str, columns: str, verdict: str) -> None:
        """columns: those of a case, looked up in this order; verdict: name and type of each."""
        self._case, self._verdict, self._rule = f"{name}_case", f"{name}_verdict", f"{name}_rule"
        self._columns = columns
        self._names = [part.split()[0] for part in verdict.split(",")]
        self._declared = verdict

    def __enter__(self) -> Self:
        run(f"CREATE TEMPORARY TABLE {self._verdict} (case_id bigint, {self._declared})")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            for table in (self._case, self._verdict, self._rule):
                run(f"DROP TABLE {table}")

    def gather(self, query: str, params: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        """The distinct rows of `query` (named as the columns are), each with its case id first."""
        run(
            f"CREATE TEMPORARY TABLE {self._case} AS "
            f"SELECT CAST(row_number() OVER () AS bigint) AS id, {self._columns} FROM (SELECT DISTINCT {query}) q",
            params,
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {self._case}")
            yield from cursor.fetchall()

    def answer(self, rows: Iterable[Sequence[object]]) -> None:
        """Write verdicts: rows of case id and the verdict's columns; days as ISO text."""
        names = ", ".join(self._names)
        head = f"INSERT INTO {self._verdict} (case_id, {names}) VALUES "
        one = "(" + ", ".join(["%s"] * (len(self._names) + 1)) + ")"
        waiting = list(rows)
        for start in range(0, len(waiting), _ROWS):
            some = waiting[start : start + _ROWS]
            run(head + ", ".join([one] * len(some)), [value for row in some for value in row])
        run(
            f"CREATE TEMPORARY TABLE {self._rule} AS SELECT {self._columns}, {names} "
            f"FROM {self._verdict} v CROSS JOIN {self._case} c WHERE c.id = v.case_id"
        )
        # On SQLite one descent of this index answers everything; PostgreSQL wants statistics.
        lean = connection.vendor == "postgresql"
        looked_up = self._columns if lean else f"{self._columns}, {names}"
        run(f"CREATE INDEX {self._rule}_place ON {self._rule} ({looked_up})")
        if lean:
            run(f"ANALYZE {self._rule}")


def day_of(value: datetime | str) -> date:
    """The county's day of a stored time (text on SQLite, a time with zone on PostgreSQL)."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(_HERE).date()


def day(value: str) -> date | None:
    """A day written as ISO text; None for the empty text."""
    return date.fromisoformat(value) if value else None
