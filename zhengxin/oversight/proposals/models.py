"""Proposals, who raised them, who handles them, and what was said. Facts stand in the ledger; these are the cases."""

from django.db import models

from zhengxin.oversight.proposals.enums import (
    AnswerClass,
    Consent,
    ContactForm,
    HandlingState,
    ProposalKind,
    Rating,
    RatingSource,
)


class Office(models.Model):
    """A unit that assigns proposals of one kind from one day on (交办单位), with the basis."""

    id = models.BigAutoField(primary_key=True)
    unit_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=ProposalKind.choices)
    basis = models.CharField(max_length=200)
    from_on = models.DateField()
    # The last day; empty while it lasts.
    until_on = models.DateField(null=True)
    entry_id = models.BigIntegerField()
    by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("from_on")),
                name="proposal_office_days",
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]


class Delegate(models.Model):
    """A deputy or a CPPCC member. delegation: 代表团 or 界别; account_id: who signs in as this person."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=ProposalKind.choices)
    name = models.CharField(max_length=60)
    delegation = models.CharField(max_length=60, blank=True)
    account_id = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name", "delegation"],
                name="proposal_delegate_once",
                violation_error_message="这位代表或委员已经登记。",
            )
        ]


class Proposal(models.Model):
    """One suggestion or proposal. place: the number's digits, for the order of a list."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=ProposalKind.choices)
    session = models.CharField(max_length=60)
    number = models.CharField(max_length=20)
    place = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    received_on = models.DateField()
    difficult = models.BooleanField()
    consent = models.CharField(max_length=8, choices=Consent.choices)
    entry_id = models.BigIntegerField(unique=True)
    # The unit that assigned it; none while nobody has.
    office_id = models.BigIntegerField(null=True)
    assigned_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "session", "number"],
                name="proposal_once",
                violation_error_message="这一届次已经有这个编号。",
            )
        ]
        indexes = [
            models.Index(fields=["session", "kind", "place"], name="proposal_of_session"),
        ]


class Signer(models.Model):
    """Who raised a proposal; place 0 leads, the others signed with."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="signers")
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="signed")
    place = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "delegate"],
                name="proposal_signer_once",
                violation_error_message="同一人不能署名两次。",
            )
        ]
        ordering = ["place"]


class Handling(models.Model):
    """One unit's part in one proposal, in one round. alone: one of several that reply each for itself (分办)."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="handlings")
    unit_id = models.BigIntegerField()
    nth = models.PositiveIntegerField(default=1)
    alone = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=HandlingState.choices)
    duty_id = models.BigIntegerField(db_index=True)
    # The duty of a class B reply, once it went out.
    promise_duty_id = models.BigIntegerField(null=True)
    assigned_on = models.DateField()
    entry_id = models.BigIntegerField()
    extended = models.BooleanField(default=False)
    # Of the reply that went out.
    answer_class = models.CharField(max_length=1, choices=AnswerClass.choices, blank=True)
    sent_on = models.DateField(null=True)
    # Who did last what is done once, so that whoever comes second is told.
    by_name = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "state"], name="proposal_of_unit"),
            models.Index(fields=["state"], name="proposal_in_state"),
            models.Index(fields=["sent_on"], name="proposal_sent_on"),
        ]


class CoHandler(models.Model):
    """A unit that gives the lead its opinion by a day; the opinion once it is given."""

    id = models.BigAutoField(primary_key=True)
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="cohandlers")
    unit_id = models.BigIntegerField(db_index=True)
    due_on = models.DateField(null=True)
    # The duty to give it; none where it was asked for before opinions were duties.
    duty_id = models.BigIntegerField(null=True, db_index=True)
    opinion = models.TextField(blank=True)
    given_on = models.DateField(null=True)
    by_name = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handling", "unit_id"], name="proposal_cohandler_once")
        ]


class Declined(models.Model):
    """A unit says that it is the wrong one, and what the office decided."""

    id = models.BigAutoField(primary_key=True)
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="declined")
    because = models.TextField()
    proposed_id = models.BigIntegerField(null=True)
    on = models.DateField()
    by_name = models.CharField(max_length=100)
    upheld = models.BooleanField(null=True)
    decision = models.TextField(blank=True)
    decided_on = models.DateField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)


class Contact(models.Model):
    """A contact with who raised it, or why there was none. files: as evidence names them."""

    id = models.BigAutoField(primary_key=True)
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="contacts")
    on = models.DateField()
    form = models.CharField(max_length=8, choices=ContactForm.choices)
    with_whom = models.CharField(max_length=100, blank=True)
    outcome = models.TextField()
    files = models.JSONField(default=list)
    by_name = models.CharField(max_length=100)


class Reply(models.Model):
    """A reply that the unit's leader signed; one that was sent back stays."""

    id = models.BigAutoField(primary_key=True)
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="replies")
    answer_class = models.CharField(max_length=1, choices=AnswerClass.choices)
    text = models.TextField()
    promised_on = models.DateField(null=True)
    entry_id = models.BigIntegerField()
    writer_id = models.BigIntegerField()
    by_name = models.CharField(max_length=100)
    signed_on = models.DateField()
    sent_back_because = models.TextField(blank=True)
    sent_on = models.DateField(null=True)
    released_on = models.DateField(null=True)
    released_by_name = models.CharField(max_length=100, blank=True)


class Opinion(models.Model):
    """What a signer said of a reply; only who answered has one. files: as evidence names them."""

    id = models.BigAutoField(primary_key=True)
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="opinions")
    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="opinions")
    contact = models.CharField(max_length=12, choices=Rating.choices)
    result = models.CharField(max_length=12, choices=Rating.choices)
    words = models.TextField(blank=True)
    source = models.CharField(max_length=8, choices=RatingSource.choices)
    files = models.JSONField(default=list)
    on = models.DateField()
    by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handling", "signer"],
                name="proposal_opinion_once",
                violation_error_message="这位代表或委员已经评价过。",
            )
        ]
