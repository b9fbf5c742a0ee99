"""Who acts, in which roles, for which purpose."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from zhengxin.kernel.say import say


class Role(StrEnum):
    """What a person may be at a desk; accounts hold roles by dated posts."""

    CLERK = "clerk"
    LEADER = "leader"
    CREDIT_OFFICER = "credit_officer"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    DELEGATE = "delegate"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The Chinese name of the role."""
        return say(_LABELS[self])


_LABELS = {
    Role.CLERK: "报送经办人",
    Role.LEADER: "单位负责人",
    Role.CREDIT_OFFICER: "信用办工作人员",
    Role.REVIEWER: "复核人员",
    Role.SUPERVISOR: "监督人员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全保密管理员",
    Role.AUDIT_ADMIN: "审计管理员",
    Role.DELEGATE: "人大代表、政协委员",
    Role.SYSTEM: "系统",
}


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a post that another person acts in: account id and name."""

    account_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or scheduled job) on whose behalf a verb runs.

    account_id and unit_id are database keys, None for the system itself; purpose is the stated
    purpose of opening a personal file, empty when none was needed; on_behalf_of is whose post the
    person acts in by delegation, None in one's own post. The name is always the person's own.
    """

    account_id: int | None
    name: str
    unit_id: int | None
    roles: frozenset[Role]
    purpose: str = ""
    on_behalf_of: Principal | None = None

    @classmethod
    def system(cls, name: str) -> Self:
        """A job that acts by itself, named so that the audit can say which."""
        return cls(account_id=None, name=name, unit_id=None, roles=frozenset({Role.SYSTEM}))

    def has(self, *roles: Role) -> bool:
        """True when the actor holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)

    def is_or_acts_for(self, account_id: int | None) -> bool:
        """True when the account is the person's own or that of the holder of the post: no second person."""
        if account_id is None:
            return False
        return account_id == self.account_id or (
            self.on_behalf_of is not None and account_id == self.on_behalf_of.account_id
        )
