"""Cases, their measures, replies, who carries them out, referrals, confirmed values of the law."""

from django.db import models

from zhengxin.sanctions.enums import CaseState, StepState


class Case(models.Model):
    """One unit, one record, the measures that may follow."""

    id = models.BigAutoField(primary_key=True)
    unit_id = models.BigIntegerField()
    # The record it rests on, its kind and title as it stood then.
    entry_id = models.BigIntegerField()
    entry_kind = models.CharField(max_length=32)
    entry_title = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=CaseState.choices)
    opened_on = models.DateField()
    facts = models.TextField(blank=True)
    proposer_id = models.BigIntegerField(null=True)
    proposer_name = models.CharField(max_length=100, blank=True)
    # The accounts that sent, attributed or graded the record.
    recorder_ids = models.JSONField(default=list)
    noticed_on = models.DateField(null=True)
    reply_by = models.DateField(null=True)
    reply_rule = models.CharField(max_length=400, blank=True)
    hearing = models.TextField(blank=True)
    heard_by_name = models.CharField(max_length=100, blank=True)
    reasons = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    # [{"factor", "holds", "proof", "words"}]
    factors = models.JSONField(default=list)
    executing_ids = models.JSONField(default=list)
    decider_id = models.BigIntegerField(null=True)
    decider_name = models.CharField(max_length=100, blank=True)
    decided_on = models.DateField(null=True)
    served_on = models.DateField(null=True)
    # Why it was dropped or ended before its time.
    because = models.TextField(blank=True)
    # The ledger entry that opened the case; later acts are about it.
    fact_id = models.BigIntegerField()
    by_name = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "-id"], name="sanction_of_unit"),
            models.Index(fields=["state", "-id"], name="sanction_state"),
        ]
        constraints = [
            # One case at a time rests on a record.
            models.UniqueConstraint(
                fields=["entry_id"],
                condition=~models.Q(state="dropped"),
                name="sanction_once",
                violation_error_message="这条记录已经有一件惩戒。",
            )
        ]


class Measure(models.Model):
    """One measure of a case, with the basis in force on the day it was proposed."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="measures")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    basis = models.CharField(max_length=400)
    address = models.CharField(max_length=300)
    ends = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=StepState.choices)
    due_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    # What the unit owes of it: a written explanation, rectification.
    duty_id = models.BigIntegerField(null=True, db_index=True)
    ended_on = models.DateField(null=True)
    ended_because = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["case"],
                name="measure_in_force",
                condition=models.Q(state="in_force"),
            )
        ]


class Reply(models.Model):
    """What the unit said before the decision; it stays with the case for ever."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    words = models.TextField()
    # [{"piece", "name", "digest", "size"}]
    files = models.JSONField(default=list)
    entry_id = models.BigIntegerField()
    filed_on = models.DateField()
    by_name = models.CharField(max_length=100)


class Execution(models.Model):
    """A unit that carries a lasting measure out: it confirms that it applied it, and that it lifted it."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="executions")
    unit_id = models.BigIntegerField(db_index=True)
    apply_duty_id = models.BigIntegerField(db_index=True)
    lift_duty_id = models.BigIntegerField(null=True, db_index=True)


class Circulation(models.Model):
    """A circulated criticism as a second person approved it for the public."""

    measure = models.OneToOneField(
        Measure, on_delete=models.PROTECT, primary_key=True, related_name="circulation"
    )
    words = models.TextField()
    from_on = models.DateField()
    until_on = models.DateField()
    entry_id = models.BigIntegerField()
    by_name = models.CharField(max_length=100)


class Referral(models.Model):
    """A situation of the provincial procedure, or a principal's responsibility, handed to whoever may find on it."""

    id = models.BigAutoField(primary_key=True)
    unit_id = models.BigIntegerField(db_index=True)
    entry_id = models.BigIntegerField()
    situation = models.CharField(max_length=300)
    referred_to = models.CharField(max_length=100)
    basis = models.CharField(max_length=400)
    words = models.TextField()
    files = models.JSONField(default=list)
    referred_on = models.DateField()
    by_name = models.CharField(max_length=100)
    fact_id = models.BigIntegerField()
    answered_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    answer_files = models.JSONField(default=list)
    answered_by_name = models.CharField(max_length=100, blank=True)


class Confirmation(models.Model):
    """A named official compared a value of the law folder with the document. A changed value has another digest."""

    id = models.BigAutoField(primary_key=True)
    address = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    words = models.CharField(max_length=400)
    confirmed_on = models.DateField()
    by_name = models.CharField(max_length=100)
    entry_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "digest"],
                name="value_confirmed_once",
                violation_error_message="这个值已经确认过。",
            )
        ]
