"""Verbs of messages: tell, deliver outside, mark as read."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.messages.channels import channels
from zhengxin.messages.enums import DeliveryState, MessageKind
from zhengxin.messages.models import Attempt, Delivery, Message, Round
from zhengxin.messages.rules import pause_after
from zhengxin.messages.sending import NotDelivered, send
from zhengxin.messages.types import Channels, Parcel

# So many deliveries a round: the worker has other work.
AT_ONCE = 20
ROUTED_AT_ONCE = 500


def tell(
    *,
    kind: MessageKind,
    key: str,
    account_ids: Collection[int],
    subject: str,
    text: str,
    link: str,
    at: datetime,
    actor: Actor,
    role: str = "",
) -> int:
    """Puts a message into these accounts' inboxes, once under its key; `deliver` takes it outside.

    Outside go the fixed words of `kind` only: to the addresses that channels.yaml lists for these
    accounts and for `role`. Returns how many inboxes have a new message.
    """
    told = 0
    with transaction.atomic():
        for account_id, held in [
            *((pk, "") for pk in account_ids),
            *([(None, role)] if role else []),
        ]:
            _, new = Message.objects.get_or_create(
                key=f"{key}/{account_id or held}",
                defaults={
                    "kind": kind,
                    "account_id": account_id,
                    "role": held,
                    "subject": subject,
                    "text": text,
                    "link": link,
                    "made_at": at,
                },
            )
            told += new and account_id is not None
    return told


def _route(at: datetime, by: Channels) -> None:
    """Makes out the deliveries of new messages, by what channels.yaml says now."""
    for message in (
        Message.objects.filter(routed=False)
        .select_related("account")
        .order_by("id")[:ROUTED_AT_ONCE]
    ):
        username = message.account.username if message.account else ""
        ways = {
            (each.channel, each.address)
            for each in by.recipients
            if (username and each.account == username)
            or (message.role and each.role == message.role)
        }
        with transaction.atomic():
            Delivery.objects.bulk_create(
                Delivery(message=message, channel=channel, address=address, due_at=at)
                for channel, address in sorted(ways)
            )
            Message.objects.filter(pk=message.pk).update(routed=True)


def mark_read(*, message_ids: Collection[int] | None, at: datetime, actor: Actor) -> int:
    """Marks one's own messages (None: all) as read; others' are left alone. Returns how many were unread."""
    if actor.account_id is None:
        return 0
    mine = Message.objects.filter(account_id=actor.account_id, read_at__isnull=True)
    if message_ids is not None:
        mine = mine.filter(pk__in=message_ids)
    return mine.update(read_at=at)


def hold_round(*, name: str, at: datetime, actor: Actor) -> None:
    """Of several who do what is done day by day, the others wait until this transaction ends."""
    Round.objects.get_or_create(name=name, defaults={"day": date.min})
    Round.objects.select_for_update().get(name=name)


def close_round(*, name: str, day: date, at: datetime, actor: Actor) -> None:
    """What is told day by day was told up to this day."""
    Round.objects.update_or_create(name=name, defaults={"day": day})


def deliver(*, at: datetime, actor: Actor) -> int:
    """Tries every delivery that is due, at most AT_ONCE; returns how many were taken. Raises BadChannels.

    What fails is due again later. Where the way itself is closed, its other deliveries wait as well.
    One whose address or way was taken out of channels.yaml is dropped, and an attempt says so.
    """
    by = channels()
    _route(at, by)
    addresses = {(each.channel, each.address) for each in by.recipients}
    closed: set[str] = set()
    taken = 0
    due = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=at)
    for delivery in due.select_related("message").order_by("due_at", "id")[:AT_ONCE]:
        if delivery.channel in closed:
            continue
        if (delivery.channel, delivery.address) not in addresses:
            _note(delivery, at, DeliveryState.DROPPED, False, "not in channels.yaml")
            continue
        try:
            answer = send(_parcel(delivery), by)
        except NotDelivered as failed:
            _note(delivery, at, DeliveryState.WAITING, False, failed.answer)
            if failed.everyone:
                closed.add(delivery.channel)
                due.filter(channel=delivery.channel).update(due_at=at + timedelta(minutes=1))
            continue
        _note(delivery, at, DeliveryState.SENT, True, answer)
        taken += 1
    return taken


def _parcel(delivery: Delivery) -> Parcel:
    """What leaves the house: nothing of the message but its kind and its link."""
    kind = MessageKind(delivery.message.kind)
    origin = next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    return Parcel(
        channel=delivery.channel,
        address=delivery.address,
        subject=_("政信：{notice}").format(notice=kind.notice),
        text=_("{notice}请登录工作台查看。").format(notice=kind.notice),
        link=f"{origin}{delivery.message.link}",
        key=delivery.message.key,
    )


def _note(
    delivery: Delivery, at: datetime, state: DeliveryState, accepted: bool, answer: str
) -> None:
    with transaction.atomic():
        Attempt.objects.create(delivery=delivery, at=at, accepted=accepted, answer=answer)
        Delivery.objects.filter(pk=delivery.pk).update(
            state=state, tries=F("tries") + 1, due_at=at + pause_after(delivery.tries + 1)
        )
