"""The only erasable thing: 32 random bytes an entry, from which salts and data key are derived."""

from django.db import models


class Secret(models.Model):
    """The database refuses DELETE and any UPDATE except to NULL (erasure)."""

    entry_id = models.BigIntegerField(primary_key=True)
    secret = models.BinaryField(max_length=32, null=True)
    erased_at = models.DateTimeField(null=True)
    erased_because = models.CharField(max_length=200, blank=True)
