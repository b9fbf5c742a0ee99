"""What a plan asks for in every period is opened by the clock, once for each mandate, unit and period."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.duties.types import DutyAct, Owed
from zhengxin.journey.following import follow
from zhengxin.journey.owing import open_duties
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.models import Entry
from zhengxin.messages import actions as messages
from zhengxin.oversight import queries as plans
from zhengxin.oversight.periods import owed_in
from zhengxin.subjects import queries as subjects

_ROUND = "periods"


def open_periods(*, at: datetime, actor: Actor) -> int:
    """Opens what is owed in the periods that run today and was not opened yet; returns how many duties.

    Two at once: the second waits, and finds them open.
    """
    today = timezone.localdate(at)
    office = subjects.credit_office(today)
    with transaction.atomic():
        messages.hold_round(name=_ROUND, at=at, actor=actor)
        owed: list[Owed] = []
        now = subjects.bearers_now(today)
        for each in plans.recurring(today):
            coming = owed_in(each, today, to_id=office.id if office else None)
            if coming:
                # What a unit owes already stands for whoever followed it since.
                made = _opened(coming[0].source_id, coming[0].period)
                opened = {now.get(unit, unit) for unit in made}
                owed += [one for one in coming if one.bearer_id not in opened]
        ids = open_duties(owed=owed, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return len(ids)


def _opened(source_id: int, period: str) -> set[int]:
    """Who was made to owe this period already, by the ledger itself."""
    found = Entry.objects.filter(about_id=source_id, kind=DutyAct.OPENED)
    return {
        unit
        for unit, trait in found.values_list("unit_id", "trait")
        if unit and {"kind=mandate_period", f"period={period}"} <= set(trait.split(";"))
    }
