"""Notices: what may be shown of each record, from when until when, rebuilt from the ledger; and the
register of recipients, which is not."""

from django.db import models

from zhengxin.publication.enums import Grade, NoticeState, WithholdReason


class Notice(models.Model):
    """One record's standing towards the public."""

    # Given, never counted up (a field of this kind is SQLite's own row id).
    entry_id = models.BigAutoField(primary_key=True)
    subject_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    adverse = models.BooleanField()
    # Two flags kept apart: must be reported upwards, may be published.
    must_report = models.BooleanField()
    may_publish = models.BooleanField()
    grade = models.CharField(max_length=8, choices=Grade.choices, blank=True)
    display_from = models.DateField(null=True)
    display_to = models.DateField(null=True)
    repair_from = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=NoticeState.choices)
    withheld = models.CharField(max_length=16, choices=WithholdReason.choices, blank=True)
    # When a person who took the record off looks at it again.
    review_on = models.DateField(null=True)
    # Address of the rule in law/, e.g. "publication/order36.yaml#general".
    rule = models.CharField(max_length=80, blank=True)
    # Names of free-text fields a person released, ","-joined and sorted.
    released = models.CharField(max_length=200, blank=True)
    # False while the board carries it and publishing found no free text in it to be released.
    has_text = models.BooleanField(default=True, db_default=True)
    # An objection to it is open; what whoever objected in vain says of it, released by a person.
    disputed = models.BooleanField(default=False, db_default=False)
    statement = models.CharField(max_length=300, blank=True, default="", db_default="")
    # True while the board carries the entry; set and cleared by publish_due alone.
    on_board = models.BooleanField(default=False)
    # Still on the board, and must leave it at the next publish_due.
    leaving = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["state", "display_from"], name="notice_due"),
            models.Index(
                fields=["display_to"],
                name="notice_ending",
                condition=models.Q(display_to__isnull=False),
            ),
            models.Index(fields=["unit_id", "state", "entry_id"], name="notice_unit"),
            models.Index(
                fields=["review_on"],
                name="notice_review",
                condition=models.Q(review_on__isnull=False),
            ),
            models.Index(
                fields=["entry_id"], name="notice_leaving", condition=models.Q(leaving=True)
            ),
            models.Index(
                fields=["entry_id"],
                name="notice_under_review",
                condition=models.Q(withheld="review"),
            ),
            models.Index(
                fields=["entry_id"],
                name="notice_sealed",
                condition=models.Q(withheld="public_order"),
            ),
        ]


class Held(models.Model):
    """A record that a person said not to show or that was repaired, or that the law sealed and was taken back. Another arrival under its natural key is not shown either; what came
    after the act and is of the same unit, kind and day waits for a person where it has the subject or the number."""

    entry_id = models.BigAutoField(primary_key=True)
    key = models.BigIntegerField(null=True)
    act_id = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField(null=True)
    true_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_id", "kind", "true_on"], name="held_alike")]


class Recipient(models.Model):
    """Whoever takes adverse entries by key, so that corrections can follow. The board has the digest only."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    contact = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    key_digest = models.CharField(max_length=64, unique=True)
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
