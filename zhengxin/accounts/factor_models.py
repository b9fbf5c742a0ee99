"""Tables of second factors, failed attempts and signatures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengxin.accounts.enums import FactorKind, PaperState, ScanKind


class Factor(models.Model):
    """A second factor of one account: an authenticator app, a passkey, or a set of recovery codes.

    An app's row exists before it is confirmed, so that the secret never travels in a session.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="factors"
    )
    kind = models.CharField(max_length=10, choices=FactorKind.choices)
    name = models.CharField(max_length=60)
    # App: the shared secret, encrypted (see sealing.py).
    secret = models.BinaryField(default=b"")
    # App: the last 30-second step whose code was used; a code of it or before is refused.
    last_step = models.BigIntegerField(default=0)
    # Passkey: its id (base64url), its public key (COSE) and its own count of uses.
    credential_id = models.CharField(max_length=1400, blank=True)
    public_key = models.BinaryField(default=b"")
    sign_count = models.BigIntegerField(default=0)
    # Of the invented county: the secret follows from the user name and the sign-in page shows its code.
    invented = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credential_id"],
                condition=~Q(credential_id=""),
                name="passkey_once",
                violation_error_message=_("这把通行密钥已经登记过。"),
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(kind=FactorKind.RECOVERY),
                name="one_set_of_recovery_codes",
                violation_error_message=_("一个账号只有一组恢复码。"),
            ),
        ]


class RecoveryCode(models.Model):
    """One recovery code of a set; only its digest is kept, and it opens once."""

    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="code_of_a_set")]


class Attempts(models.Model):
    """Failed attempts of late to prove one thing: a password, a second factor, or from one address."""

    # Digest of what was tried; a name that no account has is counted like any other.
    key = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT)
    failures = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, db_index=True)
    # How many locks followed one another; each lasts twice as long as the one before.
    locks = models.PositiveIntegerField(default=0)


class Signature(models.Model):
    """A named person signed an act over what was shown and said. Only digests are kept here. Append-only."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    act = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=64)
    # The signature on the same object before this one, 0 for the first: of two at once one finds it taken.
    after = models.BigIntegerField()
    # Digest of the canonical JSON of exactly what the page showed, and of what the person decided.
    shown = models.CharField(max_length=64)
    said = models.CharField(max_length=64)
    nonce = models.CharField(max_length=32)
    # Digest of all the above (signatures.statement_digest); a passkey signs these 32 bytes.
    digest = models.CharField(max_length=64, unique=True)
    factor_kind = models.CharField(max_length=10, choices=FactorKind.choices)
    factor_id = models.BigIntegerField()
    # Passkey: its answer, its public key and the site it answered to, enough to verify it without this program.
    assertion = models.JSONField(null=True)
    public_key = models.BinaryField(default=b"")
    rp_id = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_kind", "object_id", "after"],
                name="one_signature_after_another",
                violation_error_message=_("内容已变，请再看一遍。"),
            ),
        ]


class Paper(models.Model):
    """A decision on its way over paper. No word of what is decided stands here; `unit_id` and `behalf_id`
    say in which post the person decides."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="papers")
    unit_id = models.BigIntegerField(null=True)
    behalf_id = models.BigIntegerField(null=True)
    # The verb of the journey that carries it out.
    verb = models.CharField(max_length=60)
    act = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=64)
    # As in Signature; `statement` is its digest.
    shown = models.CharField(max_length=64)
    nonce = models.CharField(max_length=32)
    statement = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # SHA-256 of the scan.
    scan = models.CharField(max_length=64, blank=True)
    scan_kind = models.CharField(max_length=4, choices=ScanKind.choices, blank=True)
    scanned_at = models.DateTimeField(null=True)
    scanned_by = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=PaperState.choices, default=PaperState.PRINTED)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    because = models.CharField(max_length=200, blank=True)
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["unit_id", "-id"], name="papers_of_a_unit")]
