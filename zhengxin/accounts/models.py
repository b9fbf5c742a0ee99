"""Tables of accounts, their dated posts and delegations, invitations and sessions."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengxin.accounts.enums import RoleChoice, SessionEnd
from zhengxin.accounts.factor_models import Attempts, Factor, Paper, RecoveryCode, Signature
from zhengxin.subjects.models import Unit

__all__ = [
    "Account",
    "Accounts",
    "Attempts",
    "Factor",
    "Paper",
    "Post",
    "RecoveryCode",
    "SentForm",
    "Signature",
]


class Accounts(BaseUserManager["Account"]):
    """Looks accounts up by user name; creating one is an action."""


class Account(AbstractBaseUser):
    """One person's own account; never shared."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    # An account of the invented county, whose password the sign-in page may show.
    invented = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # When the person last set the password; None while nobody has set one.
    password_set_at = models.DateTimeField(null=True)

    objects = Accounts()
    USERNAME_FIELD = "username"

    class Meta:
        db_table = "accounts_account"


class Post(models.Model):
    """An account holds a role at a unit from one day until another."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=RoleChoice.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="post_ends_after_it_begins",
                violation_error_message=_("任职结束日期不能早于开始日期。"),
            ),
        ]


class Delegation(models.Model):
    """During a leave another account acts in a post, in its own name, on the days from and until."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    delegate = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="received")
    from_on = models.DateField()
    until_on = models.DateField()
    because = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    # Ended before its last day.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="delegation_ends_after_it_begins",
                violation_error_message=_("委托结束日期不能早于开始日期。"),
            ),
        ]


class PastPassword(models.Model):
    """The hash of a password that the account had, so that it does not come back."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="past_passwords")
    password = models.CharField(max_length=128)
    until = models.DateTimeField()


class Invitation(models.Model):
    """A link that works once: to set the password of an account, or to open an administrator's first one.

    Only the digest of its token is kept.
    """

    digest = models.CharField(max_length=64, unique=True)
    # Whose password it sets; None when it opens an account with `role`.
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="invitations"
    )
    role = models.CharField(max_length=20, choices=RoleChoice.choices, blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # Replaced by a later one, or taken back.
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, role="") | Q(account__isnull=True) & ~Q(role=""),
                name="invitation_for_an_account_or_a_role",
            ),
        ]


class Identity(models.Model):
    """Who somebody is at the county's identity provider: a first factor of one account.

    Of the subject only a keyed digest is kept, since a provider may name people by their ID number.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="identities")
    issuer = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    bound_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=Q(ended_at__isnull=True),
                name="identity_of_one_account",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ended_at__isnull=True),
                name="account_of_one_identity",
            ),
        ]


class CalendarKey(models.Model):
    """The secret in the address of a person's calendar feed; of the secret only a digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="calendar_keys")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="one_calendar_key"
            )
        ]


class Session(AbstractBaseSession):
    """A browser at the desk; the row that Django reads at every request also carries its limits."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, related_name="sessions"
    )
    begun_at = models.DateTimeField(null=True)
    # To the minute.
    seen_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    ended_because = models.CharField(max_length=20, choices=SessionEnd.choices, blank=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The engine that the settings name."""
        return import_module(settings.SESSION_ENGINE).SessionStore


class SentForm(models.Model):
    """A form that is being done or was done, so that sending it again does nothing. Kept for a day."""

    # Digest of account, page and the form's own token.
    digest = models.CharField(max_length=64, primary_key=True)
    # Where the first sending led; empty while it is being done.
    result = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(db_index=True)
