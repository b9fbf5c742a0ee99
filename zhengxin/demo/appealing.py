"""One appeal of the invented county, against the objection that was dismissed; it waits to be reviewed."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zhengxin import journey
from zhengxin.kernel.actor import Actor, Role
from zhengxin.objections.enums import ObjectionState
from zhengxin.objections.models import Objection

Holder = Callable[[Role, int | None, date], Actor]


def events(today: date, holder: Holder) -> Iterator[tuple[datetime, Callable[[], object], str]]:
    """The act with its moment. holder: who holds a role (at a unit) on a day."""
    at = datetime.combine(today - timedelta(days=6), time(16), timezone.get_current_timezone())

    def lodge() -> object:
        dismissed = Objection.objects.filter(state=ObjectionState.DISMISSED).earliest("id")
        return journey.lodge_appeal(
            decision_id=dismissed.decision_entry_id or 0,
            words="决定没有说明为什么不采信新交的检验报告，要求重新核对。",
            files=[],
            at=at,
            actor=holder(Role.CREDIT_OFFICER, None, today),
        )

    yield at, lodge, "登记申诉"
