"""Records on their way up, and answers on their way back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.handover import actions as handover
from zhengxin.handover import queries as handover_queries
from zhengxin.handover.permissions import check_exchange
from zhengxin.handover.types import (
    AnswersTaken,
    Packed,
    Peer,
    Standing,
    Tally,
    Template,
    TemplateField,
    Told,
)
from zhengxin.handover.types import Outcome as Delivery
from zhengxin.intake import queries as intake_queries
from zhengxin.intake.types import Column, ColumnType, Source
from zhengxin.journey.following import followed_up_to
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.subjects import queries as subjects

# So many records are packed while somebody waits at a page.
AT_ONCE = 2_000
ARRIVED = (Told.DELIVERED, Told.ALREADY)


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


def export(*, to: str, retry_held: bool = False, at: datetime, actor: Actor) -> list[Packed]:
    """Packs everything that is due for a peer into signed dispatches; returns them, the last may only tell of held rows."""
    check_exchange(actor)
    peer = handover_queries.peer(to)
    _void_sealed(peer, at, actor)
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
            record_act("exchange.pack", made.number, at, actor, rows=made.lines)
    return packed


def ask_export(*, to: str, at: datetime, actor: Actor) -> list[Packed] | None:
    """Packs what is due at once when it is little, and looks at held rows again; leaves more to the worker (None)."""
    check_exchange(actor)
    peer = handover_queries.peer(to)
    _follow(peer, at, actor)
    handover.retry_held(peer=peer, at=at, actor=actor)
    if handover_queries.standings(peer, at=at, state=Standing.DUE).count() > AT_ONCE:
        handover.ask(peer=peer, at=at, actor=actor)
        return None
    return export(to=to, at=at, actor=actor)


def _void_sealed(peer: Peer, at: datetime, actor: Actor) -> bool:
    """Whether a batch that waits held what was sealed since, and is void now."""
    void = handover.void_sealed(peer=peer, at=at, actor=actor)
    for number in void:
        record_act("exchange.void", number, at, actor)
    return bool(void)


def _follow(peer: Peer, at: datetime, actor: Actor) -> None:
    came = intake_queries.batches(handover_queries.unplaced(peer))
    handover.note_batches(batches=came, at=at, actor=actor)
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


def send(
    *, to: str, pressed: bool = True, at: datetime, actor: Actor
) -> list[tuple[str, Delivery]]:
    """Delivers what waits for a peer; pressed: without waiting for the pauses to be over.

    A batch that holds what was sealed since is void; its other records are packed anew and go as well.
    """
    check_exchange(actor)
    peer = handover_queries.peer(to)
    if _void_sealed(peer, at, actor):
        export(to=to, at=at, actor=actor)
    done = handover.deliver(peer=peer, pressed=pressed, at=at, actor=actor)
    for number, outcome in done:
        # What the clock tried in vain stands among the attempts; here stands what was done.
        if pressed or outcome.told in ARRIVED:
            record_act("exchange.deliver", number, at, actor, result=outcome.told.value)
    return done


def read_answers(
    *,
    peer_code: str,
    filename: str,
    content: bytes,
    signature: str = "",
    at: datetime,
    actor: Actor,
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
    _note_answers(peer, [taken], at, actor)
    return taken


def fetch_answers(*, peer_code: str, at: datetime, actor: Actor) -> list[AnswersTaken]:
    """Reads every return file that waits at the peer."""
    check_exchange(actor)
    peer = handover_queries.peer(peer_code)
    taken = handover.fetch_answers(peer=peer, templates=templates_of(peer=peer), at=at, actor=actor)
    _note_answers(peer, taken, at, actor)
    return taken


def _note_answers(peer: Peer, taken: list[AnswersTaken], at: datetime, actor: Actor) -> None:
    for each in taken:
        if not each.known_file:
            record_act("exchange.answers", each.filename[:64], at, actor, rows=each.rows)
    if taken:
        handover.clear_answered(peer=peer, at=at, actor=actor)


def send_again(*, peer_code: str, entry_id: int, because: str, at: datetime, actor: Actor) -> None:
    """A named official has a record sent again."""
    check_exchange(actor)
    peer = handover_queries.peer(peer_code)
    handover.send_again(peer=peer, entry_id=entry_id, at=at, actor=actor)
    record_act("exchange.send_again", entry_id, at, actor, peer=peer.code, because=because)


def reconcile(*, peer_code: str, at: datetime, actor: Actor) -> Tally:
    """Brings a peer's standings in step and counts them. Raises FiguresDisagree when they do not add up."""
    check_exchange(actor)
    peer = handover_queries.peer(peer_code)
    _follow(peer, at, actor)
    found = handover_queries.tally(peer, templates_of(peer=peer), at=at)
    if not found.reconciles:
        raise FiguresDisagree(
            _("上报对账不平。"),
            _(
                "各状态合计%(states)s条，记录%(records)s条；各版本合计%(versions)s条，档案里%(entries)s条。"
            )
            % {
                "states": sum(found.states.values()),
                "records": found.records,
                "versions": found.versions,
                "entries": found.entries,
            },
            _("请先运行 zhengxin rebuild archive 再对一次；仍不平的，报告系统管理员。"),
        )
    return found


def record_act(act: str, about: object, at: datetime, actor: Actor, **detail: Any) -> None:
    """Writes the audit line of an act about a dispatch or a file of the exchange.

    detail: text, whole numbers or flags.
    """
    audit.record(
        act=act,
        object_kind="dispatch",
        object_id=about,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        **detail,
    )
