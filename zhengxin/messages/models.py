"""Messages, their deliveries outside, and every try of one. Tries are only added."""

from django.db import models

from zhengxin.accounts.models import Account
from zhengxin.messages.enums import Channel, DeliveryState, MessageKind


class Message(models.Model):
    """One message to one account, or (without an account) to the outside addresses of a role."""

    id = models.BigAutoField(primary_key=True)
    # Told once: whoever tells it again under the same key changes nothing.
    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=24, choices=MessageKind.choices)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    role = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=200)
    text = models.CharField(max_length=1000, blank=True)
    # A path of this site.
    link = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # Whether its deliveries were made out, by what channels.yaml said then.
    routed = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="message_unrouted", condition=models.Q(routed=False)),
            models.Index(fields=["account", "-id"], name="message_inbox"),
            models.Index(
                fields=["account"],
                name="message_unread",
                condition=models.Q(read_at__isnull=True),
            ),
        ]


class Delivery(models.Model):
    """A message on its way to one address outside."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=200)
    state = models.CharField(
        max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "channel", "address"], name="delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="delivery_due", condition=models.Q(state="waiting")
            )
        ]


class Attempt(models.Model):
    """One try of a delivery. The database refuses UPDATE and DELETE."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    accepted = models.BooleanField()
    # What the peer answered, by code or kind of error; never its words, which may repeat an address.
    answer = models.CharField(max_length=80)


class Round(models.Model):
    """The last day for which something that is told day by day was told, by its name."""

    name = models.CharField(max_length=40, primary_key=True)
    day = models.DateField()
