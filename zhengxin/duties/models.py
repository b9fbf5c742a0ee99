"""Duties implied by records: the decision opens one, the arrival meets it. Rebuilt from the ledger."""

from django.db import models

from zhengxin.duties.enums import DutyState


class Duty(models.Model):
    """One deadline of one unit. id = entry id * 8 + the duty kind's number, so that rebuilding gives the same rows."""

    # Given, never counted up (a field of this kind is SQLite's own row id).
    id = models.BigAutoField(primary_key=True)
    entry_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    record_kind = models.CharField(max_length=32)
    bearer_id = models.BigIntegerField()
    opened_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=DutyState.choices)

    class Meta:
        indexes = [
            # All that a unit's figures need, so that they are counted in the index alone.
            models.Index(fields=["bearer_id", "kind", "opened_on", "state"], name="duty_figures"),
            # Few, and looked for every day: their calendar may have come.
            models.Index(
                fields=["bearer_id", "opened_on"],
                condition=models.Q(state=DutyState.NO_CALENDAR),
                name="duty_no_calendar",
            ),
        ]
