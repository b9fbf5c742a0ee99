"""The integrity file as rows: one line a record entry. Rebuilt from the ledger."""

from django.db import models

from zhengxin.archive.enums import Ending


class Line(models.Model):
    """One record of one subject, with its end when it was superseded or withdrawn."""

    # Given, never counted up: this kind of field is SQLite's own row id, so no second index.
    entry_id = models.BigAutoField(primary_key=True)
    subject_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    true_on = models.DateField(null=True)
    known_at = models.DateTimeField()
    # The entry this one corrects, and when the first of that chain was known.
    supersedes_id = models.BigIntegerField(null=True)
    first_known_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "entry_id"], name="line_subject"),
            models.Index(
                fields=["supersedes_id"],
                name="line_supersedes",
                condition=models.Q(supersedes_id__isnull=False),
            ),
        ]
