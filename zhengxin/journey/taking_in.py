"""Records from offices above on their way in, and the worker's round of the exchange."""

import logging
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.handover import actions as handover
from zhengxin.handover import queries as handover_queries
from zhengxin.handover.ground import local
from zhengxin.handover.incoming import as_table
from zhengxin.handover.permissions import check_exchange
from zhengxin.handover.types import Incoming, Peer
from zhengxin.journey.handing_over import (
    ARRIVED,
    export,
    fetch_answers,
    record_act,
    send,
    templates_of,
)
from zhengxin.journey.submitting import submit
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.subjects import queries as subjects

log = logging.getLogger(__name__)


def take_in(
    *, peer_code: str, folder: Path | None = None, at: datetime, actor: Actor
) -> tuple[list[str], list[str]]:
    """Takes what a peer put into its folder (or the given one) in as ordinary submissions; what became of each
    file, and what is wrong with others."""
    check_exchange(actor)
    peer = handover_queries.peer(peer_code)
    if peer.inward is None:
        return [], []
    place = folder or local(peer.inward.folder)
    sources = {template.kind: template.source for template in templates_of(peer=peer)}
    found, faults = handover.fetch_arrivals(
        peer=peer, folder=place, sources=sources, at=at, actor=actor
    )
    told, stuck = [], set[str]()
    for each in found:
        if not each.source and not each.held and each.number in stuck:
            # The manifest stays as long as a file of its batch does.
            continue
        try:
            told.append(_take(peer, each, at, actor))
        except Refused as refusal:
            stuck.add(each.number)
            faults.append(_("{name}：{why}").format(name=each.filename, why=refusal))
    if folder is None:
        handover.note_arrival_faults(peer=peer, faults=faults, at=at, actor=actor)
    return told, faults


def _take(peer: Peer, incoming: Incoming, at: datetime, actor: Actor) -> str:
    """Takes one file in; what became of it. Raises Refused, and then the file stays where it is."""
    known = handover_queries.arrived(peer, incoming.sha256)
    submission_id = None
    if known is None and incoming.source and not incoming.held:
        assert peer.inward is not None
        upload, filename = as_table(incoming.path)
        submission = submit(
            upload=upload,
            filename=filename,
            source=incoming.source,
            unit_id=_unit(peer.inward.unit, at),
            at=at,
            actor=Actor.system(peer.title),
        )
        submission_id = submission.id
    arrival = handover.note_arrival(
        peer=peer, incoming=incoming, submission_id=submission_id, at=at, actor=actor
    )
    if known is not None:
        return _("%(name)s：以前收过，没有重复收。") % {"name": incoming.filename}
    record_act("exchange.take_in", incoming.filename[:64], at, actor, peer=peer.code)
    return f"{incoming.filename}：{arrival.get_state_display()}{arrival.because}"


def _unit(named: str, at: datetime) -> int:
    """The unit as which a peer's records come in: the named one, or the credit office on its behalf."""
    today = timezone.localdate(at)
    found = (
        subjects.unit_by_name(named, today) or subjects.unit_by_code(named)
        if named
        else subjects.credit_office(today)
    )
    if found is None:
        raise Refused(
            _("没有收下上级来件。"),
            _("不知道由哪个单位收：对象说明里inward的unit“%(unit)s”在本县登记册里没有。")
            % {"unit": named},
            _("请在说明里写登记册里的单位全称或代码。"),
        )
    return found.id


def take_pushed(
    *, peer_code: str, files: Mapping[str, bytes], at: datetime, actor: Actor
) -> tuple[list[str], list[str]]:
    """Takes files in that a peer pushed; the door has checked its key."""
    with tempfile.TemporaryDirectory(dir=_scratch()) as folder:
        for name, content in files.items():
            Path(folder, Path(name).name).write_bytes(content)
        return take_in(peer_code=peer_code, folder=Path(folder), at=at, actor=actor)


def _scratch() -> Path:
    place = Path(settings.EXCHANGE_DIR) / "pushed"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def exchange_due(*, at: datetime, actor: Actor) -> int:
    """The worker's round: packs and looks for files at scheduled peers, and delivers whatever waits at any.

    Returns how many dispatches were packed or delivered and files read. One peer's trouble does not stop the others.
    """
    moved = 0
    for peer in handover_queries.peers().values():
        try:
            moved += _exchange_with(peer, at, actor)
        except Exception:
            log.exception("exchange with %s", peer.code)
    return moved


def _exchange_with(peer: Peer, at: datetime, actor: Actor) -> int:
    moved = 0
    if handover_queries.pack_due(peer, at):
        moved += len(export(to=peer.code, at=at, actor=actor))
    done = send(to=peer.code, pressed=False, at=at, actor=actor)
    moved += sum(outcome.told in ARRIVED for _number, outcome in done)
    if handover_queries.fetch_due(peer, at):
        moved += len(fetch_answers(peer_code=peer.code, at=at, actor=actor))
        moved += len(take_in(peer_code=peer.code, at=at, actor=actor)[0])
    return moved
