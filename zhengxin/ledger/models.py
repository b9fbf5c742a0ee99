"""Tables of the ledger (design and numbers: docs/decisions, ledger). Insert-only: the database refuses the rest.

A batch reserves a block of entry ids. A batch without a seal does not exist for anybody else.
Position in the tree = seal.base + entry.id - seal.first_id.
"""

from django.db import models


class Batch(models.Model):
    """One submission's, or one act's, contiguous block of entry ids."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    unit_id = models.BigIntegerField(null=True)
    first_id = models.BigIntegerField(unique=True)
    n = models.BigIntegerField()
    # Size of the tree when the drafts were compared with it; null for acts, which compare nothing.
    seen = models.BigIntegerField(null=True)
    known_at = models.DateTimeField()
    reserved_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)


class Entry(models.Model):
    """A record or an act. In clear stands only what followers need; the rest is in the payload."""

    id = models.BigIntegerField(primary_key=True)
    batch_id = models.BigIntegerField()
    # A record kind of law/records (licence, penalty, ...) or an act kind (withdrawal, grading, text_release, ...).
    kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    # Two clocks: true when (null = not stated by the source), known when.
    true_on = models.DateField(null=True)
    known_at = models.DateTimeField()
    # Keyed 63-bit digests: of the natural key (unit, document number, party) and of the whole content.
    key = models.BigIntegerField(null=True)
    content = models.BigIntegerField(null=True)
    # Records: the entry this one supersedes. Acts: the entry (or, for withdrawal, the batch) it is about.
    about_id = models.BigIntegerField(null=True)
    # Short codes followers' rules look at, ";"-joined and sorted, e.g. "fine;warning" or "public_order".
    trait = models.CharField(max_length=400, blank=True)
    commitment = models.BinaryField(max_length=32)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            # None by subject: the archive has one, and each index is paid for by every row that enters.
            models.Index(fields=["key"], name="entry_key"),
            models.Index(
                fields=["about_id"],
                name="entry_about",
                condition=models.Q(about_id__isnull=False),
            ),
            models.Index(
                fields=["id"],
                name="entry_with_about",
                condition=models.Q(about_id__isnull=False),
            ),
        ]


class Payload(models.Model):
    """The encrypted content of an entry."""

    entry_id = models.BigIntegerField(primary_key=True)
    ciphertext = models.BinaryField()


class Seal(models.Model):
    """The closing row of a batch: from here on its entries exist, at these positions of the tree."""

    batch_id = models.BigIntegerField(primary_key=True)
    base = models.BigIntegerField(unique=True)
    n = models.BigIntegerField()
    first_id = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    # Roots of the perfect subtrees on the right edge, largest first, 32 bytes each.
    frontier = models.BinaryField()
    sealed_at = models.DateTimeField()


class Node(models.Model):
    """Root of a finished subtree of 256**level leaves."""

    id = models.BigAutoField(primary_key=True)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="node_place")]


class Checkpoint(models.Model):
    """A signed statement of the tree's size and root (C2SP signed note)."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()


class LogName(models.Model):
    """What the log is called in every checkpoint, as the witnesses know it; one row, for ever."""

    number = models.SmallIntegerField(primary_key=True)
    name = models.CharField(max_length=100)
    named_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="log_name_once",
                condition=models.Q(number=1),
                violation_error_message="登记簿只有一个名称，定了不能再改。",
            )
        ]


class Verifier(models.Model):
    """A public key that checks checkpoints, in force until the next one. None before the first rotation."""

    number = models.SmallIntegerField(primary_key=True)
    public = models.BinaryField(max_length=32)
    # Null for the first: since the ledger began.
    from_at = models.DateTimeField(null=True)
    # The note in which the key before named this one; null for the first, and for those before there were such notes.
    announcement = models.TextField(null=True)


class FollowerCursor(models.Model):
    """How far a follower has come: positions below `position` are folded in. The one mutable table here."""

    follower = models.CharField(max_length=20, primary_key=True)
    position = models.BigIntegerField(default=0)
