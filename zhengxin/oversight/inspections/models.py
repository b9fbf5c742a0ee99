"""Designations, campaigns, the cases of units, findings. The facts are in the ledger; here is how far the work is."""

from django.db import models
from django.db.models import F, Q

from zhengxin.oversight.inspections.enums import (
    CampaignState,
    CaseState,
    ReviewOutcome,
    SeedKind,
    Verdict,
)


class Designation(models.Model):
    """The government designated a unit to inspect a matter during these days (政府督查工作条例 art. 7)."""

    id = models.BigAutoField(primary_key=True)
    unit_id = models.BigIntegerField(db_index=True)
    matter = models.CharField(max_length=200)
    scope = models.CharField(max_length=200)
    document = models.CharField(max_length=100)
    from_on = models.DateField()
    until_on = models.DateField()
    entry_id = models.BigIntegerField()
    by_name = models.CharField(max_length=100)
    # The first day on which it is no longer in force, where the government ended it early; by which document, why.
    ended_on = models.DateField(null=True)
    end_document = models.CharField(max_length=100, blank=True)
    end_because = models.TextField(blank=True)
    end_entry_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="designation_ends_after_it_begins",
                violation_error_message="指定的结束日期不能在开始日期之前。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None)
                | Q(ended_on__gte=F("from_on"), ended_on__lte=F("until_on")),
                name="designation_ended_within_its_days",
                violation_error_message="提前终止的日期要在指定的期限里。",
            ),
        ]


class Campaign(models.Model):
    """One inspection: by whom, of what, during which days, and what its units are drawn from."""

    id = models.BigAutoField(primary_key=True)
    unit_id = models.BigIntegerField(db_index=True)
    designation = models.ForeignKey(Designation, on_delete=models.PROTECT)
    # Who decides when a unit asks for a review of its conclusion.
    review_unit_id = models.BigIntegerField()
    title = models.CharField(max_length=120)
    basis = models.CharField(max_length=400)
    from_on = models.DateField()
    until_on = models.DateField()
    state = models.CharField(max_length=8, choices=CampaignState.choices)
    # The frozen population in its order: [unit id, code, name, kind].
    population = models.JSONField()
    n = models.PositiveIntegerField()
    per_kind = models.BooleanField()
    seed_kind = models.CharField(max_length=12, choices=SeedKind.choices)
    # Which public value it will be, and on which day it becomes known.
    seed_named = models.CharField(max_length=400)
    seed_on = models.DateField()
    seed = models.CharField(max_length=200, blank=True)
    seed_source = models.CharField(max_length=400, blank=True)
    drawn_on = models.DateField(null=True)
    planned_on = models.DateField()
    closed_on = models.DateField(null=True)
    summary = models.TextField(blank=True)
    plan_entry_id = models.BigIntegerField()
    draw_entry_id = models.BigIntegerField(null=True)
    close_entry_id = models.BigIntegerField(null=True)
    # Who did what last, for whoever comes second.
    by_name = models.CharField(max_length=100)


class Item(models.Model):
    """One numbered item of a checklist."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    words = models.CharField(max_length=400)
    basis = models.CharField(max_length=200)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="item_number")]


class SetAside(models.Model):
    """A draw that was set aside before anything was found: by which seed, who was drawn, why. It stays public."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="set_aside")
    seed = models.CharField(max_length=200)
    seed_source = models.CharField(max_length=400)
    drawn_on = models.DateField()
    # In line: [code, digest].
    drawn = models.JSONField()
    because = models.TextField()
    on = models.DateField()
    # The entries of the draw and of its setting aside.
    draw_entry_id = models.BigIntegerField()
    entry_id = models.BigIntegerField()
    by_name = models.CharField(max_length=100)

    class Meta:
        ordering = ["id"]


class Case(models.Model):
    """One drawn unit."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="cases")
    unit_id = models.BigIntegerField(db_index=True)
    # Its place in the draw, from 1, and by what it stood there.
    place = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=CaseState.choices)
    conclusion = models.TextField(blank=True)
    concluded_on = models.DateField(null=True)
    conclusion_entry_id = models.BigIntegerField(null=True)
    received_on = models.DateField(null=True)
    received_how = models.CharField(max_length=200, blank=True)
    grounds = models.TextField(blank=True)
    applied_on = models.DateField(null=True)
    application_entry_id = models.BigIntegerField(null=True)
    application_files = models.JSONField(default=list)
    review_duty_id = models.BigIntegerField(null=True, db_index=True)
    outcome = models.CharField(max_length=8, choices=ReviewOutcome.choices, blank=True)
    decision = models.TextField(blank=True)
    decided_on = models.DateField(null=True)
    by_name = models.CharField(max_length=100)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["campaign", "unit_id"], name="case_of_unit")]


class Finding(models.Model):
    """What was found of one item at one unit. A problem has a duty to rectify it."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    words = models.TextField()
    # [{"piece", "name", "digest", "size"}]
    files = models.JSONField(default=list)
    duty_id = models.BigIntegerField(null=True, db_index=True)
    entry_id = models.BigIntegerField()
    found_on = models.DateField()
    by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "item"], name="finding_of_item"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.PROBLEM, duty_id__isnull=False)
                | (~Q(verdict=Verdict.PROBLEM) & Q(duty_id__isnull=True)),
                name="finding_problem_has_a_duty",
                violation_error_message="有问题的要有整改职责，没有问题的不能有。",
            ),
        ]


class Recheck(models.Model):
    """The inspectors looked again at what the unit reported."""

    id = models.BigAutoField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="rechecks")
    resolved = models.BooleanField()
    words = models.TextField()
    files = models.JSONField(default=list)
    due_on = models.DateField(null=True)
    entry_id = models.BigIntegerField()
    on = models.DateField()
    by_name = models.CharField(max_length=100)


class Inspector(models.Model):
    """An account that took part in the inspection of a unit: it decides no review of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="inspectors")
    account_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "account_id"], name="inspector_of_case")
        ]
