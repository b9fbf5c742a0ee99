"""Builds the invented county through the journey, step by step; interrupted, it goes on where it stopped."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Account
from zhengxin.demo import (
    acts,
    appealing,
    inspecting,
    objecting,
    planning,
    proposing,
    repairing,
    returning,
    sanctioning,
)
from zhengxin.demo.clerks import CLERKS
from zhengxin.demo.year import DAYS, Purpose, UnitCard, Upload, Year
from zhengxin.intake import queries as intake
from zhengxin.intake.models import Submission
from zhengxin.kernel.actor import Actor, Role
from zhengxin.ledger import queries as ledger
from zhengxin.rulebook import queries as rulebook
from zhengxin.subjects import queries as subjects

REGISTER = settings.BASE_DIR / "registers" / "example.yaml"
BUILDER = Actor.system("示例县建造")
# The newest decisions are left to whoever sits down at the desk.
LEFT_WAITING = timedelta(days=12)
# The last Fridays on which the board was brought in step, so that later corrections are seen on it.
PUBLISHED_BEFORE = 2

Tell = Callable[[str], None]
Event = tuple[datetime, Callable[[], object], str]


@dataclass
class _Diary:
    """How far the building came; kept in the home, so that an interrupted one goes on."""

    path: Path
    today: date
    scale: float
    done: int = 0
    finished: bool = False

    @classmethod
    def open(cls, today: date, scale: float) -> "_Diary":
        path = settings.ZHENGXIN_HOME / "demo.json"
        # A folder whose database was removed starts again.
        if path.exists() and Account.objects.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, date.fromisoformat(kept.pop("today")), **kept)
        return cls(path, today, scale)

    def write(self) -> None:
        kept: dict[str, Any] = {
            "today": self.today.isoformat(),
            "scale": self.scale,
            "done": self.done,
            "finished": self.finished,
        }
        partly = self.path.with_suffix(".new")
        partly.write_text(json.dumps(kept), encoding="utf-8")
        partly.replace(self.path)


def build(*, at: datetime, tell: Tell, scale: float = 1.0) -> None:
    """The county with a year of records up to the day before `at`. Again is harmless and quick.

    scale: 1 for the whole county (about 4,000 records), 0.1 for a tenth of it.
    """
    local = timezone.localtime(at)
    diary = _Diary.open(local.date(), scale)
    if diary.finished:
        tell("示例县已经建成，不再重建。")
        return
    zone = timezone.get_current_timezone()
    opened_at = datetime.combine(diary.today - timedelta(days=DAYS + 14), time(9), zone)
    tell("第1步（共4步）：登记示例县的单位和账号。")
    journey.open_county(register=REGISTER, at=opened_at, actor=BUILDER)
    journey.open_invented_accounts(
        register=REGISTER, from_on=opened_at.date(), at=opened_at, actor=BUILDER
    )
    _open_clerks(opened_at)
    diary.write()
    tell(f"  登记簿的名称定为“{ledger.log_name()}”。")
    tell("第2步（共4步）：编出一年的许可、处罚、裁判和荣誉。")
    uploads = Year(
        today=diary.today,
        units=_unit_cards(diary.today),
        headers=_headers(),
        works_on=_works_on,
        zone=zone,
        scale=diary.scale,
    ).uploads()
    told = [*_sendings(uploads), *_decisions(diary.today)]
    told += inspecting.events(diary.today, _actor)
    told += objecting.events(diary.today, _actor)
    told += appealing.events(diary.today, _actor)
    told += repairing.events(diary.today, _actor)
    told += sanctioning.events(diary.today, _actor)
    events = sorted(told, key=lambda event: event[0])
    tell(
        f"第3步（共4步）：{len(uploads)}份文件、{sum(u.rows for u in uploads)}行，逐份报送、入账、认定、定级。"
    )
    for place, (moment, act, name) in enumerate(events):
        if place < diary.done:
            continue
        act()
        diary.done = place + 1
        diary.write()
        if place % 20 == 0:
            tell(f"  {moment:%Y年%m月%d日}  {place + 1}／{len(events)}  {name}")
    tell("第4步（共4步）：签署登记簿，公示到期的记录。")
    published = journey.publish_due(at=at, actor=BUILDER)
    journey.write_downloads(at=at, actor=BUILDER)
    diary.finished = True
    diary.write()
    tell(f"示例县建成：公示{published.shown}条。全部单位、人员和记录都是虚构的。")


def _open_clerks(at: datetime) -> None:
    """The clerks that the register does not name; those that exist stay as they are."""
    for clerk in CLERKS:
        unit = subjects.unit_by_name(clerk.unit, at.date())
        if unit is None or Account.objects.filter(username=clerk.username).exists():
            continue
        with transaction.atomic():
            account = journey.open_account(
                username=clerk.username, name=clerk.name, password=None, at=at, actor=BUILDER
            )
            journey.give_post(
                account_id=account.pk,
                unit_id=unit.id,
                role=Role.CLERK,
                from_on=at.date(),
                until_on=None,
                at=at,
                actor=BUILDER,
            )


@cache
def _works_on(day: date) -> bool:
    """Open on working days; in a year without a calendar, on weekdays."""
    calendar = rulebook.calendar()
    return calendar.is_working_day(day) if calendar.covers(day.year) else day.weekday() < 5


def _unit_cards(on: date) -> dict[str, UnitCard]:
    """Every unit by each of its short names."""
    found: dict[str, UnitCard] = {}
    for unit in subjects.units(on):
        card = UnitCard(unit.id, unit.name, unit.uscc)
        for name in subjects.subject_card(unit.id).names:
            found[name.text] = card
    return found


def _headers() -> dict[str, dict[str, str]]:
    """For each source the columns a clerk fills: field code to Chinese header."""
    return {
        name: {column.field: column.header for column in intake.source(name).kept}
        for name in ("licences", "penalties", "judgments", "judgment_defaulters", "honours")
    }


def _actor(role: Role, unit_id: int | None, on: date) -> Actor:
    """The official who holds a role (at a unit) on a day."""
    sought: dict[str, Any] = {"posts__role": role} | (
        {} if unit_id is None else {"posts__unit_id": unit_id}
    )
    for account in Account.objects.filter(**sought).distinct().order_by("id"):
        for post in accounts.posts_in_force(account, on):
            if post.role == role and unit_id in (None, post.unit_id):
                return accounts.actor_for(account, on, post.pk)
    raise LookupError(f"no {role} of unit {unit_id} in the register")


def _sendings(uploads: list[Upload]) -> Iterator[Event]:
    for upload in uploads:
        yield upload.at, partial(_send, upload), upload.filename
        if upload.purpose is Purpose.WRONG:
            later = upload.at + timedelta(hours=2)
            yield later, partial(_take_back, upload, later), f"撤回{upload.filename}"


def _send(upload: Upload) -> None:
    journey.submit(
        upload=BytesIO(upload.content),
        filename=upload.filename,
        source=upload.source,
        unit_id=upload.unit_id,
        at=upload.at,
        actor=_actor(Role.CLERK, upload.unit_id, upload.at.date()),
        wait=True,
    )


def _take_back(upload: Upload, at: datetime) -> None:
    sent = Submission.objects.get(filename=upload.filename, unit_id=upload.unit_id)
    journey.withdraw(
        submission_id=sent.pk,
        because="误把测试稿当成正式文件报送。",
        at=at,
        actor=_actor(Role.CLERK, upload.unit_id, at.date()),
    )


def _decisions(today: date) -> Iterator[Event]:
    """Every second Friday the credit office works through its desk; the single acts fall on some of them."""
    zone = timezone.get_current_timezone()
    officers = acts.Officers(
        credit=partial(_actor, Role.CREDIT_OFFICER, None),
        review=partial(_actor, Role.REVIEWER, None),
        clerk=partial(_actor, Role.CLERK),
        leader=partial(_actor, Role.LEADER),
    )
    yield from returning.events(today, officers)
    day = today - LEFT_WAITING
    day -= timedelta(days=(day.weekday() - 4) % 7)
    singles = [
        (acts.withhold_one, "不公开一条"),
        (acts.register_recipient, "登记取用人"),
        (acts.make_agreement, "订立共享协议"),
        (acts.confirm_succession, "确认承接关系"),
        (planning.send_second, "上传第二份方案"),
        (planning.file_implementing, "报送实施方案"),
        (planning.compile_plan, "整理并确认工作方案"),
    ]
    for at, act, name in proposing.year(today, _works_on, zone):
        yield at, partial(act, at=at, officers=officers), name
    place = 0
    while day > today - timedelta(days=DAYS - 14):
        at = datetime.combine(day, time(17, 10), zone)
        yield at, partial(acts.desk_day, at=at, officers=officers), "信用办办理待办事项"
        if place < PUBLISHED_BEFORE:
            evening = at + timedelta(hours=1)
            yield evening, partial(journey.publish_due, at=evening, actor=BUILDER), "公示到期的记录"
        if place and singles:
            act, name = singles.pop(0)
            later = at + timedelta(minutes=20)
            yield later, partial(act, at=later, officers=officers), name
        place += 1
        day -= timedelta(days=14)
