"""The invented county's quarterly returns: opened after each quarter; one unit reports, one confirms zero, the rest is missing."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from django.utils import timezone

from zhengxin import journey
from zhengxin.demo.acts import Officers, signs
from zhengxin.evidence.types import Sent
from zhengxin.journey.accepting import accepting_sheet
from zhengxin.journey.returning import signing_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.oversight.returns import queries
from zhengxin.oversight.returns.enums import ReturnKind
from zhengxin.oversight.returns.types import Quarter, Words
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.types import UnitLine

Event = tuple[datetime, Callable[[], object], str]
QUARTERS = 4
OFFICE = "县政务公开办公室"
# By unit: what its clerk writes. Everything here is invented.
WRITTEN = {
    "县住建局": Words(
        ReturnKind.REPORT,
        work="（虚构）逐份核对在执行的工程和租赁合同46份，到期未兑现的3份：2份已付清，1份与施工单位商定分两期付清。",
        problems="1份合同的原经办人已调离，往来文书不全。",
        next_steps="下季度付清最后一份，并把核对结果报县财政局。",
    ),
    "县商务局": Words(
        ReturnKind.ZERO,
        zero_because="（虚构）本季度只报了实施方案，没有新签招商协议，也没有到期要兑现的条款，已与县自然资源局核对。",
    ),
}
ACCEPTED = ("县住建局",)
# The file that comes with a report.
EVIDENCE = Sent("合同核对表（虚构）.txt", "虚构：合同46份，到期未兑现3份，已付清2份。".encode())


def events(today: date, officers: Officers) -> Iterator[Event]:
    """What is done about the returns of the last quarters, up to the day before `today`."""
    zone = timezone.get_current_timezone()
    for n in range(QUARTERS, 0, -1):
        quarter = Quarter.of(today).after(-n)
        for days, act, name in (
            (1, open_quarter, "建立季度报送"),
            (6, partial(write, officers=officers), "填写季度报送"),
            (8, partial(sign, officers=officers), "签署季度报送"),
            (12, partial(accept, officers=officers), "受理季度报送"),
        ):
            day = quarter.last_day + timedelta(days=days)
            if day < today:
                at = datetime.combine(day, time(9, 30), zone)
                yield at, partial(act, quarter, at=at), name


def open_quarter(quarter: Quarter, *, at: datetime) -> None:
    """As the daily turning of clocks does."""
    journey.open_returns(quarter=str(quarter), at=at, actor=Actor.system("每日任务"))


def _owing(quarter: Quarter, on: date, names: tuple[str, ...]) -> Iterator[tuple[str, UnitLine]]:
    for name in names:
        unit = subjects.unit_by_name(name, on)
        if unit is not None and queries.sheet(unit.id, quarter, on=on):
            yield name, unit


def write(quarter: Quarter, *, at: datetime, officers: Officers) -> None:
    """The clerks write."""
    for name, unit in _owing(quarter, at.date(), tuple(WRITTEN)):
        for row in queries.sheet(unit.id, quarter, on=at.date()):
            journey.save_return(
                return_id=row.pk,
                saving=row.saving,
                words=WRITTEN[name],
                keep=[],
                files=[EVIDENCE] if WRITTEN[name].kind == ReturnKind.REPORT else [],
                at=at,
                actor=officers.clerk(unit.id, at.date()),
            )


def sign(quarter: Quarter, *, at: datetime, officers: Officers) -> None:
    """The leaders sign."""
    for _name, unit in _owing(quarter, at.date(), tuple(WRITTEN)):
        signs(
            journey.sign_returns,
            signing_sheet(unit.id, str(quarter), at.date()),
            unit_id=unit.id,
            quarter=str(quarter),
            at=at,
            actor=officers.leader(unit.id, at.date()),
        )


def accept(quarter: Quarter, *, at: datetime, officers: Officers) -> None:
    """The office's leader accepts one unit's returns; the other's wait at the desk."""
    office = subjects.unit_by_name(OFFICE, at.date())
    assert office is not None
    for _name, unit in _owing(quarter, at.date(), ACCEPTED):
        rows = queries.waiting(queries.sheet(unit.id, quarter, on=at.date()))
        signs(
            journey.accept_returns,
            accepting_sheet(unit.id, str(quarter), at.date()),
            unit_id=unit.id,
            quarter=str(quarter),
            return_ids=[row.pk for row in rows],
            because="内容与佐证相符，同意。",
            at=at,
            actor=officers.leader(office.id, at.date()),
        )
