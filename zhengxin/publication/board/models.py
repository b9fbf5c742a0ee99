"""The board's tables: self-contained, so that the portal needs no other database."""

from django.db import models


class BoardSubject(models.Model):
    """A unit, or an organisation with something on the board. Never a natural person."""

    # Given, never counted up (a field of this kind is SQLite's own row id).
    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=24)
    kind_label = models.CharField(max_length=40)
    uscc = models.CharField(max_length=18, blank=True, db_index=True)
    is_unit = models.BooleanField(default=False)
    unit_kind = models.CharField(max_length=24, blank=True)
    position = models.PositiveIntegerField(default=0)
    # Current, former and short names, folded, one a line: what a search looks through.
    folded = models.TextField(blank=True)
    # Units only: initials of each name in pinyin, one a line.
    initials = models.CharField(max_length=400, blank=True)
    # [{"text", "kind", "from", "to"}], [{"kind", "on", "other_id", "other_name", "confirmed"}]
    names = models.JSONField(default=list)
    successions = models.JSONField(default=list)
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["is_unit", "position", "id"], name="board_units")]


class BoardPrefix(models.Model):
    """A distinct issuing prefix of document numbers, e.g. 示住建罚."""

    id = models.BigAutoField(primary_key=True)
    text = models.CharField(max_length=100, unique=True)


class BoardItem(models.Model):
    """One published entry, with all a page of it shows."""

    entry_id = models.BigAutoField(primary_key=True)
    position = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    adverse = models.BooleanField()
    grade = models.CharField(max_length=8, blank=True)
    title = models.CharField(max_length=300)
    subject_id = models.BigIntegerField()
    subject_name = models.CharField(max_length=200)
    unit_id = models.BigIntegerField()
    unit_name = models.CharField(max_length=200)
    document_number = models.CharField(max_length=128, blank=True)
    prefix_id = models.BigIntegerField(null=True)
    document_year = models.IntegerField(null=True)
    document_serial = models.IntegerField(null=True)
    true_on = models.DateField(null=True)
    # The year of true_on: lists by year, newest entry first, need it beside the entry in an index.
    true_year = models.SmallIntegerField(null=True)
    known_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    timeliness = models.CharField(max_length=12, blank=True)
    shown_from = models.DateField()
    shown_to = models.DateField(null=True)
    repair_from = models.DateField(null=True)
    rule = models.CharField(max_length=80, blank=True)
    # {"shown", "hidden", "proof"}: the types.Disclosure of the entry.
    disclosure = models.JSONField()
    supersedes_id = models.BigIntegerField(null=True)
    # An objection to it is open; what whoever objected in vain says of it.
    disputed = models.BooleanField(default=False, db_default=False)
    statement = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "entry_id"], name="board_unit"),
            models.Index(fields=["subject_id", "entry_id"], name="board_subject"),
            models.Index(
                fields=["prefix_id", "document_year", "document_serial"], name="board_doc"
            ),
            models.Index(fields=["document_serial", "entry_id"], name="board_serial"),
            models.Index(fields=["prefix_id", "entry_id"], name="board_prefix"),
            models.Index(fields=["adverse", "entry_id"], name="board_adverse"),
            models.Index(fields=["kind", "entry_id"], name="board_kind"),
            # One for every choice of the filter form, so that no choice walks another's entries.
            models.Index(fields=["true_year", "entry_id"], name="board_year"),
            models.Index(fields=["kind", "true_year", "entry_id"], name="board_kind_year"),
            models.Index(fields=["unit_id", "kind", "entry_id"], name="board_unit_kind"),
            models.Index(fields=["unit_id", "true_year", "entry_id"], name="board_unit_year"),
            models.Index(
                fields=["unit_id", "kind", "true_year", "entry_id"], name="board_unit_kind_year"
            ),
        ]


class BoardTile(models.Model):
    """256 hashes of one level of the tree (tlog-tiles): the last tile of a level may be shorter."""

    id = models.BigAutoField(primary_key=True)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_place")]


class BoardCheckpoint(models.Model):
    """The signed checkpoint the board's proofs lead to; one row."""

    id = models.SmallIntegerField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    verifier = models.TextField()
    signed_at = models.DateTimeField()


class BoardCorrection(models.Model):
    """The feed of corrections: an item left the board, was replaced, or an objection to it began or ended."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    entry_id = models.BigIntegerField()
    reason = models.CharField(max_length=20)
    replaced_by = models.BigIntegerField(null=True)


class BoardFigure(models.Model):
    """A figure of the home or a unit page, computed when the board was filled."""

    name = models.CharField(max_length=80, primary_key=True)
    value = models.JSONField()
    computed_at = models.DateTimeField()


class BoardGram(models.Model):
    """Two neighbouring characters of a name or of an issuing prefix."""

    id = models.BigAutoField(primary_key=True)
    gram = models.CharField(max_length=2)
    # "subject" or "prefix"
    of = models.CharField(max_length=8)
    ref_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "gram", "ref_id"], name="gram_place")]
        indexes = [models.Index(fields=["of", "ref_id"], name="gram_ref")]


class RecipientKey(models.Model):
    """A key that opens adverse entries, as its digest. Whose it is stands in publication's own table."""

    # Given: the recipient's id.
    id = models.BigAutoField(primary_key=True)
    key_digest = models.CharField(max_length=64, unique=True)
    ended_at = models.DateTimeField(null=True)


class BoardTaking(models.Model):
    """Adverse entries were given out under a key, or a key was refused. Lines are added, never changed;
    not rebuilt."""

    id = models.BigAutoField(primary_key=True)
    # None: a key that nobody holds.
    recipient_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    # What was asked for: a value of enums.Asked.
    asked = models.CharField(max_length=8)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["recipient_id", "id"], name="board_taking")]


class BoardLetter(models.Model):
    """A letter to the house, sealed to its key by the portal's own process; emptied when it was taken in. Not rebuilt."""

    id = models.BigAutoField(primary_key=True)
    sent_at = models.DateTimeField()
    # Digest of the sender's address and the day: only to count.
    sender = models.CharField(max_length=64)
    # Digest of the code that the sender was given.
    code_digest = models.CharField(max_length=64, unique=True)
    # None: taken in.
    sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["sender", "sent_at"], name="letter_sender"),
            models.Index(
                fields=["id"], name="letter_waiting", condition=models.Q(sealed__isnull=False)
            ),
        ]


class BoardStanding(models.Model):
    """How an objection stands, by the digest of its code: no content, nobody's name."""

    code_digest = models.CharField(max_length=64, primary_key=True)
    label = models.CharField(max_length=40)
    lodged_on = models.DateField()
    decided_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
