"""What the public may see of orders: what, by whom, due, done on. No names of persons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhengxin.duties.enums import DutyState
from zhengxin.duties.models import Duty
from zhengxin.oversight.rectifying import queries
from zhengxin.oversight.rectifying.models import Order
from zhengxin.publication.enums import WithholdReason
from zhengxin.rulebook.queries import duty_kinds
from zhengxin.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class PublicStep:
    """One thing a unit was ordered to do: state is a value of DutyState; done_on only where it was found done.

    overdue_days: 0 unless it is open and past its day.
    """

    kind: str
    due_on: date | None
    done_on: date | None
    state: str
    kind_label: str = ""
    state_label: str = ""
    overdue_days: int = 0


@dataclass(frozen=True, slots=True)
class PublicOrder:
    """One order; of a withheld one only the unit, the day and the ground."""

    number: int
    unit: str
    orderer: str
    ordered_on: date
    title: str
    basis: str
    steps: tuple[PublicStep, ...]
    withheld: str


def published(on: date) -> list[PublicOrder]:
    """Every order given up to the day, newest first."""
    rows = list(Order.objects.filter(ordered_on__lte=on).order_by("-id"))
    names = subjects.subject_names(pk for row in rows for pk in (row.unit_id, row.orderer_id))
    return [
        PublicOrder(
            number=stand.order.pk,
            unit=names.get(stand.order.unit_id, ""),
            orderer=names.get(stand.order.orderer_id, ""),
            ordered_on=stand.order.ordered_on,
            title="" if stand.order.withheld else stand.order.title,
            basis="" if stand.order.withheld else stand.order.basis,
            steps=() if stand.order.withheld else _steps(stand.duties, on),
            withheld=_ground(stand.order.withheld),
        )
        for stand in queries.stands(rows)
    ]


def _ground(withheld: str) -> str:
    """What the public is told; that something is a state secret is not said."""
    if withheld == WithholdReason.STATE_SECRET:
        withheld = WithholdReason.NEVER
    return str(WithholdReason(withheld).label) if withheld else ""


def _steps(duties: Iterable[Duty], on: date) -> tuple[PublicStep, ...]:
    kinds = {kind.code: kind.name for kind in duty_kinds()}
    return tuple(
        PublicStep(
            each.kind,
            each.due_on,
            each.met_on,
            each.state,
            kinds.get(each.kind, ""),
            str(each.get_state_display()),
            _overdue(each, on),
        )
        for each in duties
    )


def _overdue(duty: Duty, on: date) -> int:
    late = duty.state == DutyState.OPEN and duty.due_on is not None and duty.due_on < on
    return (on - duty.due_on).days if late and duty.due_on else 0
