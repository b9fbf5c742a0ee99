"""Which roles exclude one another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhengxin.kernel.actor import Role
from zhengxin.kernel.say import say

# The three administrators check one another, so no account is two of them (GB/T 22239-2019).
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


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
