"""Tables of plans, mandates and the units' own implementing plans.

The reading of a plan never changes: amendments stand beside it, and what was confirmed stands in
tables of its own. The database refuses to change or remove any of it (migrations/0002).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengxin.evidence.models import Piece
from zhengxin.oversight.enums import AmendmentKind, PlanState, UnitRole
from zhengxin.subjects.models import Unit


class Document(models.Model):
    """The file of a plan as it was handed in; the same bytes are kept once. Plans are meant for everybody, so in clear."""

    id = models.BigAutoField(primary_key=True)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    # A value of documents.kinds.FileKind: by content, whatever the name says.
    kind = models.CharField(max_length=8)
    filename = models.CharField(max_length=200)
    received_at = models.DateTimeField()


class Plan(models.Model):
    """A work plan, as it was read; later perhaps confirmed, discarded or ended."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=300)
    dated = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=PlanState.choices)
    reading = models.JSONField()
    sent_at = models.DateTimeField()
    # Null: by whoever runs the machine, on the command line.
    sent_by = models.BigIntegerField(null=True)
    sent_by_name = models.CharField(max_length=100)
    # The plan of which this is a new version.
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    entry_id = models.BigIntegerField(null=True, unique=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=100, blank=True)
    # Discarded before it was confirmed, or ended after.
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=100, blank=True)
    closed_because = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=~Q(state=PlanState.DISCARDED),
                name="plan_document_once",
                violation_error_message=_("这份文件已经读过。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(sent_by__isnull=True)
                | ~Q(confirmed_by=F("sent_by")),
                name="plan_confirmed_by_another",
                violation_error_message=_("方案由上传人以外的人确认。"),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="plan_state")]


class Amendment(models.Model):
    """A person's decision beside the reading, with its reason; it may be undone until the plan is confirmed."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=12, choices=AmendmentKind.choices)
    name = models.CharField(max_length=300, blank=True)
    task = models.PositiveIntegerField(null=True)
    unit_ids = models.JSONField(default=list)
    role = models.CharField(max_length=12, choices=UnitRole.choices, blank=True)
    terms = models.JSONField(default=list)
    because = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=100)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)
    undone_by_name = models.CharField(max_length=100, blank=True)


class Mandate(models.Model):
    """One task of a confirmed plan. section: the path of its heading; entry_id: its entry in the ledger."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="mandates")
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=100)
    section_title = models.TextField()
    text = models.TextField()
    entry_id = models.BigIntegerField(unique=True)
    # As readings.terms_json writes them; BY terms have their year.
    terms = models.JSONField(default=list)
    # The first day by which something is due, None without one.
    due_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="mandate_number_once",
                violation_error_message=_("同一方案里任务编号不能重复。"),
            )
        ]
        indexes = [models.Index(fields=["due_on"], name="mandate_due")]


class MandateUnit(models.Model):
    """A unit of a mandate. leads: it answers for the mandate. collective: the group through which it is meant."""

    id = models.BigAutoField(primary_key=True)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=12, choices=UnitRole.choices)
    leads = models.BooleanField()
    as_written = models.CharField(max_length=300, blank=True)
    collective = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "unit", "role"],
                name="mandate_unit_once",
                violation_error_message=_("同一任务里，一个单位的同一角色只记一次。"),
            )
        ]


class ImplementingPlan(models.Model):
    """A unit's own plan of how it does its mandates; a later one takes its place, the earlier stays."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="implementing")
    title = models.CharField(max_length=200)
    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="+")
    covers = models.ManyToManyField(MandateUnit, related_name="implementing")
    filed_at = models.DateTimeField()
    filed_by = models.BigIntegerField()
    filed_by_name = models.CharField(max_length=100)
