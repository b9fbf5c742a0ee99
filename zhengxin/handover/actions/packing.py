"""Packing: due records become a numbered, signed dispatch in the outbox."""

import fcntl
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.handover.actions.sealing import AT_ONCE, LineRow, Parcel, seal
from zhengxin.handover.ground import outbox
from zhengxin.handover.models import Dispatch, PeerCursor, RecordStanding
from zhengxin.handover.rules import row_faults
from zhengxin.handover.shutting import shut
from zhengxin.handover.types import Operation, Packed, Peer, Standing, Template
from zhengxin.handover.writing import row_file
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.types import Payload
from zhengxin.publication.enums import NoticeState, WithholdReason
from zhengxin.publication.models import Notice

_PACKED = """
UPDATE handover_recordstanding SET state = 'packed', last = 'packed', because = '', since = %s,
    line_id = l.id, dispatch_id = l.dispatch_id, line_entry_id = l.entry_id, line_operation = l.operation,
    operation = l.operation, held_over = l.over,
    held_disputed = COALESCE(
        (SELECT n.disputed FROM publication_notice n WHERE n.entry_id = l.entry_id), FALSE),
    held_entry_id = CASE WHEN l.operation = 'revoke' THEN NULL ELSE l.entry_id END
FROM handover_line l
WHERE l.dispatch_id = %s AND handover_recordstanding.peer = %s AND handover_recordstanding.root_id = l.root_id
"""


@contextmanager
def outbox_claim(peer: Peer) -> Iterator[bool]:
    """One process at a time packs or delivers for a peer; the claim dies with the process."""
    with (outbox(peer.code) / "claim").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def pack(
    *,
    peer: Peer,
    templates: Sequence[Template],
    sender: Mapping[str, str],
    at: datetime,
    actor: Actor,
) -> Packed | None:
    """Write the next dispatch of a peer from what is due, at most `most_rows`; None when nothing is due.

    Files first, then one transaction; a process killed in between leaves a folder that the next
    call writes anew under the same number. A row that does not meet the template is held, with why.
    sender: name and code of the office that sends.
    """
    by_kind = {template.kind: template for template in templates}
    with outbox_claim(peer) as mine:
        if not mine:
            return None
        due = list(
            RecordStanding.objects.filter(
                peer=peer.code, state=Standing.DUE, kind__in=by_kind
            ).order_by("unit_id", "id")[: peer.most_rows]
        )
        if not due:
            PeerCursor.objects.filter(pk=peer.code).update(packed_at=at, asked=False)
            return None
        year = timezone.localdate(at).year
        last = Dispatch.objects.filter(peer=peer.code).order_by("-id").first()
        serial = last.serial + 1 if last is not None and last.year == year else 1
        number = f"{peer.code}-{year}-{serial:06d}"
        folder = outbox(peer.code) / f".{number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        parcel = Parcel(folder, number)
        for start in range(0, len(due), AT_ONCE):
            _write(parcel, due[start : start + AT_ONCE], peer, by_kind)
        for each in parcel.files.values():
            each.close()
        dispatch = None
        if parcel.lines:
            dispatch = Dispatch(
                peer=peer.code, year=year, serial=serial, number=number, packed_at=at
            )
            seal(dispatch, parcel, peer, last, sender, at)
        with transaction.atomic():
            _keep(parcel, at)
            if dispatch is not None:
                _record(dispatch, parcel, at)
            PeerCursor.objects.filter(pk=peer.code).update(packed_at=at, asked=False)
        held = sum(state is Standing.HELD for state, _op, _why in parcel.kept.values())
        if dispatch is None:
            shutil.rmtree(folder)
            return Packed(0, "", 0, held)
        return Packed(dispatch.id, number, dispatch.lines, held, dispatch.counts)


def _write(
    parcel: Parcel, due: Sequence[RecordStanding], peer: Peer, templates: Mapping[str, Template]
) -> None:
    """The rows of these standings, each in the file of its kind and operation."""
    shown = {
        row.id: row.held_entry_id if row.operation == Operation.REVOKE else row.entry_id
        for row in due
    }
    ids = [entry_id for entry_id in shown.values() if entry_id is not None]
    # What was sealed since it became due is given to nobody, not even to be revoked by its words.
    closed = shut([(row.root_id, shown[row.id] or row.entry_id) for row in due])
    contents = ledger.payloads(i for i in ids if i not in closed)
    over = set(
        Notice.objects.filter(entry_id__in=ids, state=NoticeState.ENDED).values_list(
            "entry_id", flat=True
        )
    )
    disputed = set(
        Notice.objects.filter(entry_id__in=ids, disputed=True).values_list("entry_id", flat=True)
    )
    for row in due:
        entry_id = shown[row.id] or row.entry_id
        template, content = templates[row.kind], contents.get(entry_id)
        operation = Operation(row.operation)
        if content is None and operation is not Operation.REVOKE:
            # Erased or sealed since it became due.
            if row.held_entry_id is None:
                because = _neutral() if entry_id in closed else _("内容已抹去。")
                parcel.kept[row.id] = (Standing.EXEMPT, "", because)
                continue
            operation = Operation.REVOKE
        place, number, key, digest = -1, 0, None, b""
        if content is not None:
            plain = _plain(content)
            faults = [] if operation is Operation.REVOKE else row_faults(template, plain)
            if faults:
                because = _("不合模板：") + "".join(faults)
                parcel.kept[row.id] = (Standing.HELD, row.operation, because[:300])
                continue
            name = (row.kind, operation.value)
            if name not in parcel.files:
                path = (
                    parcel.folder
                    / f"{parcel.number}.{row.kind}.{operation.value}.{peer.form.value}"
                )
                headers = [
                    f.header if peer.headers == "chinese" else f.code for f in template.fields
                ]
                parcel.files[name] = row_file(peer.form, path, template, headers, parcel.number)
            values = _values(template, plain, peer)
            number = parcel.files[name].add(values)
            place = list(parcel.files).index(name)
            key = parcel.digests.record(
                plain.get(template.number_field, ""), plain.get(template.party_field, "")
            )
            digest = parcel.digests.content(values)
        if entry_id in disputed:
            parcel.disputed.add(row.root_id)
        parcel.lines.append(
            LineRow(
                root_id=row.root_id,
                entry_id=entry_id,
                unit_id=row.unit_id,
                kind=row.kind,
                operation=operation.value,
                file=place,
                row=number,
                key=key,
                content=digest,
                before_entry_id=row.held_entry_id,
                before_over=row.held_over,
                over=entry_id in over,
            )
        )


def _neutral() -> str:
    """Which ground of secrecy it is, is not said at the desk of whoever sends."""
    return f"{WithholdReason.NEVER.label}。"


def _plain(content: Payload) -> dict[str, str]:
    return {k: str(v) for k, v in {**content.open, **content.text, **content.closed}.items()}


def _values(template: Template, plain: Mapping[str, str], peer: Peer) -> dict[str, str]:
    """The row as the peer wants it: the template's columns, with the peer's own codes."""
    found = {}
    for column in template.fields:
        value = plain.get(column.code, "")
        found[column.code] = peer.values.get(column.code, {}).get(value, value)
    return found


def _keep(parcel: Parcel, at: datetime) -> None:
    rows = RecordStanding.objects.in_bulk(list(parcel.kept))
    for pk, (state, operation, because) in parcel.kept.items():
        row = rows[pk]
        row.state, row.operation, row.because, row.since = state.value, operation, because, at
    RecordStanding.objects.bulk_update(
        rows.values(), ["state", "operation", "because", "since"], batch_size=200
    )


def _record(dispatch: Dispatch, parcel: Parcel, at: datetime) -> None:
    dispatch.save(force_insert=True)
    columns = ("dispatch_id", *LineRow._fields)
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO handover_line ({quoted}) VALUES ({places})",
            [(dispatch.id, *line) for line in parcel.lines],
        )
        since = connection.ops.adapt_datetimefield_value(at)
        cursor.execute(_PACKED, [since, dispatch.id, dispatch.peer])


def ask(*, peer: Peer, at: datetime, actor: Actor) -> None:
    """Have the worker pack in its next round."""
    PeerCursor.objects.update_or_create(pk=peer.code, defaults={"asked": True})
