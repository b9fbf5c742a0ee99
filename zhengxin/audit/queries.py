"""Reads of the audit log, newest first, paged by line id."""

from collections.abc import Collection, Iterator

from django.db import connection
from django.db.models import Case, Max, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from zhengxin.audit.enums import Outcome
from zhengxin.audit.leaves import ids_in, leaf_of, path_of
from zhengxin.audit.models import AuditDisposal, AuditLine, AuditSeal
from zhengxin.audit.types import Cutoffs, Line, Page, Place, Reading, Wanted
from zhengxin.kernel.merkle import HASH
from zhengxin.kernel.refused import Refused

# Lines looked through at most for words of a purpose before the reader is asked to go on.
SCANNED = 5_000
_AT_ONCE = 2_000
# One step from act to act along the index, instead of through every line.
_ACTS = """
WITH RECURSIVE found(act) AS (
  SELECT MIN(act) FROM audit_auditline
  UNION ALL
  SELECT (SELECT MIN(act) FROM audit_auditline WHERE act > found.act) FROM found
  WHERE found.act IS NOT NULL)
SELECT act FROM found WHERE act <> ''
"""


class LineMissing(Refused):
    """No line of this number."""

    def __init__(self, line_id: int) -> None:
        super().__init__(
            _("没有第 {n} 行审计记录。").format(n=line_id),
            _("编号有误；办理中途取消的操作会留下空号，不是缺行。"),
            _("请核对编号。"),
        )


def _chosen(wanted: Wanted) -> QuerySet[AuditLine]:
    """The lines asked for, all but the words of the purpose."""
    rows = AuditLine.objects.order_by("-id")
    if wanted.who:
        named = Q(actor_name=wanted.who)
        if wanted.who.isascii() and wanted.who.isdecimal() and len(wanted.who) <= 18:
            named |= Q(account_id=int(wanted.who))
        rows = rows.filter(named)
    equal = {
        name: value
        for name in ("act", "outcome", "object_kind", "object_id", "subject_id")
        if (value := getattr(wanted, name)) not in ("", None)
    }
    rows = rows.filter(**equal)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    return rows


def last_done(*, act: str, object_kind: str, object_id: str) -> AuditLine | None:
    """The newest line of this act, done, on this object."""
    rows = AuditLine.objects.filter(object_kind=object_kind, object_id=object_id)
    return rows.filter(act=act, outcome=Outcome.DONE).order_by("-id").first()


def lines(
    wanted: Wanted, *, before: int | None = None, limit: int = 50, up_to: int | None = None
) -> Page:
    """Up to `limit` lines that are asked for; `before` is where the last page ended.

    up_to: the newest line to look at. Of a period the lines come by time, else by number, so that
    no page has to sort. Words of a purpose are looked for in SCANNED lines a time: a page
    may be short and go on.
    """
    rows = _chosen(wanted)
    if up_to is not None:
        rows = rows.filter(id__lte=up_to)
    if wanted.since or wanted.until:
        rows = rows.order_by("-at", "-id")
        ended = AuditLine.objects.filter(pk=before or 0).values_list("at", flat=True).first()
        if ended is not None:
            rows = rows.filter(Q(at__lt=ended) | Q(at=ended, id__lt=before), at__lte=ended)
    elif before is not None:
        rows = rows.filter(id__lt=before)
    if not wanted.purpose:
        found = [line_of(row) for row in rows[: limit + 1]]
        shown = found[:limit]
        return Page(shown, shown[-1].id if len(found) > limit else None)
    shown, seen, last = [], 0, None
    for row in rows[:SCANNED].iterator(chunk_size=_AT_ONCE):
        seen, last = seen + 1, row.id
        if wanted.purpose in row.purpose:
            shown.append(line_of(row))
            if len(shown) == limit:
                return Page(shown, last)
    return Page(shown, last if seen == SCANNED else None)


def every_line(wanted: Wanted, *, up_to: int) -> Iterator[Line]:
    """All lines asked for with ids up to `up_to`, oldest first, without a ceiling (for export)."""
    rows = _chosen(wanted).filter(id__lte=up_to).order_by("id")
    if wanted.purpose:
        rows = rows.filter(purpose__contains=wanted.purpose)
    return (line_of(row) for row in rows.iterator(chunk_size=_AT_ONCE))


def acts() -> list[str]:
    """The acts that occur in the log, for a filter."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTS)
        return [act for (act,) in cursor.fetchall()]


def line(line_id: int) -> Line:
    """One line. Raises LineMissing."""
    row = AuditLine.objects.filter(pk=line_id).first()
    if row is None:
        raise LineMissing(line_id)
    return line_of(row)


def last_id() -> int:
    """The number of the newest line, 0 when there is none."""
    return AuditLine.objects.order_by("-id").values_list("id", flat=True).first() or 0


def readers_of(
    subject_ids: Collection[int], *, before: int | None = None, limit: int = 200
) -> list[Reading]:
    """Who opened the files of these subjects, newest first; before: the line at which the last page ended."""
    rows = AuditLine.objects.filter(subject_id__in=subject_ids, outcome=Outcome.READ)
    rows = rows.order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
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


def seals() -> QuerySet[AuditSeal]:
    """Every block in order, without its leaves."""
    return AuditSeal.objects.order_by("number").defer("leaves", "runs")


def entries_of_blocks(line_ids: Collection[int]) -> dict[int, int]:
    """The ledger entry that seals each of these lines; those not sealed yet are left out."""
    if not line_ids:
        return {}
    over = seals().filter(last_id__gte=min(line_ids), first_id__lte=max(line_ids))
    blocks = list(over.values_list("last_id", "entry_id"))
    return {
        line_id: next(entry_id for last, entry_id in blocks if last >= line_id)
        for line_id in line_ids
        if blocks and line_id <= blocks[-1][0]
    }


def place_of(line_id: int) -> Place | None:
    """Where a line stands in its block, None before it is sealed. Raises LineMissing.

    The leaf is recomputed from the line, unless its content is gone past its term: then path and
    root are told for the leaf the block has kept. Whether path and root agree is for the reader to check.
    """
    told = line(line_id)
    sealed = AuditSeal.objects.filter(last_id__gte=line_id).order_by("number").first()
    if sealed is None:
        return None
    ids, leaves = ids_in(sealed.runs), bytes(sealed.leaves)
    if line_id not in ids or len(ids) * HASH != len(leaves):
        raise LineMissing(line_id)
    index = ids.index(line_id)
    kept = leaves[index * HASH : (index + 1) * HASH]
    return Place(
        block=sealed.number,
        index=index,
        n=len(ids),
        leaf=kept if told.disposal_id is not None else leaf_of(told),
        path=path_of(index, leaves),
        root=bytes(sealed.root),
        entry_id=sealed.entry_id,
    )


def past_term(cutoffs: Cutoffs, up_to: int) -> QuerySet[AuditLine]:
    """Lines up to this number whose content is still there and past its term."""
    ends = Case(
        When(outcome=Outcome.READ, then=Value(cutoffs.reads)),
        When(subject_id__isnull=False, then=Value(cutoffs.subjects)),
        default=Value(cutoffs.others),
    )
    # The latest of the three bounds what the index has to give.
    return AuditLine.objects.filter(
        id__lte=up_to, disposal_id__isnull=True, at__lt=cutoffs.others
    ).filter(at__lt=ends)


def next_disposal() -> int:
    """The number of the next disposal."""
    return (AuditDisposal.objects.aggregate(top=Max("number"))["top"] or 0) + 1


def unfinished_disposals() -> list[int]:
    """Disposals that were decided and still leave contents standing."""
    return [
        each.number
        for each in AuditDisposal.objects.order_by("number")
        if past_term(
            Cutoffs(each.reads_before, each.subjects_before, each.others_before), each.last_id
        ).exists()
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
        salt=bytes(row.salt or b""),
        disposal_id=row.disposal_id,
    )
