"""The working table of appeals. What was said and decided stands in the ledger too."""

from django.db import models

from zhengxin.appeals.enums import AppealState
from zhengxin.ledger.enums import Act


class Appeal(models.Model):
    """One appeal: against which decision, why, how it ended. Nobody's name or number but the officials' who acted."""

    id = models.BigAutoField(primary_key=True)
    # The act appealed against, its kind, and the record behind it.
    against_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    record_id = models.BigIntegerField(db_index=True)
    subject_id = models.BigIntegerField(null=True)
    person = models.BooleanField()
    # The unit that the decision concerns; the one at whose desk the appeal was taken in.
    unit_id = models.BigIntegerField()
    taken_by_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    words = models.TextField()
    # [{"piece", "name", "digest", "size"}]
    files = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=AppealState.choices)
    lodged_on = models.DateField()
    reasons = models.TextField(blank=True)
    decided_on = models.DateField(null=True)
    duty_id = models.BigIntegerField(null=True, db_index=True)
    # To decide anew, where the decision was set aside.
    redo_duty_id = models.BigIntegerField(null=True, db_index=True)
    lodged_entry_id = models.BigIntegerField()
    decision_entry_id = models.BigIntegerField(null=True)
    # Who acted last.
    by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["against_id"],
                condition=~models.Q(state=AppealState.WITHDRAWN),
                name="appeal_once",
                violation_error_message="对同一个决定只能申诉一次。",
            )
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="appeal_state"),
            models.Index(fields=["unit_id", "-id"], name="appeal_of_unit"),
            models.Index(fields=["taken_by_id", "-id"], name="appeal_taken_by"),
        ]

    @property
    def kind_label(self) -> str:
        """What was decided, in words."""
        return str(Act(self.kind).label)
