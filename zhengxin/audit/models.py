"""Tables of the audit log. The database refuses UPDATE and DELETE."""

from django.db import models

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

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "id"], name="audit_subject"),
            models.Index(fields=["account_id", "id"], name="audit_account"),
            models.Index(fields=["at"], name="audit_at"),
        ]
