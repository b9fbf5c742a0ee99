"""Lock-out: attempts are counted before they are tried, so that no number of processes tries more."""

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from zhengxin.accounts.models import Account, Attempts
from zhengxin.accounts.permissions import check_lift_lock
from zhengxin.accounts.rules import Patience, is_over, lock_length
from zhengxin.accounts.sealing import keyed_digest
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused


class Locked(Refused):
    """Too many failures of late. Says nothing about whether such an account exists."""

    def __init__(self, minutes: int) -> None:
        super().__init__(
            _("暂时不能核对，请{n}分钟后再试。").format(n=minutes),
            _("这个账号名或这个网络地址近来连续多次没有通过核对。"),
            _("急用的，请联系安全保密管理员解除锁定；密码忘记的，请联系系统管理员。"),
        )


def _patience(key: str) -> Patience:
    limits = settings.ADDRESS_PATIENCE if key.startswith("address:") else settings.ACCOUNT_PATIENCE
    return Patience(*limits)


def password_key(username: str) -> str:
    """What counts failures of a user name, whether or not an account has it."""
    return f"password:{username}"


def factor_key(account_id: int) -> str:
    """What counts failures of an account's second factor."""
    return f"factor:{account_id}"


def address_key(address: str) -> str:
    """What counts failures from one network address; of IPv6 from a whole /64, which is one customer's."""
    try:
        found = ip_address(address)
    except ValueError:
        return f"address:{address}"
    if isinstance(found, IPv6Address):
        return f"address:{found.ipv4_mapped or ip_network((found, 64), strict=False)}"
    return f"address:{found}"


def admit(*, key: str, at: datetime, actor: Actor, account: Account | None = None) -> None:
    """Counts one attempt as failed until `passed` says otherwise. Raises Locked."""
    patience, digest = _patience(key), keyed_digest(key)
    with transaction.atomic():
        Attempts.objects.get_or_create(key=digest, defaults={"account": account, "began_at": at})
        row = Attempts.objects.select_for_update().get(key=digest)
        if row.locked_until is not None and row.locked_until > at:
            raise Locked(-(-int((row.locked_until - at).total_seconds()) // 60) or 1)
        if is_over(patience, since=at - row.began_at, locks=row.locks):
            row.failures, row.locks, row.began_at = 0, 0, at
        elif row.failures == 0:
            row.began_at = at
        row.failures += 1
        row.locked_until = None
        if row.failures >= patience.failures:
            row.locked_until = at + lock_length(patience, row.locks)
            row.failures, row.locks, row.began_at = 0, row.locks + 1, at
        row.save()


def insist_open(*, key: str, at: datetime) -> None:
    """Raises Locked when attempts under this key are locked now; counts nothing."""
    row = Attempts.objects.filter(key=keyed_digest(key), locked_until__gt=at).first()
    if row is not None and row.locked_until is not None:
        raise Locked(-(-int((row.locked_until - at).total_seconds()) // 60) or 1)


def passed(*, keys: Iterable[str], at: datetime, actor: Actor) -> None:
    """The attempts just admitted were good: an account starts afresh, an address is forgiven this one."""
    for key in keys:
        digest = keyed_digest(key)
        if not key.startswith("address:"):
            Attempts.objects.filter(key=digest).delete()
            continue
        with transaction.atomic():
            row = Attempts.objects.select_for_update().filter(key=digest).first()
            if row is None:
                continue
            if row.failures == 0 and row.locked_until is not None:
                # This good one was the last that was borne.
                row.failures, row.locks, row.locked_until = (
                    _patience(key).failures - 1,
                    max(0, row.locks - 1),
                    None,
                )
            elif row.failures:
                row.failures -= 1
            row.save()


def lift(*, account_id: int, at: datetime, actor: Actor) -> int:
    """Forgets an account's failures of password and second factor; returns how many locks were lifted."""
    check_lift_lock(actor, account_id=account_id)
    account = Account.objects.get(pk=account_id)
    keys = [password_key(account.username), factor_key(account_id)]
    rows = Attempts.objects.filter(key__in=[keyed_digest(key) for key in keys])
    locked = rows.filter(locked_until__gt=at).count()
    rows.delete()
    return locked
