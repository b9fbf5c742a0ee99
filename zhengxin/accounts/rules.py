"""Which roles exclude one another, which need a second factor, how long a lock lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

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
