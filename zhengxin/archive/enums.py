"""How a record ends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ending(TextChoices):
    """Why a line no longer counts."""

    SUPERSEDED = "superseded", _("已更正")
    WITHDRAWN = "withdrawn", _("已撤回")
