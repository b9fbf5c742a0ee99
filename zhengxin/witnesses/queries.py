"""Who has seen the tree up to when, and the newest cosigned checkpoint."""

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from zhengxin.ledger.queries import checkpoint_of
from zhengxin.witnesses.enums import Delivery
from zhengxin.witnesses.models import Cosignature, Sending
from zhengxin.witnesses.reading import read_witnesses
from zhengxin.witnesses.types import Seen, Witness

__all__ = [
    "cosigned_note",
    "last_size",
    "newest_cosigned",
    "read_witnesses",
    "seen",
    "sent_today_or_failed",
]


def last_size(name: str) -> int:
    """The largest tree this witness is known to have co-signed, 0 for none."""
    found = Cosignature.objects.filter(witness=name).aggregate(most=Max("size"))["most"]
    return found or 0


def sent_today_or_failed(name: str, *, day: date) -> tuple[bool, datetime | None]:
    """Whether a checkpoint reached this witness on the county's `day`; when the last attempt failed since."""
    sent_at, failed = _last_sending(name)
    sent = sent_at is not None and timezone.localdate(sent_at) == day
    return sent, failed.at if failed else None


def _last_sending(name: str) -> tuple[datetime | None, Sending | None]:
    """When one last arrived, and the failure after it."""
    rows = Sending.objects.filter(witness=name).order_by("-id")
    arrived = rows.filter(delivery=Delivery.SENT).first()
    newest = rows.first()
    failed = newest if newest is not None and newest.delivery != Delivery.SENT else None
    return (arrived.at if arrived else None), failed


def seen() -> list[Seen]:
    """Every configured witness: what it co-signed last and what came of sending. Raises WitnessesUnreadable."""
    return [_seen(witness) for witness in read_witnesses()]


def _seen(witness: Witness) -> Seen:
    signed = Cosignature.objects.filter(witness=witness.name, verifier=witness.verifier)
    last = signed.order_by("-size", "-signed_at").first()
    sent_at, failed = _last_sending(witness.name)
    return Seen(
        witness=witness,
        size=last.size if last else None,
        signed_at=last.signed_at if last else None,
        sent_at=sent_at,
        failed_at=failed.at if failed else None,
        failure=failed.said if failed else "",
    )


def cosigned_note(size: int) -> str | None:
    """The checkpoint of this size with the newest signature line of each witness; None when none signed it."""
    own = checkpoint_of(size)
    lines = {
        row.witness: row.line
        for row in Cosignature.objects.filter(size=size).order_by("signed_at", "id")
    }
    if own is None or not lines:
        return None
    return own.note + "".join(f"{line}\n" for line in lines.values())


def newest_cosigned() -> str | None:
    """The largest checkpoint that any witness co-signed, with its cosignatures."""
    size = Cosignature.objects.aggregate(most=Max("size"))["most"]
    return None if size is None else cosigned_note(size)
