"""Verbs of holds and erasures. Only journey calls them, beside the acts on the ledger."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import AlreadyDone, Refused
from zhengxin.retention import rules
from zhengxin.retention.models import Erasure, Hold
from zhengxin.retention.queries import held, over
from zhengxin.retention.types import Bearing


class HeldByLaw(Refused):
    """A legal hold stops an erasure."""


class HoldRefused(Refused):
    """A hold that cannot be placed or lifted so."""


def take_turn(*, at: datetime, actor: Actor) -> None:
    """Until the caller's transaction ends, no hold is placed and no erasure is decided elsewhere."""
    if connection.vendor == "postgresql":
        with connection.cursor() as statement:
            statement.execute("LOCK TABLE retention_hold IN SHARE ROW EXCLUSIVE MODE")


def place_hold(
    *,
    on: str,
    target_id: int,
    legal_basis: str,
    because: str,
    until: date | None,
    act_id: int,
    at: datetime,
    actor: Actor,
) -> Hold:
    """From the day of `at` on these contents cannot be erased. Raises HoldRefused."""
    begins_on = timezone.localdate(at)
    if not legal_basis.strip():
        raise HoldRefused(
            _("没有保全：缺少依据。"), _("保全要有法律依据或办案机关的文书。"), _("请写明依据。")
        )
    if until is not None and until < begins_on:
        raise HoldRefused(_("没有保全：截止日期已经过去。"), "", _("请核对截止日期，或不填。"))
    if actor.account_id is None:
        raise HoldRefused(_("没有保全。"), _("保全要由具名的人决定。"), _("请登录后办理。"))
    return Hold.objects.create(
        on=on,
        target_id=target_id,
        legal_basis=legal_basis.strip()[:200],
        because=because.strip()[:400],
        placed_at=at,
        placed_by=actor.account_id,
        placed_by_name=actor.name[:100],
        begins_on=begins_on,
        until=until,
        act_id=act_id,
    )


def lift_hold(*, hold_id: int, because: str, act_id: int, at: datetime, actor: Actor) -> Hold:
    """The hold ends now. Raises AlreadyDone, HoldRefused: unknown, or lifted by whoever placed it."""
    with transaction.atomic():
        row = Hold.objects.select_for_update().filter(pk=hold_id).first()
        if row is None:
            raise HoldRefused(_("没有这项保全。"), "", _("请从保全列表中打开。"))
        if row.lifted_at is not None:
            raise AlreadyDone.by(row.lifted_by_name, row.lifted_at, what=_("保全没有再解除一次。"))
        verdict = rules.may_lift(held(row), actor.account_id)
        if not verdict.allowed:
            raise HoldRefused(
                _("没有解除保全。"), verdict.because, _("请由另一名复核人员办理，或回到列表核对。")
            )
        row.lifted_at, row.lifted_by, row.lifted_by_name = at, actor.account_id, actor.name[:100]
        row.lifted_because, row.lift_act_id = because.strip()[:400], act_id
        row.save()
    return row


def insist_not_held(*, records: Iterable[Bearing], at: datetime, actor: Actor) -> None:
    """Raises HeldByLaw when a hold stands over one of these records on the day of `at`."""
    given = list(records)
    verdict = rules.may_erase(given, over(given), timezone.localdate(at))
    if not verdict.allowed:
        raise HeldByLaw(
            _("没有抹去：内容依法保全中。"),
            verdict.because,
            _("保全解除或到期以后才能抹去；请与设保全的人联系。"),
        )


def open_erasures(*, acts: Mapping[int, int], at: datetime, actor: Actor) -> None:
    """Entries (with their acts) whose content is to be erased from now on; known ones stay as they are."""
    Erasure.objects.bulk_create(
        (Erasure(entry_id=pk, act_id=act_id, decided_at=at) for pk, act_id in acts.items()),
        ignore_conflicts=True,
    )


def mark_forgotten(*, entry_ids: Iterable[int], at: datetime, actor: Actor) -> None:
    """No copy is left that anybody could read."""
    Erasure.objects.filter(entry_id__in=list(entry_ids)).update(forgotten_at=at)


def mark_cleaned(*, entry_ids: Iterable[int], at: datetime, actor: Actor) -> None:
    """No trace is left in the bytes of the stores."""
    Erasure.objects.filter(entry_id__in=list(entry_ids)).update(cleaned_at=at)


def reopen_erasures(*, entry_ids: Iterable[int], at: datetime, actor: Actor) -> None:
    """Do these once more: the stores are not those in which they were done."""
    Erasure.objects.filter(entry_id__in=list(entry_ids)).update(forgotten_at=None, cleaned_at=None)
