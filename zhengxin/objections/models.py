"""Objections, and the copies to which a correction is chased."""

from django.db import models

from zhengxin.objections.enums import CopyKind, ObjectionState, ObjectorKind, Ruling

RUNNING = (
    ObjectionState.LODGED,
    ObjectionState.ADMITTED,
    ObjectionState.ANSWERED,
    ObjectionState.CORRECTING,
)


class Objection(models.Model):
    """Somebody says that a record is wrong."""

    id = models.BigAutoField(primary_key=True)
    # The record, the first of its line of corrections, who recorded it, whom it is about.
    entry_id = models.BigIntegerField()
    root_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    subject_id = models.BigIntegerField(null=True)
    objector_kind = models.CharField(max_length=12, choices=ObjectorKind.choices)
    objector_unit_id = models.BigIntegerField(null=True)
    # Keyed digest by which the same objector is known again; nothing can be read from it.
    objector_key = models.CharField(max_length=64)
    # Name, phone, code, address under AES-256-GCM.
    contact = models.BinaryField()
    # Digest of the receipt code.
    code_digest = models.CharField(max_length=64, unique=True)
    claim = models.TextField()
    # [{"piece", "name", "digest", "size"}]
    files = models.JSONField(default=list)
    # What the objector wants to stand beside the record should the objection fail; the entry of its release.
    statement = models.CharField(max_length=300, blank=True)
    statement_entry_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=ObjectionState.choices)
    lodged_on = models.DateField()
    lodged_by_name = models.CharField(max_length=100)
    lodged_by_account_id = models.BigIntegerField(null=True)
    lodged_entry_id = models.BigIntegerField()
    check_duty_id = models.BigIntegerField(db_index=True)
    answer_duty_id = models.BigIntegerField(null=True, db_index=True)
    decide_duty_id = models.BigIntegerField(null=True, db_index=True)
    correct_duty_id = models.BigIntegerField(null=True, db_index=True)
    # Why it was taken up or not; or why it was withdrawn.
    checked_because = models.CharField(max_length=400, blank=True)
    withdrawn_because = models.CharField(max_length=400, blank=True)
    answer = models.TextField(blank=True)
    answer_files = models.JSONField(default=list)
    answered_on = models.DateField(null=True)
    answered_by_name = models.CharField(max_length=100, blank=True)
    ruling = models.CharField(max_length=10, choices=Ruling.choices, blank=True)
    reasons = models.TextField(blank=True)
    decided_on = models.DateField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)
    decision_entry_id = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    # Who acted last.
    by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["root_id", "objector_key"],
                condition=models.Q(state__in=RUNNING),
                name="objection_one_open",
                violation_error_message="同一异议人对同一条记录只能有一件正在办理的异议。",
            )
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="objection_state"),
            models.Index(fields=["unit_id", "-id"], name="objection_of_unit"),
            models.Index(fields=["objector_unit_id", "-id"], name="objection_by_unit"),
            models.Index(fields=["root_id"], name="objection_root"),
        ]


class Copy(models.Model):
    """Somebody who holds a copy of a record that was corrected, and whether the correction arrived there."""

    id = models.BigAutoField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="copies")
    kind = models.CharField(max_length=10, choices=CopyKind.choices)
    ref = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    duty_id = models.BigIntegerField(null=True, db_index=True)
    told_on = models.DateField()
    confirmed_on = models.DateField(null=True)
    confirmed_words = models.CharField(max_length=400, blank=True)
    confirmed_by_name = models.CharField(max_length=100, blank=True)
    confirmed_entry_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["objection", "kind", "ref"],
                name="copy_once",
                violation_error_message="同一件异议里，同一个持有人只列一次。",
            )
        ]
        indexes = [
            models.Index(
                fields=["objection"],
                condition=models.Q(confirmed_on__isnull=True),
                name="copy_open",
            )
        ]
