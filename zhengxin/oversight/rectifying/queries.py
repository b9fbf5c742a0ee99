"""Reads of orders and issues."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengxin.duties.lists import supporters_of
from zhengxin.duties.models import Duty, Supporter
from zhengxin.kernel.refused import Refused
from zhengxin.oversight.rectifying.models import Issue, Order


class UnknownOrder(Refused):
    """No order has this number."""


class UnknownIssue(Refused):
    """No issue has this number."""


@dataclass(frozen=True, slots=True)
class Stand:
    """An order with its duties; None where it was not asked for."""

    order: Order
    explain: Duty | None
    rectify: Duty | None

    @property
    def duties(self) -> list[Duty]:
        """Those that were asked for."""
        return [each for each in (self.explain, self.rectify) if each is not None]

    @property
    def running(self) -> bool:
        """Whether the unit still owes something."""
        return any(each.running for each in self.duties)


def order(order_id: int) -> Order:
    """One order. Raises UnknownOrder."""
    found = Order.objects.filter(pk=order_id).first()
    if found is None:
        raise UnknownOrder(_("没有找到这件整改。"), "", _("请从整改列表中打开。"))
    return found


def order_of_duty(duty: Duty) -> Order | None:
    """The order that opened this duty, if one did."""
    column = {"written_explanation": "explain_duty_id", "rectification": "rectify_duty_id"}
    if duty.kind not in column:
        return None
    return Order.objects.filter(**{column[duty.kind]: duty.pk}).first()


def order_parties(row: Order) -> frozenset[int]:
    """The units whose matter an order is: who was ordered, who ordered, and to whom its duties were handed over."""
    ids = [pk for pk in (row.explain_duty_id, row.rectify_duty_id) if pk]
    bearers = Duty.objects.filter(pk__in=ids).values_list("bearer_id", flat=True)
    return frozenset((row.unit_id, row.orderer_id, *bearers))


def orders(units: Collection[int] | None, *, unit_id: int | None = None) -> QuerySet[Order]:
    """Orders newest first: those that these units (None: all) gave, got or took over; of one unit if named."""
    rows = Order.objects.order_by("-id")
    if units is not None:
        own = list(units)
        kinds = ("written_explanation", "rectification")
        taken = Duty.objects.filter(bearer_id__in=own, kind__in=kinds).values("id")
        rows = rows.filter(
            Q(unit_id__in=own)
            | Q(orderer_id__in=own)
            | Q(explain_duty_id__in=taken)
            | Q(rectify_duty_id__in=taken)
        )
    return rows if unit_id is None else rows.filter(unit_id=unit_id)


def to_review(on: date) -> QuerySet[Order]:
    """Orders kept from the public whose day for a second look has come."""
    return Order.objects.filter(review_on__isnull=False, review_on__lte=on).order_by(
        "review_on", "id"
    )


def running(rows: QuerySet[Order], over: bool) -> QuerySet[Order]:
    """Of these orders those under which something is still owed, or (over) those that are done with."""
    owed = Duty.objects.filter(running=True, kind__in=("written_explanation", "rectification"))
    ids = owed.values("id")
    still = Q(explain_duty_id__in=ids) | Q(rectify_duty_id__in=ids)
    return rows.exclude(still) if over else rows.filter(still)


def stands(rows: Iterable[Order]) -> list[Stand]:
    """These orders with their duties."""
    listed = list(rows)
    ids = [pk for row in listed for pk in (row.explain_duty_id, row.rectify_duty_id) if pk]
    duties = Duty.objects.in_bulk(ids)
    return [
        Stand(row, duties.get(row.explain_duty_id or 0), duties.get(row.rectify_duty_id or 0))
        for row in listed
    ]


def issue(issue_id: int) -> Issue:
    """One issue. Raises UnknownIssue."""
    found = Issue.objects.filter(pk=issue_id).first()
    if found is None:
        raise UnknownIssue(_("没有找到这个议题。"), "", _("请从议题列表中打开。"))
    return found


def issue_of_duty(duty: Duty) -> Issue | None:
    """The issue whose decision opened this duty, if one did."""
    return Issue.objects.filter(duty_id=duty.pk).first() if duty.kind == "issue_action" else None


def issue_parties(row: Issue) -> frozenset[int]:
    """The units whose matter an issue is: who raised it, who leads, supports or took over what was decided."""
    parties = {pk for pk in (row.raised_by_id, row.lead_id) if pk}
    if row.duty_id is not None:
        duty = Duty.objects.filter(pk=row.duty_id)
        parties |= {*duty.values_list("bearer_id", flat=True), *supporters_of(row.duty_id)}
    return frozenset(parties)


def issues(units: Collection[int] | None, *, state: str = "") -> QuerySet[Issue]:
    """Issues newest first: those in which these units (None: all) have a part; in one state if given."""
    rows = Issue.objects.order_by("-id")
    if units is not None:
        own = list(units)
        taken = Duty.objects.filter(bearer_id__in=own, kind="issue_action").values("id")
        helped = Supporter.objects.filter(unit_id__in=own).values("duty_id")
        rows = rows.filter(
            Q(raised_by_id__in=own)
            | Q(lead_id__in=own)
            | Q(duty_id__in=taken)
            | Q(duty_id__in=helped)
        )
    return rows.filter(state=state) if state else rows


def times(issue: Issue) -> list[Issue]:
    """Every raising of the same question, the first one first."""
    first = issue.first_id or issue.pk
    return list(Issue.objects.filter(Q(pk=first) | Q(first_id=first)).order_by("nth"))


def duties_of(rows: Iterable[Issue]) -> dict[int, Duty]:
    """By issue id, the duty of what was decided."""
    wanted = {row.duty_id: row.pk for row in rows if row.duty_id}
    return {wanted[pk]: duty for pk, duty in Duty.objects.in_bulk(list(wanted)).items()}
