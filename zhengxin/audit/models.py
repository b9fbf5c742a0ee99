"""Tables of the audit log. The database refuses UPDATE and DELETE."""

from django.db import models
from django.db.models import F, Q

from zhengxin.audit.enums import Outcome


class AuditLine(models.Model):
    """One act, read or refusal. Ids of other rooms are kept as numbers: audit stands below them."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    unit_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    # Whose file was read, so that the subject can be shown its readers.
    subject_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    detail = models.JSONField(default=dict)
    # 16 random bytes of the leaf, so that the leaf of a disposed line cannot be guessed at.
    salt = models.BinaryField(max_length=16, null=True)
    # The disposal that removed the content; id, at and outcome stay.
    disposal_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "id"], name="audit_subject"),
            models.Index(fields=["account_id", "id"], name="audit_account"),
            models.Index(fields=["at", "id"], name="audit_moment"),
            models.Index(fields=["act", "id"], name="audit_act"),
            models.Index(fields=["actor_name", "id"], name="audit_actor"),
            models.Index(fields=["object_kind", "object_id", "id"], name="audit_object"),
            models.Index(fields=["outcome", "id"], name="audit_outcome"),
        ]


class AuditSeal(models.Model):
    """A block of lines, closed: its root stands in the ledger entry `entry_id`.

    A block covers every id after the block before it, up to last_id.
    """

    number = models.BigIntegerField(primary_key=True)
    first_id = models.BigIntegerField(unique=True)
    last_id = models.BigIntegerField(unique=True)
    n = models.BigIntegerField()
    # [first, last] of every run of ids without a gap: rolled-back transactions leave gaps.
    runs = models.JSONField()
    # Leaf hashes in the order of ids, 32 bytes each.
    leaves = models.BinaryField()
    root = models.BinaryField(max_length=32)
    entry_id = models.BigIntegerField(unique=True)
    sealed_at = models.DateTimeField()


class AuditDisposal(models.Model):
    """A decision to remove the content of lines past their term; it stands in the ledger entry `entry_id`.

    The three moments are the ends of what may go: reads, other lines about a subject, all others.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    account_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=100)
    reads_before = models.DateTimeField()
    subjects_before = models.DateTimeField()
    others_before = models.DateTimeField()
    # The last line that was sealed by then: only sealed lines may go.
    last_id = models.BigIntegerField()
    n = models.BigIntegerField()
    # SHA-256 over the ids of these lines, in order, a line break after each.
    digest = models.BinaryField(max_length=32)
    entry_id = models.BigIntegerField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_disposal_terms",
                condition=Q(reads_before__lte=F("subjects_before"))
                & Q(subjects_before__lte=F("others_before"))
                & Q(others_before__lt=F("at")),
                violation_error_message="查询记录的保存期不短于其他记录，未到期的不能清除。",
            )
        ]
