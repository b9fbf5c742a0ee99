"""The working table of applications for repair. What was said and decided stands in the ledger too."""

from django.db import models

from zhengxin.repair.enums import RUNNING, RepairState


class Application(models.Model):
    """One application: of which record, with which proof, how it was decided. Applicants are no natural persons."""

    id = models.BigAutoField(primary_key=True)
    entry_id = models.BigIntegerField(db_index=True)
    subject_id = models.BigIntegerField()
    # Who found the breach decides on its repair.
    unit_id = models.BigIntegerField()
    # The unit at whose desk it was taken in; the subject itself, where a unit asked for its own record.
    taken_by_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    fulfilled = models.TextField()
    commitment = models.TextField()
    # [{"piece", "name", "digest", "size"}]
    files = models.JSONField(default=list)
    filed_on = models.DateField()
    # The day from which the time for deciding counts: the last on which something was handed in.
    complete_on = models.DateField()
    state = models.CharField(max_length=10, choices=RepairState.choices)
    asked_once = models.BooleanField(default=False)
    asked_for = models.TextField(blank=True)
    extended = models.BooleanField(default=False)
    because = models.TextField(blank=True)
    decided_on = models.DateField(null=True)
    again_on = models.DateField(null=True)
    # The duty that runs now: to accept, then to decide.
    duty_id = models.BigIntegerField(null=True, db_index=True)
    filed_entry_id = models.BigIntegerField()
    by_name = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "-id"], name="repair_of_unit"),
            models.Index(fields=["subject_id", "-id"], name="repair_of_subject"),
            models.Index(fields=["taken_by_id", "-id"], name="repair_taken_by"),
            models.Index(fields=["state", "-id"], name="repair_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry_id"],
                condition=models.Q(state__in=sorted(RUNNING)),
                name="repair_one_running",
                violation_error_message="这条记录已有一件申请在办。",
            )
        ]

    @property
    def receipt(self) -> str:
        """The number under which the applicant asks after it, e.g. XF2026-00012."""
        return f"XF{self.filed_on.year}-{self.pk:05d}"

    @property
    def running(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in RUNNING
