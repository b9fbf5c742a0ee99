"""What a legal hold lies on."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HoldOn(TextChoices):
    """One record, everything of one subject, or everything one submission brought."""

    ENTRY = "entry", _("一条记录")
    SUBJECT = "subject", _("一个主体的全部记录")
    SUBMISSION = "submission", _("一批报送的全部记录")
