"""Duties: those a record implies (the decision opens one, the arrival meets it) and those an act opened.

Rebuilt from the ledger.
"""

from django.db import models
from django.db.models import Q

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
    # From here on: of duties that an act opened (entry_id is that act's).
    # Whether somebody still owes something: open, or reported and not yet verified.
    running = models.BooleanField(db_default=False)
    # The unit to which it is owed; None: the credit office.
    to_id = models.BigIntegerField(null=True)
    # The entry it comes from: a mandate, a finding, a proposal.
    source_id = models.BigIntegerField(null=True)
    what = models.CharField(max_length=300, db_default="")
    period = models.CharField(max_length=8, db_default="")
    reported_on = models.DateField(null=True)
    # The first report that came late and was sent back or extended; it stays late, whatever day was set since.
    late_on = models.DateField(null=True)
    # How many pieces of evidence came with its reports.
    files = models.IntegerField(db_default=0)

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
            # What somebody still owes: by who owes it, by the day, by whom it is owed, by where it comes from.
            # State and kind stand in it, so that who is overdue is counted in the index alone.
            models.Index(
                fields=["bearer_id", "due_on", "state", "kind"],
                condition=Q(running=True),
                name="duty_of_bearer",
            ),
            models.Index(
                fields=["due_on", "bearer_id"],
                condition=Q(state=DutyState.OPEN),
                name="duty_running_out",
            ),
            models.Index(
                fields=["to_id", "reported_on"],
                condition=Q(state=DutyState.REPORTED),
                name="duty_to_verify",
            ),
            models.Index(
                fields=["id"],
                condition=Q(running=False, source_id__isnull=False),
                name="duty_over",
            ),
            models.Index(
                fields=["source_id"], condition=Q(source_id__isnull=False), name="duty_of_source"
            ),
        ]


class Supporter(models.Model):
    """A unit that supports the bearer of a duty."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="supporters")
    unit_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "unit_id"], name="duty_supporter_once")
        ]
        indexes = [models.Index(fields=["unit_id"], name="duty_of_supporter")]
