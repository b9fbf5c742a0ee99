"""What a stretch of the ledger changes: read once here, used by every follower."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Q

from zhengxin.archive.models import Line
from zhengxin.archive.types import Act, Changes, Span
from zhengxin.ledger.models import Batch, Entry
from zhengxin.ledger.types import Range
from zhengxin.rulebook.queries import record_kinds

WITHDRAWAL = "withdrawal"
REVOCATION = "revocation"
# The record had been reported before, in a row that waited for a person; known_at says when.
EARLIER_REPORT = "earlier_report"
# Acts that end records as if they had never been sent: a whole batch, or one entry.
ENDING_ACTS = (WITHDRAWAL, REVOCATION)
Value = TypeVar("Value")
_CHUNK = 5000


def codes() -> tuple[str, ...]:
    """The kinds of entries that are records; every other kind is an act."""
    return tuple(kind.code for kind in record_kinds())


def places(values: Sequence[object]) -> str:
    """SQL placeholders for an IN list."""
    return ", ".join(["%s"] * len(values))


def joined(ranges: Sequence[Range]) -> tuple[Span, ...]:
    """First and last entry id of the ranges, in order, neighbours joined."""
    spans: list[Span] = []
    for piece in ranges:
        first, last = piece.first_id, piece.first_id + piece.n - 1
        if spans and spans[-1][1] + 1 == first:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return tuple(spans)


def changes(ranges: Sequence[Range]) -> Changes:
    """What the sealed entries of `ranges` change. Expects the archive to have followed them."""
    spans = joined(ranges)
    kinds = codes()
    acts: list[Act] = []
    recorded = corrected = False
    for first, last in spans:
        # Few entries are about others, and an index of its own finds them.
        about = Entry.objects.filter(id__range=(first, last), about_id__isnull=False)
        found = len(acts)
        for i, kind, about_id in about.order_by("id").values_list("id", "kind", "about_id"):
            if kind in kinds:
                corrected = True
            elif about_id is not None:
                acts.append(Act(i, kind, about_id))
        # Ids of a span have no gaps: what is not an act is a record.
        recorded = recorded or len(acts) - found < last - first + 1
    batches = [act.about_id for act in acts if act.kind == WITHDRAWAL]
    revoked = {act.about_id for act in acts if act.kind == REVOCATION}
    withdrawn = (
        *(
            (first, first + n - 1)
            for first, n in Batch.objects.filter(id__in=batches)
            .order_by("id")
            .values_list("first_id", "n")
        ),
        *((entry_id, entry_id) for entry_id in sorted(revoked)),
    )
    return Changes(
        spans=spans,
        recorded=recorded,
        corrected=corrected,
        withdrawn=withdrawn,
        revivable=tuple(sorted(_ancestors(withdrawn))),
        reported_before=tuple(sorted(_with_corrections(acts))),
        acts=tuple(act for act in acts if act.kind not in ENDING_ACTS),
    )


def _ancestors(withdrawn: Iterable[Span]) -> set[int]:
    """Every entry that the entries of these spans correct, and that those correct, and so on."""
    found: set[int] = set()
    for first, last in withdrawn:
        parents = _corrected_by(Q(entry_id__range=(first, last)))
        while parents:
            found |= parents
            step: set[int] = set()
            for some in chunks(sorted(parents)):
                step |= _corrected_by(Q(entry_id__in=some))
            parents = step - found
    return found


def _with_corrections(acts: Iterable[Act]) -> set[int]:
    """The entries that acts say were reported before, and what corrected them since."""
    step = {act.about_id for act in acts if act.kind == EARLIER_REPORT}
    found = set(step)
    while step:
        later: set[int] = set()
        for some in chunks(sorted(step)):
            rows = Line.objects.filter(supersedes_id__in=some)
            later |= set(rows.values_list("entry_id", flat=True))
        step = later - found
        found |= step
    return found


def _corrected_by(chosen: Q) -> set[int]:
    rows = Line.objects.filter(chosen, supersedes_id__isnull=False)
    return {i for i in rows.values_list("supersedes_id", flat=True).iterator() if i is not None}


def chunks(ids: Sequence[Value], size: int = _CHUNK) -> Iterable[Sequence[Value]]:
    """Pieces of `ids` short enough for an IN list."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement on the main database; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return int(cursor.rowcount)
