"""Who is told that a notice or a decision about measures was served, in the transaction of the act."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import queries as accounts
from zhengxin.kernel.actor import Actor, Role
from zhengxin.messages import actions as messages
from zhengxin.messages.enums import MessageKind
from zhengxin.sanctions.models import Case
from zhengxin.subjects import queries as subjects

_OF_UNIT = (Role.CLERK, Role.LEADER)


def tell_of_sanction(*, case: Case, decided: bool, at: datetime, actor: Actor) -> None:
    """Tells the unit that it may reply, or what was decided. The message repeats nothing of the record."""
    today = timezone.localdate(at)
    now = subjects.bearers_now(today).get(case.unit_id, case.unit_id)
    messages.tell(
        kind=MessageKind.SANCTION_SERVED,
        key=f"sanction/{case.pk}/{'decided' if decided else 'noticed'}",
        account_ids=accounts.accounts_by_unit(_OF_UNIT, today).get(now, []),
        subject=_("惩戒决定已经送达。") if decided else _("惩戒事先告知已经送达，可以陈述。"),
        text=_("事实、依据、期限和办法见这件惩戒的页面。陈述是权利，不因陈述加重。"),
        link=reverse("desk:sanction", args=[case.pk]),
        at=at,
        actor=actor,
    )
