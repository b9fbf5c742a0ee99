"""Reads of messages: the inbox, how many are unread, what cannot be delivered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, QuerySet

from zhengxin.messages.channels import channels as channels
from zhengxin.messages.enums import DeliveryState
from zhengxin.messages.models import Delivery, Message, Round
from zhengxin.messages.rules import ALARM_TRIES


@dataclass(frozen=True, slots=True)
class Stuck:
    """Deliveries of one way that keep failing."""

    channel: str
    n: int
    since: datetime


def inbox(account_id: int) -> QuerySet[Message]:
    """The messages of an account, newest first."""
    return Message.objects.filter(account_id=account_id).order_by("-id")


def message_of(account_id: int, message_id: int) -> Message | None:
    """One of the account's own messages."""
    return Message.objects.filter(account_id=account_id, pk=message_id).first()


def unread(account_id: int) -> int:
    """How many messages of an account are unread."""
    return Message.objects.filter(account_id=account_id, read_at__isnull=True).count()


def known(keys: Iterable[str]) -> set[str]:
    """Those of these keys under which something was told."""
    return set(Message.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def told_until(name: str) -> date | None:
    """The last day for which something that is told day by day was told; None: never."""
    day = Round.objects.filter(name=name).values_list("day", flat=True).first()
    return None if day == date.min else day


def outbox() -> int:
    """How many deliveries wait."""
    return Delivery.objects.filter(state=DeliveryState.WAITING).count()


def stuck() -> list[Stuck]:
    """Deliveries that failed again and again and still wait, by way out."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, tries__gte=ALARM_TRIES)
    sums = rows.values("channel").annotate(n=Count("id"), since=Min("message__made_at"))
    return [Stuck(row["channel"], row["n"], row["since"]) for row in sums.order_by("channel")]
