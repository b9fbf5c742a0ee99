"""Reads of holds and erasures."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q, QuerySet

from zhengxin.retention import rules
from zhengxin.retention.models import Erasure, Hold
from zhengxin.retention.types import Bearing, Held


def held(row: Hold) -> Held:
    """A hold as the rules see it."""
    return Held(
        hold_id=row.pk,
        on=row.on,
        target_id=row.target_id,
        legal_basis=row.legal_basis,
        placed_by=row.placed_by,
        begins_on=row.begins_on,
        until=row.until,
        lifted=row.lifted_at is not None,
    )


def over(records: Iterable[Bearing]) -> list[Held]:
    """The holds that were not lifted on any of these records, their subjects and submissions."""
    targets: dict[str, set[int]] = {}
    for record in records:
        for on, ids in record.belongs.items():
            targets.setdefault(on, set()).update(ids)
    asked = Q(pk__in=())
    for on, wanted in targets.items():
        asked |= Q(on=on, target_id__in=wanted)
    return [held(row) for row in Hold.objects.filter(asked, lifted_at__isnull=True).order_by("id")]


def standing_over(records: Iterable[Bearing], on: date) -> list[Held]:
    """Those of them in force on a day."""
    return [hold for hold in over(records) if rules.stands(hold, on)]


def holds() -> QuerySet[Hold]:
    """Every hold, those not lifted first, then the newest first."""
    return Hold.objects.order_by(F("lifted_at").asc(nulls_first=True), "-id")


def count_standing(on: date) -> int:
    """How many holds are in force on a day."""
    open_ended = Q(until__isnull=True) | Q(until__gte=on)
    return Hold.objects.filter(open_ended, lifted_at__isnull=True, begins_on__lte=on).count()


def hold(hold_id: int) -> Hold | None:
    """One hold."""
    return Hold.objects.filter(pk=hold_id).first()


def may_lift(row: Hold, account_id: int | None) -> bool:
    """Whether this person may lift it: buttons and refusals share one rule."""
    return rules.may_lift(held(row), account_id).allowed


def erasure(entry_id: int) -> Erasure | None:
    """How far the erasure of one entry has come; None when none was decided."""
    return Erasure.objects.filter(pk=entry_id).first()


def erasures(entry_ids: Iterable[int]) -> dict[int, Erasure]:
    """The same of several entries, by entry; those not ordered to be erased are left out."""
    return Erasure.objects.in_bulk(list(entry_ids))


def pending() -> list[Erasure]:
    """Erasures with work left, oldest first."""
    return list(Erasure.objects.filter(cleaned_at__isnull=True).order_by("decided_at", "entry_id"))
