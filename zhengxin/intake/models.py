"""Submissions and the records of them that wait for a person.

Files of a submission lie in SUBMISSIONS_DIR/<id>/: while work goes on in clear (upload: the bytes as received, faults,
drafts and what leads to them), once it is settled sealed and few (see intake.keeping).
"""

from django.db import models

from zhengxin.intake.enums import SubmissionState, WaitingState


class Submission(models.Model):
    """One file (or one form, kept as a one-row file) of one unit for one source."""

    id = models.BigAutoField(primary_key=True)
    # Month, day and a counter, e.g. 1120-0107.
    number = models.CharField(max_length=20)
    source = models.CharField(max_length=60)
    unit_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    sender = models.CharField(max_length=100)
    filename = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    # The county's day of receipt: numbers start again every day.
    received_on = models.DateField()
    state = models.CharField(max_length=10, choices=SubmissionState.choices)
    progress = models.BigIntegerField(default=0)
    # read = admitted + waiting + refused, counted in records (a file row may hold several parties).
    rows_read = models.BigIntegerField(null=True)
    records = models.BigIntegerField(null=True)
    admitted = models.BigIntegerField(null=True)
    waiting = models.BigIntegerField(null=True)
    refused = models.BigIntegerField(null=True)
    superseding = models.BigIntegerField(null=True)
    # See intake.types.Receipt: columns, fault kinds with counts, the refusal of a whole file.
    report = models.JSONField(default=dict)
    batch_id = models.BigIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Its files are sealed, and what was written on the way is removed.
    put_away_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "unit_id", "sha256"],
                condition=~models.Q(state="withdrawn"),
                name="submission_same_bytes_once",
            ),
            models.UniqueConstraint(
                fields=["received_on", "number"], name="submission_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["unit_id", "-id"], name="submission_unit"),
            models.Index(fields=["state", "id"], name="submission_state"),
            models.Index(fields=["source", "unit_id", "-id"], name="submission_source"),
            models.Index(fields=["batch_id"], name="submission_batch"),
            models.Index(
                fields=["id"],
                name="submission_lying_open",
                condition=models.Q(put_away_at__isnull=True),
            ),
        ]


class WaitingRecord(models.Model):
    """A sound record whose subject is unsure; its draft lies in the submission's waiting.parquet at `seq`."""

    id = models.BigAutoField(primary_key=True)
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="waiting_records"
    )
    seq = models.BigIntegerField()
    row_number = models.BigIntegerField()
    # The record's natural key as the ledger keeps it; none where a part of it is missing.
    key = models.BigIntegerField(null=True)
    # What it says of itself is sealed by law.
    sealed = models.BooleanField(default=False, db_default=False)
    mention = models.CharField(max_length=300)
    mention_text = models.CharField(max_length=300)
    mention_code = models.CharField(max_length=30, blank=True)
    certainty = models.CharField(max_length=8)
    because = models.CharField(max_length=400)
    candidates = models.JSONField(default=list)
    state = models.CharField(
        max_length=10, choices=WaitingState.choices, default=WaitingState.WAITING
    )
    entry_id = models.BigIntegerField(null=True)
    judgement_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "seq"], name="waiting_once")]
        indexes = [
            models.Index(fields=["state", "mention", "id"], name="waiting_mention"),
            models.Index(fields=["key"], name="waiting_sealed", condition=models.Q(sealed=True)),
        ]
