"""Cosignatures and sendings. Insert-only: the database refuses the rest."""

from django.db import models

from zhengxin.witnesses.enums import Channel, Delivery


class Cosignature(models.Model):
    """A witness's verified signature under one of our checkpoints (C2SP cosignature/v1)."""

    id = models.BigAutoField(primary_key=True)
    # The name of its key, and its verifier line as it was configured then.
    witness = models.CharField(max_length=100)
    verifier = models.CharField(max_length=200)
    size = models.BigIntegerField()
    # The whole signature line without its end.
    line = models.CharField(max_length=400, unique=True)
    signed_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["witness", "size", "signed_at"], name="cosignature_newest"),
            models.Index(fields=["size"], name="cosignature_size"),
        ]


class Sending(models.Model):
    """One attempt to bring a checkpoint to a witness, and what came of it."""

    id = models.BigAutoField(primary_key=True)
    witness = models.CharField(max_length=100)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    delivery = models.CharField(max_length=8, choices=Delivery.choices)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["witness", "delivery", "at"], name="sending_last")]
