"""publish_due brings the board in step with the notices for one day.

Every chunk is a transaction of its own, first on the board, then on the notices; a run that was
broken off is taken up by the next one.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from zhengxin.archive.queries import lines
from zhengxin.duties.queries import of_entries
from zhengxin.kernel.merkle import TILE, TILE_HEIGHT
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Checkpoint, Entry, Seal
from zhengxin.ledger.vault.models import Secret
from zhengxin.publication.actions.composing import Parts, compose, leaks, names_a_person
from zhengxin.publication.actions.figures import public_ground, put_figures
from zhengxin.publication.actions.marking import tell_of_marks
from zhengxin.publication.actions.naming import (
    drop_empty,
    drop_unused_prefixes,
    prefix_ids,
    put_subjects,
    put_units,
)
from zhengxin.publication.actions.registering import put_keys
from zhengxin.publication.board.models import (
    BoardCheckpoint,
    BoardCorrection,
    BoardItem,
    BoardSubject,
    BoardTile,
)
from zhengxin.publication.enums import GIVEN_GROUNDS, NoticeState, WithholdReason
from zhengxin.publication.models import Notice
from zhengxin.publication.types import Published
from zhengxin.rulebook.queries import record_kinds

CHUNK = 2000
Progress = Callable[[int, int], None]


def publish_due(*, at: datetime, progress: Progress | None = None) -> Published:
    """Show what is due on the day of `at`, take off what is over, withdrawn, corrected or erased.

    Entries beyond the latest signed checkpoint wait for the next. progress(done, total) is called
    after every chunk shown. Running it again on the same day changes nothing.
    """
    day = timezone.localtime(at).date()
    ended = _end(day)
    _mark_erased()
    left = _leave(at)
    top = ledger.latest_checkpoint()
    shown, found, beyond = 0, list[int](), 0
    if top is not None:
        _copy_tree(top)
        with transaction.atomic(using="board"):
            put_units()
        shown, found, beyond = _show(day, top.size, at, progress)
        left += _leave(at)
    if left:
        with transaction.atomic(using="board"):
            drop_unused_prefixes()
    put_figures(day=day, at=at)
    put_keys()
    return Published(day, shown, ended, left, tuple(found), beyond)


def leave_erased(*, at: datetime) -> int:
    """Take off the board at once what was erased; returns how many entries left."""
    _mark_erased()
    return _leave(at)


def _due(day: date) -> Q:
    open_ended = Q(display_to__isnull=True) | Q(display_to__gte=day)
    return Q(state=NoticeState.SCHEDULED, display_from__lte=day) & open_ended


def _end(day: date) -> int:
    """Notices whose last day is past. What was kept off for its content ends like the rest."""
    kept_off = Q(
        state=NoticeState.WITHHELD,
        withheld__in=(WithholdReason.ERASED, WithholdReason.ID_NUMBER),
    )
    open_states = Q(state__in=(NoticeState.SCHEDULED, NoticeState.SHOWN))
    return Notice.objects.filter(open_states | kept_off, display_to__lt=day).update(
        state=NoticeState.ENDED, withheld=WithholdReason.PERIOD_OVER, leaving=F("on_board")
    )


def _mark_erased() -> None:
    erased = Secret.objects.filter(secret__isnull=True).order_by("entry_id")
    for some in _chunks(array("q", erased.values_list("entry_id", flat=True).iterator())):
        Notice.objects.filter(entry_id__in=some, on_board=True).filter(
            state__in=(NoticeState.SCHEDULED, NoticeState.SHOWN)
        ).update(state=NoticeState.WITHHELD, withheld=WithholdReason.ERASED, leaving=True)


def _told(reason: str) -> str:
    """What the feed says of a ground; of those that a person gave it is not said which."""
    return WithholdReason.NEVER if reason in GIVEN_GROUNDS else public_ground(reason)


def _leave(at: datetime) -> int:
    """Take off the board what must leave it, and tell the feed of corrections."""
    leaving = Notice.objects.filter(leaving=True).order_by("entry_id")
    total = 0
    for some in _chunks(array("q", leaving.values_list("entry_id", flat=True).iterator())):
        total += len(some)
        reasons = dict(leaving.filter(entry_id__in=some).values_list("entry_id", "withheld"))
        ends = lines(some)
        # What may not be shown is not pointed at either.
        open_now = set(
            Notice.objects.filter(
                entry_id__in=[each.ended_by for each in ends.values() if each.ended_by],
                state__in=(NoticeState.SHOWN, NoticeState.SCHEDULED),
            ).values_list("entry_id", flat=True)
        )
        with transaction.atomic(using="board"):
            items = BoardItem.objects.using("board").filter(entry_id__in=some)
            there = dict(items.order_by("entry_id").values_list("entry_id", "subject_id"))
            BoardCorrection.objects.using("board").bulk_create(
                BoardCorrection(
                    at=at,
                    entry_id=entry_id,
                    reason=_told(reasons[entry_id]),
                    replaced_by=(
                        ends[entry_id].ended_by
                        if reasons[entry_id] == WithholdReason.SUPERSEDED
                        and ends[entry_id].ended_by in open_now
                        else None
                    ),
                )
                for entry_id in there
            )
            items.delete()
            drop_empty(sorted(set(there.values())))
        Notice.objects.filter(entry_id__in=some).update(
            leaving=False, on_board=False, has_text=True
        )
    return total


def _copy_tree(top: Checkpoint) -> None:
    """Copy the tiles that grew since the last run, then the checkpoint over them."""
    old = BoardCheckpoint.objects.using("board").first()
    before = old.size if old else 0
    if old is not None and before == top.size and old.note == top.note:
        return
    with transaction.atomic(using="board"):
        level = 0
        while top.size >> TILE_HEIGHT * level:
            hashes = top.size >> TILE_HEIGHT * level
            first = (before >> TILE_HEIGHT * level) // TILE
            tiles = BoardTile.objects.using("board")
            tiles.filter(level=level, index__gte=first).delete()
            for index in range(first, -(-hashes // TILE)):
                tiles.create(level=level, index=index, hashes=ledger.tile(level, index, top.size))
            level += 1
        BoardCheckpoint.objects.using("board").update_or_create(
            id=1,
            defaults={
                "size": top.size,
                "root": bytes(top.root),
                "note": top.note,
                "verifier": ledger.verifier_key(),
                "signed_at": top.signed_at,
            },
        )


def _show(
    day: date, size: int, at: datetime, progress: Progress | None
) -> tuple[int, list[int], int]:
    due = Notice.objects.filter(_due(day)).order_by("entry_id")
    waiting = array("q", due.values_list("entry_id", flat=True).iterator())
    shown, found, beyond = 0, list[int](), 0
    for done, some in enumerate(_chunks(waiting), start=1):
        placed = {entry: place for entry, place in _positions(some).items() if place < size}
        beyond += len(some) - len(placed)
        put, leaked = _put(placed, at)
        shown += put
        found += leaked
        if progress is not None:
            progress(min(done * CHUNK, len(waiting)), len(waiting))
    return shown, found, beyond


def _positions(entry_ids: Sequence[int]) -> dict[int, int]:
    batches = dict(Entry.objects.filter(id__in=entry_ids).values_list("id", "batch_id"))
    seals = Seal.objects.in_bulk(set(batches.values()))
    return {
        entry_id: seals[batch].base + entry_id - seals[batch].first_id
        for entry_id, batch in batches.items()
        if batch in seals
    }


def _put(placed: dict[int, int], at: datetime) -> tuple[int, list[int]]:
    """Put one chunk on the board; the number shown, and the entries kept off for a leak."""
    notices = Notice.objects.in_bulk(list(placed))
    opened = ledger.disclosures(
        {
            entry_id: frozenset(filter(None, notice.released.split(",")))
            for entry_id, notice in notices.items()
        }
    )
    duties = of_entries(list(opened))
    kinds = {kind.code: kind for kind in record_kinds()}
    leaked: list[int] = []
    with transaction.atomic(using="board"):
        put_subjects(sorted({notices[entry_id].subject_id for entry_id in opened}))
        names = _names(notices[entry_id] for entry_id in opened)
        rows: list[tuple[BoardItem, str]] = []
        for entry_id, found in opened.items():
            notice, entry = notices[entry_id], found.entry
            known = names[notice.subject_id]
            parts = Parts(
                entry=entry,
                notice=notice,
                position=placed[entry_id],
                payload=found.payload,
                proof=found.proof,
                kind=kinds[entry.kind],
                subject_name=known.name,
                subject_names=frozenset(known.folded.split("\n")),
                unit_name=names[notice.unit_id].name,
                duty=duties.get(entry_id),
            )
            row, prefix = compose(parts)
            if leaks(row, kinds[entry.kind]) or names_a_person(parts):
                leaked.append(entry_id)
            else:
                rows.append((row, prefix))
        prefixes = prefix_ids(prefix for _, prefix in rows)
        for row, prefix in rows:
            row.prefix_id = prefixes.get(prefix)
        shown = [row.entry_id for row, _ in rows]
        earlier = BoardItem.objects.using("board").filter(entry_id__in=shown)
        before = dict(earlier.values_list("entry_id", "disputed"))
        earlier.delete()
        tell_of_marks(before, {row.entry_id: row.disputed for row, _ in rows}, at)
        BoardItem.objects.using("board").bulk_create((row for row, _ in rows), batch_size=500)
        drop_empty(sorted({notices[entry_id].subject_id for entry_id in leaked}))
    bare = [entry_id for entry_id in shown if not opened[entry_id].payload.text]
    Notice.objects.filter(entry_id__in=bare).update(has_text=False)
    _settle(shown, leaked, [entry_id for entry_id in placed if entry_id not in opened])
    return len(shown), leaked


def _names(notices: Iterable[Notice]) -> dict[int, BoardSubject]:
    ids = {i for notice in notices for i in (notice.subject_id, notice.unit_id)}
    return BoardSubject.objects.using("board").only("id", "name", "folded").in_bulk(list(ids))


def _settle(shown: Sequence[int], leaked: Sequence[int], erased: Sequence[int]) -> None:
    with transaction.atomic():
        Notice.objects.filter(entry_id__in=shown).update(
            state=NoticeState.SHOWN, on_board=True, leaving=False
        )
        for ids, reason in ((leaked, WithholdReason.ID_NUMBER), (erased, WithholdReason.ERASED)):
            Notice.objects.filter(entry_id__in=ids).update(
                state=NoticeState.WITHHELD, withheld=reason, leaving=F("on_board")
            )


def _chunks(ids: Sequence[int]) -> Iterable[list[int]]:
    return (list(ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK))
