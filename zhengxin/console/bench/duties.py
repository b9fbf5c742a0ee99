"""`zhengxin bench duties`: lists of duties and the turning of the clocks when the county owes a million things."""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from zhengxin.console.bench.reads import LIMIT_MS, TIMED, WARM
from zhengxin.console.bench.report import Report, percentile
from zhengxin.console.bench.stores import open_example, own_home

if TYPE_CHECKING:
    from zhengxin.duties.models import Duty

TURN_LIMIT = 10
# So many are opened through the ledger, to say how fast that is; the rest are rows of the same shape.
OPENED = 20_000
_AT_ONCE = 20_000
# Of a thousand: how many are open, reported, late; the rest were met. Of the open ones a third is overdue.
_OPEN, _REPORTED, _LATE = 100, 10, 90
_KINDS = ("quarterly_return", "mandate_term", "rectification", "proposal_reply", "issue_action")

Say = Callable[[str], None]


def run(*, duties: int, say: Say) -> Report:
    """Fills a county with duties and times its pages; the temporary home is removed at the end."""
    report = Report()
    folder = own_home()
    try:
        _run(report, duties, say)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _run(report: Report, n: int, say: Say) -> None:
    unit_id, _unit = open_example()
    from django.utils import timezone

    from zhengxin.duties.models import Duty
    from zhengxin.subjects import queries as subjects

    today = timezone.localdate()
    units = [unit.id for unit in subjects.units(today)]
    say(f"经登记簿产生{OPENED:,}项职责")
    _open(report, units, today)
    say(f"写入其余的，共{n:,}项")
    rows = _rows(n - OPENED, units, unit_id, today)
    while some := list(islice(rows, _AT_ONCE)):
        Duty.objects.bulk_create(some)
    _pages(report, n, today)
    say("拨一天的钟")
    _turn(report, n)


def _open(report: Report, units: list[int], today: date) -> None:
    from zhengxin import journey
    from zhengxin.console.ready import now
    from zhengxin.duties.types import Owed
    from zhengxin.journey.owing import open_duties
    from zhengxin.kernel.actor import Actor
    from zhengxin.ledger.models import Entry

    actor, at = Actor.system("bench"), now()
    # Any entry will do: what the duties come from is not what is timed.
    journey.seal_audit(at=at, actor=actor)
    source_id = Entry.objects.latest("id").id
    owed = [
        Owed(
            kind="rectification",
            bearer_id=units[number % len(units)],
            what=f"第{number}项整改",
            source_id=source_id,
            opened_on=today,
            due_on=today + timedelta(days=number % 400 + 1),
        )
        for number in range(OPENED)
    ]
    begun = time.perf_counter()
    for start in range(0, OPENED, 1000):
        open_duties(owed=owed[start : start + 1000], at=at, actor=actor)
    journey.follow(at=at)
    took = time.perf_counter() - begun
    report.notes.append(
        f"经登记簿产生并归入职责表：{OPENED:,}项，{took:.1f} 秒，{OPENED / took:,.0f} 项/秒。"
    )


def _rows(n: int, units: list[int], owner: int, today: date) -> "Iterator[Duty]":
    """Rows as the follower writes them, with ids far above the ledger's."""
    from zhengxin.duties.models import Duty

    chance = random.Random(1)
    for number in range(n):
        lot = chance.randrange(1000)
        opened = today - timedelta(days=chance.randrange(30, 2000))
        due = opened + timedelta(days=chance.randrange(7, 180))
        reported: date | None = due
        met: date | None = due
        state, running = "on_time", False
        if lot < _OPEN:
            state, running, reported, met = "open", True, None, None
            # Most of what is open runs still; a third is overdue, by up to a year.
            ahead = chance.randrange(0, 400) if lot % 3 else -chance.randrange(1, 365)
            due = today + timedelta(days=ahead)
        elif lot < _OPEN + _REPORTED:
            state, running, met = "reported", True, None
        elif lot < _OPEN + _REPORTED + _LATE:
            state, met = "late", due + timedelta(days=5)
            reported = met
        yield Duty(
            id=8_000_000_000 + number * 8,
            entry_id=1_000_000_000 + number,
            kind=_KINDS[number % len(_KINDS)],
            record_kind="",
            bearer_id=units[chance.randrange(len(units))],
            opened_on=opened,
            due_on=due,
            met_on=met,
            state=state,
            running=running,
            to_id=owner,
            source_id=1,
            what=f"第{number}项示例职责",
            period="",
            reported_on=reported,
            files=0,
        )


def _pages(report: Report, n: int, today: date) -> None:
    from django.test import Client
    from django.utils import timezone

    from zhengxin.accounts.models import Account
    from zhengxin.accounts.queries import invented_codes

    for page, address, username in (
        ("本单位今天的职责", "/desk/duties/", "shichang"),
        ("全县谁逾期、多久", "/desk/duties/overdue/", "xinyong"),
        ("全县逾期列表", "/desk/duties/list/?state=overdue", "xinyong"),
        ("一个月的日历", "/desk/duties/calendar/", "shichang"),
    ):
        client = Client(headers={"host": "127.0.0.1"})
        account = Account.objects.get(username=username)
        client.force_login(account)
        code = invented_codes(timezone.now(), account.pk).get(account.pk)
        if code:
            client.post("/desk/sign-in/factor/", {"code": code})
        spent = []
        for number in range(WARM + TIMED):
            begun = time.perf_counter()
            answer = client.get(address)
            if number >= WARM:
                spent.append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")
        p95 = percentile(spent, 0.95)
        report.add(
            f"{page}（{n:,}项职责时，服务器内）",
            f"p95 ≤ {LIMIT_MS} 毫秒",
            f"p50 {percentile(spent, 0.5):.1f}，p95 {p95:.1f} 毫秒",
            p95 <= LIMIT_MS,
        )


def _turn(report: Report, n: int) -> None:
    from zhengxin import journey
    from zhengxin.console.ready import now
    from zhengxin.kernel.actor import Actor

    begun = time.perf_counter()
    told = journey.turn_clocks(at=now(), actor=Actor.system("bench"))
    took = time.perf_counter() - begun
    report.add(
        f"拨一天的钟（{n:,}项职责，发出消息{told:,}条）",
        f"< {TURN_LIMIT} 秒",
        f"{took:.2f} 秒",
        took < TURN_LIMIT,
    )
