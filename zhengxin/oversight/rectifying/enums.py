"""States of an issue of the leading group."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IssueState(TextChoices):
    """Where an issue stands. Whether what was decided is done, its duty says."""

    RAISED = "raised", _("待议定")
    DECIDED = "decided", _("已议定")


TRANSITIONS: dict[IssueState, frozenset[IssueState]] = {
    IssueState.RAISED: frozenset({IssueState.DECIDED}),
    IssueState.DECIDED: frozenset(),
}
