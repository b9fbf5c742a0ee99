"""Verbs of accounts: open, close, reopen, give, end and hand over a post, change a password. Journey audits them."""

import re
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import queries
from zhengxin.accounts.enums import RoleChoice, SessionEnd
from zhengxin.accounts.models import Account, Delegation, PastPassword, Post, SentForm
from zhengxin.accounts.permissions import check_give_post, check_open_account
from zhengxin.accounts.rules import Term, objection_to
from zhengxin.accounts.sessions import end_sessions
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import AlreadyDone, NotAllowed, Refused
from zhengxin.subjects.models import Unit

_USERNAME = re.compile(r"[a-z][a-z0-9_.-]{2,59}")


class BadAccount(Refused):
    """An account or its password does not meet the rules."""


class BadPost(Refused):
    """A post contradicts another one, its unit or its own dates."""


def open_account(
    *,
    username: str,
    name: str,
    password: str | None,
    at: datetime,
    actor: Actor,
    invented: bool = False,
) -> Account:
    """Open one person's own account, without any post yet. Raises NotAllowed, BadAccount.

    Without a password nobody signs in with it. `invented` marks an account of the invented county.
    """
    check_open_account(actor)
    if not _USERNAME.fullmatch(username):
        raise BadAccount(
            _("账号没有开通。"),
            _("账号名要以小写字母开头，3至60位，只用小写字母、数字和 . _ -。"),
            _("请换一个账号名。"),
        )
    if not name.strip():
        raise BadAccount(_("账号没有开通。"), _("没有写姓名：账号由本人专用。"), _("请填写姓名。"))
    account = Account(username=username, name=name.strip(), created_at=at, invented=invented)
    if password is None:
        account.set_unusable_password()
    else:
        set_password(account=account, password=password, at=at, actor=actor)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as taken:
        raise BadAccount(
            _("账号没有开通。"),
            _("账号名“%(username)s”已有人使用。") % {"username": username},
            _("请换一个账号名。"),
        ) from taken
    return account


def close_account(*, account_id: int, at: datetime, actor: Actor) -> Account:
    """Close an account; its posts, delegations and identity end today, its sessions now. Nothing it did is removed.

    Raises NotAllowed, AlreadyDone, BadAccount (one's own, and at the desk an administrator's).
    """
    check_open_account(actor)
    what, today = _("账号没有停用。"), timezone.localdate(at)
    if actor.is_or_acts_for(account_id):
        raise BadAccount(what, _("不能停用自己的账号。"), _("请由另一名系统管理员办理。"))
    with transaction.atomic():
        account = account_to_change(account_id=account_id, at=at, actor=actor)
        if not account.is_active:
            raise AlreadyDone(what, _("这个账号已经停用。"), _("不需要再办理。"))
        _insist_on_no_administrator(account, what, today, actor)
        for post in account.posts.filter(Q(until_on__isnull=True) | Q(until_on__gt=today)):
            post.until_on = max(post.from_on, today)
            post.save(update_fields=["until_on"])
        Delegation.objects.filter(
            Q(delegate=account) | Q(post__account=account), ended_at__isnull=True
        ).update(ended_at=at, ended_by=actor.account_id)
        account.invitations.filter(used_at__isnull=True, voided_at__isnull=True).update(
            voided_at=at
        )
        account.identities.filter(ended_at__isnull=True).update(
            ended_at=at, ended_by=actor.account_id
        )
        end_sessions(account_id=account_id, because=SessionEnd.CLOSED, at=at, actor=actor)
        account.is_active = False
        account.save(update_fields=["is_active"])
    return account


def reopen_account(*, account_id: int, at: datetime, actor: Actor) -> Account:
    """Open a closed account again, without its old password: the person sets a new one by invitation.

    Its posts stay ended. Raises NotAllowed, AlreadyDone, BadAccount.
    """
    check_open_account(actor)
    with transaction.atomic():
        account = account_to_change(account_id=account_id, at=at, actor=actor)
        if account.is_active:
            raise AlreadyDone(_("账号没有重新启用。"), _("这个账号没有停用。"), _("不需要办理。"))
        forget_password(account=account, at=at, actor=actor)
        account.is_active = True
        account.save(update_fields=["is_active"])
    return account


def _insist_on_no_administrator(account: Account, what: str, today: date, actor: Actor) -> None:
    """Administrators check one another: none of them takes another's account away."""
    if actor.has(Role.SYSTEM):
        return
    if queries.is_administrator(account.pk, today):
        raise BadAccount(
            what,
            _("这个账号是管理员。三名管理员互相制约，系统管理员不能单独处理管理员的账号。"),
            _("请先由安全保密管理员结束它的管理员岗位，或者由运行本机的人用命令行办理。"),
        )


def give_post(
    *,
    account_id: int,
    unit_id: int,
    role: str,
    from_on: date,
    at: datetime,
    actor: Actor,
    until_on: date | None = None,
) -> Post:
    """Give an account a role at a unit from one day until another (None: open).

    Raises NotAllowed, BadPost (also when the account would be two administrators on some day).
    """
    check_give_post(actor, account_id=account_id)
    if role not in RoleChoice.values:
        raise BadPost(
            _("岗位没有登记。"),
            _("没有“%(role)s”这个角色。") % {"role": role},
            _("请从角色列表中选择。"),
        )
    if until_on is not None and until_on < from_on:
        raise BadPost(_("岗位没有登记。"), _("任职结束日期早于开始日期。"), _("请核对起止日期。"))
    with transaction.atomic():
        account = account_to_change(account_id=account_id, at=at, actor=actor)
        unit = Unit.objects.select_related("subject").filter(pk=unit_id).first()
        if unit is None or not account.is_active:
            raise BadPost(
                _("岗位没有登记。"), _("账号已停用，或没有这个单位。"), _("请核对后再登记。")
            )
        if unit.closed_on is not None and unit.closed_on < from_on:
            raise BadPost(
                _("岗位没有登记。"),
                _("%(unit)s在任职开始前已撤销。") % {"unit": unit.subject.name},
                _("请登记在承接单位。"),
            )
        new = Term(Role(role), unit_id, from_on, until_on)
        if objection := objection_to(new, queries.terms_of(account_id)):
            raise BadPost(
                _("岗位没有登记。"), objection, _("请先结束原来的岗位，或登记给另一个账号。")
            )
        return Post.objects.create(
            account=account, unit=unit, role=role, from_on=from_on, until_on=until_on
        )


def end_post(*, post_id: int, last_day: date, at: datetime, actor: Actor) -> Post:
    """End a post after `last_day`. Raises NotAllowed, AlreadyDone, BadPost."""
    with transaction.atomic():
        post = Post.objects.select_for_update().filter(pk=post_id).first()
        if post is None:
            raise BadPost(_("岗位没有结束。"), _("没有这个岗位。"), _("请重新选择。"))
        check_give_post(actor, account_id=post.account_id)
        if last_day < post.from_on:
            raise BadPost(_("岗位没有结束。"), _("结束日期早于开始日期。"), _("请核对结束日期。"))
        if post.until_on == last_day:
            raise AlreadyDone(
                _("岗位没有再结束一次。"),
                _("它的结束日期已经登记为这一天。"),
                _("不需要再办理。"),
            )
        if post.until_on is not None and post.until_on < last_day:
            raise BadPost(
                _("岗位没有结束。"),
                _("这个岗位在那一天以前已经结束。"),
                _("请核对日期；要再任职的，请另行登记岗位。"),
            )
        post.until_on = last_day
        post.save(update_fields=["until_on"])
    return post


def hand_over_post(
    *, post_id: int, successor_id: int, last_day: date, at: datetime, actor: Actor
) -> Post:
    """End a post after `last_day` and give it to the successor from the next day on, in one act.

    Raises NotAllowed, BadPost.
    """
    with transaction.atomic():
        post = Post.objects.filter(pk=post_id).first()
        if post is not None and post.account_id == successor_id:
            raise BadPost(
                _("岗位没有移交。"), _("接任人就是现在的任职人。"), _("请选择另一个账号。")
            )
        ended = end_post(post_id=post_id, last_day=last_day, at=at, actor=actor)
        return give_post(
            account_id=successor_id,
            unit_id=ended.unit_id,
            role=ended.role,
            from_on=last_day + timedelta(days=1),
            at=at,
            actor=actor,
        )


def change_password(*, account_id: int, old: str, new: str, at: datetime, actor: Actor) -> Account:
    """Change one's own password, with the old one again. Raises NotAllowed, BadAccount."""
    if actor.account_id != account_id:
        raise NotAllowed(
            _("密码没有更换。"), _("密码只能由本人更换。"), _("请用本人账号登录后更换。")
        )
    with transaction.atomic():
        account = account_to_change(account_id=account_id, at=at, actor=actor)
        if not account.check_password(old):
            raise BadAccount(_("密码没有更换。"), _("原密码不对。"), _("请核对原密码后再试。"))
        set_password(account=account, password=new, at=at, actor=actor)
        account.save(update_fields=["password", "password_set_at", "invented"])
        end_sessions(account_id=account_id, because=SessionEnd.PASSWORD, at=at, actor=actor)
    return account


def account_to_change(*, account_id: int, at: datetime, actor: Actor) -> Account:
    """The account, locked until the end of the transaction. Raises BadAccount."""
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise BadAccount(_("没有办理。"), _("没有这个账号。"), _("请核对账号。"))
    return account


def set_password(*, account: Account, password: str, at: datetime, actor: Actor) -> None:
    """Put a new password on the account (the caller saves it); the old one is remembered by its hash.

    Raises BadAccount when it breaks a rule or was one of the last ones.
    """
    what, remedy = _("密码不符合要求。"), _("请换一个密码。")
    try:
        validate_password(password, account)
    except ValidationError as fault:
        raise BadAccount(what, "".join(fault.messages), remedy) from fault
    if account.pk is not None:
        past = account.past_passwords.order_by("-id").values_list("password", flat=True)
        remembered = [account.password, *past[: settings.PASSWORDS_REMEMBERED - 1]]
        if any(check_password(password, each) for each in remembered):
            raise BadAccount(
                what,
                _("新密码与现在的或最近%(n)s次用过的密码相同。")
                % {"n": settings.PASSWORDS_REMEMBERED},
                remedy,
            )
        _remember_password(account, at)
        account.invented = False
    account.set_password(password)
    account.password_set_at = at


def forget_password(*, account: Account, at: datetime, actor: Actor) -> None:
    """The present password no longer signs in (and is remembered, so that it does not come back).

    Nor does the identity provider: what is reset starts from the link alone.
    """
    _remember_password(account, at)
    account.identities.filter(ended_at__isnull=True).update(ended_at=at, ended_by=actor.account_id)
    account.set_unusable_password()
    account.password_set_at = None
    account.invented = False
    account.save(update_fields=["password", "password_set_at", "invented"])


def _remember_password(account: Account, at: datetime) -> None:
    if account.has_usable_password():
        PastPassword.objects.create(account=account, password=account.password, until=at)


def claim_form(*, digest: str, at: datetime, actor: Actor) -> str | None:
    """Takes a form to be done: None when nobody had it, else where it led (empty: still being done)."""
    SentForm.objects.filter(sent_at__lt=at - timedelta(days=1)).delete()
    _form, mine = SentForm.objects.get_or_create(digest=digest, defaults={"sent_at": at})
    return None if mine else _form.result


def settle_form(*, digest: str, result: str, at: datetime, actor: Actor) -> None:
    """Keeps where a form led; without a result (it was not done) it may be sent again."""
    form = SentForm.objects.filter(digest=digest)
    if result:
        form.update(result=result[:300])
    else:
        form.delete()
