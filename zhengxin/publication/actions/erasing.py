"""Erased, withdrawn and corrected content leaves everything public in the same step: board, search, downloads."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.publication.actions.downloads import rewrite_download
from zhengxin.publication.actions.figures import put_figures
from zhengxin.publication.actions.naming import drop_unused_prefixes
from zhengxin.publication.actions.publishing import leave_erased
from zhengxin.publication.board import models

# Tables that lose words when something is erased.
ERASABLE = [
    model._meta.db_table
    for model in (
        models.BoardItem,
        models.BoardGram,
        models.BoardPrefix,
        models.BoardSubject,
        models.BoardFigure,
    )
]


def take_off(*, kinds: Collection[str], at: datetime, actor: Actor) -> None:
    """Show nothing of erased and ended entries (of these kinds of records) where the public reads. Again is harmless.

    Broken off before it is done, the next publish_due takes them off; what stays in the bytes of the
    board's tables goes when its file is written anew (ledger.scrub).
    """
    leave_erased(at=at)
    with transaction.atomic(using="board"):
        drop_unused_prefixes()
    put_figures(day=timezone.localdate(at), at=at)
    for kind in kinds:
        rewrite_download(kind, at=at)
