"""The only erasable thing: 32 random bytes an entry, from which salts and data key are derived."""

from django.db import models


class Secret(models.Model):
    """The database refuses DELETE and any UPDATE except to NULL (erasure)."""

    entry_id = models.BigIntegerField(primary_key=True)
    secret = models.BinaryField(max_length=32, null=True)
    erased_at = models.DateTimeField(null=True)
    erased_because = models.CharField(max_length=200, blank=True)


class FileKey(models.Model):
    """The same for the files of one submission: a new one whenever they are written anew."""

    id = models.BigAutoField(primary_key=True)
    submission_id = models.BigIntegerField(db_index=True)
    secret = models.BinaryField(max_length=32, null=True)
    erased_at = models.DateTimeField(null=True)
