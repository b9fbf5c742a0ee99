"""The turning of the clocks, once a day: who is told of what falls due, and who of what is overdue.

The ladder is data (law/parameters). A day that nobody turned is made up for; told twice it is told once.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import queries as accounts
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.duties import lists
from zhengxin.journey.imposing_turning import turn_sanctions
from zhengxin.journey.opening_periods import open_periods
from zhengxin.journey.returning import open_returns
from zhengxin.journey.telling_proposals import remind_of_rating
from zhengxin.kernel.actor import Actor, Role
from zhengxin.messages import actions as messages
from zhengxin.messages import queries as message_queries
from zhengxin.messages.enums import MessageKind
from zhengxin.rulebook.queries import parameter
from zhengxin.subjects import queries as subjects

_ROUND = "duties"
# A machine that stood still longer than this does not make up for every day.
_LONGEST_STILL = 31
_OF_UNIT = (Role.CLERK, Role.LEADER)
_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Posts:
    """Accounts by unit and role, and the names of units, as of one day."""

    of_unit: Mapping[int, list[int]]
    leaders: Mapping[int, list[int]]
    officers: list[int]
    supervisors: list[int]
    after: Mapping[int, int]
    names: Mapping[int, str]


def turn_clocks(*, at: datetime, actor: Actor) -> int:
    """Opens what the day brings, then tells whoever the ladder names, for every day since the last turning.

    Returns how many messages are new.
    """
    open_periods(at=at, actor=actor)
    open_returns(at=at, actor=actor)
    turn_sanctions(at=at, actor=actor)
    today = timezone.localdate(at)
    last = message_queries.told_until(_ROUND) or today - timedelta(days=1)
    if last >= today:
        return 0
    posts = _posts(today)
    first = max(last + timedelta(days=1), today - timedelta(days=_LONGEST_STILL))
    told = 0
    for n in range((today - first).days + 1):
        day = first + timedelta(days=n)
        for step in _ladder(day):
            told += _step(day, int(step["days"]), step["to"], posts, at, actor)
        told += remind_of_rating(day=day, at=at, actor=actor)
    messages.close_round(name=_ROUND, day=today, at=at, actor=actor)
    audit.record(
        act="duty.turn",
        object_kind="duty",
        object_id="",
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        day=today.isoformat(),
        told=told,
    )
    return told


def _ladder(day: date) -> list[dict[str, Any]]:
    steps = parameter("reminder_ladder", day).value
    assert isinstance(steps, list)
    return steps


def _posts(today: date) -> _Posts:
    return _Posts(
        of_unit=accounts.accounts_by_unit(_OF_UNIT, today),
        leaders=accounts.accounts_by_unit((Role.LEADER,), today),
        officers=accounts.accounts_in_role(Role.CREDIT_OFFICER, today),
        supervisors=accounts.accounts_in_role(Role.SUPERVISOR, today),
        after=subjects.bearers_now(today),
        names={unit.id: unit.name for unit in subjects.units()},
    )


def _step(
    day: date, days: int, to: Collection[str], posts: _Posts, at: datetime, actor: Actor
) -> int:
    """One step of the ladder for what was or is due `days` before `day` (after it, if negative)."""
    due = day - timedelta(days=days)
    found = lists.due_on(due)
    if not found:
        return 0
    told = 0
    for key, account_ids, units, n in _told(found, to, posts):
        if not account_ids:
            continue
        named = "、".join(posts.names.get(unit, "") for unit in units[:_NAMED])
        if len(units) > _NAMED:
            named = _("{named}等{n}个单位").format(named=named, n=len(units))
        told += messages.tell(
            kind=MessageKind.DUTY_DUE,
            key=f"duty/{days}/{due.isoformat()}/{key}",
            account_ids=account_ids,
            # As it is now: a day that is made up for is over.
            subject=_subject(named, n, due, (timezone.localdate(at) - due).days),
            text=_(
                "期限和依据见职责列表。办了的请报告，附上佐证；要延期的，请向交办单位说明理由。"
            ),
            link=reverse("desk:duties"),
            at=at,
            actor=actor,
        )
    return told


def _subject(named: str, n: int, due: date, days: int) -> str:
    words = {"named": named, "n": f"{n:,}", "m": due.month, "d": due.day, "days": days}
    if days < 0:
        return _("{named}有{n}项职责{m}月{d}日到期。").format(**words)
    if days == 0:
        return _("{named}有{n}项职责今天（{m}月{d}日）到期。").format(**words)
    return _("{named}有{n}项职责应于{m}月{d}日办结，已逾期{days}天。").format(**words)


def _told(
    found: Collection[tuple[int, int | None, int]], to: Collection[str], posts: _Posts
) -> Iterator[tuple[str, list[int], list[int], int]]:
    """Key, accounts, units they are told of, and how many duties: a line a unit, and one to each that oversees."""
    by_bearer: dict[int, int] = {}
    by_owner: dict[int | None, dict[int, int]] = {}
    for bearer, owner, n in found:
        now = posts.after.get(bearer, bearer)
        by_bearer[now] = by_bearer.get(now, 0) + n
        of_owner = by_owner.setdefault(posts.after.get(owner, owner) if owner else None, {})
        of_owner[now] = of_owner.get(now, 0) + n
    for role, accounts_of in (("bearer", posts.of_unit), ("leader", posts.leaders)):
        if role in to:
            for unit, n in by_bearer.items():
                yield f"{role}/{unit}", accounts_of.get(unit, []), [unit], n
    if "owner" in to:
        for owner, units in by_owner.items():
            able = posts.of_unit.get(owner, []) if owner else posts.officers
            yield f"owner/{owner or 0}", able, list(units), sum(units.values())
    if "supervisor" in to:
        yield "supervisor", posts.supervisors, list(by_bearer), sum(by_bearer.values())
