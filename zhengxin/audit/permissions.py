"""Who may read the audit log."""

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.kernel.say import say


def check_read_audit(actor: Actor) -> None:
    """Only the audit administrator reads the log. Raises NotAllowed."""
    if not actor.has(Role.AUDIT_ADMIN):
        raise NotAllowed(
            say("您不能查看审计记录。"),
            say("审计记录只由审计管理员查看，系统管理员和安全保密管理员也不能查看。"),
            say("需要核对某次操作的，请联系审计管理员。"),
        )


def can_read_audit(actor: Actor) -> bool:
    """True when check_read_audit passes."""
    return actor.has(Role.AUDIT_ADMIN)
