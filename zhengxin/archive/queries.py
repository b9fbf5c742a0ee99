"""Reading integrity files."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from zhengxin.archive.changes import chunks
from zhengxin.archive.enums import Ending
from zhengxin.archive.models import Line
from zhengxin.archive.types import FileLine


def file_of(subject_id: int, known_on: date | None = None) -> list[FileLine]:
    """The records of one subject, newest first, as they were known at the end of `known_on`.

    Without a day: as known now. Corrected and withdrawn lines are kept, with their ending.
    """
    rows = Line.objects.filter(subject_id=subject_id).order_by("-entry_id")
    if known_on is None:
        return [_line(row, row.ending, row.ended_at, row.ended_by) for row in rows]
    end = timezone.make_aware(datetime.combine(known_on + timedelta(days=1), time()))
    found = []
    for row in rows.filter(known_at__lt=end):
        found.append(_line(row, *_ending(row, end)))
    return found


def line_on(entry_id: int, end: datetime) -> FileLine | None:
    """The line of this entry as known before that moment, None when it was not known yet."""
    row = Line.objects.filter(entry_id=entry_id, known_at__lt=end).first()
    return _line(row, *_ending(row, end)) if row is not None else None


def _ending(row: Line, end: datetime) -> tuple[str, datetime | None, int | None]:
    """How the line had ended before that moment, when, by which entry."""
    if row.ending == Ending.WITHDRAWN and row.ended_at is not None and row.ended_at < end:
        return row.ending, row.ended_at, row.ended_by
    if (by := _covering(row.entry_id, end)) is not None:
        return Ending.SUPERSEDED, by.known_at, by.entry_id
    return "", None, None


def lines(entry_ids: Sequence[int]) -> dict[int, FileLine]:
    """The lines of these entries as known now."""
    return {
        row.entry_id: _line(row, row.ending, row.ended_at, row.ended_by)
        for some in chunks(entry_ids)
        for row in Line.objects.filter(entry_id__in=some)
    }


def standing_of(subject_ids: Collection[int], *, kind: str) -> dict[int, int]:
    """The records of a kind that stand, of these subjects: entry id and subject."""
    rows = Line.objects.filter(subject_id__in=list(subject_ids), kind=kind, ending="")
    return dict(rows.order_by("entry_id").values_list("entry_id", "subject_id"))


def corrected(span: tuple[int, int], others: Sequence[int] = ()) -> int:
    """How many of the entries from the first to the last of `span`, and of `others`, a later one has corrected."""
    ended = Line.objects.filter(ending=Ending.SUPERSEDED)
    return ended.filter(entry_id__range=span).count() + sum(
        ended.filter(entry_id__in=some).exclude(entry_id__range=span).count()
        for some in chunks(others)
    )


def counts_by_unit(span: tuple[int, int]) -> dict[int, int]:
    """How many records the entries from the first to the last of `span` are of each unit."""
    counted = Line.objects.filter(entry_id__range=span).values_list("unit_id").order_by("unit_id")
    return dict(counted.annotate(n=Count("entry_id")))


def _covering(entry_id: int, end: datetime) -> Line | None:
    """What corrected the entry before `end`, unless that was withdrawn by then."""
    children = Line.objects.filter(supersedes_id=entry_id, known_at__lt=end)
    for child in children.order_by("entry_id"):
        withdrawn = (
            child.ending == Ending.WITHDRAWN and child.ended_at is not None and child.ended_at < end
        )
        if not withdrawn or _covering(child.entry_id, end):
            return child
    return None


def _line(row: Line, ending: str, ended_at: datetime | None, ended_by: int | None) -> FileLine:
    return FileLine(
        entry_id=row.entry_id,
        subject_id=row.subject_id,
        unit_id=row.unit_id,
        kind=row.kind,
        true_on=row.true_on,
        known_at=row.known_at,
        supersedes_id=row.supersedes_id,
        ending=str(ending),
        ended_at=ended_at,
        ended_by=ended_by,
    )
