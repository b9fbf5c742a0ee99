"""Tables of credit subjects. Decisions live in rules and actions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengxin.subjects.enums import (
    Certainty,
    NameKind,
    SubjectKind,
    SuccessionKind,
    UnitKind,
)


class Subject(models.Model):
    """Anyone or anything a record can be about. ID-card numbers are kept only as keyed hashes."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=24, choices=SubjectKind.choices)
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)
    uscc = models.CharField(max_length=18, null=True, unique=True)
    id_hash = models.CharField(max_length=64, null=True, unique=True)
    natural_person = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(natural_person=False) | Q(uscc__isnull=True),
                name="subject_person_has_no_uscc",
                violation_error_message=_("自然人没有统一社会信用代码。"),
            ),
            models.CheckConstraint(
                condition=Q(natural_person=True) | Q(id_hash__isnull=True),
                name="subject_id_hash_is_a_persons",
                violation_error_message=_("只有自然人有身份证件号码。"),
            ),
        ]


class Unit(models.Model):
    """A body of the county: the subject that also submits, designates and promises."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, primary_key=True)
    kind = models.CharField(max_length=24, choices=UnitKind.choices)
    code = models.CharField(max_length=24, unique=True)
    region_code = models.CharField(max_length=12, blank=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    # Words that rules look at, e.g. "market_supervision".
    traits = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]


class Name(models.Model):
    """One name of one subject with its dates."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="names")
    text = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=12, choices=NameKind.choices)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)


class Succession(models.Model):
    """One unit followed another. Unconfirmed until a person confirms it."""

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="predecessions", null=True
    )
    kind = models.CharField(max_length=12, choices=SuccessionKind.choices)
    on = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.BigIntegerField(null=True)


class Power(models.Model):
    """A unit may send records of one source during these days."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="powers")
    source = models.CharField(max_length=60)
    basis = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)


class Judgement(models.Model):
    """A person's decision that a mention (name as written, with its code) is a subject. Superseded, never edited."""

    id = models.BigAutoField(primary_key=True)
    mention = models.CharField(max_length=300, db_index=True)
    mention_text = models.CharField(max_length=300)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True)
    certainty = models.CharField(max_length=8, choices=Certainty.choices)
    because = models.CharField(max_length=400)
    decided_by = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=100)
    decided_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )


class SharingAgreement(models.Model):
    """Under it officials of `reader` may look up subjects of `owner`: which fields, why, until when."""

    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shares")
    reader = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shared_to_it")
    fields = models.JSONField(default=list)
    basis = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    valid_from = models.DateField()
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
