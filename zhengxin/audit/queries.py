"""Reads of the audit log, newest first, paged by line id."""

from collections.abc import Iterator
from datetime import datetime

from zhengxin.audit.enums import Outcome
from zhengxin.audit.models import AuditLine
from zhengxin.audit.types import Line, Reading


def lines(
    *,
    account_id: int | None = None,
    subject_id: int | None = None,
    act: str = "",
    outcome: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Line]:
    """Up to `limit` lines that meet every condition given; `before` is the last line id seen.

    `since` is included, `until` is not.
    """
    rows = AuditLine.objects.order_by("-id")
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    if subject_id is not None:
        rows = rows.filter(subject_id=subject_id)
    if act:
        rows = rows.filter(act=act)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [line_of(row) for row in rows[:limit]]


def every_line(*, since: datetime, until: datetime) -> Iterator[Line]:
    """All lines from `since` until before `until`, oldest first, without a ceiling (for export)."""
    rows = AuditLine.objects.filter(at__gte=since, at__lt=until).order_by("id")
    return (line_of(row) for row in rows.iterator(chunk_size=1000))


def acts() -> list[str]:
    """The acts that occur in the log, for a filter."""
    return list(AuditLine.objects.order_by("act").values_list("act", flat=True).distinct())


def readers_of(subject_id: int, *, limit: int = 200) -> list[Reading]:
    """Who opened the file of this subject, newest first."""
    rows = AuditLine.objects.filter(subject_id=subject_id, outcome=Outcome.READ).order_by("-id")
    return [
        Reading(
            line_id=row.id,
            at=row.at,
            actor_name=row.actor_name,
            unit_id=row.unit_id,
            act=row.act,
            purpose=row.purpose,
        )
        for row in rows[:limit]
    ]


def line_of(row: AuditLine) -> Line:
    """The frozen form of a stored line."""
    return Line(
        id=row.id,
        at=row.at,
        account_id=row.account_id,
        actor_name=row.actor_name,
        unit_id=row.unit_id,
        act=row.act,
        object_kind=row.object_kind,
        object_id=row.object_id,
        subject_id=row.subject_id,
        purpose=row.purpose,
        outcome=row.outcome,
        detail=row.detail,
    )
