"""Pieces of evidence and their bytes. Only added, never changed."""

from django.db import models

from zhengxin.evidence.enums import PieceKind


class Piece(models.Model):
    """One file as it was sent. The act that it came with names its id and digest."""

    id = models.BigAutoField(primary_key=True)
    # SHA-256 of the bytes.
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=PieceKind.choices)
    size = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    kept_at = models.DateTimeField()


class Content(models.Model):
    """The bytes of a piece under AES-256-GCM: 12 bytes of nonce, then the ciphertext with its tag."""

    piece = models.OneToOneField(Piece, on_delete=models.PROTECT, primary_key=True)
    sealed = models.BinaryField()
