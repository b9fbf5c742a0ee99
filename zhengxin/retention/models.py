"""Legal holds, and how far each erasure has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengxin.retention.enums import HoldOn


class Hold(models.Model):
    """Somebody decided that these contents must not be erased for now."""

    id = models.BigAutoField(primary_key=True)
    on = models.CharField(max_length=12, choices=HoldOn.choices)
    target_id = models.BigIntegerField()
    legal_basis = models.CharField(max_length=200)
    because = models.CharField(max_length=400)
    placed_at = models.DateTimeField()
    placed_by = models.BigIntegerField()
    placed_by_name = models.CharField(max_length=100)
    begins_on = models.DateField()
    # Its last day; null: until it is lifted.
    until = models.DateField(null=True)
    # The acts on the ledger.
    act_id = models.BigIntegerField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.BigIntegerField(null=True)
    lifted_by_name = models.CharField(max_length=100, blank=True)
    lifted_because = models.CharField(max_length=400, blank=True)
    lift_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted_by__isnull=True)
                | ~models.Q(lifted_by=models.F("placed_by")),
                name="hold_lifted_by_another",
                violation_error_message=_("保全由另一人解除。"),
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("begins_on")),
                name="hold_in_order",
                violation_error_message=_("保全的结束日期早于开始日期。"),
            ),
        ]
        indexes = [
            models.Index(fields=["on", "target_id"], name="hold_target"),
            models.Index(fields=["lifted_at", "-id"], name="hold_standing"),
        ]


class Erasure(models.Model):
    """One entry whose content was ordered to be erased. Its number, act and progress; never what it said."""

    entry_id = models.BigIntegerField(primary_key=True)
    act_id = models.BigIntegerField()
    decided_at = models.DateTimeField()
    # Every copy that anybody could read is gone.
    forgotten_at = models.DateTimeField(null=True)
    # No trace is left in the bytes of the stores.
    cleaned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["entry_id"],
                name="erasure_pending",
                condition=models.Q(cleaned_at__isnull=True),
            ),
        ]
