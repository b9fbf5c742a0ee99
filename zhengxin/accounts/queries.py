"""Reads of accounts: who acts, in which post."""

from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from zhengxin.accounts.invented import read_accounts
from zhengxin.accounts.models import Account, Post
from zhengxin.accounts.types import InventedAccount
from zhengxin.kernel.actor import Actor, Role


def posts_in_force(account: Account | int, on: date) -> QuerySet[Post]:
    """The posts an open account holds on the day at units that exist on it, oldest first."""
    account_id = account if isinstance(account, int) else account.pk
    return (
        Post.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on),
            Q(unit__closed_on__isnull=True) | Q(unit__closed_on__gte=on),
            account_id=account_id,
            account__is_active=True,
            from_on__lte=on,
        )
        .select_related("unit__subject", "account")
        .order_by("from_on", "id")
    )


def actor_for(account: Account, on: date, post_id: int | None = None) -> Actor:
    """The actor an account is on that day: every role it holds at the unit of the chosen post.

    Without `post_id` the oldest post in force. No post in force, or not the one asked for: no
    unit and no role.
    """
    held = list(posts_in_force(account, on))
    chosen = next((post for post in held if post_id is None or post.pk == post_id), None)
    if chosen is None:
        return Actor(account_id=account.pk, name=account.name, unit_id=None, roles=frozenset())
    roles = frozenset(Role(post.role) for post in held if post.unit_id == chosen.unit_id)
    return Actor(account_id=account.pk, name=account.name, unit_id=chosen.unit_id, roles=roles)


def accounts_in_role(role: Role, on: date, *, unit_id: int | None = None) -> list[int]:
    """Ids of the open accounts that hold a role on the day, at one unit or at any."""
    posts = Post.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        role=role.value,
        from_on__lte=on,
        account__is_active=True,
    )
    if unit_id is not None:
        posts = posts.filter(unit_id=unit_id)
    return sorted(posts.values_list("account_id", flat=True).distinct())


def invented_accounts() -> list[InventedAccount]:
    """The accounts of the invented county that still have their first password; none in a real one."""
    present = set(
        Account.objects.filter(invented=True, is_active=True).values_list("username", flat=True)
    )
    if not present:
        return []
    accounts = read_accounts(settings.BASE_DIR / "registers" / "example.yaml")
    return [account for account in accounts if account.username in present]
