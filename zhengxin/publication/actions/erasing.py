"""Erased content leaves everything public in the same step: board, search, downloads, free pages."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.publication.actions.downloads import rewrite_download
from zhengxin.publication.actions.figures import put_figures
from zhengxin.publication.actions.naming import drop_unused_prefixes
from zhengxin.publication.actions.publishing import leave_erased
from zhengxin.publication.board.clearing import scrub_board
from zhengxin.publication.models import Notice


class StillBeingRead(Refused):
    """The board is in use so that traces could not be removed; doing it again does."""

    def __init__(self) -> None:
        super().__init__(
            _("内容已经抹去，也已从公开站撤下，但公开站的文件里还有残留。"),
            _("公开站正在被读取，文件暂时不能清理。"),
            _("请过一会儿对同一条记录再办理一次。"),
        )


def take_off_erased(*, entry_id: int, at: datetime, actor: Actor) -> None:
    """Leave no trace of an erased entry where the public reads. Again is harmless.

    Broken off before it is done, the next publish_due takes the entry off; running this again
    removes the rest. Raises StillBeingRead.
    """
    leave_erased(at=at)
    with transaction.atomic(using="board"):
        drop_unused_prefixes()
    put_figures(day=timezone.localdate(at), at=at)
    notice = Notice.objects.filter(entry_id=entry_id).first()
    if notice is not None:
        rewrite_download(notice.kind, at=at)
    if not scrub_board():
        raise StillBeingRead
