"""Orders to explain or rectify, explanations, issues. Where their duties stand, the duties say."""

from django.db import models

from zhengxin.oversight.rectifying.enums import IssueState
from zhengxin.publication.enums import WithholdReason


class Order(models.Model):
    """A unit was ordered to explain in writing, to rectify, or both."""

    id = models.BigAutoField(primary_key=True)
    unit_id = models.BigIntegerField()
    # The unit of whoever ordered; the duties are owed to it.
    orderer_id = models.BigIntegerField(db_index=True)
    title = models.CharField(max_length=120)
    cause = models.TextField()
    about_id = models.BigIntegerField(null=True)
    basis = models.CharField(max_length=400)
    explain_duty_id = models.BigIntegerField(null=True, db_index=True)
    rectify_duty_id = models.BigIntegerField(null=True, db_index=True)
    entry_id = models.BigIntegerField()
    ordered_on = models.DateField()
    by_name = models.CharField(max_length=100)
    withheld = models.CharField(max_length=16, choices=WithholdReason.choices, blank=True)
    withheld_because = models.CharField(max_length=400, blank=True)
    review_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "-id"], name="order_of_unit"),
            # Few: those kept from the public, by the day on which that is looked at again.
            models.Index(
                fields=["review_on"],
                condition=models.Q(review_on__isnull=False),
                name="order_to_review",
            ),
        ]


class Explanation(models.Model):
    """What a unit explained: why it came so, and its plan."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="explanations")
    why = models.TextField()
    plan = models.TextField()
    # [{"piece", "name", "digest", "size"}]
    files = models.JSONField(default=list)
    entry_id = models.BigIntegerField()
    filed_on = models.DateField()
    by_name = models.CharField(max_length=100)


class Issue(models.Model):
    """A question for the leading group: raised, decided, and what came of it."""

    id = models.BigAutoField(primary_key=True)
    question = models.CharField(max_length=200)
    words = models.TextField()
    raised_by_id = models.BigIntegerField(db_index=True)
    raised_on = models.DateField()
    raised_by_name = models.CharField(max_length=100)
    # The first with the same question (none: this is it), and the how-manieth time it is raised.
    first = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="again")
    nth = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=IssueState.choices)
    met_on = models.DateField(null=True)
    decision = models.TextField(blank=True)
    lead_id = models.BigIntegerField(null=True, db_index=True)
    duty_id = models.BigIntegerField(null=True, db_index=True)
    entry_id = models.BigIntegerField()
    decision_entry_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "nth"],
                name="issue_repeats_once",
                violation_error_message="同一议题的次数不能重复。",
            )
        ]
