"""Which roles exclude one another and need a second factor; how long passwords, sessions and locks last; who may stand in for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhengxin.kernel.actor import Role
from zhengxin.kernel.say import say

# The three administrators check one another, so no account is two of them (GB/T 22239-2019).
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

# Whoever signs, decides, administers or reads personal files of others proves two factors
# (GB/T 22239-2019, level 3). A clerk sends records of the own unit and may enrol one.
SECOND_FACTOR = ADMINISTRATORS | {
    Role.LEADER,
    Role.CREDIT_OFFICER,
    Role.REVIEWER,
    Role.SUPERVISOR,
}


@dataclass(frozen=True, slots=True)
class Term:
    """A role at a unit from one day until another (None: open), both included."""

    role: Role
    unit_id: int
    from_on: date
    until_on: date | None

    def overlaps(self, other: "Term") -> bool:
        """True when some day belongs to both."""
        return (self.until_on is None or other.from_on <= self.until_on) and (
            other.until_on is None or self.from_on <= other.until_on
        )


def objection_to(new: Term, held: Iterable[Term]) -> str:
    """Why the account may not be given this post beside those it holds; empty when it may."""
    for term in held:
        if not new.overlaps(term):
            continue
        if term.role == new.role and term.unit_id == new.unit_id:
            return say("这个账号在同一单位同一时期已是{role}。", role=new.role.label)
        if {term.role, new.role} <= ADMINISTRATORS and term.role != new.role:
            return say(
                "这个账号同一时期已是{held}。系统管理员、安全保密管理员、审计管理员互相制约，"
                "不能由一个账号兼任。",
                held=term.role.label,
            )
    return ""


def objection_to_delegation(
    asked: Term, *, post: Term, others: Iterable[Term], held: Iterable[Term], on: date
) -> str:
    """Why a post may not be delegated on these days; empty when it may.

    `asked` is the post on the days asked for, `post` the post with its own days, `others` its other
    delegations, `held` what the delegate holds or stands in for, `on` today.
    """
    if asked.until_on is None or asked.until_on < asked.from_on:
        return say("委托结束日期早于开始日期。")
    if asked.until_on < on:
        return say("委托的日期已经过去。")
    if asked.from_on < post.from_on or (
        post.until_on is not None and asked.until_on > post.until_on
    ):
        return say("委托的日期超出了这个岗位的任期。")
    if any(asked.overlaps(other) for other in others):
        return say("这个岗位在这段日子里已经委托给别人。")
    return objection_to(asked, held)


def objection_to_administrator(
    role: Role, *, name: str, holders: Iterable[str], others: Iterable[str]
) -> str:
    """Why an administrator's invitation may not be taken by a person of this name; empty when it may.

    `holders` are the names of those who are this administrator now, `others` those who are another.
    """
    if any(True for _holder in holders):
        return say("已经有{role}，这份邀请不再有效。", role=role.label)
    if name.strip() in {other.strip() for other in others}:
        return say(
            "{name}已是另一名管理员。三名管理员互相制约，要由三个人分别担任。", name=name.strip()
        )
    return ""


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long one stays signed in: without doing anything, and in all."""

    idle: timedelta
    whole: timedelta


def session_over(
    limits: SessionLimits, *, begun_at: datetime, seen_at: datetime, at: datetime
) -> str:
    """Why a session is over by its times: "over", "idle", or nothing when it is not."""
    if at - begun_at >= limits.whole:
        return "over"
    if at - seen_at >= limits.idle:
        return "idle"
    return ""


def days_left(set_on: date, *, on: date, lasts: int) -> int | None:
    """Days until a password must be changed, 0 or less when it must be now; None when none lasts for ever."""
    return (set_on - on).days + lasts if lasts else None


def needs_factor(roles: Iterable[Role]) -> bool:
    """True when one of these roles opens nothing without a second factor."""
    return not SECOND_FACTOR.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures within `window` are borne, how long the first lock lasts and the longest."""

    failures: int
    window: timedelta
    lock: timedelta
    longest: timedelta


def lock_length(patience: Patience, locks: int) -> timedelta:
    """How long the next lock lasts after `locks` of them: each twice the one before."""
    return min(patience.lock * (1 << min(locks, 16)), patience.longest)


def is_over(patience: Patience, *, since: timedelta, locks: int) -> bool:
    """True when failures that began `since` ago count no more; locks are remembered longer."""
    return since > (2 * lock_length(patience, locks) if locks else patience.window)
