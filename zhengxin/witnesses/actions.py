"""Sending checkpoints out, and taking in what witnesses signed."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Checkpoint
from zhengxin.ledger.notes import NoteWrong, cosignatures
from zhengxin.witnesses.enums import Delivery
from zhengxin.witnesses.models import Cosignature, Sending
from zhengxin.witnesses.queries import last_size, sent_today_or_failed
from zhengxin.witnesses.reading import read_witnesses
from zhengxin.witnesses.rules import clock_is_right, due
from zhengxin.witnesses.sending import NotDelivered, SigningRefused, deliver, replies, request_body
from zhengxin.witnesses.types import Sent, Witness

log = logging.getLogger(__name__)
_LONGEST_SAID = 300


class NoWitnessSigned(Refused):
    """A note without a signature of a configured witness."""


class OtherTree(Refused):
    """A checkpoint signed with our key over a tree that is not ours: the gravest thing there is."""


def send(*, size: int, only_due: bool, at: datetime, actor: Actor) -> list[Sent]:
    """Send the checkpoint of `size` to every witness (or those it is due for), one after another.

    Never one that the mirror does not show yet: a witness that looks there would see a shorter tree.
    Each attempt is recorded, whatever came of it; a failing witness does not keep the others waiting
    longer than its time-out. Replies lying in exchange folders are taken in first.
    """
    top = ledger.checkpoint_of(size)
    if top is None:
        return []
    done = []
    for witness in read_witnesses():
        _fetch(witness, at=at, actor=actor)
        sent, failed_at = sent_today_or_failed(witness.name, day=timezone.localdate(at))
        if not only_due or due(sent_today=sent, failed_at=failed_at, at=at):
            done.append(_send(witness, top, at=at, actor=actor))
    return done


def receive(*, note: str, at: datetime, actor: Actor) -> int:
    """Take in a cosigned checkpoint; returns how many cosignatures are new.

    Raises NoteWrong, OtherTree, NoWitnessSigned.
    """
    head = ledger.read_checkpoint(note)
    own = ledger.checkpoint_of(head.size)
    if own is None or bytes(own.root) != head.root:
        raise OtherTree(
            _("这份检查点是用本登记簿的密钥签的，却不是本登记簿的。"),
            _("签过{size}条、根值为{root}的检查点，本登记簿没有。").format(
                size=head.size, root=head.root.hex()
            ),
            _("登记簿可能被换成旧备份，或者签名密钥被他人使用。请保存这份文件并立即报告。"),
        )
    found = {witness: cosignatures(note, witness.verifier) for witness in read_witnesses()}
    if not any(found.values()):
        raise NoWitnessSigned(
            _("这份检查点上没有见证人的签名。"),
            _("签名人不在见证人名单里，或者发回的是没有签过的文件。"),
            _("请让见证人发回见证程序写出的 cosigned 文件夹里的文件。"),
        )
    fresh = []
    for witness, signed in found.items():
        for each in signed:
            if not clock_is_right(each.at, at):
                raise NoteWrong(_("见证人的电脑时间比现在快一天以上，请校准后重新签名。"))
            fresh.append(
                Cosignature(
                    witness=witness.name,
                    verifier=witness.verifier,
                    size=head.size,
                    line=each.line,
                    signed_at=each.at,
                    received_at=at,
                )
            )
    with transaction.atomic():
        known = Cosignature.objects.filter(line__in=[row.line for row in fresh])
        lines = set(known.values_list("line", flat=True))
        new = [row for row in fresh if row.line not in lines]
        Cosignature.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _send(witness: Witness, top: Checkpoint, *, at: datetime, actor: Actor) -> Sent:
    def body(old: int) -> bytes:
        return request_body(old, ledger.consistency_proof(old, top.size), top.note)

    cosigned, delivery, said = 0, Delivery.SENT, ""
    try:
        old = min(last_size(witness.name), top.size)
        lines = deliver(witness, size=top.size, old=old, body=body, key_notes=ledger.key_notes())
        if lines:
            cosigned = receive(note=top.note + lines, at=at, actor=actor)
    except SigningRefused as refused:
        delivery, said = Delivery.REFUSED, str(refused)
    except NotDelivered as failed:
        delivery, said = Delivery.FAILED, str(failed)
    except Refused as refused:
        delivery, said = Delivery.FAILED, str(refused)
    if delivery != Delivery.SENT:
        log.warning("checkpoint not delivered to %s: %s", witness.name, said)
    Sending.objects.create(
        witness=witness.name,
        channel=witness.channel,
        size=top.size,
        at=at,
        delivery=delivery,
        said=said[:_LONGEST_SAID],
    )
    return Sent(witness, delivery, said, cosigned)


def _fetch(witness: Witness, *, at: datetime, actor: Actor) -> None:
    """Take in replies from an exchange folder; one that does not hold must not stop the rest."""
    for path in replies(witness):
        try:
            receive(note=path.read_text(encoding="utf-8"), at=at, actor=actor)
        except (Refused, OSError, UnicodeDecodeError) as wrong:
            log.warning("reply %s of %s not taken in: %s", path.name, witness.name, wrong)
