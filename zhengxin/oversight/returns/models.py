"""Tables of quarterly returns. What was signed stands in the ledger; here stand the draft, the state and the entries.

The database refuses to change a draft while it is signed or accepted (migrations/0002).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengxin.oversight.models import Mandate
from zhengxin.oversight.returns.enums import ReturnKind, ReturnState, Stage, StepAct
from zhengxin.subjects.models import Unit


class QuarterlyReturn(models.Model):
    """What one unit owes on one mandate for one quarter, and its draft."""

    id = models.BigAutoField(primary_key=True)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="returns")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="returns")
    # Such as 2026Q3.
    quarter = models.CharField(max_length=6)
    state = models.CharField(
        max_length=10, choices=ReturnState.choices, default=ReturnState.MISSING
    )
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.OPEN)
    # Its duty; after it was reopened a second one, of the version that is then owed.
    duty_id = models.BigIntegerField(null=True)
    again_id = models.BigIntegerField(null=True)
    # How many versions were signed.
    version = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=ReturnKind.choices, blank=True)
    work = models.TextField(blank=True)
    problems = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    zero_because = models.TextField(blank=True)
    # Ids of pieces of evidence.
    pieces = models.JSONField(default=list)
    # As readings.as_json writes them, taken at as_of.
    figures = models.JSONField(default=list)
    as_of = models.DateTimeField()
    # Counted up by each saving, so that the second of two editors is told.
    saving = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by_name = models.CharField(max_length=100, blank=True)
    # Added by queries.with_lateness: reported after its day, or still out after it.
    late: bool

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "unit", "quarter"],
                name="return_once",
                violation_error_message=_("同一任务、同一单位、同一季度只报一次。"),
            )
        ]
        indexes = [
            # All that the matrix counts.
            models.Index(
                fields=["quarter", "unit", "state", "stage", "duty_id"], name="return_matrix"
            ),
            models.Index(fields=["stage", "quarter", "unit"], name="return_stage"),
        ]


class Step(models.Model):
    """What was done about a return, each an entry of the ledger, which holds the words."""

    id = models.BigAutoField(primary_key=True)
    quarterly_return = models.ForeignKey(
        QuarterlyReturn, on_delete=models.PROTECT, related_name="steps"
    )
    act = models.CharField(max_length=12, choices=StepAct.choices)
    version = models.PositiveSmallIntegerField()
    entry_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=100)
    # Of a signing: the figures and the pieces that were signed.
    as_of = models.DateTimeField(null=True)
    figures = models.JSONField(default=list)
    pieces = models.JSONField(default=list)


class Listing(models.Model):
    """The rows behind a figure, by the digest of their ids; the same rows are kept once."""

    digest = models.CharField(max_length=64, primary_key=True)
    ids = models.JSONField()
