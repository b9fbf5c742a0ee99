"""States of a submission and of a waiting record."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SubmissionState(TextChoices):
    """The way of a submission. Everything before FOLLOWED resumes by itself after a crash."""

    RECEIVED = "received", _("已收到，待检查")
    CHECKED = "checked", _("已检查，待入账")
    STAGED = "staged", _("正在入账")
    SEALED = "sealed", _("已入账，正在更新各档案")
    FOLLOWED = "followed", _("已办完")
    REFUSED = "refused", _("整份退回")
    WITHDRAWN = "withdrawn", _("已撤回")


TRANSITIONS: dict[SubmissionState, frozenset[SubmissionState]] = {
    SubmissionState.RECEIVED: frozenset(
        {SubmissionState.CHECKED, SubmissionState.REFUSED, SubmissionState.WITHDRAWN}
    ),
    SubmissionState.CHECKED: frozenset(
        {SubmissionState.STAGED, SubmissionState.FOLLOWED, SubmissionState.WITHDRAWN}
    ),
    SubmissionState.STAGED: frozenset(
        {SubmissionState.SEALED, SubmissionState.CHECKED, SubmissionState.WITHDRAWN}
    ),
    SubmissionState.SEALED: frozenset({SubmissionState.FOLLOWED, SubmissionState.WITHDRAWN}),
    SubmissionState.FOLLOWED: frozenset({SubmissionState.WITHDRAWN}),
    SubmissionState.REFUSED: frozenset(),
    SubmissionState.WITHDRAWN: frozenset(),
}


class WaitingState(TextChoices):
    """A record whose subject a person must decide."""

    WAITING = "waiting", _("待判断")
    ADMITTED = "admitted", _("已入账")
    DROPPED = "dropped", _("不入账")
