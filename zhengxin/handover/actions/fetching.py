"""Going to see what waits at a peer: return files, and files from above."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from zhengxin.handover import carrying
from zhengxin.handover.actions.answering import AnswersUnsigned, take_answers
from zhengxin.handover.carrying.reaching import Unreachable
from zhengxin.handover.ground import unreadable
from zhengxin.handover.incoming import read_alone, read_batch
from zhengxin.handover.manifests import MANIFEST, ManifestWrong
from zhengxin.handover.models import AnswerFile, Arrival, PeerCursor
from zhengxin.handover.types import AnswersTaken, Incoming, Peer, Template
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.refused import Refused

_SIGNED = ".sig"


def fetch_answers(
    *, peer: Peer, templates: Sequence[Template], at: datetime, actor: Actor
) -> list[AnswersTaken]:
    """Read every return file that waits; one that cannot be read is kept aside and told of, the others are read.

    A place that cannot be reached is noted on the peer and tried again; nothing is raised.
    """
    if peer.answers is None:
        return []
    seen = set(AnswerFile.objects.filter(peer=peer.code).values_list("filename", flat=True))
    try:
        found = dict(carrying.fetch(peer.answers, seen))
    except Unreachable as fault:
        _note(peer, str(fault), at)
        return []
    taken, missing = [], ""
    for name, content in found.items():
        if name.endswith(_SIGNED):
            continue
        signature = found.get(name + _SIGNED, b"").decode("utf-8", errors="replace")
        try:
            taken.append(
                take_answers(
                    peer=peer,
                    templates=templates,
                    filename=name,
                    content=content,
                    signature=signature,
                    at=at,
                    actor=actor,
                )
            )
        except AnswersUnsigned as fault:
            # Its signature may still be on the way.
            missing = str(fault)
            continue
        except Refused as fault:
            taken.append(_set_aside(peer, name, content, fault, at, actor))
        carrying.settle(peer.answers, name)
        if name + _SIGNED in found:
            carrying.settle(peer.answers, name + _SIGNED)
    _note(peer, missing, at)
    return taken


def _set_aside(
    peer: Peer, name: str, content: bytes, fault: Refused, at: datetime, actor: Actor
) -> AnswersTaken:
    """A file that cannot be read: its bytes are kept, and its line among the return files says why."""
    digest = sha256_hex(content)
    path = unreadable(peer.code) / f"{digest[:12]}-{Path(name).name}"
    path.write_bytes(content)
    AnswerFile.objects.get_or_create(
        peer=peer.code,
        sha256=digest,
        defaults={
            "filename": name[:255],
            "received_at": at,
            "actor_name": actor.name,
            "rows": 0,
            "unknown": 0,
            "problems": [str(fault)],
        },
    )
    return AnswersTaken(name, 0, problems=(str(fault),))


def _note(peer: Peer, fault: str, at: datetime) -> None:
    cursor, _made = PeerCursor.objects.get_or_create(pk=peer.code)
    cursor.fetch_fault_since = (cursor.fetch_fault_since or at) if fault else None
    cursor.fetch_fault, cursor.fetched_at = fault[:300], at
    cursor.save(update_fields=["fetch_fault", "fetch_fault_since", "fetched_at"])


def fetch_arrivals(
    *,
    peer: Peer,
    folder: Path,
    sources: Mapping[str, str],
    at: datetime,
    actor: Actor,
) -> tuple[list[Incoming], list[str]]:
    """Files from above that wait in a folder and were not taken before, and what is wrong with others.

    sources: record kind to our source. A batch whose files are still arriving is told of and left;
    a file taken before is moved aside.
    """
    if not folder.is_dir():
        return [], []
    faults, found, listed = [], list[Incoming](), set[str]()
    digests = Arrival.objects.filter(peer=peer.code).values_list("sha256", flat=True)
    known = frozenset(digests)
    for manifest in sorted(folder.glob(f"*{MANIFEST}")):
        stem = manifest.name.removesuffix(MANIFEST)
        listed |= {path.name for path in folder.glob(f"{stem}.*")}
        before = known | {each.sha256 for each in found}
        try:
            found += read_batch(peer, folder, manifest, sources, before)
        except ManifestWrong as wrong:
            faults.append(_("{name}：{why}").format(name=manifest.name, why=wrong.why))
    assert peer.inward is not None
    if not peer.inward.signed:
        found += read_alone(folder, frozenset(listed), list(sources.values()))
    return found, faults
