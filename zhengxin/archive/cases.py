"""Rules run once for every distinct case of a stretch of the ledger, not once for every entry.

`Cases` gathers the distinct combinations a query gives into a temporary table; `answer` puts the
verdicts beside them. A follower then joins entries to cases to verdicts in one INSERT.
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
    """Temporary tables `<name>_case` (id and the query's columns) and `<name>_verdict`."""

    def __init__(self, name: str, columns: str, verdict: str) -> None:
        """columns: those looked up, in the order of the index; verdict: name and type of each."""
        self.case = f"{name}_case"
        self.verdict = f"{name}_verdict"
        self._columns = columns
        self._names = [part.split()[0] for part in verdict.split(",")]
        self._declared = verdict

    def __enter__(self) -> Self:
        run(f"CREATE TEMPORARY TABLE {self.verdict} (case_id bigint, {self._declared})")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            run(f"DROP TABLE {self.case}")
            run(f"DROP TABLE {self.verdict}")

    def gather(self, query: str, params: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        """The distinct rows of `query`, each with its case id first."""
        run(
            f"CREATE TEMPORARY TABLE {self.case} AS SELECT row_number() OVER () AS id, q.* "
            f"FROM (SELECT DISTINCT {query}) q",
            params,
        )
        run(f"CREATE INDEX {self.case}_place ON {self.case} ({self._columns})")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {self.case}")
            yield from cursor.fetchall()

    def answer(self, rows: Iterable[Sequence[object]]) -> None:
        """Write verdicts: rows of case id and the verdict's columns; days as ISO text."""
        width = len(self._names) + 1
        head = f"INSERT INTO {self.verdict} (case_id, {', '.join(self._names)}) VALUES "
        one = "(" + ", ".join(["%s"] * width) + ")"
        waiting = list(rows)
        for start in range(0, len(waiting), _ROWS):
            some = waiting[start : start + _ROWS]
            run(head + ", ".join([one] * len(some)), [value for row in some for value in row])
        run(f"CREATE INDEX {self.verdict}_place ON {self.verdict} (case_id)")
        if connection.vendor == "postgresql":
            run(f"ANALYZE {self.case}")
            run(f"ANALYZE {self.verdict}")


def day_of(value: datetime | str) -> date:
    """The county's day of a stored time (text on SQLite, a time with zone on PostgreSQL)."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(_HERE).date()


def day(value: str) -> date | None:
    """A day written as ISO text; None for the empty text."""
    return date.fromisoformat(value) if value else None
