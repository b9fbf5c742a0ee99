"""Records on their way up, answers on their way back, and records from above on their way in."""

import logging
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.handover import actions as handover
from zhengxin.handover import queries as handover_queries
from zhengxin.handover.ground import local
from zhengxin.handover.incoming import as_table
from zhengxin.handover.permissions import check_exchange
from zhengxin.handover.types import (
    AnswersTaken,
    Incoming,
    Packed,
    Peer,
    Tally,
    Template,
    TemplateField,
    Told,
)
from zhengxin.handover.types import Outcome as Delivery
from zhengxin.intake import queries as intake_queries
from zhengxin.intake.types import Column, ColumnType, Source
from zhengxin.journey.following import followed_up_to
from zhengxin.journey.submitting import submit
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.subjects import queries as subjects

log = logging.getLogger(__name__)


_ARRIVED = (Told.DELIVERED, Told.ALREADY)


class FiguresDisagree(Refused):
    """A reconciliation whose parts do not add up."""


def templates_of(*, peer: Peer) -> list[Template]:
    """The templates a peer takes: those of our own sources, in the order of their columns."""
    return [_template(intake_queries.source(name)) for name in peer.sources]


def _template(source: Source) -> Template:
    return Template(
        source=source.name,
        kind=source.record_kind,
        title=source.title,
        fields=tuple(_field(column) for column in source.columns),
        number_field=source.by_role["document_number"].field,
        party_field=source.by_role["party_name"].field,
    )


def _field(column: Column) -> TemplateField:
    when = column.required_when
    return TemplateField(
        code=column.field,
        header=column.header,
        length=column.length,
        required=column.required,
        when=(when.field, when.values) if when else None,
        choices=tuple(choice.label for choice in column.choices),
        is_date=column.type is ColumnType.DATE,
    )


def export(
    *, to: str, retry_held: bool = False, at: datetime, actor: Actor
) -> list[Packed]:
    """Packs everything that is due for a peer into signed dispatches; returns them, the last may only tell of held rows."""
    check_exchange(actor)
    peer = handover_queries.peer(to)
    _follow(peer, at, actor)
    if retry_held:
        handover.retry_held(peer=peer, at=at, actor=actor)
    sender = _sender(at)
    packed = []
    while made := handover.pack(
        peer=peer, templates=templates_of(peer=peer), sender=sender, at=at, actor=actor
    ):
        packed.append(made)
        if made.number:
            _record("exchange.pack", made.number, at, actor, rows=made.lines)
    return packed


def _follow(peer: Peer, at: datetime, actor: Actor) -> None:
    handover.follow(
        peer=peer,
        templates=templates_of(peer=peer),
        up_to=followed_up_to(),
        at=at,
        actor=actor,
    )


def _sender(at: datetime) -> Mapping[str, str]:
    office = subjects.credit_office(timezone.localdate(at))
    return {"name": office.name, "code": office.code} if office else {"name": "", "code": ""}


def send(*, to: str, pressed: bool = True, at: datetime, actor: Actor) -> list[tuple[str, Delivery]]:
    """Delivers what waits for a peer; pressed: without waiting for the pauses to be over."""
    check_exchange(actor)
    peer = handover_queries.peer(to)
    done = handover.deliver(peer=peer, pressed=pressed, at=at, actor=actor)
    for number, outcome in done:
        # What the clock tried in vain stands among the attempts; here stands what was done.
        if pressed or outcome.told in _ARRIVED:
            _record("exchange.deliver", number, at, actor, result=outcome.told.value)
    return done


def read_answers(
    *, peer_code: str, filename: str, content: bytes, signature: str = "", at: datetime, actor: Actor
) -> AnswersTaken:
    """Reads one return file. Raises AnswersUnsigned, ManifestWrong, ReturnUnreadable."""
    check_exchange(actor)
    peer = handover_queries.peer(peer_code)
    taken = handover.take_answers(
        peer=peer,
        templates=templates_of(peer=peer),
        filename=filename,
        content=content,
        signature=signature,
        at=at,
        actor=actor,
    )
    _told(peer, [taken], at, actor)
    return taken


def fetch_answers(*, peer_code: str, at: datetime, actor: Actor) -> list[AnswersTaken]:
    """Reads every return file that waits at the peer."""
    check_exchange(actor)
    peer = handover_queries.peer(peer_code)
    taken = handover.fetch_answers(
        peer=peer, templates=templates_of(peer=peer), at=at, actor=actor
    )
    _told(peer, taken, at, actor)
    return taken


def _told(peer: Peer, taken: list[AnswersTaken], at: datetime, actor: Actor) -> None:
    for each in taken:
        if not each.known_file:
            _record("exchange.answers", each.filename[:64], at, actor, rows=each.rows)
    if taken:
        handover.clear_answered(peer=peer, at=at, actor=actor)


def send_again(*, peer_code: str, entry_id: int, because: str, at: datetime, actor: Actor) -> None:
    """A named official has a record sent again."""
    check_exchange(actor)
    peer = handover_queries.peer(peer_code)
    handover.send_again(peer=peer, entry_id=entry_id, at=at, actor=actor)
    _record("exchange.send_again", entry_id, at, actor, peer=peer.code, because=because)


def reconcile(*, peer_code: str, at: datetime, actor: Actor) -> Tally:
    """Brings a peer's standings in step and counts them. Raises FiguresDisagree when they do not add up."""
    check_exchange(actor)
    peer = handover_queries.peer(peer_code)
    _follow(peer, at, actor)
    found = handover_queries.tally(peer, templates_of(peer=peer), at=at)
    if not found.reconciles:
        raise FiguresDisagree(
            _("上报对账不平。"),
            _("各状态合计%(states)s条，记录%(records)s条；各版本合计%(versions)s条，档案里%(entries)s条。")
            % {
                "states": sum(found.states.values()),
                "records": found.records,
                "versions": found.versions,
                "entries": found.entries,
            },
            _("请先运行 zhengxin rebuild archive 再对一次；仍不平的，报告系统管理员。"),
        )
    return found


def take_in(*, peer_code: str, folder: Path | None = None, at: datetime, actor: Actor) -> tuple[list[str], list[str]]:
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
    return [_take(peer, each, at, actor) for each in found], faults


def _take(peer: Peer, incoming: Incoming, at: datetime, actor: Actor) -> str:
    known = handover_queries.arrived(peer, incoming.sha256)
    submission_id, refused = None, ""
    if known is None and incoming.source and not incoming.held:
        assert peer.inward is not None
        try:
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
        except Refused as refusal:
            refused = str(refusal)
    arrival = handover.note_arrival(
        peer=peer,
        incoming=incoming,
        submission_id=submission_id,
        refused=refused,
        at=at,
        actor=actor,
    )
    if known is not None:
        return _("%(name)s：以前收过，没有重复收。") % {"name": incoming.filename}
    _record("exchange.take_in", incoming.filename[:64], at, actor, peer=peer.code)
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
            _("对象说明里inward的unit“%(unit)s”在本县登记册里没有。") % {"unit": named},
            _("请改成登记册里的单位全称或代码。"),
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
    moved += sum(outcome.told in _ARRIVED for _number, outcome in done)
    if handover_queries.fetch_due(peer, at):
        moved += len(fetch_answers(peer_code=peer.code, at=at, actor=actor))
        moved += len(take_in(peer_code=peer.code, at=at, actor=actor)[0])
    return moved


def _record(act: str, about: object, at: datetime, actor: Actor, **detail: str | int) -> None:
    audit.record(
        act=act,
        object_kind="dispatch",
        object_id=about,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        **detail,
    )
