"""The store of keys: a secret an entry, the only erasable thing, and the few keys that everything rests on.

Nothing here is in clear. A secret is wrapped by the key of its epoch; the epochs' keys are wrapped
by the master key, which is elsewhere. Rotating the master key re-wraps a handful of rows.
"""

from django.db import models
from django.db.models.functions import Now

from zhengxin.ledger.vault.enums import KeyKind


class Secret(models.Model):
    """32 random bytes an entry, wrapped: nonce (12), ciphertext (32), tag (16).

    The database refuses DELETE and any UPDATE except to NULL (erasure) and to a later epoch.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    secret = models.BinaryField(max_length=60, null=True)
    erased_at = models.DateTimeField(null=True)
    erased_because = models.CharField(max_length=200, blank=True)
    # By which epoch's key the secret is wrapped; null: not wrapped (from before there were epochs).
    epoch = models.SmallIntegerField(null=True)
    # In which epoch the content was encrypted, which never changes; null stands for the first.
    origin = models.SmallIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["entry_id"],
                name="secret_bare",
                condition=models.Q(epoch__isnull=True, secret__isnull=False),
            )
        ]


class Key(models.Model):
    """A key of 32 bytes, wrapped by the master key. Null when it was destroyed.

    The database refuses DELETE and every change but of the wrapping.
    """

    kind = models.CharField(max_length=16, choices=KeyKind)
    # Of the epoch, or counting upwards: pepper is always 1.
    number = models.SmallIntegerField()
    # The ciphers it is used with.
    suite = models.CharField(max_length=16)
    wrapped = models.BinaryField(null=True)
    # The first 16 bytes of a digest by which the right key is known again.
    digest = models.BinaryField(max_length=16)
    made_at = models.DateTimeField(db_default=Now())
    wrapped_at = models.DateTimeField(db_default=Now())
    # The master key in its provider's words, with its fingerprint where there is one.
    wrapped_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="key_of_a_kind")]


class FileKey(models.Model):
    """The same for the files of one submission: a new one whenever they are written anew."""

    id = models.BigAutoField(primary_key=True)
    submission_id = models.BigIntegerField(db_index=True)
    secret = models.BinaryField(max_length=32, null=True)
    erased_at = models.DateTimeField(null=True)
