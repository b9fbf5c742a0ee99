"""Whose board this is, and who may download adverse entries."""

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.publication.board.clearing import COUNTY
from zhengxin.publication.board.models import BoardFigure, RecipientKey
from zhengxin.publication.board.queries.recipients import key_digest
from zhengxin.publication.models import Recipient


class RecipientIncomplete(Refused):
    """A recipient without name, contact or purpose."""

    def __init__(self) -> None:
        super().__init__(
            _("领用登记不完整。"),
            _("失信记录下载后如有更正，须通知到领用人，因此要登记名称、联系方式和用途。"),
            _("请补填后再提交。"),
        )


def name_county(*, name: str, invented: bool, at: datetime, actor: Actor) -> None:
    """State whose board this is; an invented county is marked on every page."""
    BoardFigure.objects.using("board").update_or_create(
        name=COUNTY,
        defaults={"value": {"name": name, "invented": invented}, "computed_at": at},
    )


def register_recipient(*, name: str, contact: str, purpose: str, at: datetime, actor: Actor) -> str:
    """Register a recipient; the key is returned once and kept only as a digest.

    Raises RecipientIncomplete.
    """
    parts = [part.strip() for part in (name, contact, purpose)]
    if not all(parts):
        raise RecipientIncomplete
    key = "zx-" + secrets.token_urlsafe(24)
    Recipient.objects.create(
        name=parts[0],
        contact=parts[1],
        purpose=parts[2],
        key_digest=key_digest(key),
        registered_at=at,
    )
    put_keys()
    return key


def end_recipient(*, recipient_id: int, at: datetime, actor: Actor) -> bool:
    """End a registration; its key opens nothing from now on. False when it had ended already."""
    ended = Recipient.objects.filter(id=recipient_id, ended_at=None).update(ended_at=at)
    put_keys()
    return bool(ended)


def put_keys() -> None:
    """Bring the board's keys in step with the register: the digest and the end of each, nobody's name."""
    known = Recipient.objects.values_list("id", "key_digest", "ended_at")
    RecipientKey.objects.using("board").bulk_create(
        [RecipientKey(id=pk, key_digest=digest, ended_at=end) for pk, digest, end in known],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["key_digest", "ended_at"],
    )
