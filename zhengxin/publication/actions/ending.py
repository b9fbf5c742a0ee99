"""A record's display ends, or may begin again, by a decision: the board loses it in the same call."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.publication.actions.downloads import rewrite_download
from zhengxin.publication.actions.figures import put_figures
from zhengxin.publication.actions.naming import drop_unused_prefixes
from zhengxin.publication.actions.publishing import leave
from zhengxin.publication.actions.restating import restate
from zhengxin.publication.judging import arrivals
from zhengxin.publication.models import Notice


def settle_repair(*, entry_id: int, at: datetime, actor: Actor) -> None:
    """States the notices of a record, in all its versions, by the repair just decided or revoked.

    Does not wait for the followers, which come to the same. In the transaction of the act.
    """
    restate(sorted(arrivals([entry_id])))


def take_off_repaired(*, entry_id: int, at: datetime, actor: Actor) -> None:
    """Board, search, figures and files lose what was repaired, and the feed of corrections says so. Again is harmless."""
    left = leave(at=at)
    if not left:
        return
    with transaction.atomic(using="board"):
        drop_unused_prefixes()
    put_figures(day=timezone.localdate(at), at=at)
    for kind in Notice.objects.filter(entry_id=entry_id).values_list("kind", flat=True):
        rewrite_download(kind, at=at)
