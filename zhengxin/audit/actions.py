"""The one verb of the audit log: write a line."""

from datetime import datetime

from django.utils.translation import gettext as _

from zhengxin.audit.enums import Outcome
from zhengxin.audit.models import AuditLine
from zhengxin.audit.queries import line_of
from zhengxin.audit.types import Line
from zhengxin.audit.writing import writing
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.leaks import mask_id_numbers
from zhengxin.kernel.refused import Refused


class PurposeMissing(Refused):
    """A personal file may not be opened without saying why."""


def record(
    *,
    act: str,
    object_kind: str,
    object_id: object,
    outcome: str,
    at: datetime,
    actor: Actor,
    subject_id: int | None = None,
    purpose: str = "",
    **detail: str | int | bool | None,
) -> Line:
    """Write one line; also during a GET request.

    `subject_id` is the subject whose file was touched; reading one without a purpose (here or on
    the actor) raises PurposeMissing. Identity numbers are masked before writing, also where
    an address or a user name was typed. A person acting by delegation stands in the line under
    their own name, with the holder of the post beside it.
    """
    if actor.on_behalf_of is not None:
        detail["on_behalf_of"] = actor.on_behalf_of.name
        detail["on_behalf_of_account"] = actor.on_behalf_of.account_id
    stated = (purpose or actor.purpose).strip()
    if outcome == Outcome.READ and subject_id is not None and not stated:
        raise PurposeMissing(
            _("您不能查看这份档案：查看要先选用途。"),
            _("每次查看都要记下查看人、时间和用途，当事人可以查阅这份记录。"),
            _("请选择用途后再打开。"),
        )
    with writing():
        line = AuditLine.objects.create(
            at=at,
            account_id=actor.account_id,
            actor_name=mask_id_numbers(actor.name),
            unit_id=actor.unit_id,
            act=act,
            object_kind=object_kind,
            object_id=mask_id_numbers(str(object_id)),
            subject_id=subject_id,
            purpose=mask_id_numbers(stated)[:200],
            outcome=outcome,
            detail={
                key: mask_id_numbers(value) if isinstance(value, str) else value
                for key, value in detail.items()
            },
        )
    return line_of(line)
