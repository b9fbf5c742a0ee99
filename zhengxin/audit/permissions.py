"""Who may read the audit log, and remove what is past its term."""

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


def check_dispose(actor: Actor) -> None:
    """Only the audit administrator, by name, removes contents past their term. Raises NotAllowed."""
    if not actor.has(Role.AUDIT_ADMIN) or actor.account_id is None:
        raise NotAllowed(
            say("您不能清除到期的审计内容。"),
            say("清除要由具名的审计管理员决定，后台和命令行自身都不能决定。"),
            say("请用审计管理员的账号办理。"),
        )


def can_dispose(actor: Actor) -> bool:
    """True when check_dispose passes."""
    return actor.has(Role.AUDIT_ADMIN) and actor.account_id is not None
