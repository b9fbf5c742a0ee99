"""States of an audit line."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """How an act ended."""

    DONE = "done", _("已办")
    READ = "read", _("查看")
    REFUSED = "refused", _("拒绝")
