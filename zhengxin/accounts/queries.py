"""Reads of accounts: who acts in which post, who is an administrator, who stands in for whom."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from zhengxin.accounts.factor_queries import (
    account_named,
    app_address,
    app_to_confirm,
    factor_in_force,
    factors,
    has_factor,
    invented_codes,
    locked,
    may_need_factor,
    tried_from,
)
from zhengxin.accounts.factors import passkey_question, passkey_registration
from zhengxin.accounts.models import Account, Delegation, Identity, Invitation, Post, Session
from zhengxin.accounts.proofs import secret_of
from zhengxin.accounts.reading import read_accounts
from zhengxin.accounts.rules import (
    ADMINISTRATORS,
    SessionLimits,
    Term,
    days_left,
    needs_factor,
    session_over,
)
from zhengxin.accounts.types import InventedAccount
from zhengxin.kernel.actor import Actor, Principal, Role

# Handed out from here, so that doors ask one module.
__all__ = [
    "account_named",
    "app_address",
    "app_to_confirm",
    "factor_in_force",
    "factors",
    "has_factor",
    "invented_codes",
    "locked",
    "may_need_factor",
    "needs_factor",
    "passkey_question",
    "passkey_registration",
    "secret_of",
    "tried_from",
]


def posts_in_force(account: Account | int, on: date) -> QuerySet[Post]:
    """The posts an open account may act in on the day at units that exist on it: its own, oldest
    first, then those delegated to it (their `account` is the holder)."""
    account_id = account if isinstance(account, int) else account.pk
    stands_in = open_delegations(on).filter(
        delegate_id=account_id, delegate__is_active=True, from_on__lte=on
    )
    return (
        Post.objects.filter(
            Q(account_id=account_id) | Q(pk__in=stands_in.values("post_id")),
            _in_force(on),
            Q(unit__closed_on__isnull=True) | Q(unit__closed_on__gte=on),
            account__is_active=True,
        )
        .select_related("unit__subject", "account")
        .order_by(
            Case(
                When(account_id=account_id, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
            "from_on",
            "id",
        )
    )


def _in_force(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))


def actor_for(account: Account, on: date, post_id: int | None = None) -> Actor:
    """The actor an account is on that day: every role it holds at the unit of the chosen post.

    In a delegated post: the roles delegated by its holder at that unit, and whose post it is; one's
    own roles and delegated ones never mix. Without `post_id` the oldest own post in force. No post
    in force, or not the one asked for: no unit and no role.
    """
    held = list(posts_in_force(account, on))
    chosen = next((post for post in held if post_id is None or post.pk == post_id), None)
    if chosen is None:
        return Actor(account_id=account.pk, name=account.name, unit_id=None, roles=frozenset())
    roles = frozenset(
        Role(post.role)
        for post in held
        if (post.unit_id, post.account_id) == (chosen.unit_id, chosen.account_id)
    )
    holder = chosen.account
    return Actor(
        account_id=account.pk,
        name=account.name,
        unit_id=chosen.unit_id,
        roles=roles,
        on_behalf_of=None if holder.pk == account.pk else Principal(holder.pk, holder.name),
    )


def open_delegations(on: date) -> QuerySet[Delegation]:
    """Delegations that are running on the day or will, and were not ended."""
    return Delegation.objects.filter(ended_at__isnull=True, until_on__gte=on)


def terms_of(account_id: int) -> list[Term]:
    """Every post the account holds and every one it stands in for, with its days."""
    own = Post.objects.filter(account_id=account_id)
    received = Delegation.objects.filter(
        Q(post__until_on__isnull=True) | Q(post__until_on__gte=F("from_on")),
        delegate_id=account_id,
        ended_at__isnull=True,
    )
    return [term_of(post) for post in own] + [
        Term(
            Role(each.post.role),
            each.post.unit_id,
            each.from_on,
            min(each.until_on, each.post.until_on or each.until_on),
        )
        for each in received.select_related("post")
    ]


def term_of(post: Post) -> Term:
    """A post as rules see it."""
    return Term(Role(post.role), post.unit_id, post.from_on, post.until_on)


def administrators(role: Role, on: date) -> list[str]:
    """The names of those who are this administrator on the day."""
    rows = Post.objects.filter(_in_force(on), role=role, account__is_active=True)
    return list(rows.values_list("account__name", flat=True))


def is_administrator(account_id: int, on: date) -> bool:
    """True when the account is an administrator on the day or a later one."""
    return (
        Post.objects.filter(account_id=account_id, role__in=ADMINISTRATORS)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
        .exists()
    )


def missing_administrators() -> list[Role]:
    """The administrators that no account has ever been."""
    known = set(Post.objects.values_list("role", flat=True).distinct())
    return [
        role
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
        if role.value not in known
    ]


def any_account() -> bool:
    """False in a home where nobody has an account yet."""
    return Account.objects.exists()


def accounts(*, words: str = "", state: str = "", on: date) -> QuerySet[Account]:
    """Accounts by user name, with posts and delegations in force or to come; `words` are part of a
    name, a user name or a unit; `state` is "open", "invited", "closed" or empty for all."""
    rows = Account.objects.order_by("username")
    if words:
        rows = rows.filter(
            Q(name__icontains=words)
            | Q(username__icontains=words)
            | Q(
                pk__in=Post.objects.filter(unit__subject__name__icontains=words)
                .filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
                .values("account_id")
            )
        )
    if state == "closed":
        rows = rows.filter(is_active=False)
    elif state == "invited":
        rows = rows.filter(is_active=True, password_set_at__isnull=True)
    elif state == "open":
        rows = rows.filter(is_active=True, password_set_at__isnull=False)
    posts = (
        Post.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
        .select_related("unit__subject")
        .order_by("from_on", "id")
    )
    received = open_delegations(on).select_related("post__unit__subject", "post__account")
    return rows.prefetch_related(
        Prefetch("posts", queryset=posts),
        Prefetch("received", queryset=received),
    )


def account_counts() -> dict[str, int]:
    """How many accounts there are in each state."""
    return Account.objects.aggregate(
        all=Count("id"),
        open=Count("id", filter=Q(is_active=True, password_set_at__isnull=False)),
        invited=Count("id", filter=Q(is_active=True, password_set_at__isnull=True)),
        closed=Count("id", filter=Q(is_active=False)),
    )


def account(account_id: int) -> Account | None:
    """One account."""
    return Account.objects.filter(pk=account_id).first()


def account_by_username(username: str) -> Account | None:
    """The account of that user name."""
    return Account.objects.filter(username=username).first()


def usernames(ids: Collection[int]) -> dict[int, str]:
    """User names by account id."""
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "username"))


def posts_of(account_id: int) -> QuerySet[Post]:
    """Every post of an account with its delegations, newest first."""
    made = Delegation.objects.select_related("delegate").order_by("-from_on", "-id")
    return (
        Post.objects.filter(account_id=account_id)
        .select_related("unit__subject", "account")
        .prefetch_related(Prefetch("delegations", queryset=made))
        .order_by("-from_on", "-id")
    )


def post(post_id: int) -> Post | None:
    """One post with its account and unit."""
    return Post.objects.select_related("account", "unit__subject").filter(pk=post_id).first()


def posts_at(unit_id: int, on: date) -> QuerySet[Post]:
    """The posts in force at a unit with their delegations, by name; administrators' posts aside."""
    made = open_delegations(on).select_related("delegate").order_by("from_on")
    return (
        Post.objects.filter(_in_force(on), unit_id=unit_id, account__is_active=True)
        .exclude(role__in=ADMINISTRATORS)
        .select_related("account", "unit__subject")
        .prefetch_related(Prefetch("delegations", queryset=made))
        .order_by("account__name", "id")
    )


def delegation(delegation_id: int) -> Delegation | None:
    """One delegation with its post and persons."""
    return (
        Delegation.objects.select_related("post__account", "post__unit__subject", "delegate")
        .filter(pk=delegation_id)
        .first()
    )


def received_by(account_id: int) -> QuerySet[Delegation]:
    """What was delegated to an account, newest first."""
    return (
        Delegation.objects.filter(delegate_id=account_id)
        .select_related("post__account", "post__unit__subject")
        .order_by("-from_on", "-id")
    )


def colleagues(unit_id: int, on: date) -> QuerySet[Account]:
    """The open accounts with a post at the unit on the day, by name."""
    here = Post.objects.filter(_in_force(on), unit_id=unit_id).values("account_id")
    return Account.objects.filter(pk__in=here, is_active=True).order_by("name", "username")


def open_accounts() -> QuerySet[Account]:
    """Every open account, by name."""
    return Account.objects.filter(is_active=True).order_by("name", "username")


def identity_of(account_id: int) -> Identity | None:
    """What an account is bound to at the county's identity provider."""
    return Identity.objects.filter(account_id=account_id, ended_at__isnull=True).first()


def invitation_of(account_id: int, at: datetime) -> Invitation | None:
    """The link that still sets the password of an account, if there is one."""
    return usable_invitations(at).filter(account_id=account_id).first()


def usable_invitations(at: datetime) -> QuerySet[Invitation]:
    """Links that were neither used, replaced nor expired."""
    return Invitation.objects.filter(
        used_at__isnull=True, voided_at__isnull=True, expires_at__gt=at
    )


def sessions_of(account_id: int, at: datetime) -> list[Session]:
    """Where an account is signed in, the one seen last first."""
    since = at - settings.SESSION_IDLE
    return list(
        Session.objects.filter(
            account_id=account_id, ended_because="", expire_date__gt=at, seen_at__gt=since
        ).order_by("-seen_at")
    )


def why_over(session: Session, at: datetime) -> str:
    """Why somebody is signed in no longer, a SessionEnd value; empty while the session runs."""
    if session.ended_because or session.begun_at is None or session.seen_at is None:
        return session.ended_because
    limits = SessionLimits(
        idle=settings.SESSION_IDLE, whole=timedelta(seconds=settings.SESSION_COOKIE_AGE)
    )
    return session_over(limits, begun_at=session.begun_at, seen_at=session.seen_at, at=at)


def password_days_left(account: Account, at: datetime) -> int | None:
    """Days until the password must be changed, 0 or less when it must be now; None when it need not
    be at all, as that of an account of the invented county."""
    if account.invented or account.password_set_at is None:
        return None
    return days_left(
        timezone.localdate(account.password_set_at),
        on=timezone.localdate(at),
        lasts=settings.PASSWORD_DAYS,
    )


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


def accounts_by_unit(roles: Collection[Role], on: date) -> dict[int, list[int]]:
    """Ids of the open accounts that hold one of these roles on the day, by unit."""
    posts = Post.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        role__in=[role.value for role in roles],
        from_on__lte=on,
        account__is_active=True,
    )
    found: dict[int, list[int]] = {}
    for unit_id, account_id in posts.values_list("unit_id", "account_id").distinct().order_by("id"):
        found.setdefault(unit_id, []).append(account_id)
    return found


def invented_accounts(at: datetime) -> list[InventedAccount]:
    """The accounts of the invented county that still have their first password, each with the code of
    its invented second factor; none in a real one."""
    present = {
        account.username: account.pk
        for account in Account.objects.filter(invented=True, is_active=True)
    }
    if not present:
        return []
    accounts = read_accounts(settings.BASE_DIR / "registers" / "example.yaml")
    codes = invented_codes(at)
    return [
        replace(account, code=codes.get(present[account.username]))
        for account in accounts
        if account.username in present
    ]
