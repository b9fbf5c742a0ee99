"""Standings follow the ledger: what each record needs to be told to a peer next, from what changed since."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.archive.changes import changes, chunks, places
from zhengxin.handover.models import PeerCursor, RecordStanding
from zhengxin.handover.rules import state_after, wanted
from zhengxin.handover.types import Known, Operation, Peer, Standing, Template, Version
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.types import Range
from zhengxin.publication.enums import NoticeState, WithholdReason
from zhengxin.publication.judging import corrections
from zhengxin.rulebook.enums import WithheldEffect
from zhengxin.rulebook.queries import law

CHUNK = 20_000
_AT_ONCE = 2_000
_FACTS = """
SELECT l.entry_id, l.unit_id, l.kind, l.ending, n.must_report, n.state, n.withheld, n.disputed, a.id
FROM archive_line l JOIN publication_notice n ON n.entry_id = l.entry_id
JOIN ledger_entry e ON e.id = l.entry_id
LEFT JOIN handover_arrival a ON a.batch_id = e.batch_id AND a.peer = %s
WHERE l.kind IN ({kinds}) AND {where} ORDER BY l.entry_id
"""
_NEWLY_OVER = """
SELECT s.root_id FROM handover_recordstanding s
JOIN publication_notice n ON n.entry_id = s.held_entry_id AND n.state = 'ended'
WHERE s.peer = %s AND s.held_entry_id IS NOT NULL AND s.held_over = FALSE
"""


class NothingToSendAgain(Refused):
    """A record that cannot be sent again: unknown at this peer, or not to be given to it."""


def follow(
    *,
    peer: Peer,
    templates: Sequence[Template],
    up_to: int,
    at: datetime,
    actor: Actor,
) -> int:
    """Read the ledger for a peer from where it stands up to the position that all followers have reached.

    Once a day also finds records whose display has ended since. Returns how many entries were read.
    """
    kinds = [template.kind for template in templates]
    done = 0
    while n := _step(peer, kinds, up_to, at):
        done += n
    _sweep(peer, kinds, at)
    return done


def _step(peer: Peer, kinds: Sequence[str], up_to: int, at: datetime) -> int:
    with transaction.atomic():
        cursor = _cursor(peer)
        left = min(CHUNK, up_to - cursor.position)
        ranges = ledger.sealed_ranges(cursor.position, left) if left > 0 else []
        n = sum(each.n for each in ranges)
        if n:
            _fold(peer, kinds, ranges, at)
            cursor.position += n
            cursor.save(update_fields=["position"])
        return n


def _cursor(peer: Peer) -> PeerCursor:
    PeerCursor.objects.bulk_create([PeerCursor(peer=peer.code)], ignore_conflicts=True)
    return PeerCursor.objects.select_for_update().get(pk=peer.code)


def _fold(peer: Peer, kinds: Sequence[str], ranges: Sequence[Range], at: datetime) -> None:
    found = changes(ranges)
    if found.recorded:
        for span in found.spans:
            rows = _facts(
                peer, kinds, "l.entry_id BETWEEN %s AND %s AND l.supersedes_id IS NULL", span
            )
            alone = {version.entry_id: [version] for version in rows}
            _evaluate(peer, alone, at)
    touched = {*found.revivable, *(act.about_id for act in found.acts)}
    if found.corrected:
        for span in found.spans:
            where = "l.entry_id BETWEEN %s AND %s AND l.supersedes_id IS NOT NULL"
            touched |= {version.entry_id for version in _facts(peer, kinds, where, span)}
    for span in found.withdrawn:
        touched |= {v.entry_id for v in _facts(peer, kinds, "l.entry_id BETWEEN %s AND %s", span)}
    evaluate_lines(peer, kinds, touched, at)


def evaluate_lines(
    peer: Peer, kinds: Sequence[str], entry_ids: Collection[int], at: datetime
) -> None:
    """State anew how the records to which these entries belong stand, from the ledger's followers."""
    for some in chunks(sorted(entry_ids), _AT_ONCE):
        line = corrections(some)
        versions: dict[int, list[Version]] = defaultdict(list)
        for piece in chunks(sorted(line), _AT_ONCE):
            where = f"l.entry_id IN ({places(piece)})"
            found = _facts(peer, kinds, where, piece)
            # Erased moments ago, before the notices say so.
            kept = ledger.readable(version.entry_id for version in found)
            for version in found:
                if version.entry_id not in kept:
                    version = replace(version, sealed=_ERASED)
                versions[line[version.entry_id]].append(version)
        _evaluate(peer, versions, at)


def _facts(peer: Peer, kinds: Sequence[str], where: str, params: Iterable[int]) -> list[Version]:
    sealed = _sealed()
    with connection.cursor() as cursor:
        cursor.execute(
            _FACTS.format(kinds=places(kinds), where=where), [peer.code, *kinds, *params]
        )
        return [
            Version(
                entry_id=entry_id,
                unit_id=unit_id,
                kind=kind,
                stands=not ending,
                must_report=bool(must_report),
                sealed=sealed.get(withheld, ""),
                over=state == NoticeState.ENDED,
                repaired=withheld == WithholdReason.REPAIRED,
                came=came is not None,
                disputed=bool(disputed),
            )
            for entry_id, unit_id, kind, ending, must_report, state, withheld, disputed, came in cursor.fetchall()
        ]


def _sealed() -> dict[str, str]:
    """Grounds on which a record is given to nobody, the city included, and their words."""
    grounds = {WithholdReason.STATE_SECRET.value, WithholdReason.ERASED.value}
    grounds |= {w.reason for w in law().withholdings if w.effect is WithheldEffect.SEALED}
    # Which of them it is, is not said at the desk of whoever sends.
    neutral = str(WithholdReason.NEVER.label)
    words = {WithholdReason.ERASED.value: str(WithholdReason.ERASED.label)}
    return {ground: f"{words.get(ground, neutral)}。" for ground in grounds}


_ERASED = f"{WithholdReason.ERASED.label}。"


def _evaluate(peer: Peer, lines: Mapping[int, Sequence[Version]], at: datetime) -> None:
    for roots in chunks(sorted(lines), _AT_ONCE):
        known = RecordStanding.objects.filter(peer=peer.code, root_id__in=roots)
        standing = {row.root_id: row for row in known}
        fresh, changed = [], []
        for root in roots:
            row = standing.get(root) or RecordStanding(peer=peer.code, root_id=root)
            before = (row.entry_id, row.operation, row.state, row.versions, row.because)
            _state(row, lines[root], at)
            if root not in standing:
                fresh.append(row)
            elif (row.entry_id, row.operation, row.state, row.versions, row.because) != before:
                changed.append(row)
        RecordStanding.objects.bulk_create(fresh, batch_size=_AT_ONCE)
        RecordStanding.objects.bulk_update(
            changed,
            ["entry_id", "versions", "unit_id", "kind", "operation", "state", "because", "since"],
            batch_size=200,
        )


def _state(row: RecordStanding, versions: Sequence[Version], at: datetime) -> None:
    want = wanted(versions, Known(row.held_entry_id, row.held_over, row.held_disputed))
    last_line = None if row.line_entry_id is None else (row.line_entry_id, row.line_operation)
    state, because = state_after(want, last=row.last, last_line=last_line)
    same = (row.entry_id, row.state) == (want.entry_id, Standing.HELD) and state is Standing.DUE
    row.entry_id, row.unit_id, row.kind = want.entry_id, want.unit_id, want.kind
    row.versions = len(versions)
    if same:
        # Held for its content, which is the same still.
        return
    if state is Standing.DUE and want.operation is not None:
        row.operation = want.operation.value
    elif state is not Standing.EXEMPT:
        row.operation = row.line_operation
    if state != row.state:
        row.since = at
        row.state, row.because = state.value, because
    elif state in (Standing.DUE, Standing.EXEMPT):
        row.because = because


def _sweep(peer: Peer, kinds: Sequence[str], at: datetime) -> None:
    today = timezone.localdate(at)
    with transaction.atomic():
        cursor = _cursor(peer)
        if cursor.swept_on == today:
            return
        with connection.cursor() as statement:
            statement.execute(_NEWLY_OVER, [peer.code])
            roots = [root for (root,) in statement.fetchall()]
        evaluate_lines(peer, kinds, roots, at)
        cursor.swept_on = today
        cursor.save(update_fields=["swept_on"])


def retry_held(*, peer: Peer, at: datetime, actor: Actor) -> int:
    """Let rows that did not meet the template be looked at again; returns how many."""
    held = RecordStanding.objects.filter(peer=peer.code, state=Standing.HELD)
    return held.update(state=Standing.DUE, because="", since=at)


def send_again(*, peer: Peer, entry_id: int, at: datetime, actor: Actor) -> RecordStanding:
    """A person has a record sent again: rejected, contradicted, never confirmed or held. Raises NothingToSendAgain."""
    root = corrections([entry_id]).get(entry_id, entry_id)
    with transaction.atomic():
        row = (
            RecordStanding.objects.select_for_update().filter(peer=peer.code, root_id=root).first()
        )
        again = (
            Standing.REJECTED,
            Standing.CONTRADICTED,
            Standing.SENT,
            Standing.ACCEPTED,
            Standing.HELD,
        )
        if row is None or row.state not in again:
            raise NothingToSendAgain(
                _("第 {id} 条记录不能再次上报。").format(id=entry_id),
                _("它不在上报范围里，或者已经在待上报的队列里。")
                if row is None or row.state != Standing.EXEMPT
                else row.because,
                _("请核对编号，状态见对账。"),
            )
        if row.state == Standing.SENT:
            # Sent and never confirmed: the same words again, as the peer may not have them.
            row.operation = row.line_operation
        elif row.held_entry_id is not None and row.line_operation == Operation.NEW:
            row.operation = Operation.CORRECT
        row.state, row.because, row.since = Standing.DUE, str(_("人工要求再次上报。")), at
        row.save(update_fields=["state", "because", "since", "operation"])
    return row
