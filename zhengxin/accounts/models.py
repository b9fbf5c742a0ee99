"""Tables of accounts and their dated posts."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengxin.accounts.enums import RoleChoice
from zhengxin.accounts.factor_models import Attempts, Factor, RecoveryCode, Signature
from zhengxin.subjects.models import Unit

__all__ = [
    "Account",
    "Accounts",
    "Attempts",
    "Factor",
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


class SentForm(models.Model):
    """A form that is being done or was done, so that sending it again does nothing. Kept for a day."""

    # Digest of account, page and the form's own token.
    digest = models.CharField(max_length=64, primary_key=True)
    # Where the first sending led; empty while it is being done.
    result = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(db_index=True)
