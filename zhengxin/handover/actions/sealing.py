"""Sealing a dispatch: index of lines, manifest, signature, and the folder under its own name."""

import csv
import os
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from zhengxin.handover.digests import RowDigests
from zhengxin.handover.enums import DispatchState
from zhengxin.handover.ground import outbox
from zhengxin.handover.keys import SIGNER, signing_key
from zhengxin.handover.manifests import MANIFEST, SIGNATURE, manifest_bytes, signature_of
from zhengxin.handover.models import Dispatch, Line, RecordStanding
from zhengxin.handover.types import Operation, Peer, Standing
from zhengxin.handover.writing import RowFile
from zhengxin.kernel.digests import file_digest, sha256_hex
from zhengxin.ledger import queries as ledger
from zhengxin.subjects.queries import subject_names

AT_ONCE = 1_000
LINES = ".lines.csv"
LINE_COLUMNS = ("文件", "行号", "操作", "记录编号", "原批次", "原文件", "原行号", "说明")


class LineRow(NamedTuple):
    """A row of the table of lines before its dispatch has an id."""

    root_id: int
    entry_id: int
    unit_id: int
    kind: str
    operation: str
    file: int
    row: int
    key: int | None
    content: bytes
    before_entry_id: int | None
    before_over: bool
    over: bool


@dataclass
class Parcel:
    """A dispatch while it is written."""

    folder: Path
    number: str
    files: dict[tuple[str, str], RowFile] = field(default_factory=dict)
    lines: list[LineRow] = field(default_factory=list)
    digests: RowDigests = field(default_factory=RowDigests)
    # Standings that stay here: id to state, operation and reason.
    kept: dict[int, tuple[Standing, str, str]] = field(default_factory=dict)
    # Roots of lines to which an objection is open: marked in the manifest and in the index.
    disputed: set[int] = field(default_factory=set)


def seal(
    dispatch: Dispatch,
    parcel: Parcel,
    peer: Peer,
    last: Dispatch | None,
    sender: Mapping[str, str],
    at: datetime,
) -> None:
    """Index of lines, manifest and signature; then the folder takes its name."""
    operations = Counter(line.operation for line in parcel.lines)
    units = Counter(line.unit_id for line in parcel.lines)
    names = subject_names(units)
    index = parcel.folder / f"{parcel.number}{LINES}"
    _write_index(index, parcel)
    files = [
        {
            "name": each.path.name,
            "kind": kind,
            "operation": operation,
            "rows": each.rows,
            "sha256": file_digest(each.path),
            **_marked(parcel, place),
        }
        for place, ((kind, operation), each) in enumerate(parcel.files.items())
    ]
    size = ledger.size()
    after = last.id if last is not None else 0
    content = {
        "number": parcel.number,
        "peer": peer.code,
        "sender": dict(sender),
        "year": dispatch.year,
        "serial": dispatch.serial,
        "previous": last.digest if last is not None else "",
        "void": _void_since(peer, after),
        "packed_at": at.isoformat(timespec="seconds"),
        "files": files,
        "lines": {"name": index.name, "rows": len(parcel.lines), "sha256": file_digest(index)},
        "counts": {
            "operations": dict(operations),
            "units": {names.get(unit, str(unit)): n for unit, n in units.items()},
        },
        "tree": {"size": size, "root": ledger.root(size).hex()},
    }
    manifest = manifest_bytes(content)
    name = f"{parcel.number}{MANIFEST}"
    (parcel.folder / name).write_bytes(manifest)
    note = signature_of(manifest, name, SIGNER, signing_key(peer))
    (parcel.folder / f"{parcel.number}{SIGNATURE}").write_text(note, encoding="utf-8")
    dispatch.form, dispatch.digest = peer.form.value, sha256_hex(manifest)
    dispatch.previous = last.digest if last is not None else ""
    dispatch.files, dispatch.counts, dispatch.lines = files, dict(operations), len(parcel.lines)
    dispatch.size = sum(path.stat().st_size for path in parcel.folder.iterdir())
    for path in parcel.folder.iterdir():
        sync(path)
    final = outbox(peer.code) / parcel.number
    shutil.rmtree(final, ignore_errors=True)
    parcel.folder.rename(final)
    sync(final.parent)


def _marked(parcel: Parcel, place: int) -> dict[str, list[int]]:
    """The rows of one file to which an objection is open, if any: the template has no column for it."""
    rows = [
        line.row for line in parcel.lines if line.file == place and line.root_id in parcel.disputed
    ]
    return {"disputed": rows} if rows else {}


def sync(path: Path) -> None:
    """What was written at `path` (a file, or the names in a folder) is on the disk when this returns."""
    place = os.open(path, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _void_since(peer: Peer, last_id: int) -> list[str]:
    """Numbers of dispatches that became void and that no later manifest told of: those after the last delivered one."""
    delivered = Dispatch.objects.filter(peer=peer.code, state=DispatchState.DELIVERED)
    since = delivered.order_by("-id").values_list("id", flat=True).first() or 0
    void = Dispatch.objects.filter(
        peer=peer.code, state=DispatchState.VOID, id__range=(since, last_id)
    )
    return list(void.order_by("id").values_list("number", flat=True))


def _write_index(path: Path, parcel: Parcel) -> None:
    names = [each.path.name for each in parcel.files.values()]
    earlier = _earlier(parcel)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(LINE_COLUMNS)
        for line in parcel.lines:
            file, row = (names[line.file], line.row) if line.file >= 0 else ("", "")
            because = _("异议处理中") if line.root_id in parcel.disputed else ""
            if line.file < 0:
                because = _("内容依法不再提供，请按原批次和行号撤销。")
            writer.writerow(
                [
                    file,
                    row,
                    line.operation,
                    line.root_id,
                    *earlier.get(line.root_id, ("", "", "")),
                    because,
                ]
            )


def _earlier(parcel: Parcel) -> dict[int, tuple[str, str, object]]:
    """For records that the peer was told of before: number, file and row of the last line about each."""
    peer = parcel.folder.parent.name
    roots = [line.root_id for line in parcel.lines if line.operation != Operation.NEW]
    found: dict[int, tuple[str, str, object]] = {}
    for start in range(0, len(roots), AT_ONCE):
        rows = RecordStanding.objects.filter(
            peer=peer, root_id__in=roots[start : start + AT_ONCE], line_id__isnull=False
        )
        lines = Line.objects.in_bulk([row.line_id for row in rows])
        dispatches = Dispatch.objects.in_bulk({line.dispatch_id for line in lines.values()})
        for line in lines.values():
            sent = dispatches[line.dispatch_id]
            file = sent.files[line.file]["name"] if line.file >= 0 else ""
            found[line.root_id] = (sent.number, file, line.row or "")
    return found
