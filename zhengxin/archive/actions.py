"""The archive follows the ledger: one line a record, ended when corrected or withdrawn.

Whether a line stands depends only on what is in the ledger, not on the order of following:
withdrawn when its batch was, or it was revoked; else superseded when some correction of it was not withdrawn (or was
itself corrected); else it stands.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from zhengxin.archive.changes import (
    EARLIER_REPORT,
    ENDING_ACTS,
    WITHDRAWAL,
    changes,
    chunks,
    codes,
    joined,
    places,
    run,
)
from zhengxin.archive.enums import Ending
from zhengxin.archive.models import Line
from zhengxin.archive.types import Span
from zhengxin.ledger.models import Batch, Entry
from zhengxin.ledger.types import Range

_INSERT = """
INSERT INTO archive_line (entry_id, subject_id, unit_id, kind, true_on, known_at,
                          supersedes_id, first_known_at, ended_at, ending, ended_by)
SELECT id, subject_id, unit_id, kind, true_on, known_at, about_id, known_at, NULL, '', NULL
FROM ledger_entry WHERE id BETWEEN %s AND %s AND kind IN ({kinds}) ORDER BY id
"""
_SUPERSEDE = """
UPDATE archive_line SET ending = 'superseded', ended_at = s.known_at, ended_by = s.id
FROM (SELECT e.about_id, e.id, e.known_at FROM ledger_entry e
      JOIN (SELECT about_id, MIN(id) AS id FROM ledger_entry
            WHERE id BETWEEN %s AND %s AND about_id IS NOT NULL AND kind IN ({kinds})
            GROUP BY about_id) f ON f.id = e.id) s
WHERE archive_line.entry_id = s.about_id AND archive_line.ending = ''
"""
# The earliest report of the line on or after the day of the decision it now states: what came
# before that day was no report of it.
_FIRST = """
UPDATE archive_line SET first_known_at = (
    WITH RECURSIVE version (entry_id, supersedes_id, known_at) AS (
        SELECT p.entry_id, p.supersedes_id, p.known_at FROM archive_line p
        WHERE p.entry_id = archive_line.entry_id
        UNION ALL
        SELECT p.entry_id, p.supersedes_id, p.known_at FROM archive_line p
        JOIN version ON p.entry_id = version.supersedes_id),
    earlier (known_at) AS (
        SELECT known_at FROM version
        UNION ALL
        SELECT a.known_at FROM version JOIN ledger_entry a
        ON a.about_id = version.entry_id AND a.kind = '{earlier_report}')
    SELECT COALESCE(MIN(earlier.known_at), archive_line.known_at) FROM earlier
    WHERE earlier.known_at < archive_line.known_at
      AND (archive_line.true_on IS NULL OR {day} >= archive_line.true_on))
WHERE {which}
"""
_CORRECTIONS = "entry_id BETWEEN %s AND %s AND supersedes_id IS NOT NULL"
_COUNTY_DAY = {
    "sqlite": "date(earlier.known_at, '+8 hours')",
    "postgresql": "CAST(earlier.known_at AT TIME ZONE 'Asia/Shanghai' AS date)",
}
_WITHDRAW = """
UPDATE archive_line SET ending = 'withdrawn', ended_by = %s,
    ended_at = (SELECT known_at FROM ledger_entry WHERE id = %s)
WHERE entry_id BETWEEN %s AND %s AND ending <> 'withdrawn'
"""


def follow(*, ranges: Sequence[Range], at: datetime) -> None:
    """Fold the sealed entries of `ranges` (in ledger order) into the files, set-based.

    The caller advances the cursor in the same transaction; `at` is when the house followed, and
    changes nothing in the rows.
    """
    kinds = codes()
    listed = places(kinds)
    with transaction.atomic():
        for span in joined(ranges):
            run(_INSERT.format(kinds=listed), [*span, *kinds])
        found = changes(ranges)
        if found.corrected:
            for span in found.spans:
                run(_SUPERSEDE.format(kinds=listed), [*span, *kinds])
                run(_first(_CORRECTIONS), span)
        for some in chunks(found.reported_before):
            run(_first(f"entry_id IN ({places(some)})"), some)
        if found.withdrawn:
            _withdraw(found.spans)
            for some in chunks(sorted(found.revivable)):
                _settle(some)


def _first(which: str) -> str:
    day = _COUNTY_DAY[connection.vendor]
    return _FIRST.format(day=day, earlier_report=EARLIER_REPORT, which=which)


def clear() -> None:
    """Empty the archive, to be followed again from the beginning."""
    run("DELETE FROM archive_line")


def _withdraw(spans: Sequence[Span]) -> None:
    for first, last in spans:
        acts = Entry.objects.filter(id__range=(first, last), kind__in=ENDING_ACTS).order_by("id")
        for act in acts.filter(about_id__isnull=False):
            about = act.about_id or 0
            ended = (about, about)
            if act.kind == WITHDRAWAL:
                batch = Batch.objects.get(id=about)
                ended = (batch.first_id, batch.first_id + batch.n - 1)
            run(_WITHDRAW, [act.id, act.id, *ended])


def _settle(ids: Sequence[int]) -> None:
    """Lines whose corrections were touched: superseded still, or standing again."""
    for line in Line.objects.filter(entry_id__in=ids).exclude(ending=Ending.WITHDRAWN):
        by = _covering(line.entry_id)
        line.ending = Ending.SUPERSEDED if by else ""
        line.ended_at = by.known_at if by else None
        line.ended_by = by.entry_id if by else None
        line.save(update_fields=["ending", "ended_at", "ended_by"])


def _covering(entry_id: int) -> Line | None:
    """The first correction of the entry that stands, or was itself corrected by one that does."""
    for child in Line.objects.filter(supersedes_id=entry_id).order_by("entry_id"):
        if child.ending != Ending.WITHDRAWN or _covering(child.entry_id):
            return child
    return None
