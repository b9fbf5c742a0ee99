"""Four applications for repair in the invented county: one granted, one refused, one to be decided, one just come in."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from zhengxin import journey
from zhengxin.demo.acts import signs
from zhengxin.evidence.types import Sent
from zhengxin.journey.repair_deciding import repair_sheet
from zhengxin.kernel.actor import Actor, Role
from zhengxin.publication.enums import Grade, NoticeState
from zhengxin.publication.models import Notice
from zhengxin.repair.models import Application
from zhengxin.subjects import queries as subjects

UNIT = "县住建局"
COMMITMENT = "本单位已纠正失信行为、履行完毕全部责任，承诺所交材料真实，今后依法诚信经营（虚构）。"
PROOF = "缴款凭证：罚没款已缴清。本凭证是虚构的。\n"
# How many days before the county's day: applied, accepted, decided, and how; None: not yet.
_CASES: tuple[tuple[int, int | None, int | None, bool], ...] = (
    (34, 33, 27, True),
    (20, 18, 11, False),
    (8, 6, None, False),
    (2, None, None, False),
)

Holder = Callable[[Role, int | None, date], Actor]
Event = tuple[datetime, Callable[[], object], str]


def events(today: date, holder: Holder) -> Iterator[Event]:
    """Every act with its moment, each whole or not at all. holder: who holds a role (at a unit) on a day."""
    zone = timezone.get_current_timezone()
    for nth, (applied, accepted, decided, granted) in enumerate(_CASES):
        steps = (
            (applied, _apply, "登记修复申请"),
            (accepted, _accept, "受理修复申请"),
            (decided, partial(_decide, granted=granted), "决定信用修复"),
        )
        for days, act, name in steps:
            if days is not None:
                at = datetime.combine(today - timedelta(days=days), time(10, 30 + nth), zone)
                yield at, partial(_whole, act, nth, holder, at), name


def _whole(act: Callable[..., None], nth: int, holder: Holder, at: datetime) -> None:
    with transaction.atomic():
        act(nth=nth, holder=holder, at=at)


def _unit(at: datetime) -> int:
    found = subjects.unit_by_name(UNIT, timezone.localdate(at))
    if found is None:
        raise LookupError(f"no unit {UNIT} in the register")
    return found.id


def _apply(*, nth: int, holder: Holder, at: datetime) -> None:
    """At the counter of the credit office, for the firm whose penalty came in first; a small county may have none."""
    today = timezone.localdate(at)
    repairable = Notice.objects.filter(
        unit_id=_unit(at),
        grade=Grade.GENERAL,
        state__in=(NoticeState.SCHEDULED, NoticeState.SHOWN),
        repair_from__lte=today,
        display_to__gte=today + timedelta(days=60),
    ).exclude(entry_id__in=Application.objects.values("entry_id"))
    found = repairable.order_by("entry_id").first()
    if found is None:
        return
    journey.apply_for_repair(
        entry_id=found.entry_id,
        fulfilled=f"罚没款已缴清，现场已改正，凭证附后（虚构案例{nth + 1}）。",
        commitment=COMMITMENT,
        files=[Sent("缴款凭证（虚构）.txt", PROOF.encode())],
        at=at,
        actor=holder(Role.CREDIT_OFFICER, None, today),
    )


def _application(nth: int) -> Application | None:
    return Application.objects.filter(fulfilled__contains=f"（虚构案例{nth + 1}）").first()


def _accept(*, nth: int, holder: Holder, at: datetime) -> None:
    application = _application(nth)
    if application is not None:
        actor = holder(Role.CLERK, application.unit_id, timezone.localdate(at))
        journey.accept_repair(application_id=application.pk, at=at, actor=actor)


def _decide(*, nth: int, holder: Holder, at: datetime, granted: bool) -> None:
    application = _application(nth)
    if application is None:
        return
    today = timezone.localdate(at)
    why = "凭证齐全，现场已经改正。" if granted else "现场复查，改正不到位，凭证只有一半罚款。"
    signs(
        journey.decide_repair,
        repair_sheet("repair_decided", application.pk),
        at=at,
        actor=holder(Role.LEADER, application.unit_id, today),
        application_id=application.pk,
        granted=granted,
        because=why,
        again_on=None if granted else today + timedelta(days=60),
    )
