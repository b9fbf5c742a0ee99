"""Tables of the handover room. Dispatches, lines, attempts and answers are added to, never edited; a
`RecordStanding` says how a record stands now and can be computed from them and the ledger."""

from django.db import models

from zhengxin.handover.enums import (
    AnswerVerdict,
    ArrivalState,
    AttemptOutcome,
    DispatchState,
    FormChoice,
    OperationChoice,
    StandingState,
)


class PeerCursor(models.Model):
    """How far the ledger has been read for a peer, and when it was last gone over and packed."""

    peer = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)
    swept_on = models.DateField(null=True)
    packed_at = models.DateTimeField(null=True)
    # Somebody asked at the desk; the worker packs.
    asked = models.BooleanField(default=False)
    fetched_at = models.DateTimeField(null=True)
    # What was in the way of the last fetching, and since when; "" when nothing.
    fetch_fault = models.CharField(max_length=300, blank=True)
    fetch_fault_since = models.DateTimeField(null=True)
    # The same of files from above that could not be taken in.
    arrival_fault = models.CharField(max_length=300, blank=True)
    arrival_fault_since = models.DateTimeField(null=True)


class Dispatch(models.Model):
    """One numbered batch for one peer. Only its state moves, and only forward; the digest is that of the manifest."""

    id = models.BigAutoField(primary_key=True)
    peer = models.CharField(max_length=40)
    year = models.SmallIntegerField()
    # From 1 in every year, without gaps.
    serial = models.IntegerField()
    number = models.CharField(max_length=60)
    form = models.CharField(max_length=5, choices=FormChoice.choices)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    # Data files in order: {"name", "kind", "operation", "rows", "sha256"}.
    files = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    lines = models.IntegerField()
    size = models.BigIntegerField()
    packed_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=DispatchState.choices, default=DispatchState.WAITING
    )
    delivered_at = models.DateTimeField(null=True)
    # Files are kept until everything was answered; then only the manifest.
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peer", "year", "serial"], name="dispatch_number_once"),
        ]
        indexes = [models.Index(fields=["peer", "state", "id"], name="dispatch_state")]


class Line(models.Model):
    """One record of a dispatch: which version, what the peer is asked to do, where it stands in which file."""

    id = models.BigAutoField(primary_key=True)
    dispatch_id = models.BigIntegerField()
    root_id = models.BigIntegerField()
    entry_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    operation = models.CharField(max_length=8, choices=OperationChoice.choices)
    # Place of the data file in Dispatch.files, and the record within it from 1; -1, 0: named by an earlier line only.
    file = models.SmallIntegerField()
    row = models.IntegerField()
    # Keyed digest of document number and party, as return files name a record; null without content.
    key = models.BigIntegerField(null=True)
    content = models.BinaryField(max_length=32)
    # What the peer held before: version, and whether it knew that display had ended.
    before_entry_id = models.BigIntegerField(null=True)
    before_over = models.BooleanField(default=False)
    over = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispatch_id", "root_id"], name="line_root_once"),
        ]
        indexes = [
            models.Index(fields=["root_id", "id"], name="handover_line_root"),
            models.Index(fields=["dispatch_id", "key"], name="handover_line_key"),
            models.Index(fields=["dispatch_id", "file", "row"], name="handover_line_row"),
        ]


class Attempt(models.Model):
    """One attempt to deliver a dispatch, and what came of it."""

    id = models.BigAutoField(primary_key=True)
    dispatch_id = models.BigIntegerField(db_index=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=AttemptOutcome.choices)
    detail = models.CharField(max_length=300, blank=True)
    actor_name = models.CharField(max_length=100)


class AnswerFile(models.Model):
    """A return file that was read, once for the same bytes."""

    id = models.BigAutoField(primary_key=True)
    peer = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    received_at = models.DateTimeField()
    actor_name = models.CharField(max_length=100)
    rows = models.IntegerField()
    unknown = models.IntegerField()
    problems = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "sha256"], name="answer_file_once")]


class Answer(models.Model):
    """What the peer said of one line, once for each verdict; line null: of a line nobody knows here."""

    id = models.BigAutoField(primary_key=True)
    file_id = models.BigIntegerField()
    line_id = models.BigIntegerField(null=True, db_index=True)
    number = models.CharField(max_length=60)
    named = models.CharField(max_length=300, blank=True)
    verdict = models.CharField(max_length=8, choices=AnswerVerdict.choices)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()


class Arrival(models.Model):
    """A file that came in from a peer, once for the same bytes."""

    id = models.BigAutoField(primary_key=True)
    peer = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    number = models.CharField(max_length=60, blank=True)
    filename = models.CharField(max_length=255)
    received_at = models.DateTimeField()
    submission_id = models.BigIntegerField(null=True)
    # The block of ledger entries it became: they are not reported back to the peer they came from.
    batch_id = models.BigIntegerField(null=True, db_index=True)
    state = models.CharField(max_length=8, choices=ArrivalState.choices)
    because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "sha256"], name="arrival_once")]


class RecordStanding(models.Model):
    """How one record (a line of corrections, named by its first entry) stands towards one peer."""

    id = models.BigAutoField(primary_key=True)
    peer = models.CharField(max_length=40)
    root_id = models.BigIntegerField()
    # The version that counts here now, and how many versions there are.
    entry_id = models.BigIntegerField()
    versions = models.IntegerField()
    unit_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    # What is to be told next or was told last.
    operation = models.CharField(max_length=8, choices=OperationChoice.choices, blank=True)
    state = models.CharField(max_length=12, choices=StandingState.choices)
    because = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    # The last line about it, its entry and operation, and the state it gave.
    line_id = models.BigIntegerField(null=True, db_index=True)
    dispatch_id = models.BigIntegerField(null=True)
    line_entry_id = models.BigIntegerField(null=True)
    line_operation = models.CharField(max_length=8, blank=True)
    last = models.CharField(max_length=12, blank=True)
    # What the peer holds as far as we know.
    held_entry_id = models.BigIntegerField(null=True)
    held_over = models.BooleanField(default=False)
    # Whether the last line about it said that an objection is open.
    held_disputed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peer", "root_id"], name="standing_root_once")
        ]
        indexes = [
            models.Index(fields=["peer", "state", "unit_id", "id"], name="standing_state"),
            models.Index(fields=["peer", "entry_id"], name="standing_entry"),
            models.Index(fields=["dispatch_id"], name="standing_dispatch"),
            models.Index(
                fields=["held_entry_id"],
                name="standing_held",
                condition=models.Q(held_entry_id__isnull=False, held_over=False),
            ),
        ]
